//! One layer of the codec.

use super::Config;
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::nn::{DyT, Heads, Linear, Rotary, add, attention, subtract, swiglu};
use crate::weights::Weights;
use candle_core::{D, Tensor};

/// Differential attention (Ye et al. 2024) within windows, and a gated feed-forward layer.
#[derive(Debug)]
pub(super) struct Block {
    heads: Heads,
    rotary: Rotary,
    pre_norm: DyT,
    to_qkv: Linear,
    q_norm: DyT,
    k_norm: DyT,
    to_out: Linear,
    ff_norm: DyT,
    ff_in: Linear,
    ff_out: Linear,
}

impl Block {
    pub fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let (width, inner, heads) = (config.width, config.inner(), config.heads());
        let attention = weights.pp("self_attn");
        Ok(Self {
            heads,
            rotary: Rotary::new(&weights.numbers("rope.inv_freq", &[config.rotary_half()])?, config.rows()),
            pre_norm: DyT::new(&weights.pp("pre_norm"), width)?,
            to_qkv: Linear::new(&attention.pp("to_qkv"), width, 5 * width, false)?,
            q_norm: DyT::new(&attention.pp("q_norm"), heads.size)?,
            k_norm: DyT::new(&attention.pp("k_norm"), heads.size)?,
            to_out: Linear::new(&attention.pp("to_out"), width, width, false)?,
            ff_norm: DyT::new(&weights.pp("ff_norm"), width)?,
            ff_in: Linear::new(&weights.pp("ff.ff.0.proj"), width, 2 * inner, true)?,
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

    /// `xs` `[windows, rows, width]` → the same shape.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let width = self.heads.width();
        let qkv = self.to_qkv.forward(&self.pre_norm.forward(xs)?)?;
        let part = |index: usize| qkv.narrow(D::Minus1, index * width, width);
        let turned = |index: usize, norm: &DyT| {
            let normed = self.heads.join(&norm.forward(&self.heads.split(&part(index)?)?)?)?;
            self.rotary.forward(&normed, self.heads)
        };
        let v = part(2)?;
        let first = attention(&turned(0, &self.q_norm)?, &turned(1, &self.k_norm)?, &v, self.heads)?;
        let second = attention(&turned(3, &self.q_norm)?, &turned(4, &self.k_norm)?, &v, self.heads)?;
        let xs = add(xs, &self.to_out.forward(&subtract(&first, &second)?)?)?;
        let ys = self.ff_in.forward(&self.ff_norm.forward(&xs)?)?;
        add(&xs, &self.ff_out.forward(&swiglu(&ys)?)?)
    }
}
