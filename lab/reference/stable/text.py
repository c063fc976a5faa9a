"""T5Gemma's encoder: 256 padded tokens -> hidden states. Names of modules are the checkpoint's keys."""
import torch, torch.nn as nn, torch.nn.functional as F


class Norm(nn.Module):
    """Root-mean-square norm whose weight is counted from 1."""
    def __init__(self, width, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.empty(width)), eps

    def forward(self, x):
        return F.rms_norm(x, x.shape[-1:], 1 + self.weight, self.eps)


def rotate(x, cos, sin):
    """Turns the pairs (i, i + half) of the last dimension."""
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat([-b, a], -1) * sin


class Attention(nn.Module):
    """Attention whose logits are softly capped, so it is written out: the fused one knows no cap."""
    def __init__(self, c):
        super().__init__()
        inner = c["num_attention_heads"] * c["head_dim"]
        self.size, self.scale, self.cap = c["head_dim"], c["query_pre_attn_scalar"] ** -0.5, c["attn_logit_softcapping"]
        self.q_proj = nn.Linear(c["hidden_size"], inner, bias=False)
        self.k_proj = nn.Linear(c["hidden_size"], inner, bias=False)
        self.v_proj = nn.Linear(c["hidden_size"], inner, bias=False)
        self.o_proj = nn.Linear(inner, c["hidden_size"], bias=False)

    def forward(self, x, cos, sin, bias):
        split = lambda t: t.unflatten(-1, (-1, self.size)).transpose(1, 2)
        q, k, v = rotate(split(self.q_proj(x)), cos, sin), rotate(split(self.k_proj(x)), cos, sin), split(self.v_proj(x))
        scores = self.cap * torch.tanh(q @ k.transpose(2, 3) * self.scale / self.cap) + bias
        return self.o_proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False)
        self.up_proj = nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False)
        self.down_proj = nn.Linear(c["intermediate_size"], c["hidden_size"], bias=False)

    def forward(self, x):
        return self.down_proj(F.gelu(self.gate_proj(x), approximate="tanh") * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        norm = lambda: Norm(c["hidden_size"], c["rms_norm_eps"])
        self.pre_self_attn_layernorm, self.post_self_attn_layernorm = norm(), norm()
        self.pre_feedforward_layernorm, self.post_feedforward_layernorm = norm(), norm()
        self.self_attn, self.mlp = Attention(c), FeedForward(c)

    def forward(self, x, cos, sin, bias):
        x = x + self.post_self_attn_layernorm(self.self_attn(self.pre_self_attn_layernorm(x), cos, sin, bias))
        return x + self.post_feedforward_layernorm(self.mlp(self.pre_feedforward_layernorm(x)))


class Encoder(nn.Module):
    def __init__(self, c):
        """`c` is the part `encoder` of the text encoder's config.json."""
        super().__init__()
        self.size, self.theta = c["head_dim"], c.get("rope_theta") or c["rope_parameters"]["rope_theta"]
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c["num_hidden_layers"]))
        self.norm = Norm(c["hidden_size"], c["rms_norm_eps"])

    def forward(self, ids, mask):
        """ids and mask [B,L], mask true at tokens -> hidden states [B,L,width]"""
        x = self.embed_tokens(ids) * self.embed_tokens.embedding_dim ** 0.5
        frequencies = self.theta ** (-torch.arange(0, self.size, 2) / self.size)
        angles = (torch.arange(ids.shape[1])[:, None] * frequencies).repeat(1, 2)
        bias = torch.where(mask, 0.0, torch.finfo(torch.float32).min)[:, None, None]
        for layer in self.layers:
            x = layer(x, angles.cos(), angles.sin(), bias)
        return self.norm(x)
