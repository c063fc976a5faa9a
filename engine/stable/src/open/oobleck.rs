//! The codec: audio ↔ latents by convolutions (Evans et al. 2024, "Fast timing-conditioned latent audio diffusion"; Oobleck).

mod block;
mod config;

use crate::error::{Result, SettingsError, StableError, WeightsError};
use crate::layout::Layout;
use crate::nn::Snake;
use crate::nn::conv::{Conv1d, Shape, layout as conv_layout};
use crate::nn::cpu::numbers;
use crate::same::PartProgress;
use crate::weights::Weights;
use block::{Down, Up};
use candle_core::Tensor;
pub(crate) use config::{Autoencoder, Config};
use std::ops::Range;

/// Latents that are decoded at once.
const SEGMENT: usize = 32;

/// Both halves of the codec.
#[derive(Debug)]
pub(super) struct Oobleck {
    config: Config,
    encoder: Encoder,
    decoder: Decoder,
}

#[derive(Debug)]
struct Encoder {
    first: Conv1d,
    blocks: Vec<Down>,
    snake: Snake,
    last: Conv1d,
}

#[derive(Debug)]
struct Decoder {
    first: Conv1d,
    blocks: Vec<Up>,
    snake: Snake,
    last: Conv1d,
}

impl Oobleck {
    /// Reads `pretransform.model`.
    ///
    /// # Errors
    /// Where the file lacks one of its tensors or has it in another shape.
    pub fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let Config { latent_dim, ref widths, .. } = *config;
        let (inner, outer, depth) = (config.inner(), config.outer(), config.strides.len());
        let (encoder, decoder) = (weights.pp("encoder.layers"), weights.pp("decoder.layers"));
        let stages = config.stages();
        let down = |(i, (narrow, wide, stride)): (usize, &(usize, usize, usize))| Down::new(&encoder.pp(i + 1), *narrow, *wide, *stride);
        let up = |(i, (narrow, wide, stride)): (usize, &(usize, usize, usize))| Up::new(&decoder.pp(i + 1), *wide, *narrow, *stride);
        debug_assert_eq!(widths.len(), depth);
        Ok(Self {
            encoder: Encoder {
                first: Conv1d::new(&encoder.pp(0), Shape::same(2, outer, 7, 1), true)?,
                blocks: stages.iter().enumerate().map(down).collect::<Result<_, _>>()?,
                snake: Snake::new(&encoder.pp(depth + 1), inner)?,
                last: Conv1d::new(&encoder.pp(depth + 2), Shape::same(inner, 2 * latent_dim, 3, 1), true)?,
            },
            decoder: Decoder {
                first: Conv1d::new(&decoder.pp(0), Shape::same(latent_dim, inner, 7, 1), true)?,
                blocks: stages.iter().rev().enumerate().map(up).collect::<Result<_, _>>()?,
                snake: Snake::new(&decoder.pp(depth + 1), outer)?,
                last: Conv1d::new(&decoder.pp(depth + 2), Shape::same(outer, 2, 7, 1), false)?,
            },
            config: config.clone(),
        })
    }

    /// Its tensors.
    pub fn layout(layout: &mut Layout, config: &Config) {
        let latent = config.latent_dim;
        let (inner, outer, depth) = (config.inner(), config.outer(), config.strides.len());
        let stages = config.stages();
        layout.below("encoder.layers", |l| {
            l.below("0", |l| conv_layout(l, Shape::same(2, outer, 7, 1), false, true));
            for (i, (narrow, wide, stride)) in stages.iter().enumerate() {
                l.below(i + 1, |l| Down::layout(l, *narrow, *wide, *stride));
            }
            l.below(depth + 1, |l| Snake::layout(l, inner));
            l.below(depth + 2, |l| conv_layout(l, Shape::same(inner, 2 * latent, 3, 1), false, true));
        });
        layout.below("decoder.layers", |l| {
            l.below("0", |l| conv_layout(l, Shape::same(latent, inner, 7, 1), false, true));
            for (i, (narrow, wide, stride)) in stages.iter().rev().enumerate() {
                l.below(i + 1, |l| Up::layout(l, *wide, *narrow, *stride));
            }
            l.below(depth + 1, |l| Snake::layout(l, outer));
            l.below(depth + 2, |l| conv_layout(l, Shape::same(outer, 2, 7, 1), false, false));
        });
    }

    /// Latents of audio `[batch, 2, samples]` (silence is added to whole latents) with the spread that `noise` `[batch, latents, channels]`
    /// of normal numbers takes from the codec's own deviation → `[batch, latents, channels]`.
    ///
    /// # Errors
    /// [`SettingsError::Empty`] without samples; where shapes don't fit.
    pub fn encode(&self, audio: &Tensor, noise: &Tensor) -> Result<Tensor, StableError> {
        let samples = audio.dim(2)?;
        if samples == 0 {
            return Err(SettingsError::Empty.into());
        }
        let whole = samples.next_multiple_of(self.config.samples_per_latent());
        let rows = audio.pad_with_zeros(2, 0, whole - samples)?.transpose(1, 2)?.contiguous()?;
        let out = self.encode_rows(&rows)?;
        let (out, draws) = (numbers(&out)?, numbers(noise)?);
        let latent = self.config.latent_dim;
        let mut z = Vec::with_capacity(draws.len());
        for (row, draws) in out.chunks_exact(2 * latent).zip(draws.chunks_exact(latent)) {
            let (means, scales) = row.split_at(latent);
            z.extend(means.iter().zip(scales).zip(draws).map(|((mean, scale), draw)| mean + deviation(*scale) * draw));
        }
        Ok(Tensor::from_vec(z, noise.shape(), audio.device())?)
    }

    /// `[batch, samples, 2]` → `[batch, latents, 2 · channels]`: means, then scales.
    fn encode_rows(&self, rows: &Tensor) -> Result<Tensor> {
        let Encoder { first, blocks, snake, last } = &self.encoder;
        let h = blocks.iter().try_fold(first.forward(rows)?, |h, block| block.forward(&h))?;
        last.forward(&snake.forward(&h)?)
    }

    /// Audio of the latents `range` of `z` `[batch, latents, channels]` → `[batch, 2, samples]`, bit for bit what decoding all of them
    /// gives there.
    ///
    /// # Errors
    /// [`StableError::Cancelled`] where `progress` wants it; [`SettingsError::Range`] where there are no such latents.
    pub fn decode(&self, z: &Tensor, range: Range<usize>, progress: PartProgress<'_>) -> Result<Tensor, StableError> {
        let length = z.dim(1)?;
        if range.is_empty() || range.end > length {
            return Err(SettingsError::Range { start: range.start, end: range.end, length }.into());
        }
        let (count, reach, samples) = (range.len().div_ceil(SEGMENT), self.config.reach(), self.config.samples_per_latent());
        let size = range.len().div_ceil(count);
        let mut parts = Vec::with_capacity(count);
        for start in range.clone().step_by(size) {
            if progress(parts.len(), count).is_break() {
                return Err(StableError::Cancelled);
            }
            let end = (start + size).min(range.end);
            let (from, to) = (start.saturating_sub(reach), (end + reach).min(length));
            let rows = self.decode_rows(&z.narrow(1, from, to - from)?.contiguous()?)?;
            parts.push(rows.narrow(1, (start - from) * samples, (end - start) * samples)?);
        }
        if progress(count, count).is_break() {
            return Err(StableError::Cancelled);
        }
        Ok(Tensor::cat(&parts, 1)?.transpose(1, 2)?.contiguous()?)
    }

    /// `[batch, latents, channels]` → `[batch, samples, 2]`.
    fn decode_rows(&self, z: &Tensor) -> Result<Tensor> {
        let Decoder { first, blocks, snake, last } = &self.decoder;
        let h = blocks.iter().try_fold(first.forward(z)?, |h, block| block.forward(&h))?;
        last.forward(&snake.forward(&h)?)
    }
}

/// softplus(x) + 1e-4, from e^−|x|, which can't overflow.
fn deviation(x: f32) -> f32 {
    x.max(0.0) + libm::log1pf(libm::expf(-x.abs())) + 1e-4
}

#[cfg(test)]
mod test;
