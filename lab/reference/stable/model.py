"""Stable Audio 3 in PyTorch f32, from a folder in the layout of its checkpoints: words -> latents -> audio, as the published program
computes it and with nothing hoisted or left out: 256 rows of text, the context's keys and values in every step, six seconds of
headroom, everything decoded. What Inlay's own Stable Audio 3 is measured beside (bench.py) and held against (verify.py).

Shapes: B batch, C channels of a latent, L latents, N samples.
"""
import json, math, pathlib
import torch, torch.nn as nn
from safetensors import safe_open
from tokenizers import Tokenizer
from codec import Codec
from dit import Dit, FREQUENCIES, fourier
from text import Encoder

HEADROOM = 6.0                  # seconds that are made behind the sound and thrown away
LOGSNR = (-6.2, 2.0)            # logarithm of signal to noise at full noise, and just before the end


def weights(path, prefix):
    """The tensors below `prefix` in f32, each in memory of its own."""
    with safe_open(path, "pt") as file:
        keys = (k for k in file.keys() if k.startswith(prefix) and not k.endswith("noise_scaling_factor"))
        return {k[len(prefix):]: file.get_tensor(k).to(torch.float32, copy=True) for k in keys}


def filled(make, path, prefix):
    """A module with the weights below `prefix`; all of them must fit."""
    with torch.device("meta"):
        module = make()
    module.load_state_dict(weights(path, prefix), strict=True, assign=True)
    return module.eval().requires_grad_(False)


def schedule(steps, start=1.0):
    """Noise levels, one more than there are steps, from `start` to 0."""
    t = torch.linspace(start, 0, steps + 1)
    low, high = LOGSNR
    u = torch.sigmoid(-(high - t * (high - low)))
    u[t <= 0], u[t >= 1] = 0, 1
    u[0] = start
    return u


class Seconds(nn.Module):
    """A length in seconds -> one row."""
    def __init__(self, width):
        super().__init__()
        self.embedder = nn.Module()
        self.embedder.embedding = nn.ModuleDict({"1": nn.Linear(2 * FREQUENCIES, width)})

    def forward(self, share):
        return self.embedder.embedding["1"](fourier(share))


class Prompt(nn.Module):
    """What stands where a prompt has no words."""
    def __init__(self, width):
        super().__init__()
        self.padding_embedding = nn.Parameter(torch.empty(width))

    def forward(self, hidden, mask):
        return torch.where(mask[..., None], hidden, self.padding_embedding)


class Model:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.config = config = json.loads((folder / "model_config.json").read_text())
        parts, path = config["model"], folder / "model.safetensors"
        given = {c["id"]: c["config"] for c in parts["conditioning"]["configs"]}
        width, text = parts["conditioning"]["cond_dim"], folder / given["prompt"]["subfolder"]
        self.tokens, self.range = given["prompt"]["max_length"], (given["seconds_total"]["min_val"], given["seconds_total"]["max_val"])
        self.tokenizer = Tokenizer.from_file(str(text / "tokenizer.json"))
        self.tokenizer.enable_truncation(self.tokens)
        self.tokenizer.enable_padding(length=self.tokens, pad_id=0)
        encoder = json.loads((text / "config.json").read_text())["encoder"]
        self.text = filled(lambda: Encoder(encoder), text / "model.safetensors", "model.encoder.")
        self.prompt = filled(lambda: Prompt(width), path, "conditioner.conditioners.prompt.")
        self.seconds = filled(lambda: Seconds(width), path, "conditioner.conditioners.seconds_total.")
        self.dit = filled(lambda: Dit(parts["diffusion"]["config"]), path, "model.model.")
        self.codec = filled(lambda: Codec(parts["pretransform"]["config"]), path, "pretransform.model.")
        for half in (self.codec.encoder.layers["0"], self.codec.decoder.layers["3"]):
            half.mapping.fold()

    def read(self, prompts):
        """-> token numbers and whether they are any, both [B, tokens]"""
        read = self.tokenizer.encode_batch(prompts)
        return torch.tensor([r.ids for r in read]), torch.tensor([r.attention_mask for r in read]).bool()

    def conditions(self, prompts, seconds):
        """-> rows for cross-attention [B, tokens + 1, width], and the global condition [B, width]"""
        ids, mask = self.read(prompts)
        rows = self.prompt(self.text(ids, mask), mask)
        low, high = self.range
        length = self.seconds((torch.tensor(seconds).clamp(low, high) - low) / (high - low))
        return torch.cat([rows, length[:, None]], 1), length

    def length(self, seconds, headroom=HEADROOM):
        """Lengths in seconds -> latents that are made, and which of them are sound [B, L]"""
        rate, hop = self.config["sample_rate"], self.codec.hop
        up = lambda n, to: math.ceil(n / to) * to
        n = up(up(math.trunc((max(seconds) + headroom) * rate), hop), self.codec.patch * self.codec.window)
        latents = min(n, self.config["sample_size"]) // hop
        sound = [math.ceil(math.trunc(s * rate) / hop) + math.trunc(headroom * rate / hop) for s in seconds]
        return latents, torch.arange(latents) < torch.tensor(sound)[:, None]

    def nothing_known(self, batch, latents):
        """The local condition of a sound that is made from words alone."""
        return torch.zeros(batch, 1 + self.config["model"]["io_channels"], latents)

    def sample(self, x, fresh, conditions, valid, levels, local=None):
        """Ping-pong: to the clean latents and back to noise, less each time. x [B,C,L] at the first level; fresh(i): the noise of step i;
        -> clean latents"""
        if local is None:
            local = self.nothing_known(x.shape[0], x.shape[2])
        for i, (now, then) in enumerate(zip(levels, levels[1:])):
            v = self.dit(x, now.expand(x.shape[0]), *conditions, local, valid)
            x = (1 - then) * (x - now * v) + then * fresh(i)
        return x

    def decode(self, latents, valid, seconds=None, noises=None):
        """Latents -> audio [B,2,N]: silent where they aren't valid, in -1 to 1, cut to `seconds`."""
        audio = self.codec.decode(latents, noises)
        mask = valid.float().repeat_interleave(self.codec.hop, 1)[:, None]
        audio = (audio[..., :mask.shape[2]] * mask).clamp(-1, 1)
        return audio if seconds is None else audio[..., :math.trunc(seconds * self.config["sample_rate"])]
