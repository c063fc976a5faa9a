//! Snake with learned frequencies and heights.

use super::cpu;
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::weights::Weights;
use candle_core::{D, Device, Tensor, bail};

/// x + sin²(x e^α) / (e^β + 1e-9), by channel.
#[derive(Debug)]
pub(crate) struct Snake {
    frequencies: Vec<f32>,
    heights: Vec<f32>,
}

impl Snake {
    /// Reads `alpha` and `beta` `[channels]`.
    ///
    /// # Errors
    /// Where the file lacks one of them or has it in another shape.
    pub fn new(weights: &Weights, channels: usize) -> Result<Self, WeightsError> {
        let (alpha, beta) = (weights.numbers("alpha", &[channels])?, weights.numbers("beta", &[channels])?);
        let exp = |v: &f32| libm::exp(f64::from(*v));
        Ok(Self {
            frequencies: alpha.iter().map(|a| exp(a) as f32).collect(),
            heights: beta.iter().map(|b| (1.0 / (exp(b) + 1e-9)) as f32).collect(),
        })
    }

    /// Its tensors.
    pub fn layout(layout: &mut Layout, channels: usize) {
        layout.tensor("alpha", [channels]);
        layout.tensor("beta", [channels]);
    }

    /// `xs` `[.., channels]` → the same shape.
    ///
    /// # Errors
    /// Where the last dimension isn't the number of channels.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        if xs.dim(D::Minus1)? != self.frequencies.len() {
            bail!("a snake of {} channels got the shape {:?}", self.frequencies.len(), xs.dims());
        }
        if cpu::serves(xs.device()) {
            return cpu::map(xs, xs.dims(), |x| {
                let mut out = x.to_vec();
                inlay_kernels::snake(&mut out, &self.frequencies, &self.heights);
                out
            });
        }
        let vector = |v: &[f32], device: &Device| Tensor::new(v, device);
        let waves = xs.broadcast_mul(&vector(&self.frequencies, xs.device())?)?.sin()?.sqr()?;
        xs + waves.broadcast_mul(&vector(&self.heights, xs.device())?)?
    }
}
