"""The denoiser: a diffusion transformer over latents. Names of modules are the checkpoint's keys."""
import math
import torch, torch.nn as nn, torch.nn.functional as F

FREQUENCIES = 128
LOW, HIGH = 0.5, 10_000.0       # of a number's waves


def fourier(t):
    """Numbers [B] -> their waves [B,256]. The order of the products matters: phases reach 62 832 rad."""
    frequencies = torch.exp(torch.linspace(0, 1, FREQUENCIES) * (math.log(HIGH) - math.log(LOW)) + math.log(LOW))
    angles = t[:, None] * frequencies * 2 * math.pi
    return torch.cat([angles.cos(), angles.sin()], -1)


def mlp(inputs, width, outputs, bias=True):
    return nn.Sequential(nn.Linear(inputs, width, bias=bias), nn.SiLU(), nn.Linear(width, outputs, bias=bias))


class Norm(nn.Module):
    """Root-mean-square norm."""
    def __init__(self, width, eps):
        super().__init__()
        self.gamma, self.eps = nn.Parameter(torch.empty(width)), eps

    def forward(self, x):
        return F.rms_norm(x, x.shape[-1:], self.gamma, self.eps)


class Rotary(nn.Module):
    """Turns the pairs (i, i + half) of the first dimensions of a head; the others pass through."""
    def __init__(self, half):
        super().__init__()
        self.register_buffer("inv_freq", torch.empty(half))

    def forward(self, rows):
        """-> cosines and sines [rows, 2 * half]"""
        angles = (torch.arange(rows)[:, None] * self.inv_freq).repeat(1, 2)
        return angles.cos(), angles.sin()

    @staticmethod
    def turn(x, waves):
        cos, sin = waves
        turned, rest = x.split([cos.shape[-1], x.shape[-1] - cos.shape[-1]], -1)
        a, b = turned.chunk(2, -1)
        return torch.cat([turned * cos + torch.cat([-b, a], -1) * sin, rest], -1)


class SelfAttention(nn.Module):
    def __init__(self, width, size):
        super().__init__()
        self.size = size
        self.to_qkv = nn.Linear(width, 3 * width, bias=False)
        self.q_norm, self.k_norm = Norm(size, 1e-6), Norm(size, 1e-6)
        self.to_out = nn.Linear(width, width, bias=False)

    def forward(self, x, waves, valid):
        q, k, v = (t.unflatten(-1, (-1, self.size)).transpose(1, 2) for t in self.to_qkv(x).chunk(3, -1))
        q, k = Rotary.turn(self.q_norm(q), waves), Rotary.turn(self.k_norm(k), waves)
        if valid is not None:
            v = v * valid[:, None]
        return self.to_out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))


class CrossAttention(nn.Module):
    def __init__(self, width, size):
        super().__init__()
        self.size = size
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_kv = nn.Linear(width, 2 * width, bias=False)
        self.q_norm, self.k_norm = Norm(size, 1e-6), Norm(size, 1e-6)
        self.to_out = nn.Linear(width, width, bias=False)

    def forward(self, x, context):
        split = lambda t: t.unflatten(-1, (-1, self.size)).transpose(1, 2)
        k, v = self.to_kv(context).chunk(2, -1)
        y = F.scaled_dot_product_attention(self.q_norm(split(self.to_q(x))), self.k_norm(split(k)), split(v))
        return self.to_out(y.transpose(1, 2).flatten(2))


class Gated(nn.Module):
    """SwiGLU: the second half is the gate."""
    def __init__(self, width, inner):
        super().__init__()
        self.proj = nn.Linear(width, 2 * inner)

    def forward(self, x):
        y, gate = self.proj(x).chunk(2, -1)
        return y * F.silu(gate)


class FeedForward(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.ff = nn.Sequential(Gated(width, inner), nn.Identity(), nn.Linear(inner, width))

    def forward(self, x):
        return self.ff(x)


class Layer(nn.Module):
    def __init__(self, width, size, local, inner):
        super().__init__()
        self.to_scale_shift_gate = nn.Parameter(torch.empty(6 * width))
        self.pre_norm, self.self_attn = Norm(width, 1e-5), SelfAttention(width, size)
        self.cross_attend_norm, self.cross_attn = Norm(width, 1e-5), CrossAttention(width, size)
        self.to_local_embed = mlp(local, width, width)
        self.ff_norm, self.ff = Norm(width, 1e-5), FeedForward(width, inner)

    def forward(self, h, ada, context, local, waves, valid):
        s1, b1, g1, s2, b2, g2 = (ada + self.to_scale_shift_gate)[:, None].chunk(6, -1)
        h = h + self.self_attn(self.pre_norm(h) * (1 + s1) + b1, waves, valid) * torch.sigmoid(1 - g1)
        h = h + self.cross_attn(self.cross_attend_norm(h), context)
        e = self.to_local_embed(local)
        h = h + F.pad(e, (0, 0, h.shape[1] - e.shape[1], 0))        # nothing for the memory's rows
        return h + self.ff(self.ff_norm(h) * (1 + s2) + b2) * torch.sigmoid(1 - g2)


class Transformer(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, size = c["embed_dim"], c["embed_dim"] // c["num_heads"]
        inner = int(width * c["ff_kwargs"]["mult"])
        self.memory_tokens = nn.Parameter(torch.empty(c["num_memory_tokens"], width))
        self.project_in = nn.Linear(c["io_channels"], width, bias=False)
        self.project_out = nn.Linear(width, c["io_channels"], bias=False)
        self.global_cond_embedder = mlp(width, width, 6 * width)
        self.rotary_pos_emb = Rotary(max(size // 2, 32) // 2)
        self.layers = nn.ModuleList(Layer(width, size, c["local_add_cond_dim"], inner) for _ in range(c["depth"]))

    def forward(self, x, context, condition, local, valid):
        memory = self.memory_tokens.shape[0]
        h = torch.cat([self.memory_tokens.expand(x.shape[0], -1, -1), self.project_in(x)], 1)
        waves = self.rotary_pos_emb(h.shape[1])
        ada = self.global_cond_embedder(condition)
        if valid is not None:
            valid = F.pad(valid.float(), (memory, 0), value=1.0)[..., None]
        for layer in self.layers:
            h = layer(h, ada, context, local, waves, valid)
        return self.project_out(h[:, memory:])


class Dit(nn.Module):
    def __init__(self, c):
        """`c` is the part `model.diffusion.config` of model_config.json."""
        super().__init__()
        width, channels = c["embed_dim"], c["io_channels"]
        self.to_timestep_embed = mlp(2 * FREQUENCIES, width, width)
        self.to_cond_embed = mlp(c["cond_token_dim"], width, width, bias=False)
        self.to_global_embed = mlp(c["global_cond_dim"], width, width, bias=False)
        self.preprocess_conv = nn.Conv1d(channels, channels, 1, bias=False)
        self.postprocess_conv = nn.Conv1d(channels, channels, 1, bias=False)
        self.transformer = Transformer(c)

    def forward(self, x, t, cross, globals, local, valid=None):
        """x [B,C,L] at noise levels t [B]; cross [B,rows,width]; globals [B,width]; local [B,1+C,L]; valid [B,L] true where there is
        sound: values of other latents count as 0, their keys stay -> velocity [B,C,L]"""
        condition = self.to_global_embed(globals) + self.to_timestep_embed(fourier(t))
        h = (x + self.preprocess_conv(x)).transpose(1, 2)
        o = self.transformer(h, self.to_cond_embed(cross), condition, local.transpose(1, 2), valid).transpose(1, 2)
        return o + self.postprocess_conv(o)
