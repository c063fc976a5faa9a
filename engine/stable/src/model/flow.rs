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
    pub without: Without,
    pub guidance: &'a Guidance,
    /// Latents of each item that are sound.
    pub valid: Vec<usize>,
    pub device: &'a Device,
}

/// What guidance compares the prediction with the prompt to.
pub(super) enum Without {
    /// Nothing: there is no guidance.
    Nothing,
    /// A prediction without the prompt, after the one with it: what a processor computes soonest.
    Apart(Prepared),
    /// Both as one batch, those with the prompt first: what a graphics processor computes soonest.
    Together(Prepared),
}

impl Flow for Guided<'_> {
    fn velocity(&mut self, x: &Latents, t: f32) -> Result<Latents, StableError> {
        let xs = tensor(x, self.device)?;
        let times = vec![t; x.batch()];
        let (with, without) = match &self.without {
            Without::Apart(without) if self.guidance.acts(t) => {
                (self.dit.forward(&xs, &times, &self.with)?, self.dit.forward(&xs, &times, without)?)
            }
            Without::Together(both) if self.guidance.acts(t) => {
                let both = self.dit.forward(&Tensor::cat(&[&xs, &xs], 0)?, &times.repeat(2), both)?;
                (both.narrow(0, 0, x.batch())?, both.narrow(0, x.batch(), x.batch())?)
            }
            _ => return latents(&self.dit.forward(&xs, &times, &self.with)?),
        };
        Ok(self.guidance.guided(x, &latents(&with)?, &latents(&without)?, t, &self.valid))
    }

    fn cost(&self, t: f32) -> usize {
        if !matches!(self.without, Without::Nothing) && self.guidance.acts(t) { 2 } else { 1 }
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

#[cfg(test)]
mod test {
    use crate::testing::{FOLDER, MODEL, portable};
    use crate::{Guidance, Loading, Request, Source, StableAudio3};
    use candle_core::Device;
    use std::ops::ControlFlow;

    #[test]
    fn both_branches_of_guidance_in_one_batch_give_what_they_give_one_after_the_other() {
        let audio = [0.013f32, 0.021].map(|step| (0..640).map(|i| (i as f32 * step).sin()).collect::<Vec<_>>());
        let regions = [0.25..0.5];
        let inpaint = Source::Inpaint { audio: &audio, regions: &regions };
        for (negative, source) in [(None, Source::Nothing), (Some("hats, vocals"), Source::Nothing), (None, inpaint)] {
            let noise = inlay_diffusion::NoiseSource::variations(3, 0..2);
            let guidance = Guidance { scale: 4.0, interval: 0.3..=1.0, ..Guidance::NONE };
            let request = Request { negative, source, steps: 3, guidance, noise, ..Request::new("dusty drums", 1.0, 3) };
            let apart = MODEL.sample(&request, &mut |_| ControlFlow::Continue(())).unwrap().latents;
            let together = portable(|| {
                let model = StableAudio3::load(&FOLDER, &Device::Cpu, &[], &Loading::unwatched()).unwrap();
                model.sample(&request, &mut |_| ControlFlow::Continue(())).unwrap().latents
            });
            let largest = apart.data().iter().fold(0.0f32, |m, v| m.max(v.abs()));
            let off = apart.data().iter().zip(together.data()).fold(0.0f32, |m, (a, b)| m.max((a - b).abs()));
            assert!(off < 1e-3 * largest, "{off} of {largest}");
        }
    }
}
