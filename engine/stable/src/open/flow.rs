//! The denoiser with its conditions, as the samplers see it.

use super::dit::{Dit, Prepared};
use crate::error::StableError;
use crate::guidance::Guidance;
use crate::model::{latents, tensor};
use crate::sampler::Flow;
use candle_core::Device;
use inlay_diffusion::Latents;

/// One network, with the prompt and, if guidance needs it, without.
pub(super) struct Guided<'a> {
    pub dit: &'a Dit,
    pub with: Prepared,
    pub without: Option<Prepared>,
    pub guidance: &'a Guidance,
    pub device: &'a Device,
}

impl Guided<'_> {
    /// The guided prediction at the network's time `t`, where the noise level is `level`.
    pub fn predict(&self, x: &Latents, t: f32, level: f32) -> Result<Latents, StableError> {
        let xs = tensor(x, self.device)?;
        let times = vec![t; x.batch()];
        let with = latents(&self.dit.forward(&xs, &times, &self.with)?)?;
        match &self.without {
            Some(without) if self.guidance.acts(level) => {
                let without = latents(&self.dit.forward(&xs, &times, without)?)?;
                // guidance here is the plain sum of predictions, and the same at every level
                let plain = Guidance { projection: 0.0, norm_threshold: 0.0, ..self.guidance.clone() };
                Ok(plain.guided(x, &with, &without, 1.0, &vec![x.frames(); x.batch()]))
            }
            _ => Ok(with),
        }
    }

    /// Predictions that an evaluation at `level` takes.
    pub fn predictions(&self, level: f32) -> usize {
        if self.without.is_some() && self.guidance.acts(level) { 2 } else { 1 }
    }
}

impl Flow for Guided<'_> {
    fn velocity(&mut self, x: &Latents, t: f32) -> Result<Latents, StableError> {
        self.predict(x, t, t)
    }

    fn cost(&self, t: f32) -> usize {
        self.predictions(t)
    }
}
