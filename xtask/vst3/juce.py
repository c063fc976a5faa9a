"""The file in which JUCE's hosts keep a VST3's state: XML in a small binary frame, with the plugin's own bytes in JUCE's base 64."""

import re
import struct
from pathlib import Path

LETTERS = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"
MAGIC = 0x21324356


def decode(text):
    """Bytes of "SIZE.LETTERS": three bytes in four letters, the lowest bits first."""
    size, letters = text.split(".", 1)
    values = [LETTERS.index(letter) for letter in letters] + [0] * (-len(letters) % 4)
    groups = zip(*[iter(values)] * 4)
    return b"".join((a | b << 6 | c << 12 | d << 18).to_bytes(3, "little") for a, b, c, d in groups)[: int(size)]


def encode(data):
    """The same, back."""
    padded = data + bytes(-len(data) % 3)
    groups = (int.from_bytes(padded[at : at + 3], "little") for at in range(0, len(padded), 3))
    letters = "".join(LETTERS[(group >> shift) & 63] for group in groups for shift in (0, 6, 12, 18))
    return f"{len(data)}." + letters[: (len(data) * 8 + 5) // 6]


COMPONENT = re.compile(r"(<IComponent>)([^<]*)(</IComponent>)")


def text(path):
    """The XML of a state file."""
    raw = Path(path).read_bytes()
    magic, size = struct.unpack_from("<II", raw)
    if magic != MAGIC:
        raise SystemExit(f"{path} is no state file of JUCE's")
    return raw[8 : 8 + size].decode()


def read(path):
    """The component's bytes in a state file."""
    found = COMPONENT.search(text(path))
    if not found:
        raise SystemExit("the state has no component")
    return decode(found.group(2))


def edit(path, change):
    """Replaces the component's bytes in a state file by change(bytes)."""
    new = encode(change(read(path)))
    changed = COMPONENT.sub(lambda m: m.group(1) + new + m.group(3), text(path)).encode()
    Path(path).write_bytes(struct.pack("<II", MAGIC, len(changed)) + changed + b"\0")
