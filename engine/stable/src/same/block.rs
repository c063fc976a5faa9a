//! One layer of the codec.

use super::band::Band;
use super::config::{Config, Sight};
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::nn::{DyT, Heads, Linear, Rotary, add, attention, singlu, subtract, swiglu};
use crate::weights::Weights;
use candle_core::{D, Tensor};

/// What a feed-forward layer's gate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// g · sigmoid(g)
    Swish,
    /// sin(π g)
    Wave,
}

/// What rows attend to.
#[derive(Debug)]
enum View {
    /// All rows of a window.
    Window(Rotary),
    /// Those nearby.
    Band(Band),
}

/// Differential attention (Ye et al. 2024) to rows nearby, and a gated feed-forward layer.
#[derive(Debug)]
pub(super) struct Block {
    heads: Heads,
    view: View,
    pre_norm: DyT,
    to_qkv: Linear,
    q_norm: DyT,
    k_norm: DyT,
    to_out: Linear,
    ff_norm: DyT,
    ff_in: Linear,
    gate: Gate,
    ff_out: Linear,
}

impl Block {
    pub fn new(config: &Config, gate: Gate, weights: &Weights) -> Result<Self, WeightsError> {
        let (width, inner, heads) = (config.width, config.inner(), config.heads());
        let attention = weights.pp("self_attn");
        let inv_freq = weights.numbers("rope.inv_freq", &[config.rotary_half()])?;
        Ok(Self {
            heads,
            view: match config.sight {
                Sight::Window(latents) => View::Window(Rotary::new(&inv_freq, latents * config.tile())),
                Sight::Band(latents) => View::Band(Band::new(&inv_freq, config.tile(), latents)),
            },
            pre_norm: DyT::new(&weights.pp("pre_norm"), width)?,
            to_qkv: Linear::new(&attention.pp("to_qkv"), width, 5 * width, false)?,
            q_norm: DyT::new(&attention.pp("q_norm"), heads.size)?,
            k_norm: DyT::new(&attention.pp("k_norm"), heads.size)?,
            to_out: Linear::new(&attention.pp("to_out"), width, width, false)?,
            ff_norm: DyT::new(&weights.pp("ff_norm"), width)?,
            ff_in: Linear::new(&weights.pp("ff.ff.0.proj"), width, 2 * inner, true)?,
            gate,
            ff_out: Linear::new(&weights.pp("ff.ff.2"), inner, width, true)?,
        })
    }

    pub fn layout(layout: &mut Layout, config: &Config) {
        let (width, inner) = (config.width, config.inner());
        layout.tensor("rope.inv_freq", [config.rotary_half()]);
        DyT::layout(layout, "pre_norm", width);
        layout.linear("self_attn.to_qkv", width, 5 * width, false);
        DyT::layout(layout, "self_attn.q_norm", config.heads().size);
        DyT::layout(layout, "self_attn.k_norm", config.heads().size);
        layout.linear("self_attn.to_out", width, width, false);
        DyT::layout(layout, "ff_norm", width);
        layout.linear("ff.ff.0.proj", width, 2 * inner, true);
        layout.linear("ff.ff.2", inner, width, true);
    }

    /// `xs` `[batch, rows, width]` → the same shape; each item is a window, where there are any.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let width = self.heads.width();
        let qkv = self.to_qkv.forward(&self.pre_norm.forward(xs)?)?;
        let part = |index: usize| qkv.narrow(D::Minus1, index * width, width);
        let normed = |index: usize, norm: &DyT| self.heads.join(&norm.forward(&self.heads.split(&part(index)?)?)?);
        let v = part(2)?;
        let attended = |q: usize, k: usize| {
            let (q, k) = (normed(q, &self.q_norm)?, normed(k, &self.k_norm)?);
            match &self.view {
                View::Window(rotary) => attention(&rotary.forward(&q, self.heads)?, &rotary.forward(&k, self.heads)?, &v, self.heads),
                View::Band(band) => band.attention(&q, &k, &v, self.heads),
            }
        };
        let xs = add(xs, &self.to_out.forward(&subtract(&attended(0, 1)?, &attended(3, 4)?)?)?)?;
        let ys = self.ff_in.forward(&self.ff_norm.forward(&xs)?)?;
        let ys = match self.gate {
            Gate::Swish => swiglu(&ys)?,
            Gate::Wave => singlu(&ys)?,
        };
        add(&xs, &self.ff_out.forward(&ys)?)
    }
}
