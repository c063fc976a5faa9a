//! Sampling: from noise, or from latents part of the way back to noise, to clean latents.

use crate::denoiser::Denoiser;
use crate::guidance::Guidance;
use crate::inpaint::Inpaint;
use crate::latents::{Latents, ShapeError};
use crate::noise::NoiseSource;
use crate::sampler::{Sampler, ddim, ddpm, dpmpp2m, euler, heun};
use crate::schedule::{Level, Schedule};
use run::{Grid, Run};
use std::ops::ControlFlow;

mod run;
#[cfg(test)]
mod test;

/// How to sample.
#[derive(Debug, Clone)]
pub struct Sampling<'a> {
    /// The schedule that the denoiser was trained with.
    pub schedule: &'a Schedule,
    /// The way to go.
    pub sampler: Sampler,
    /// Steps, 1 to [`Sampling::MAX_STEPS`].
    pub steps: usize,
    /// How the prompt is followed.
    pub guidance: Guidance,
    /// Known latents to be held in place, for a denoiser that isn't trained for inpainting.
    pub inpaint: Option<&'a Inpaint>,
}

impl Sampling<'_> {
    /// More steps than a schedule has are of no use.
    pub const MAX_STEPS: usize = Schedule::STEPS as usize;

    /// Amounts below this count as 0: they change nothing that could be heard, and steps that small are lost in rounding.
    const MIN_AMOUNT: f64 = 1e-6;

    fn check(&self, amount: f64) -> Result<(), SettingsError> {
        let eta = if let Sampler::Ddim { eta } = self.sampler { eta } else { 0.0 };
        if !(1..=Self::MAX_STEPS).contains(&self.steps) {
            Err(SettingsError::Steps(self.steps))
        } else if !(0.0..=1.0).contains(&amount) {
            Err(SettingsError::Amount(amount))
        } else if !(0.0..=1.0).contains(&eta) {
            Err(SettingsError::Eta(eta))
        } else if !(0.0..=100.0).contains(&self.guidance.strength) {
            Err(SettingsError::Strength(self.guidance.strength))
        } else if !(0.0..=1.0).contains(&self.guidance.rescale) {
            Err(SettingsError::Rescale(self.guidance.rescale))
        } else {
            Ok(())
        }
    }
}

/// What sampling starts from.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// Normal noise.
    Noise(Latents),
    /// Clean latents with noise on top (SDEdit, Meng et al. 2022).
    From {
        /// The clean latents.
        latents: Latents,
        /// How far back towards noise, 0 to 1. 0 gives the latents themselves, bit for bit, and asks nothing of the denoiser.
        amount: f64,
        /// Normal noise of the same shape.
        noise: Latents,
    },
}

/// Where sampling is, told before each evaluation of the denoiser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The step, from 0.
    pub index: usize,
    /// Steps in all.
    pub steps: usize,
    /// Diffusion time of the evaluation.
    pub time: f32,
    /// Predictions done so far; with guidance an evaluation has two. They take about the same time each.
    pub done: usize,
    /// Predictions in all.
    pub total: usize,
}

/// Which setting can't be used.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// Not 1 to [`Sampling::MAX_STEPS`] steps.
    #[error("{0} steps can't be made: choose 1 to 1000 (16 is usual)")]
    Steps(usize),
    /// An amount of variation that isn't 0 to 1.
    #[error("an amount of {0} can't be used: choose 0 (no change) to 1 (all new)")]
    Amount(f64),
    /// DDIM's fresh noise isn't 0 to 1.
    #[error("fresh noise of {0} can't be used with ddim: choose 0 (none) to 1 (as much as ddpm)")]
    Eta(f64),
    /// A guidance that isn't 0 to 100.
    #[error("a guidance of {0} can't be used: choose 0 to 100 (3 is usual, 1 is off)")]
    Strength(f64),
    /// A rescaling of guidance that isn't 0 to 1.
    #[error("a guidance rescale of {0} can't be used: choose 0 (none) to 1 (whole)")]
    Rescale(f64),
}

/// Why there are no latents. `E` is the denoiser's error.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SampleError<E> {
    /// The progress callback asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// The denoiser failed.
    #[error("the model failed: {0}")]
    Denoiser(E),
    /// A setting can't be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Start, noise, known latents or predictions don't fit together.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// There is noise for more or fewer items than start with it.
    #[error("there are random numbers for {found} variations, but {expected} are made")]
    Batch {
        /// Items that start.
        expected: usize,
        /// Items of the noise source.
        found: usize,
    },
    /// The denoiser was asked for the prediction without the prompt and gave none.
    #[error("this model can't be guided: set guidance to 1")]
    Unguided,
    /// The denoiser's numbers are infinite or undefined.
    #[error("the model lost its numbers at step {} of {steps}: choose a lower guidance, or another device or model file", .index + 1)]
    NotFinite {
        /// The step, from 0.
        index: usize,
        /// Steps in all.
        steps: usize,
    },
}

/// Samples clean latents of the shape of `start`.
///
/// Times are [`Schedule::times`]; the last step ends at the clean latents themselves. Fresh noise is [`Stream::Sampler`](crate::Stream::Sampler)
/// of `noise`, at the indices step · size of an item + element. `progress` is called before each evaluation and may break.
/// An item of a batch becomes what it would become alone, bit for bit, if the denoiser sees to its part.
///
/// # Errors
/// [`SampleError`], as its variants say; [`SampleError::Cancelled`] at most one evaluation after `progress` wants it.
pub fn sample<D: Denoiser>(
    denoiser: &mut D,
    sampling: &Sampling,
    start: Start,
    noise: &NoiseSource,
    progress: &mut dyn FnMut(Step) -> ControlFlow<()>,
) -> Result<Latents, SampleError<D::Error>> {
    let amount = if let Start::From { amount, .. } = start { amount } else { 1.0 };
    sampling.check(amount)?;
    let grid = Grid::new(sampling, amount);
    let (mut x, start_noise) = match start {
        Start::Noise(noise) => (noise.clone(), noise),
        Start::From { latents, noise, .. } => {
            latents.check_same_shape(&noise)?;
            if amount < Sampling::MIN_AMOUNT {
                (latents, noise)
            } else {
                let Level { alpha, sigma } = grid.levels[0];
                (Latents::sum([(alpha, &latents), (sigma, &noise)]), noise)
            }
        }
    };
    if noise.batch() != x.batch() {
        return Err(SampleError::Batch { expected: x.batch(), found: noise.batch() });
    }
    if let Some(inpaint) = sampling.inpaint {
        inpaint.check(&x)?;
    }
    if amount >= Sampling::MIN_AMOUNT {
        x = walk(&mut Run { denoiser, sampling, grid, start_noise, noise, progress, done: 0 }, x)?;
    }
    if let Some(inpaint) = sampling.inpaint {
        inpaint.paste(&mut x)?;
    }
    Ok(x)
}

/// All steps, from noisy latents at the first level to clean ones.
fn walk<D: Denoiser>(run: &mut Run<D>, mut x: Latents) -> Result<Latents, SampleError<D::Error>> {
    let mut before = None;
    for i in 0..run.last() {
        let clean = run.clean(&mut x, i, i)?;
        let (from, to) = (run.grid.levels[i], run.grid.levels[i + 1]);
        x = match run.sampling.sampler {
            Sampler::DpmPp2m => dpmpp2m::step(&x, clean, from, to, &mut before),
            Sampler::Ddim { eta } => ddim::step(&x, &clean, from, to, eta, &run.fresh(&x, i)),
            Sampler::Ddpm => ddpm::step(&x, &clean, from, to, &run.fresh(&x, i)),
            Sampler::Euler => euler::step(&x, &clean, from, to),
            Sampler::Heun => {
                let mut next = euler::step(&x, &clean, from, to);
                let next_clean = run.clean(&mut next, i, i + 1)?;
                heun::correct(&x, &clean, from, &next, &next_clean, to)
            }
        };
    }
    let last = run.last();
    run.clean(&mut x, last, last)
}
