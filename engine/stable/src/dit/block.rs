//! One layer of the denoiser.

use super::Config;
use super::attention::{CrossAttention, Prompt, SelfAttention};
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::nn::{Linear, Mlp, RmsNorm, Rotary, add, add_gated, swiglu};
use crate::weights::Weights;
use candle_core::{D, DType, Tensor};

/// Added to the mean square of a row.
const EPSILON: f64 = 1e-5;

/// Attention to itself and to the prompt, the local condition, and a feed-forward layer.
#[derive(Debug)]
pub(super) struct Block {
    /// `[1, 6 · width]`
    pub to_scale_shift_gate: Tensor,
    pub pre_norm: RmsNorm,
    pub self_attn: SelfAttention,
    pub cross_attend_norm: RmsNorm,
    pub cross_attn: CrossAttention,
    pub ff_norm: RmsNorm,
    pub ff_in: Linear,
    pub ff_out: Linear,
    pub to_local_embed: Mlp,
}

/// What a prompt became, as wide as the layers.
#[derive(Debug)]
pub(super) struct Words {
    /// `[1, rows, width]`
    pub rows: Tensor,
    /// What is added to the logits of the rows.
    pub bias: Option<Vec<f32>>,
}

/// What a layer knows before the first step.
#[derive(Debug)]
pub(super) struct Known {
    /// One for each item, or none at all where no item has a prompt.
    pub prompts: Vec<Prompt>,
    /// Items that have a prompt, where some have none: 1 or 0, `[batch, 1, 1]`.
    pub prompted: Option<Tensor>,
    /// `[batch or 1, rows, width]`, zeros in the rows of memory tokens
    pub local: Tensor,
}

impl Block {
    pub fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let (width, inner) = (config.embed_dim, config.inner());
        let norm = |name: &str| RmsNorm::new(&weights.pp(name), width, EPSILON);
        Ok(Self {
            to_scale_shift_gate: weights.get("to_scale_shift_gate", &[6 * width])?.unsqueeze(0)?,
            pre_norm: norm("pre_norm")?,
            self_attn: SelfAttention::new(config, &weights.pp("self_attn"))?,
            cross_attend_norm: norm("cross_attend_norm")?,
            cross_attn: CrossAttention::new(config, &weights.pp("cross_attn"))?,
            ff_norm: norm("ff_norm")?,
            ff_in: Linear::new(&weights.pp("ff.ff.0.proj"), width, 2 * inner, true)?,
            ff_out: Linear::new(&weights.pp("ff.ff.2"), inner, width, true)?,
            to_local_embed: Mlp::new(&weights.pp("to_local_embed"), [config.local_add_cond_dim, width, width], true)?,
        })
    }

    pub fn layout(layout: &mut Layout, config: &Config) {
        let (width, inner) = (config.embed_dim, config.inner());
        layout.tensor("to_scale_shift_gate", [6 * width]);
        for norm in ["pre_norm", "cross_attend_norm", "ff_norm"] {
            layout.tensor(&format!("{norm}.gamma"), [width]);
        }
        layout.below("self_attn", |l| SelfAttention::layout(l, config));
        layout.below("cross_attn", |l| CrossAttention::layout(l, config));
        layout.linear("ff.ff.0.proj", width, 2 * inner, true);
        layout.linear("ff.ff.2", inner, width, true);
        Mlp::layout(layout, "to_local_embed", [config.local_add_cond_dim, width, width], true);
    }

    /// What doesn't change from step to step, of the prompts and the local condition
    /// `[batch, time, 1 + channels]` or, the same everywhere, `[1, 1, 1 + channels]`.
    pub fn known(&self, contexts: &[Option<Words>], local: &Tensor, memory: usize, time: usize) -> Result<Known> {
        // an item without a context beside others gets one row of zeros, and its answer is taken out
        let stand_in = contexts.iter().flatten().next().map(|words| words.rows.narrow(1, 0, 1)?.zeros_like()).transpose()?;
        let mut prompts = vec![];
        if let Some(stand_in) = stand_in {
            for context in contexts {
                let (rows, bias) = context.as_ref().map_or((&stand_in, None), |words| (&words.rows, words.bias.as_deref()));
                prompts.push(self.cross_attn.prompt(rows, bias)?);
            }
        }
        let e = self.to_local_embed.forward(local)?;
        let (batch, rows, width) = e.dims3()?;
        let e = if rows == time { e } else { e.broadcast_as((batch, time, width))?.contiguous()? };
        let local = if memory > 0 { Tensor::cat(&[Tensor::zeros((batch, memory, width), DType::F32, e.device())?, e], 1)? } else { e };
        let prompted = if prompts.is_empty() || contexts.iter().all(Option::is_some) {
            None
        } else {
            let marks: Vec<f32> = contexts.iter().map(|c| if c.is_some() { 1.0 } else { 0.0 }).collect();
            Some(Tensor::from_vec(marks, (contexts.len(), 1, 1), local.device())?)
        };
        Ok(Known { prompts, prompted, local })
    }

    /// `xs` `[batch, rows, width]`, modulated by `ada` `[batch, 6 · width]` → the same shape.
    pub fn forward(&self, xs: &Tensor, ada: &Tensor, known: &Known, rotary: &Rotary, valid: Option<&Tensor>) -> Result<Tensor> {
        let [s1, b1, g1, s2, b2, g2] = self.modulation(ada)?;
        let ys = self.self_attn.forward(&self.pre_norm.modulated(xs, &s1, &b1)?, rotary, valid)?;
        let mut h = add_gated(xs, &ys, &g1)?;
        if !known.prompts.is_empty() {
            let mut ys = self.cross_attn.forward(&self.cross_attend_norm.forward(&h)?, &known.prompts)?;
            if let Some(prompted) = &known.prompted {
                ys = ys.broadcast_mul(prompted)?;
            }
            h = add(&h, &ys)?;
        }
        let h = add(&h, &known.local)?;
        let ys = self.ff_in.forward(&self.ff_norm.modulated(&h, &s2, &b2)?)?;
        let ys = self.ff_out.forward(&swiglu(&ys)?)?;
        add_gated(&h, &ys, &g2)
    }

    /// Scale, shift and gate of attention, then of the feed-forward layer: `[batch, width]`, the gates `[batch, 1, width]`.
    pub fn modulation(&self, ada: &Tensor) -> Result<[Tensor; 6]> {
        let ada = ada.broadcast_add(&self.to_scale_shift_gate)?;
        let width = ada.dim(D::Minus1)? / 6;
        let part = |i: usize| ada.narrow(D::Minus1, i * width, width);
        let gate = |i: usize| candle_nn::ops::sigmoid(&(1.0 - part(i)?)?.contiguous()?)?.unsqueeze(1);
        Ok([part(0)?, part(1)?, gate(2)?, part(3)?, part(4)?, gate(5)?])
    }
}
