"""Seconds of every stage of the reference, as one line of JSON: what `cargo xtask bench-reference` runs beside `inlay bench --json`.

    python bench.py --folder ../../assets/model --prompt "house drums" --bars 4 --bpm 120 --steps 16 --runs 3 --threads 2
"""
import argparse, importlib.util, json, pathlib, sys, time

STAGES = ("text", "sampling", "decoding", "phases")


def lacking():
    """Packages that the reference imports and this Python hasn't."""
    return [name for name in ("torch", "numpy", "safetensors", "transformers") if importlib.util.find_spec(name) is None]


def measure(reference, model, a):
    import torch
    times = [time.perf_counter()]
    conditions = model.conditions([a.prompt], a.bpm, a.bars)
    times.append(time.perf_counter())
    latents = model.sample(torch.randn(1, 32 * a.bars, reference.LATENT), conditions, a.steps, a.guidance)
    times.append(time.perf_counter())
    features = model.codec.decode(latents)
    times.append(time.perf_counter())
    reference.synthesise(features, reference.loop_length(a.bpm, 4 * a.bars))
    times.append(time.perf_counter())
    seconds = {stage: end - start for stage, start, end in zip(STAGES, times, times[1:])}
    return {**seconds, "total": times[-1] - times[0]}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--folder", type=pathlib.Path, required=True)
    p.add_argument("--prompt", required=True)
    p.add_argument("--bars", type=int, default=4, choices=(1, 2, 4))
    p.add_argument("--bpm", type=float, default=120)
    p.add_argument("--steps", type=int, default=16)
    p.add_argument("--guidance", type=float, default=3.0)
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--threads", type=int, default=0, help="0: as many as PyTorch likes")
    a = p.parse_args()
    if lacking():
        sys.exit("this Python lacks " + ", ".join(lacking()) + ": install them, or name another Python with --python")
    import torch
    import reference
    if a.threads:
        torch.set_num_threads(a.threads)
    with torch.inference_mode():
        model = reference.Model(a.folder)
        measure(reference, model, a)          # the first run pays for allocations and caches
        runs = [measure(reference, model, a) for _ in range(a.runs)]
    print(json.dumps({"runs": runs, "threads": torch.get_num_threads(), "torch": torch.__version__}))


if __name__ == "__main__":
    main()
