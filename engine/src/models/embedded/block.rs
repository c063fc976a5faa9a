//! The U-Net's block: depthwise convolution, modulated feed-forward, attention.

use super::TEXT;
use crate::nn::{self, Depthwise, FilmNorm, Finish, LayerNorm, Linear, Memory};
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// Size of an attention head.
const HEAD: usize = 64;

/// Pre-norm multi-head attention over the sequence itself or over text. No positions: phases carry them.
#[derive(Debug)]
pub(super) struct Attention {
    norm: LayerNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    attention: nn::Attention,
}

impl Attention {
    fn new(width: usize, context: usize, vb: &VarBuilder<'_>) -> Result<Self> {
        Ok(Self {
            norm: LayerNorm::new(width, vb.pp("norm"))?,
            query: Linear::without_bias(width, width, vb.pp("query"))?,
            key: Linear::without_bias(context, width, vb.pp("key"))?,
            value: Linear::without_bias(context, width, vb.pp("value"))?,
            out: Linear::new(width, width, vb.pp("out"))?,
            attention: nn::Attention { heads: width / HEAD },
        })
    }

    /// Over `xs` itself.
    fn forward_self(&self, xs: &Tensor) -> Result<Tensor> {
        let ys = self.norm.forward(xs)?;
        let memories = self.attention.memories(&self.key.forward(&ys, Finish::Plain)?, &self.value.forward(&ys, Finish::Plain)?)?;
        self.attend(xs, &ys, &memories.iter().collect::<Vec<_>>())
    }

    /// Over prepared text, one memory per item.
    fn forward_text(&self, xs: &Tensor, text: &[&Memory]) -> Result<Tensor> {
        self.attend(xs, &self.norm.forward(xs)?, text)
    }

    fn attend(&self, xs: &Tensor, ys: &Tensor, memories: &[&Memory]) -> Result<Tensor> {
        let ys = self.attention.forward(&self.query.forward(ys, Finish::Plain)?, memories)?;
        self.out.forward_onto(&ys, xs)
    }

    /// Keys and values of normed text `[length, 384]`: they stay the same in every step.
    fn remember(&self, text: &Tensor) -> Result<Memory> {
        self.attention.memory(&self.key.forward(text, Finish::Plain)?, &self.value.forward(text, Finish::Plain)?)
    }
}

/// Depthwise convolution, norm modulated by the condition (FiLM), feed-forward of 3x; then self-attention (lower levels) and cross-attention.
#[derive(Debug)]
pub(super) struct Block {
    depthwise: Depthwise,
    film: Linear,
    up: Linear,
    down: Linear,
    self_attention: Option<Attention>,
    cross_attention: Attention,
}

impl Block {
    pub(super) fn new(width: usize, condition: usize, attend: bool, vb: &VarBuilder<'_>) -> Result<Self> {
        Ok(Self {
            depthwise: Depthwise::new(width, 5, vb.pp("depthwise"))?,
            film: Linear::new(condition, 2 * width, vb.pp("film"))?,
            up: Linear::new(width, 3 * width, vb.pp("up"))?,
            down: Linear::new(3 * width, width, vb.pp("down"))?,
            self_attention: if attend { Some(Attention::new(width, width, &vb.pp("self_attention"))?) } else { None },
            cross_attention: Attention::new(width, TEXT, &vb.pp("cross_attention"))?,
        })
    }

    /// `xs` `[B,T,width]`, `condition` `[B,256]`, one text memory per item.
    pub(super) fn forward(&self, xs: &Tensor, condition: &Tensor, text: &[&Memory]) -> Result<Tensor> {
        let film = self.film.forward(condition, Finish::Plain)?;
        let ys = FilmNorm.forward(&self.depthwise.forward(xs)?, &film)?;
        let mut xs = self.down.forward_onto(&self.up.forward(&ys, Finish::Gelu)?, xs)?;
        if let Some(attention) = &self.self_attention {
            xs = attention.forward_self(&xs)?;
        }
        self.cross_attention.forward_text(&xs, text)
    }

    /// This block's memory of normed text `[length, 384]`.
    pub(super) fn remember(&self, text: &Tensor) -> Result<Memory> {
        self.cross_attention.remember(text)
    }
}
