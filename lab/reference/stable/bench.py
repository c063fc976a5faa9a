"""Seconds of every stage of model.py, as one line of JSON: what `cargo xtask bench-stable` runs beside Inlay's own Stable Audio 3.

    python bench.py --folder stable-audio-3-small-music --prompt "dusty boom bap drums" --seconds 8 --steps 8 --runs 3 --threads 2

The codec's own noise is left out, which Inlay leaves out too: drawing it would only add to the seconds.
"""
import argparse, importlib.util, json, pathlib, sys, time

STAGES = ("text", "sampling", "decoding")


def lacking():
    """Packages that model.py imports and this Python hasn't."""
    return [name for name in ("torch", "numpy", "safetensors", "tokenizers") if importlib.util.find_spec(name) is None]


def noise(a, latents, channels):
    """What sampling starts from, and what it draws in each step: [B,C,L] and a function of the step's number."""
    import torch
    from safetensors.torch import load_file
    if a.noise is None:
        return torch.randn(1, channels, latents), lambda i: torch.randn(1, channels, latents)
    file = load_file(a.noise)
    first, fresh = (file[key].transpose(-1, -2).contiguous() for key in ("initial_noise", "step_noise"))
    if first.shape != (1, channels, latents) or len(fresh) != a.steps:
        sys.exit(f"the noise in {a.noise} is {list(first.shape)} and {len(fresh)} times fresh: it belongs to another request")
    return first, lambda i: fresh[i]


def measure(model, a):
    """-> seconds of each stage of one run, its latents and its audio"""
    from model import schedule
    latents, valid = model.length([a.seconds], a.headroom)
    first, fresh = noise(a, latents, model.config["model"]["io_channels"])
    times = [(time.perf_counter(), time.process_time())]
    tell = lambda: times.append((time.perf_counter(), time.process_time()))
    conditions = model.conditions([a.prompt], [a.seconds])
    tell()
    made = model.sample(first, fresh, conditions, valid, schedule(a.steps))
    tell()
    audio = model.decode(made, valid, a.seconds)
    tell()
    between = lambda start, end: {"wall": end[0] - start[0], "cpu": end[1] - start[1]}
    run = {stage: between(*pair) for stage, pair in zip(STAGES, zip(times, times[1:]))}
    return {**run, "total": between(times[0], times[-1])}, made, audio


def forget_peak():
    """Lets `peak` count from now on, where the system can: loading may have taken more than running does."""
    switch = pathlib.Path("/proc/self/clear_refs")
    if switch.exists():
        switch.write_text("5")


def peak():
    """Megabytes of memory at most so far, where the system says so in /proc."""
    status = pathlib.Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--folder", type=pathlib.Path, required=True)
    p.add_argument("--prompt", required=True)
    p.add_argument("--seconds", type=float, default=8)
    p.add_argument("--steps", type=int, default=8)
    p.add_argument("--headroom", type=float, default=6, help="seconds that are made behind the sound and thrown away")
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--threads", type=int, default=0, help="0: as many as PyTorch likes")
    p.add_argument("--noise", type=pathlib.Path, help="safetensors with initial_noise [1,L,C] and step_noise [steps,1,L,C]")
    p.add_argument("--out", type=pathlib.Path, help="write latents [1,L,C] and audio [1,2,N] into this safetensors file")
    a = p.parse_args()
    if lacking():
        sys.exit("this Python lacks " + ", ".join(lacking()) + ": install them, or name another Python with --python")
    import torch
    from safetensors.torch import save_file
    from model import Model
    if a.threads:
        torch.set_num_threads(a.threads)
    with torch.inference_mode():
        model = Model(a.folder)
        forget_peak()
        _, made, audio = measure(model, a)          # the first run pays for allocations and caches
        runs = [measure(model, a)[0] for _ in range(a.runs)]
        if a.out:
            save_file({"latents": made.transpose(1, 2).contiguous(), "audio": audio.contiguous()}, a.out)
    print(json.dumps({"runs": runs, "latents": made.shape[2], "peak_mb": peak(), "threads": torch.get_num_threads(), "torch": torch.__version__}))


if __name__ == "__main__":
    main()
