//! The codec: audio ↔ latents by transformers in short windows (`stable-audio-3`, "SAME"): the small one's windows shift once, the large
//! one's slide along.
//!
//! A latent is heard two latents to either side, with the large one twelve, and no further, so any range is decoded, or encoded, alone:
//! bit for bit what the whole would have been there. In f32 only: the difference of two attentions cancels.

mod band;
mod block;
mod body;
mod config;

use crate::error::{Result, SettingsError, StableError, WeightsError};
use crate::layout::Layout;
use crate::nn::{Linear, add, scale};
use crate::weights::Weights;
use body::Body;
use candle_core::Tensor;
pub(crate) use config::{Autoencoder, Config};
use std::ops::{ControlFlow, Range};

/// Latents that are worked on at once.
const SEGMENT: usize = 64;

/// What the reference adds while it decodes: −60 dB onto the latents, −40 dB (the large codec −20 dB) onto the rows between them. Inlay
/// leaves it away unless it is given, and what the large one adds while it encodes.
#[derive(Debug, Clone)]
pub struct DecodeNoise {
    /// Normal numbers `[batch, latents, channels]`.
    pub latents: Tensor,
    /// Normal numbers `[batch · latents, rows of a latent, width]`.
    pub rows: Tensor,
}

/// What is told after each part of a sound: parts done, parts in all.
pub type PartProgress<'a> = &'a mut dyn FnMut(usize, usize) -> ControlFlow<()>;

/// Both halves of the codec.
#[derive(Debug)]
pub(crate) struct Same {
    config: Config,
    encoder: Encoder,
    decoder: Decoder,
    /// `[1, 1, channels]`: z = (x · scaling_factor + bias) / running_std
    scaling_factor: Tensor,
    bias: Tensor,
    running_std: f64,
}

#[derive(Debug)]
struct Encoder {
    body: Body,
    mapping: Linear,
    project: Linear,
}

#[derive(Debug)]
struct Decoder {
    project: Linear,
    body: Body,
    /// One patch, or three beside each other → one.
    mapping: Linear,
}

impl Same {
    /// Reads `pretransform.model`.
    ///
    /// # Errors
    /// Where the file lacks one of its tensors or has it in another shape.
    pub fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let (latent, width, patch) = (config.latent_dim, config.width, config.patch_width());
        let (encoder, decoder, bottleneck) = (weights.pp("encoder.layers"), weights.pp("decoder.layers"), weights.pp("bottleneck"));
        let vector = |name: &str| Ok::<_, WeightsError>(bottleneck.get(name, &[1, latent, 1])?.transpose(1, 2)?.contiguous()?);
        let map = |weights: &Weights, inputs: usize, outputs: usize, kernel: usize| {
            let weights = weights.pp("mapping");
            let folded = weights.folded([outputs, inputs, kernel])?;
            let bias = weights.numbers("bias", &[outputs])?;
            // [outputs, inputs, kernel] → [outputs, kernel · inputs]: patches lie beside each other
            let mut rows = Vec::with_capacity(folded.len());
            for filter in folded.chunks_exact(inputs * kernel) {
                rows.extend((0..kernel).flat_map(|k| filter.iter().skip(k).step_by(kernel)));
            }
            Ok::<_, WeightsError>(Linear::from_numbers(rows, Some(bias), [outputs, kernel * inputs], weights.device())?)
        };
        Ok(Self {
            config: config.clone(),
            encoder: Encoder {
                mapping: map(&encoder.pp(0), patch, width, 1)?,
                body: Body::new(config, 0, &encoder.pp(0))?,
                project: Linear::new(&encoder.pp(2), width, latent, true)?,
            },
            decoder: Decoder {
                project: Linear::new(&decoder.pp(1), latent, width, true)?,
                body: Body::new(config, config.waves, &decoder.pp(3))?,
                mapping: map(&decoder.pp(3), width, patch, config.kernel)?,
            },
            scaling_factor: vector("scaling_factor")?,
            bias: vector("bias")?,
            running_std: f64::from(bottleneck.numbers("running_std", &[1])?.first().copied().unwrap_or_default()),
        })
    }

    /// Its tensors. `bottleneck.noise_scaling_factor` has none of its numbers, so nobody asks for it.
    pub fn layout(layout: &mut Layout, config: &Config) {
        let (latent, width, patch) = (config.latent_dim, config.width, config.patch_width());
        layout.below("bottleneck", |l| {
            l.tensor("scaling_factor", [1, latent, 1]);
            l.tensor("bias", [1, latent, 1]);
            l.tensor("running_std", [1]);
        });
        let mapping = |l: &mut Layout, inputs: usize, outputs: usize, kernel: usize| {
            l.tensor("mapping.weight_g", [outputs, 1, 1]);
            l.tensor("mapping.weight_v", [outputs, inputs, kernel]);
            l.tensor("mapping.bias", [outputs]);
        };
        layout.below("encoder.layers.0", |l| {
            mapping(l, patch, width, 1);
            Body::layout(l, config);
        });
        layout.linear("encoder.layers.2", width, latent, true);
        layout.linear("decoder.layers.1", latent, width, true);
        layout.below("decoder.layers.3", |l| {
            mapping(l, width, patch, config.kernel);
            Body::layout(l, config);
        });
    }

    /// Latents of audio: `[batch, 2, samples]` → `[batch, latents, channels]`, as many as a window needs, the last ones over silence.
    ///
    /// # Errors
    /// [`StableError::Cancelled`] where `progress` wants it; [`SettingsError::Empty`] without samples.
    pub fn encode(&self, audio: &Tensor, progress: PartProgress<'_>) -> Result<Tensor, StableError> {
        let samples = audio.dim(2)?;
        let window = self.config.window() * self.config.samples_per_latent();
        let padded = samples.div_ceil(window) * window;
        if samples == 0 {
            return Err(SettingsError::Empty.into());
        }
        let audio = audio.pad_with_zeros(2, 0, padded - samples)?;
        let patches = self.patches(&audio)?;
        let latents = padded / self.config.samples_per_latent();
        let stride = self.config.stride;
        self.segments(0..latents, latents, progress, |part, keep| {
            let z = self.encode_rows(&patches.narrow(1, part.start * stride, part.len() * stride)?)?;
            z.narrow(1, keep.start, keep.len())
        })
    }

    /// `[batch, 2, samples]` → `[batch, patches, 2 · patch]`.
    fn patches(&self, audio: &Tensor) -> Result<Tensor> {
        let (batch, channels, samples) = audio.dims3()?;
        let patch = self.config.patch;
        audio.reshape((batch, channels, samples / patch, patch))?.transpose(1, 2)?.contiguous()?.reshape((
            batch,
            samples / patch,
            channels * patch,
        ))
    }

    /// Patches of whole windows → latents.
    fn encode_rows(&self, patches: &Tensor) -> Result<Tensor> {
        let (batch, rows, _) = patches.dims3()?;
        let (stride, width) = (self.config.stride, self.config.width);
        let latents = rows / stride;
        let xs = self.encoder.mapping.forward(patches)?.reshape((batch * latents, stride, width))?;
        let new = self.encoder.body.new_tokens.broadcast_as((batch * latents, 1, width))?;
        let xs = Tensor::cat(&[&xs, &new.contiguous()?], 1)?.reshape((batch, latents * (stride + 1), width))?;
        let ys = self.encoder.body.forward(&xs)?;
        let ys = ys.reshape((batch, latents, stride + 1, width))?.narrow(2, stride, 1)?.squeeze(2)?.contiguous()?;
        let ys = self.encoder.project.forward(&ys)?;
        ys.broadcast_mul(&self.scaling_factor)?.broadcast_add(&self.bias)? / self.running_std
    }

    /// Audio of the latents `range` of `z` `[batch, latents, channels]` → `[batch, 2, samples]`.
    ///
    /// # Errors
    /// [`StableError::Cancelled`] where `progress` wants it; [`SettingsError::Range`] where there are no such latents.
    pub fn decode(
        &self,
        z: &Tensor,
        range: Range<usize>,
        noise: Option<&DecodeNoise>,
        progress: PartProgress<'_>,
    ) -> Result<Tensor, StableError> {
        let (batch, latents, _) = z.dims3()?;
        if range.is_empty() || range.end > latents {
            return Err(SettingsError::Range { start: range.start, end: range.end, length: latents }.into());
        }
        let z = match noise {
            Some(noise) => add(z, &scale(&noise.latents, 1e-3)?)?,
            None => z.clone(),
        };
        let z = scale(&z, self.running_std)?;
        let whole = latents.next_multiple_of(self.config.window());
        let shape = (batch, whole, self.config.stride, self.config.width);
        let rows = noise.map(|n| scale(&n.rows, self.config.mask_noise)?.reshape(shape)).transpose()?;
        let audio = self.segments(range, latents, progress, |part, keep| {
            let rows = rows.as_ref().map(|r| r.narrow(1, part.start, part.len().next_multiple_of(self.config.window()))).transpose()?;
            let patches = self.decode_rows(&z.narrow(1, part.start, part.len())?, rows.as_ref())?;
            patches.narrow(1, keep.start * self.config.stride, keep.len() * self.config.stride)
        })?;
        let (batch, patches, _) = audio.dims3()?;
        Ok(audio.reshape((batch, patches, 2, self.config.patch))?.transpose(1, 2)?.contiguous()?.reshape((
            batch,
            2,
            patches * self.config.patch,
        ))?)
    }

    /// Latents from an even one on → patches; an odd number of them is filled up with a row of zeros.
    fn decode_rows(&self, z: &Tensor, noise: Option<&Tensor>) -> Result<Tensor> {
        let (stride, width) = (self.config.stride, self.config.width);
        let h = self.decoder.project.forward(&z.contiguous()?)?;
        let (batch, latents, _) = h.dims3()?;
        let whole = latents.next_multiple_of(self.config.window());
        let h = h.pad_with_zeros(1, 0, whole - latents)?.unsqueeze(2)?;
        let mut new = self.decoder.body.new_tokens.unsqueeze(0)?.broadcast_as((batch, whole, stride, width))?.contiguous()?;
        if let Some(noise) = noise {
            new = (new + noise)?;
        }
        let xs = Tensor::cat(&[&h, &new], 2)?.reshape((batch, whole * (stride + 1), width))?;
        let ys = self.decoder.body.forward(&xs)?;
        let ys = ys.reshape((batch, whole, stride + 1, width))?.narrow(2, 1, stride)?.contiguous()?;
        let ys = ys.reshape((batch, whole * stride, width))?;
        if self.config.kernel == 1 {
            return self.decoder.mapping.forward(&ys);
        }
        let count = whole * stride;
        let padded = ys.pad_with_zeros(1, 1, 1)?;
        let beside = [padded.narrow(1, 0, count)?, ys, padded.narrow(1, 2, count)?];
        self.decoder.mapping.forward(&Tensor::cat(&beside, 2)?)
    }

    /// Works through `range` of `latents` in segments. `work(part, keep)` gets a part that starts and ends at whole windows and reaches
    /// as far beyond what is kept of it as that hears, and returns what belongs to `keep`, counted from the part's start.
    fn segments(
        &self,
        range: Range<usize>,
        latents: usize,
        progress: PartProgress<'_>,
        work: impl Fn(Range<usize>, Range<usize>) -> Result<Tensor>,
    ) -> Result<Tensor, StableError> {
        let (window, [before, behind]) = (self.config.window(), self.config.reach());
        let count = range.len().div_ceil(SEGMENT);
        let size = range.len().div_ceil(count).next_multiple_of(window);
        let mut parts = Vec::with_capacity(count);
        for start in range.clone().step_by(size) {
            let end = (start + size).min(range.end);
            if progress(parts.len(), count).is_break() {
                return Err(StableError::Cancelled);
            }
            let from = (start / window * window).saturating_sub(before);
            let to = (end.next_multiple_of(window) + behind).min(latents);
            parts.push(work(from..to, start - from..end - from)?);
        }
        if progress(count, count).is_break() {
            return Err(StableError::Cancelled);
        }
        if parts.is_empty() {
            return Err(candle_core::Error::Msg("nothing was decoded".into()).into());
        }
        Ok(Tensor::cat(&parts, 1)?)
    }
}

#[cfg(test)]
mod test;
