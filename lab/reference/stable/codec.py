"""The codec SAME-S: audio <-> latents by transformers in short windows. Names of modules are the checkpoint's keys."""
import torch, torch.nn as nn, torch.nn.functional as F
from dit import FeedForward, Rotary

CHUNK, OVERLAP = 128, 32        # latents that are worked on at once, and that two neighbours share


class DyT(nn.Module):
    """A tanh in a norm's place."""
    def __init__(self, width):
        super().__init__()
        self.alpha = nn.Parameter(torch.empty(1))
        self.gamma, self.beta = nn.Parameter(torch.empty(width)), nn.Parameter(torch.empty(width))

    def forward(self, x):
        return self.gamma * torch.tanh(self.alpha * x) + self.beta


class Attention(nn.Module):
    """The difference of two attentions."""
    def __init__(self, width, size):
        super().__init__()
        self.size = size
        self.to_qkv = nn.Linear(width, 5 * width, bias=False)
        self.q_norm, self.k_norm = DyT(size), DyT(size)
        self.to_out = nn.Linear(width, width, bias=False)

    def forward(self, x, waves):
        q, k, v, q2, k2 = (t.unflatten(-1, (-1, self.size)).transpose(1, 2) for t in self.to_qkv(x).chunk(5, -1))
        q, q2 = Rotary.turn(self.q_norm(q), waves), Rotary.turn(self.q_norm(q2), waves)
        k, k2 = Rotary.turn(self.k_norm(k), waves), Rotary.turn(self.k_norm(k2), waves)
        y = F.scaled_dot_product_attention(q, k, v) - F.scaled_dot_product_attention(q2, k2, v)
        return self.to_out(y.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, width, size):
        super().__init__()
        self.rope = Rotary(size // 4)
        self.pre_norm, self.self_attn = DyT(width), Attention(width, size)
        self.ff_norm, self.ff = DyT(width), FeedForward(width, 3 * width)

    def forward(self, x):
        x = x + self.self_attn(self.pre_norm(x), self.rope(x.shape[1]))
        return x + self.ff(self.ff_norm(x))


class Mapping(nn.Module):
    """A convolution whose filters are a direction and a length each; `fold` makes plain ones of them, once."""
    def __init__(self, inputs, outputs, kernel):
        super().__init__()
        self.weight_g = nn.Parameter(torch.empty(outputs, 1, 1))
        self.weight_v = nn.Parameter(torch.empty(outputs, inputs, kernel))
        self.bias = nn.Parameter(torch.empty(outputs))

    def fold(self):
        self.weight = self.weight_g * self.weight_v / self.weight_v.norm(dim=(1, 2), keepdim=True)

    def forward(self, x):
        return F.conv1d(x, self.weight, self.bias, padding=self.weight.shape[2] // 2)


class Resampler(nn.Module):
    """What both halves share: layers over windows, which shift by half a window halfway."""
    def __init__(self, c, inputs, outputs, kernel):
        super().__init__()
        width = c["channels"] * c["c_mults"][0]
        self.stride = c["strides"][0]
        self.window = c["chunk_size"] // self.stride            # latents of a window
        self.mapping = Mapping(inputs, outputs, kernel)
        self.new_tokens = nn.Parameter(torch.empty(1, 1, width))
        self.transformers = nn.ModuleList(Block(width, c["dim_heads"]) for _ in range(c["transformer_depths"][0]))

    def body(self, x):
        rows, half = self.window * (self.stride + 1), len(self.transformers) // 2
        windows = lambda x, blocks: nn.Sequential(*blocks)(x.reshape(-1, rows, x.shape[2])).reshape(x.shape)
        x = windows(x, self.transformers[:half])
        edge = rows // 2
        x = torch.cat([x[:, :edge], x, x[:, -edge:]], 1)
        return windows(x, self.transformers[half:])[:, edge:-edge]


class Down(Resampler):
    """Patches -> a row for each latent, read from a new row behind its patches."""
    def forward(self, patches):
        x = self.mapping(patches).transpose(1, 2)
        batch, rows, width = x.shape
        x = x.reshape(-1, self.stride, width)
        x = torch.cat([x, self.new_tokens.expand(x.shape[0], -1, -1)], 1).reshape(batch, -1, width)
        return self.body(x).reshape(batch, -1, self.stride + 1, width)[:, :, -1]


class Up(Resampler):
    """A row for each latent -> patches, which grow from new rows behind it."""
    def forward(self, x, noise=None):
        batch, latents, width = x.shape
        x = F.pad(x, (0, 0, 0, -latents % self.window)).reshape(-1, 1, width)
        new = self.new_tokens.expand(x.shape[0], self.stride, -1)
        if noise is not None:
            new = new + 0.01 * noise
        x = self.body(torch.cat([x, new], 1).reshape(batch, -1, width))
        x = x.reshape(batch, -1, self.stride + 1, width)[:, :, 1:].reshape(batch, -1, width)
        return self.mapping(x.transpose(1, 2))


class Bottleneck(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.scaling_factor, self.bias = nn.Parameter(torch.empty(1, channels, 1)), nn.Parameter(torch.empty(1, channels, 1))
        self.running_std = nn.Parameter(torch.empty(1))


class Half(nn.Module):
    """Layers by their numbers in the checkpoint; what has none there has no weights."""
    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleDict(layers)


class Codec(nn.Module):
    def __init__(self, c):
        """`c` is the part `model.pretransform.config` of model_config.json."""
        super().__init__()
        e, d, channels = c["encoder"]["config"], c["decoder"]["config"], c["latent_dim"]
        width, patched = e["channels"] * e["c_mults"][0], e["in_channels"]
        self.patch, self.hop, self.window = c["pretransform"]["config"]["patch_size"], c["downsampling_ratio"], e["chunk_size"]
        self.encoder = Half({"0": Down(e, patched, width, 1), "2": nn.Linear(width, channels)})
        self.decoder = Half({"1": nn.Linear(channels, width), "3": Up(d, width, patched, 3)})
        self.bottleneck = Bottleneck(channels)

    def encode_whole(self, audio):
        """[B,2,N] -> [B,C,L]; what is missing to whole windows is silence"""
        audio = F.pad(audio, (0, -audio.shape[2] % (self.patch * self.window)))
        patches = audio.unflatten(2, (-1, self.patch)).permute(0, 1, 3, 2).flatten(1, 2)
        z = self.encoder.layers["2"](self.encoder.layers["0"](patches)).transpose(1, 2)
        return (z * self.bottleneck.scaling_factor + self.bottleneck.bias) / self.bottleneck.running_std

    def decode_whole(self, z, noise=None):
        """[B,C,L] -> [B,2,N]. `noise`: normal numbers like z and [B * L, rows of a latent, width], or none"""
        x = z * self.bottleneck.running_std
        if noise is not None:
            x = x + 1e-3 * self.bottleneck.running_std * noise[0]
        x = self.decoder.layers["1"](x.transpose(1, 2))
        patches = self.decoder.layers["3"](x, None if noise is None else noise[1])
        return patches.unflatten(1, (-1, self.patch)).permute(0, 1, 3, 2).flatten(2)

    def encode(self, audio):
        """The same in chunks, where it is long enough."""
        latents = audio.shape[2] // self.hop
        if latents < CHUNK:
            return self.encode_whole(audio)
        z = audio.new_empty(audio.shape[0], self.bottleneck.bias.shape[1], latents)
        for start, a, b in chunks(latents):
            z[..., a:b] = self.encode_whole(audio[..., start * self.hop:(start + CHUNK) * self.hop])[..., a - start:b - start]
        return z

    def decode(self, z, noises=None):
        """The same in chunks, where it is long enough; `noises`: what each chunk draws."""
        if z.shape[2] < CHUNK:
            return self.decode_whole(z, noises and noises[0])
        audio = z.new_empty(z.shape[0], 2, z.shape[2] * self.hop)
        for i, (start, a, b) in enumerate(chunks(z.shape[2])):
            part = self.decode_whole(z[..., start:start + CHUNK], noises and noises[i])
            audio[..., a * self.hop:b * self.hop] = part[..., (a - start) * self.hop:(b - start) * self.hop]
        return audio


def chunks(latents):
    """(start, a, b) of each chunk: it starts at `start` and is kept from `a` to `b`; later ones overwrite earlier ones."""
    starts = list(range(0, latents - CHUNK + 1, CHUNK - OVERLAP))
    if starts[-1] + CHUNK < latents:
        starts.append(latents - CHUNK)
    edge = OVERLAP // 2
    return [(s, s + (edge if i > 0 else 0), s + CHUNK - (edge if i < len(starts) - 1 else 0)) for i, s in enumerate(starts)]
