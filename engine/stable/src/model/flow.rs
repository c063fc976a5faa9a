//! The denoiser with its conditions, as the samplers see it.

use crate::dit::{Dit, Prepared};
use crate::error::{Result, StableError};
use crate::guidance::Guidance;
use crate::nn::cpu::numbers;
use crate::sampler::Flow;
use candle_core::{Device, Tensor};
use inlay_diffusion::Latents;

/// One network, with the prompt and, if guidance needs it, without.
pub(super) struct Guided<'a> {
    pub dit: &'a Dit,
    pub with: Prepared,
    pub without: Option<Prepared>,
    pub guidance: &'a Guidance,
    /// Latents of each item that are sound.
    pub valid: Vec<usize>,
    pub device: &'a Device,
}

impl Flow for Guided<'_> {
    fn velocity(&mut self, x: &Latents, t: f32) -> Result<Latents, StableError> {
        let xs = tensor(x, self.device)?;
        let times = vec![t; x.batch()];
        let with = latents(&self.dit.forward(&xs, &times, &self.with)?)?;
        match &self.without {
            Some(without) if self.guidance.acts(t) => {
                let without = latents(&self.dit.forward(&xs, &times, without)?)?;
                Ok(self.guidance.guided(x, &with, &without, t, &self.valid))
            }
            _ => Ok(with),
        }
    }

    fn cost(&self, t: f32) -> usize {
        if self.without.is_some() && self.guidance.acts(t) { 2 } else { 1 }
    }
}

/// Latents on a device, `[batch, time, channels]`.
pub(crate) fn tensor(latents: &Latents, device: &Device) -> Result<Tensor> {
    let [batch, frames, channels] = latents.shape();
    Tensor::from_slice(latents.data(), (batch, frames, channels), device)
}

/// The way back.
pub(crate) fn latents(tensor: &Tensor) -> Result<Latents, StableError> {
    let (batch, frames, channels) = tensor.dims3()?;
    Ok(Latents::new(batch, frames, channels, numbers(tensor)?)?)
}
