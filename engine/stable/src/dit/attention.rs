//! Attention of the denoiser: to itself and to the context. Where it is differential (Ye et al. 2024), a second pattern is taken off
//! the first one.

use super::Config;
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::nn::{Heads, Linear, Memory, RmsNorm, Rotary, attend, attention, masked, subtract};
use crate::weights::Weights;
use candle_core::{D, Tensor};

/// Added to the mean square of a query or key.
const EPSILON: f64 = 1e-6;

/// What both kinds share.
#[derive(Debug)]
struct Parts {
    heads: Heads,
    differential: bool,
    q_norm: RmsNorm,
    k_norm: RmsNorm,
    to_out: Linear,
}

impl Parts {
    fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let heads = config.heads();
        Ok(Self {
            heads,
            differential: config.attn_kwargs.differential,
            q_norm: RmsNorm::new(&weights.pp("q_norm"), heads.size, EPSILON)?,
            k_norm: RmsNorm::new(&weights.pp("k_norm"), heads.size, EPSILON)?,
            to_out: Linear::new(&weights.pp("to_out"), config.embed_dim, config.embed_dim, false)?,
        })
    }

    fn layout(layout: &mut Layout, config: &Config) {
        layout.tensor("q_norm.gamma", [config.heads().size]);
        layout.tensor("k_norm.gamma", [config.heads().size]);
        layout.linear("to_out", config.embed_dim, config.embed_dim, false);
    }

    /// Part `index` of what a layer projected, as wide as all heads.
    fn part(&self, xs: &Tensor, index: usize) -> Result<Tensor> {
        xs.narrow(D::Minus1, index * self.heads.width(), self.heads.width())
    }

    /// A norm over each head.
    fn normed(&self, xs: &Tensor, norm: &RmsNorm) -> Result<Tensor> {
        self.heads.join(&norm.forward(&self.heads.split(xs)?)?)
    }
}

/// Latents to latents.
#[derive(Debug)]
pub(super) struct SelfAttention {
    parts: Parts,
    to_qkv: Linear,
}

impl SelfAttention {
    pub fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let count = if config.attn_kwargs.differential { 5 } else { 3 };
        Ok(Self {
            parts: Parts::new(config, weights)?,
            to_qkv: Linear::new(&weights.pp("to_qkv"), config.embed_dim, count * config.embed_dim, false)?,
        })
    }

    pub fn layout(layout: &mut Layout, config: &Config) {
        let count = if config.attn_kwargs.differential { 5 } else { 3 };
        layout.linear("to_qkv", config.embed_dim, count * config.embed_dim, false);
        Parts::layout(layout, config);
    }

    /// `xs` `[batch, rows, width]` → the same shape. Values where `valid` is 0 count as zeros, their keys stay: what the reference does
    /// without its CUDA kernels.
    pub fn forward(&self, xs: &Tensor, rotary: &Rotary, valid: Option<&Tensor>) -> Result<Tensor> {
        let parts = &self.parts;
        let qkv = self.to_qkv.forward(xs)?;
        let turned = |index: usize, norm: &RmsNorm| rotary.forward(&parts.normed(&parts.part(&qkv, index)?, norm)?, parts.heads);
        let mut v = parts.part(&qkv, 2)?;
        if let Some(valid) = valid {
            v = masked(&v, valid)?;
        }
        let mut ys = attention(&turned(0, &parts.q_norm)?, &turned(1, &parts.k_norm)?, &v, parts.heads)?;
        if parts.differential {
            ys = subtract(&ys, &attention(&turned(3, &parts.q_norm)?, &turned(4, &parts.k_norm)?, &v, parts.heads)?)?;
        }
        parts.to_out.forward(&ys)
    }
}

/// Latents to the context.
#[derive(Debug)]
pub(super) struct CrossAttention {
    parts: Parts,
    to_q: Linear,
    to_kv: Linear,
}

/// One item's context, ready to be attended to: one memory, two where attention is differential, or none where there is no context.
pub(super) type Prompt = Vec<Memory>;

impl CrossAttention {
    pub fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let width = config.embed_dim;
        let (queries, keys) = if config.attn_kwargs.differential { (2, 3) } else { (1, 2) };
        Ok(Self {
            parts: Parts::new(config, weights)?,
            to_q: Linear::new(&weights.pp("to_q"), width, queries * width, false)?,
            to_kv: Linear::new(&weights.pp("to_kv"), width, keys * width, false)?,
        })
    }

    pub fn layout(layout: &mut Layout, config: &Config) {
        let width = config.embed_dim;
        let (queries, keys) = if config.attn_kwargs.differential { (2, 3) } else { (1, 2) };
        layout.linear("to_q", width, queries * width, false);
        layout.linear("to_kv", width, keys * width, false);
        Parts::layout(layout, config);
    }

    /// Keys and values of a context `[1, rows, width]`, with what is added to its logits.
    pub fn prompt(&self, context: &Tensor, bias: Option<&[f32]>) -> Result<Prompt> {
        let parts = &self.parts;
        let kv = self.to_kv.forward(context)?;
        let keys = if parts.differential { 2 } else { 1 };
        let v = parts.part(&kv, keys)?.squeeze(0)?.contiguous()?;
        (0..keys).map(|i| Memory::new(&parts.normed(&parts.part(&kv, i)?, &parts.k_norm)?.squeeze(0)?, &v, bias, parts.heads)).collect()
    }

    /// `xs` `[batch, rows, width]` to one prompt each → the same shape.
    pub fn forward(&self, xs: &Tensor, prompts: &[Prompt]) -> Result<Tensor> {
        let parts = &self.parts;
        let q = self.to_q.forward(xs)?;
        let to = |index: usize| {
            let memories: Vec<Memory> = prompts.iter().filter_map(|p| p.get(index).cloned()).collect();
            attend(&parts.normed(&parts.part(&q, index)?, &parts.q_norm)?, &memories, parts.heads)
        };
        let ys = if parts.differential { subtract(&to(0)?, &to(1)?)? } else { to(0)? };
        parts.to_out.forward(&ys)
    }
}
