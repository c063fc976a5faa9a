//! One layer of the denoiser.

use super::Config;
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::nn::{Heads, LayerNorm, Linear, Memory, Rotary, add, attend, attention, swiglu};
use crate::weights::Weights;
use candle_core::{D, Tensor};

/// Added to the variance of a row, and of a query or key.
const EPSILON: f64 = 1e-5;
const HEAD_EPSILON: f64 = 1e-6;

/// Norms of queries and keys, where there are any.
#[derive(Debug)]
struct Norms {
    heads: Heads,
    q_norm: Option<LayerNorm>,
    k_norm: Option<LayerNorm>,
}

impl Norms {
    fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let heads = config.heads();
        let norm = |name: &str| LayerNorm::new(&weights.pp(name), ["weight", "bias"], heads.size, HEAD_EPSILON);
        let (q_norm, k_norm) = if config.normed() { (Some(norm("q_norm")?), Some(norm("k_norm")?)) } else { (None, None) };
        Ok(Self { heads, q_norm, k_norm })
    }

    fn layout(layout: &mut Layout, config: &Config) {
        for norm in ["q_norm", "k_norm"].iter().filter(|_| config.normed()) {
            layout.tensor(&format!("{norm}.weight"), [config.heads().size]);
            layout.tensor(&format!("{norm}.bias"), [config.heads().size]);
        }
    }

    /// `xs` `[batch, rows, whole heads]` → the same shape.
    fn apply(&self, norm: Option<&LayerNorm>, xs: &Tensor) -> Result<Tensor> {
        let Some(norm) = norm else { return Ok(xs.clone()) };
        let (batch, rows, width) = xs.dims3()?;
        let heads = xs.contiguous()?.reshape((batch, rows * width / self.heads.size, self.heads.size))?;
        norm.forward(&heads)?.reshape((batch, rows, width))
    }
}

/// Attention to itself and to the prompt, and a feed-forward layer; a norm before each.
#[derive(Debug)]
pub(super) struct Block {
    heads: Heads,
    /// Numbers of a row of the context: fewer heads than queries have serve several of them.
    context: usize,
    pre_norm: LayerNorm,
    to_qkv: Linear,
    norms: Norms,
    to_out: Linear,
    cross_attend_norm: LayerNorm,
    to_q: Linear,
    to_kv: Linear,
    cross_norms: Norms,
    cross_out: Linear,
    ff_norm: LayerNorm,
    ff_in: Linear,
    ff_out: Linear,
}

impl Block {
    pub fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let (width, inner, context) = (config.embed_dim, config.inner(), config.context());
        let norm = |name: &str| LayerNorm::new(&weights.pp(name), ["gamma", "beta"], width, EPSILON);
        let (own, cross) = (weights.pp("self_attn"), weights.pp("cross_attn"));
        Ok(Self {
            heads: config.heads(),
            context,
            pre_norm: norm("pre_norm")?,
            to_qkv: Linear::new(&own.pp("to_qkv"), width, 3 * width, false)?,
            norms: Norms::new(config, &own)?,
            to_out: Linear::new(&own.pp("to_out"), width, width, false)?,
            cross_attend_norm: norm("cross_attend_norm")?,
            to_q: Linear::new(&cross.pp("to_q"), width, width, false)?,
            to_kv: Linear::new(&cross.pp("to_kv"), context, 2 * context, false)?,
            cross_norms: Norms::new(config, &cross)?,
            cross_out: Linear::new(&cross.pp("to_out"), width, width, false)?,
            ff_norm: norm("ff_norm")?,
            ff_in: Linear::new(&weights.pp("ff.ff.0.proj"), width, 2 * inner, true)?,
            ff_out: Linear::new(&weights.pp("ff.ff.2"), inner, width, true)?,
        })
    }

    pub fn layout(layout: &mut Layout, config: &Config) {
        let (width, inner, context) = (config.embed_dim, config.inner(), config.context());
        for norm in ["pre_norm", "cross_attend_norm", "ff_norm"] {
            layout.tensor(&format!("{norm}.gamma"), [width]);
            layout.tensor(&format!("{norm}.beta"), [width]);
        }
        layout.below("self_attn", |l| {
            l.linear("to_qkv", width, 3 * width, false);
            Norms::layout(l, config);
            l.linear("to_out", width, width, false);
        });
        layout.below("cross_attn", |l| {
            l.linear("to_q", width, width, false);
            l.linear("to_kv", context, 2 * context, false);
            Norms::layout(l, config);
            l.linear("to_out", width, width, false);
        });
        layout.linear("ff.ff.0.proj", width, 2 * inner, true);
        layout.linear("ff.ff.2", inner, width, true);
    }

    /// Keys and values of a context `[1, rows, context]`, with what is added to its logits.
    pub fn prompt(&self, context: &Tensor, bias: Option<&[f32]>) -> Result<Memory> {
        let kv = self.to_kv.forward(context)?;
        let part = |i: usize| kv.narrow(D::Minus1, i * self.context, self.context)?.contiguous();
        let keys = self.cross_norms.apply(self.cross_norms.k_norm.as_ref(), &part(0)?)?;
        Memory::new(&self.shared(&keys)?, &self.shared(&part(1)?)?, bias, self.heads)
    }

    /// `[1, rows, context]` → `[rows, width]`: each head for as many queries as share it.
    fn shared(&self, xs: &Tensor) -> Result<Tensor> {
        let (_, rows, width) = xs.dims3()?;
        let keys = width / self.heads.size;
        let each = self.heads.heads / keys.max(1);
        let xs = xs.reshape((rows, keys, 1, self.heads.size))?.broadcast_as((rows, keys, each, self.heads.size))?;
        xs.contiguous()?.reshape((rows, self.heads.width()))
    }

    /// `xs` `[batch, rows, width]` → the same shape; no prompts add nothing.
    pub fn forward(&self, xs: &Tensor, prompts: &[Memory], rotary: &Rotary) -> Result<Tensor> {
        let width = self.heads.width();
        let qkv = self.to_qkv.forward(&self.pre_norm.forward(xs)?)?;
        let part = |i: usize| qkv.narrow(D::Minus1, i * width, width)?.contiguous();
        let turned = |i: usize, norm: &Option<LayerNorm>| rotary.forward(&self.norms.apply(norm.as_ref(), &part(i)?)?, self.heads);
        let ys = attention(&turned(0, &self.norms.q_norm)?, &turned(1, &self.norms.k_norm)?, &part(2)?, self.heads)?;
        let mut h = add(xs, &self.to_out.forward(&ys)?)?;
        if !prompts.is_empty() {
            let q = self.to_q.forward(&self.cross_attend_norm.forward(&h)?)?;
            let ys = attend(&self.cross_norms.apply(self.cross_norms.q_norm.as_ref(), &q)?, prompts, self.heads)?;
            h = add(&h, &self.cross_out.forward(&ys)?)?;
        }
        let ys = self.ff_in.forward(&self.ff_norm.forward(&h)?)?;
        add(&h, &self.ff_out.forward(&swiglu(&ys)?)?)
    }
}
