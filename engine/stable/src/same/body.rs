//! The layers of one half of the codec: over windows that are shifted by half of one halfway, or over a band that slides along.

use super::block::{Block, Gate};
use super::config::{Config, Sight};
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::weights::Weights;
use candle_core::Tensor;
use rayon::prelude::*;

/// What encoder and decoder share.
#[derive(Debug)]
pub(super) struct Body {
    /// The row that a latent is read from, or that a patch grows from: `[1, 1, width]`.
    pub new_tokens: Tensor,
    /// Rows of a window; 0 where there are none.
    pub rows: usize,
    pub transformers: Vec<Block>,
}

impl Body {
    /// Of the last `waves` layers gates are waves.
    pub fn new(config: &Config, waves: usize, weights: &Weights) -> Result<Self, WeightsError> {
        let gate = |layer: usize| if layer + waves < config.depth { Gate::Swish } else { Gate::Wave };
        Ok(Self {
            new_tokens: weights.get("new_tokens", &[1, 1, config.width])?,
            rows: if let Sight::Window(latents) = config.sight { latents * config.tile() } else { 0 },
            transformers: (0..config.depth)
                .into_par_iter()
                .map(|i| Block::new(config, gate(i), &weights.pp("transformers").pp(i)))
                .collect::<Result<_, _>>()?,
        })
    }

    pub fn layout(layout: &mut Layout, config: &Config) {
        layout.tensor("new_tokens", [1, 1, config.width]);
        for index in 0..config.depth {
            layout.below(format!("transformers.{index}"), |l| Block::layout(l, config));
        }
    }

    /// `xs` `[batch, rows of whole windows, width]` → the same shape.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        if self.rows == 0 {
            return self.transformers.iter().try_fold(xs.clone(), |xs, block| block.forward(&xs));
        }
        let (rows, half) = (xs.dim(1)?, self.rows / 2);
        let (before, after) = self.transformers.split_at(self.transformers.len() / 2);
        let xs = self.windows(xs, before)?;
        // the edges are repeated, not filled with zeros
        let shifted = Tensor::cat(&[&xs.narrow(1, 0, half)?, &xs, &xs.narrow(1, rows - half, half)?], 1)?;
        self.windows(&shifted, after)?.narrow(1, half, rows)?.contiguous()
    }

    fn windows(&self, xs: &Tensor, blocks: &[Block]) -> Result<Tensor> {
        let (batch, rows, width) = xs.dims3()?;
        let folded = xs.reshape((batch * rows / self.rows, self.rows, width))?;
        let ys = blocks.iter().try_fold(folded, |ys, block| block.forward(&ys))?;
        ys.reshape((batch, rows, width))
    }
}
