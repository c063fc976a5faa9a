"""Cuts the trace of the reference's sampler out of its golden tensors: python3 cut.py golden.safetensors trace.safetensors

The first 8 latents of both items, at the steps 0, 1, 8 and 15 of 16: time, x, v and clean latents.
"""
import json, struct, sys

FRAMES = 8
NAMES = [f"sample.step{step}.{part}" for step in (0, 1, 8, 15) for part in ("t", "x", "v", "clean")]

with open(sys.argv[1], "rb") as file:
    size = struct.unpack("<Q", file.read(8))[0]
    header = json.loads(file.read(size))
    data = file.read()

out, blobs, at = {}, [], 0
for name in NAMES:
    entry = header[name]
    assert entry["dtype"] == "F32"
    begin, end = entry["data_offsets"]
    blob, shape = data[begin:end], entry["shape"]
    if shape:
        items, frames, channels = shape
        item, cut = 4 * frames * channels, 4 * FRAMES * channels
        blob, shape = b"".join(blob[i * item:i * item + cut] for i in range(items)), [items, FRAMES, channels]
    out[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + len(blob)]}
    blobs.append(blob)
    at += len(blob)

head = json.dumps(out).encode()
head += b" " * (-len(head) % 8)
with open(sys.argv[2], "wb") as file:
    file.write(struct.pack("<Q", len(head)) + head + b"".join(blobs))
