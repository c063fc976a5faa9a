#!/usr/bin/env python3
"""Makes fixtures of Inlay's tests with Stability-AI/stable-audio-3 (MIT) itself, at 636f906: a tiny model in the layout of Stable Audio 3
medium with SAME-L, and runs of the tiny small model that is already there. Only the tests need them; nothing else imports the reference.

    fixtures.py --reference <its checkout> [--only medium|small] [--text bf16]

The reference needs einops, einops-exts, torchaudio, transformers and soundfile. One thread, f32, CPU: numbers are the same each time."""
import argparse, contextlib, copy, json, pathlib, sys
import torch
from safetensors.torch import load_file, save_file

FOLDER = pathlib.Path(__file__).resolve().parent / "../../../engine/stable/fixtures"
PROMPT = "warm analog synth pulses, 112 BPM"
WIDTH = 32          # of the tiny text encoder


def medium_config(small):
    """Medium's layout: differential attention in the denoiser; in the codec a sliding window of one latent to either side instead of
    shifted windows, sines in the decoder's last layers, mappings of one patch, and noise on the new rows of both halves."""
    config = copy.deepcopy(small)
    codec, dit = config["model"]["pretransform"]["config"], config["model"]["diffusion"]["config"]
    for half in ("encoder", "decoder"):
        c = codec[half]["config"]
        for absent in ("chunk_size", "chunk_midpoint_shift"):
            del c[absent]
        c.update(channels=8, c_mults=[4], strides=[8], dim_heads=16, sliding_window=[1, 1], conv_mapping=False, mask_noise=0.1)
    codec["encoder"]["config"]["in_channels"] = 16
    codec["decoder"]["config"].update(out_channels=16, sinusoidal_blocks=[3])
    codec["pretransform"]["config"]["patch_size"] = 8
    dit.update(embed_dim=80, num_heads=2)
    dit["attn_kwargs"]["differential"], dit["ff_kwargs"]["mult"] = True, 2.0
    return config


def draw(model, seed):
    """Weights from one seed: matrices by their inputs, gains around 1, the rest small. Nothing stays zero."""
    generator = torch.Generator().manual_seed(seed)
    for key, tensor in sorted(model.state_dict().items()):
        if key.endswith("inv_freq") or tensor.numel() == 0:
            continue
        numbers = torch.randn(tensor.shape, generator=generator)
        end = key.rsplit(".", 1)[-1]
        if end in ("gamma", "weight_g", "scaling_factor", "running_std"):
            numbers = 1 + 0.2 * numbers
        elif end == "alpha":
            numbers = 0.8 + 0.1 * numbers
        elif end in ("memory_tokens", "new_tokens", "padding_embedding"):
            numbers = 0.5 * numbers
        elif end == "weight_v" or (tensor.dim() > 1 and end == "weight"):
            numbers = numbers / tensor[0].numel() ** 0.5
        elif end == "to_scale_shift_gate":
            numbers = 0.3 * numbers
        else:
            numbers = 0.1 * numbers
        tensor.copy_(numbers)


@contextlib.contextmanager
def draws():
    """What `randn` and `randn_like` give, in order."""
    seen, originals = [], (torch.randn, torch.randn_like)
    def keep(original):
        def drawn(*args, **kwargs):
            seen.append(original(*args, **kwargs))
            return seen[-1]
        return drawn
    torch.randn, torch.randn_like = map(keep, originals)
    try:
        yield seen
    finally:
        torch.randn, torch.randn_like = originals


def save(path, tensors, metadata=None):
    tensors = {k: v.detach().contiguous().clone() for k, v in tensors.items()}
    save_file(tensors, path, {k: str(v) for k, v in (metadata or {}).items()})
    print(f"{path.parent.name}/{path.name}: {path.stat().st_size} bytes")


class Reference:
    def __init__(self, checkout, text):
        sys.path.insert(0, str(checkout))
        from stable_audio_3.models import conditioners, transformer
        from stable_audio_3 import factory, model
        conditioners.T5GemmaConditioner.T5GEMMA_MODEL_DIMS["google/t5gemma-b-b-ul2"] = WIDTH
        # the next of its equal ways, which needs no compiler
        transformer.flex_attention_available = False
        self.factory, self.model, self.text = factory, model, text

    def load(self, config, weights=None):
        """A model; with the tiny text encoder of the small one."""
        made = copy.deepcopy(config)
        made["model"]["conditioning"]["configs"][0]["config"]["repo_id"] = str(FOLDER / "sa3-tiny")
        core = self.factory.create_diffusion_cond_from_config(made)
        if weights is not None:
            wrong = core.load_state_dict(weights, strict=False)
            assert not wrong.unexpected_keys and all(k.endswith("noise_scaling_factor") for k in wrong.missing_keys), wrong
        core.eval().requires_grad_(False)
        if self.text == "f32":
            core.conditioner.conditioners["prompt"].model.float()
        return self.model.StableAudioModel(core, made, "cpu", False)


def run(model, path, **settings):
    """A run of `generate`, twice: to its latents, each step recorded, and to its sound."""
    rate = model.model.sample_rate
    audio = settings.pop("audio", None)
    settings = {"prompt": PROMPT, "duration": 1.25, "seed": 7, "steps": 8, **settings}
    arguments = dict(settings)
    if audio is not None:
        arguments["inpaint_audio"] = (rate, audio)
    steps = []
    with draws() as noise:
        latents = model.generate(**arguments, return_latents=True, disable_tqdm=True, callback=lambda s: steps.append(
            {k: s[k].clone() for k in ("x", "denoised", "t")}))
    tensors = {"initial_noise": noise[0], "latents": latents}
    tensors |= {k: torch.stack([s[k] for s in steps]) for k in ("x", "denoised", "t")}
    fresh = noise[-len(steps):]
    if len(noise) > len(steps):
        tensors["step_noise"] = torch.stack(fresh)
    with draws() as noise:
        tensors["audio"] = model.generate(**arguments, disable_tqdm=True)
    tensors["decode_softnorm_noise"], tensors["decode_token_noise"] = noise[-2:]
    if audio is not None:
        tensors["audio_in"] = audio
        padded = torch.nn.functional.pad(audio, (0, latents.shape[2] * model.same.downsampling_ratio - audio.shape[1]))
        tensors["source_latents"] = model.same.encode(padded[None])
    save(path, tensors, settings)


def denoiser(model, path):
    """Single predictions: without anything known and with, all latents sound and not; two layers' results."""
    generator = torch.Generator().manual_seed(3)
    normal = lambda *shape: torch.randn(shape, generator=generator)
    latents, lengths = 37, [36, 29]
    x, cross, condition = normal(2, 8, latents), 0.8 * normal(2, 33, WIDTH), 0.7 * normal(2, WIDTH)
    keep = torch.ones(2, 1, latents)
    keep[:, :, 9:20], keep[1, :, 29:] = 0, 0
    local = torch.cat([keep, 0.4 * normal(2, 8, latents) * keep], 1)
    mask = torch.arange(latents) < torch.tensor(lengths)[:, None]
    tensors = {"x": x, "cross_attn_cond": cross, "global_cond": condition, "inpaint_local_add_cond": local, "padding_mask": mask}
    predict = lambda t, local, **more: model.dit(x, t, cross_attn_cond=cross, global_cond=condition, local_add_cond=local, cfg_scale=1.0, **more)
    for i, level in enumerate([1.0, 0.5, 0.03]):
        t = tensors[f"t{i}"] = torch.full([2], level)
        for kind, known in (("plain", torch.zeros_like(local)), ("inpaint", local)):
            tensors[f"v_{kind}_t{i}"] = predict(t, known)
            tensors[f"v_{kind}_t{i}_padmask"] = predict(t, known, padding_mask=mask)
    layers, hooks = model.dit.model.transformer.layers, []
    for i, layer in enumerate(layers):
        for name, module in (("", layer), ("_self_attn", layer.self_attn), ("_cross_attn", layer.cross_attn)):
            hooks.append(module.register_forward_hook(lambda _, __, y, key=f"probe_layer{i}{name}": tensors.update({key: y})))
    tensors["probe_t"] = torch.tensor([0.7, 0.3])
    tensors["probe_v"] = predict(tensors["probe_t"], local, padding_mask=mask)
    for hook in hooks:
        hook.remove()
    save(path, tensors)


def codec(model, path):
    """Both halves of the codec: every block of a short sound, a long one whole and in chunks. Without noise where nothing else is said."""
    same = model.same.model
    encoder, decoder = same.encoder.layers[0], same.decoder.layers[3]
    generator = torch.Generator().manual_seed(5)
    short, long = 0.3 * torch.randn(1, 2, 13 * 64 - 20, generator=generator), 0.3 * torch.randn(1, 2, 145 * 64, generator=generator)
    tensors = {"audio_812": short, "audio_145": long}
    loud, encoder.mask_noise, decoder.mask_noise, same.bottleneck.noise_regularize = decoder.mask_noise, 0, 0, False
    hooks = []
    def probe(module, key):
        hooks.append(module.register_forward_hook(lambda _, __, y: tensors.update({key: y})))
    for half, block in (("enc", encoder), ("dec", decoder)):
        probe(block.mapping, f"{half}_mapping")
        for i, layer in enumerate(block.transformers):
            probe(layer, f"{half}_block{i}")
    tensors["latents_812"] = same.encode(short)
    tensors["z13"] = torch.randn(1, 8, 13, generator=generator)
    tensors["decoded13"] = same.decode(tensors["z13"])
    for hook in hooks:
        hook.remove()
    tensors["latents145_direct"] = same.encode_audio(long)
    tensors["latents145_chunked"] = same.encode_audio(long, chunked=True)
    z = tensors["z145"] = torch.randn(1, 8, 145, generator=generator)
    tensors["decoded145_direct"] = same.decode_audio(z)
    tensors["decoded145_chunked"] = same.decode_audio(z, chunked=True)
    decoder.mask_noise, same.bottleneck.noise_regularize = loud, True
    torch.manual_seed(11)
    with draws() as noise:
        tensors["decoded13_noise"] = same.decode(tensors["z13"])
    tensors["decoded13_softnorm_noise"], tensors["decoded13_token_noise"] = noise
    encoder.mask_noise = loud
    save(path, tensors)


def medium(reference, small):
    folder = FOLDER / "sa3-medium-tiny"
    folder.mkdir(exist_ok=True)
    config = medium_config(small)
    (folder / "model_config.json").write_text(json.dumps(config, indent=4) + "\n")
    model = reference.load(config)
    draw(model.model, 20)
    save(folder / "model.safetensors", model.model.state_dict())
    denoiser(model, folder / "dit.safetensors")
    codec(model, folder / "codec.safetensors")
    run(model, folder / "pingpong4.safetensors", steps=4)


def tiny(reference, small):
    folder = FOLDER / "sa3-tiny"
    weights = load_file(folder / "model.safetensors")
    audio = load_file(folder / "pingpong8_inpaint.safetensors")["audio_in"]
    model = reference.load(small, weights)
    run(model, folder / "pingpong8_inpaint2.safetensors", audio=audio,
        inpaint_mask_start_seconds=[0.1, 0.7], inpaint_mask_end_seconds=[0.35, 1.0])
    base = reference.load(json.loads((folder / "model_config_base.json").read_text()), weights)
    run(base, folder / "base_euler8_cfg4_interval_norm.safetensors", cfg_scale=4.0, cfg_interval=(0.3, 0.95), cfg_norm_threshold=5.0)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--reference", type=pathlib.Path, required=True)
    p.add_argument("--only", choices=["medium", "small"])
    p.add_argument("--text", choices=["f32", "bf16"], default="f32")
    arguments = p.parse_args()
    torch.set_num_threads(1)
    reference = Reference(arguments.reference, arguments.text)
    small = json.loads((FOLDER / "sa3-tiny/model_config.json").read_text())
    with torch.no_grad():
        if arguments.only != "small":
            medium(reference, small)
        if arguments.only != "medium":
            tiny(reference, small)


if __name__ == "__main__":
    main()
