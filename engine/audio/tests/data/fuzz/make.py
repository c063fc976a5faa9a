"""Makes the nasty files beside this script: python3 make.py. Each must be refused with a sentence, in little memory."""

import struct
from pathlib import Path

HERE = Path(__file__).parent


def chunk(name, body, size=None):
    return name + struct.pack("<I", len(body) if size is None else size) + body + b"\0" * (len(body) % 2)


def fmt(tag=1, channels=2, rate=44100, bits=16):
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, 0, 0, bits))


def wav(*chunks):
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def block(kind, body, last=False, size=None):
    return bytes([kind | (0x80 if last else 0)]) + struct.pack(">I", len(body) if size is None else size)[1:] + body


def info(rate=44100, channels=2, bits=24, frames=0, block_size=4096):
    packed = rate << 44 | (channels - 1) << 41 | (bits - 1) << 36 | frames
    return struct.pack(">HH", block_size, block_size) + b"\0" * 6 + struct.pack(">Q", packed) + b"\0" * 16


data = chunk(b"data", b"\1" * 64)
riff_only = b"RIFF\xff\xff\xff\xffWAVE"
extensible = struct.pack("<HHIIHHHHI", 0xFFFE, 2, 44100, 0, 0, 16, 22, 16, 0xFFFFFFFF)

files = {
    "wav_claims_4_gib": wav(fmt(), chunk(b"data", b"\1" * 64, 0xFFFFFFFF)),
    "wav_float_nan": wav(fmt(tag=3, bits=32), chunk(b"data", b"\xff" * 64)),
    "wav_no_channels": wav(fmt(channels=0), data),
    "wav_no_rate": wav(fmt(rate=0), data),
    "wav_65535_channels": wav(fmt(channels=65535, bits=64), data),
    "wav_unknown_guid": wav(chunk(b"fmt ", extensible + b"\xee" * 16), data),
    "wav_fmt_too_long": wav(chunk(b"fmt ", b"\1" * 16, 0xFFFFFFF0), data),
    "wav_only_a_header": riff_only,
    "wav_ten_thousand_chunks": wav(*[chunk(b"junk", b"")] * 10000, fmt(), data),
    "wav_no_whole_frame": wav(fmt(channels=8, bits=32), chunk(b"data", b"\1" * 31)),
    "flac_claims_2_36_frames": b"fLaC" + block(0, info(frames=(1 << 36) - 1), True) + b"\xff\xf8" * 40,
    "flac_no_rate": b"fLaC" + block(0, info(rate=0), True) + b"\xff\xf8" * 40,
    "flac_16_mib_application": b"fLaC" + block(0, info()) + block(2, b"inly", True, 0xFFFFFF),
    "flac_comment_of_4_gib": b"fLaC" + block(0, info()) + block(4, struct.pack("<II", 0, 0xFFFFFFFF) + b"\xff" * 64, True),
    "flac_no_block_size": b"fLaC" + block(0, info(block_size=0), True) + b"\xff\xf8\xc9\x18\0\0" * 20,
    "flac_endless_metadata": b"fLaC" + block(0, info()) + block(1, b"") * 5000,
    "flac_no_stream_info": b"fLaC" + block(1, b"\0" * 64, True),
    "aiff_claims_2_32_frames": b"FORM\xff\xff\xff\xffAIFFCOMM\0\0\0\x12\0\2\xff\xff\xff\xff\0\x10\x40\x0e\xac\x44" + b"\0" * 6
    + b"SSND\xff\xff\xff\xff" + b"\0" * 8,
    "aiff_65535_channels": b"FORM\0\0\0\x40AIFFCOMM\0\0\0\x12\xff\xff\0\0\0\4\0\x10\x40\x0e\xac\x44" + b"\0" * 6
    + b"SSND\0\0\0\x18" + b"\0" * 24,
    "aiff_rate_not_a_number": b"FORM\0\0\0\x40AIFFCOMM\0\0\0\x12\0\2\0\0\0\4\0\x10" + b"\x7f" + b"\xff" * 9
    + b"SSND\0\0\0\x18" + b"\0" * 24,
    "id3_longer_than_the_file": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"\xff\xfb\x90\0" * 20,
    "mp3_header_only": b"\xff\xfb\x90\x00",
    "ogg_first_page_of_nothing": b"OggS\0\x02" + b"\0" * 20 + b"\1\x1e" + b"\1vorbis" + b"\0" * 23,
    "text": b"Am | F | C G | Em7b5/Bb\n",
    "empty": b"",
}

for name, content in files.items():
    (HERE / f"{name}.bin").write_bytes(content)
