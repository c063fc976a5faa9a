"""Cuts the slices that these tests need out of the golden tensors of the embedded model.

    python cut.py FOLDER      # FOLDER holds reference.py, codec.safetensors and golden.safetensors

Needs torch, numpy, safetensors. `griffin_lim.*` is the reference run on the first 64 frames alone, because the
whole of `phases.turns` would be too large to keep here.
"""
import importlib.util, pathlib, sys
import torch
from safetensors.torch import load_file, save_file

folder, here = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).parent
spec = importlib.util.spec_from_file_location("reference", folder / "reference.py")
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)
golden = load_file(folder / "golden.safetensors")

codec = reference.Codec().eval()
codec.load_state_dict({k: v.float() for k, v in load_file(folder / "codec.safetensors").items()})
keep = golden["inpaint.keep"]
patched = golden["sample.latents"] * keep + golden["inpaint.latents"] * (1 - keep)
with torch.inference_mode():
    patched = codec.decode(patched)

samples = 64 * 449
turns = golden["phases.turns"][:1, :, :64].contiguous()
magnitudes = golden["phases.high"][:1, :, :64].contiguous()
hits = golden["attack.in"]
assert (hits[:, :reference.HIT_AT] == 0).all() and (hits[:, reference.HIT_AT + 22050:] == 0).all()

out = {
    "features": golden["codec.features"],
    "audio": golden["audio"][0],
    "audio.features": golden["analyse.features"][0],
    "audio.distance": golden["audio.distance"],
    "slow.distance": golden["slow.distance"],
    "inpaint.distance": golden["inpaint.distance"],
    "inpaint.features": patched[:, :, 128:320],
    "low": golden["phases.low"][0, :, ::16],
    "high": golden["phases.high"][0, :, ::16],
    "slow.high": golden["slow.magnitudes"][0, :, ::16],
    "griffin_lim.magnitudes": magnitudes[0],
    "griffin_lim.turns": turns[0],
    "griffin_lim.audio": reference.griffin_lim(magnitudes, samples, reference.HIGH_WINDOW, 3, turns=turns)[0],
    "hits": hits[:, reference.HIT_AT:reference.HIT_AT + 22050],
    "hits.before_after_db": golden["attack.before_after_db"],
}
save_file({k: v.contiguous().clone() for k, v in out.items()}, here / "golden.safetensors")
