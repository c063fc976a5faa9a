"""Holds model.py against the reference's own tensors for a tiny model with random weights, and prints the largest differences.

    python verify.py [--fixtures ../../../engine/stable/fixtures/sa3-tiny]
"""
import argparse, json, pathlib, sys
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from codec import chunks
from dit import fourier
from model import Model, schedule

HERE = pathlib.Path(__file__).parent
STAGE = 1e-4            # a stage by itself
WAVES = 2e-3            # what depends on cosines of large phases
WORDS = 5e-3            # conditions that start from words: the reference ran its text encoder in half precision where they were stored
TRAJECTORY = 1e-2       # eight steps after each other


class Checks:
    def __init__(self):
        self.wrong = 0

    def same(self, name, made, expected, tolerance=STAGE):
        """The largest difference, relative to the largest number where that is above 1."""
        if made.shape != expected.shape:
            sys.exit(f"{name}: {list(made.shape)} instead of {list(expected.shape)}")
        worst = ((made.float() - expected.float()).abs().max() / expected.float().abs().max().clamp_min(1)).item()
        right = worst <= tolerance
        self.wrong += not right
        print(f"{name:<46}{worst:9.1e} of {tolerance:.0e}{'' if right else '   WRONG'}")


def text(model, folder, check):
    golden = load_file(folder / "text.safetensors")
    with safe_open(folder / "text.safetensors", "pt") as file:
        prompts = json.loads(file.metadata()["prompts"])
    ids, mask = model.read(prompts)
    check.same("text input_ids", ids, golden["input_ids"], 0)
    check.same("text attention_mask", mask, golden["attention_mask"], 0)
    hidden = model.text(ids, mask)
    check.same("text last_hidden_state_f32", hidden[mask], golden["last_hidden_state_f32"][mask])
    check.same("text conditioned", model.prompt(hidden, mask), golden["conditioned"])
    return prompts


def conditioning(model, folder, check, prompts):
    golden = load_file(folder / "conditioning.safetensors")
    sweep = golden["sweep_seconds"].clamp(*model.range) / model.range[1]
    check.same("conditioning sweep_fourier", fourier(sweep), golden["sweep_fourier"], WAVES)
    check.same("conditioning sweep_embeds", model.seconds(sweep)[:, None], golden["sweep_embeds"], WAVES)
    cross, globals = model.conditions(prompts[:2], [1.25, 0.5])
    check.same("conditioning cross_attn_cond", cross, golden["cross_attn_cond"], WORDS)
    check.same("conditioning global_cond", globals, golden["global_cond"], WAVES)
    return golden["cross_attn_cond"], golden["global_cond"]


def denoiser(model, folder, check, conditions):
    golden = load_file(folder / "dit.safetensors")
    x, known = golden["x"], golden["inpaint_local_add_cond"]
    nothing = model.nothing_known(x.shape[0], x.shape[2])
    for i in range(3):
        for name, local in (("plain", nothing), ("inpaint", known)):
            for end, valid in (("", None), ("_padmask", golden["padding_mask"])):
                key = f"v_{name}_t{i}{end}"
                check.same(f"dit {key}", model.dit(x, golden[f"t{i}"], *conditions, local, valid), golden[key])
    check.same("dit probe_v", model.dit(x, golden["probe_t"], *conditions, known, golden["padding_mask"]), golden["probe_v"])


def schedules(folder, check):
    golden = load_file(folder / "schedules.safetensors")
    for steps in (1, 4, 8, 16, 50):
        for start in (1.0, 0.6):
            check.same(f"schedule {steps} steps from {start}", schedule(steps, start), golden[f"logsnr_steps{steps}_max{start}"], 1e-6)


def trajectory(model, folder, check, conditions, name, seconds, start=1.0):
    """Each step alone with the reference's input, then all of them after each other, then the sound of the reference's latents."""
    golden = load_file(folder / f"{name}.safetensors")
    conditions = [c[:len(seconds)] for c in conditions]
    latents, valid = model.length(seconds)
    assert latents == golden["x"].shape[-1]
    x = golden["initial_noise"]
    local = model.nothing_known(*x.shape[::2])
    for i, t in enumerate(golden["t"]):
        v = model.dit(golden["x"][i], t, *conditions, local, valid)
        check.same(f"{name} step {i}", golden["x"][i] - t[:, None, None] * v, golden["denoised"][i])
    if start < 1:
        x = golden["source_latents"] * (1 - start) + x * start
    made = model.sample(x, lambda i: golden["step_noise"][i], conditions, valid, schedule(len(golden["t"]), start), local)
    check.same(f"{name} latents", made, golden["latents"], TRAJECTORY)
    noise = (golden["decode_softnorm_noise"], golden["decode_token_noise"])
    sound = model.decode(golden["latents"], valid, seconds[0] if len(seconds) == 1 else None, [noise])
    check.same(f"{name} audio", sound, golden["audio"])


def codec(model, folder, check):
    golden, codec = load_file(folder / "codec.safetensors"), model.codec
    check.same("codec mapping of the encoder", codec.encoder.layers["0"].mapping.weight, golden["folded_mapping_weight_enc"])
    check.same("codec mapping of the decoder", codec.decoder.layers["3"].mapping.weight, golden["folded_mapping_weight_dec"])
    check.same("codec latents_1000", codec.encode(golden["audio_1000"]), golden["latents_1000"])
    check.same("codec latents225_direct", codec.encode_whole(golden["audio_225"]), golden["latents225_direct"])
    check.same("codec latents225_chunked", codec.encode(golden["audio_225"]), golden["latents225_chunked"])
    check.same("codec decoded13_zero_noise", codec.decode(golden["z13"]), golden["decoded13_zero_noise"])
    noise = (golden["decoded13_softnorm_noise"], golden["decoded13_token_noise"])
    check.same("codec decoded13_noise", codec.decode(golden["z13"], [noise]), golden["decoded13_noise"])
    z = golden["z225"]
    check.same("codec decoded225_direct", codec.decode_whole(z), golden["decoded225_direct"])
    check.same("codec decoded225_chunked", codec.decode(z), golden["decoded225_chunked"])
    check.same("codec decoded128_chunked", codec.decode(z[..., :128]), golden["decoded128_chunked"])
    noises = list(zip(golden["decoded225_chunked_noise_softnorm"], golden["decoded225_chunked_noise_token"]))
    check.same("codec decoded225_chunked_noise", codec.decode(z, noises), golden["decoded225_chunked_noise"])
    assert [c[0] for c in chunks(225)] == [0, 96, 97]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--fixtures", type=pathlib.Path, default=HERE / "../../../engine/stable/fixtures/sa3-tiny")
    folder = p.parse_args().fixtures
    check = Checks()
    with torch.inference_mode():
        model = Model(folder)
        prompts = text(model, folder, check)
        conditions = conditioning(model, folder, check, prompts)
        denoiser(model, folder, check, conditions)
        schedules(folder, check)
        trajectory(model, folder, check, conditions, "pingpong8", [1.25])
        trajectory(model, folder, check, conditions, "pingpong8_init", [1.25], 0.6)
        trajectory(model, folder, check, conditions, "pingpong8_batch2", [1.25, 0.5])
        codec(model, folder, check)
    sys.exit(f"{check.wrong} of the checks failed" if check.wrong else 0)


if __name__ == "__main__":
    main()
