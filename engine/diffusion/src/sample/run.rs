//! One run of a sampler: what its steps share.

use super::{SampleError, Sampling, Step};
use crate::denoiser::{Branches, Denoiser};
use crate::latents::Latents;
use crate::noise::{NoiseSource, Stream};
use crate::sampler::Sampler;
use crate::schedule::Level;
use std::ops::ControlFlow;

/// Times, levels and noise of a run, and the denoiser with all that happens around it.
pub(super) struct Run<'a, D> {
    pub(super) denoiser: &'a mut D,
    pub(super) sampling: &'a Sampling<'a>,
    pub(super) grid: Grid,
    /// The noise of the start. Known latents are noised with it at every level, so that they move along one path.
    pub(super) start_noise: Latents,
    pub(super) noise: &'a NoiseSource,
    pub(super) progress: &'a mut dyn FnMut(Step) -> ControlFlow<()>,
    /// Predictions done so far.
    pub(super) done: usize,
}

/// Times and the levels at them, one more than there are steps.
pub(super) struct Grid {
    pub(super) times: Vec<f32>,
    pub(super) levels: Vec<Level>,
}

impl Grid {
    pub(super) fn new(sampling: &Sampling, amount: f64) -> Self {
        let times = sampling.schedule.times(amount, sampling.steps);
        let levels = times.iter().map(|&time| sampling.schedule.level(f64::from(time))).collect();
        Self { times, levels }
    }
}

impl<D: Denoiser> Run<'_, D> {
    /// The index of the last step, which ends at clean latents.
    pub(super) fn last(&self) -> usize {
        self.sampling.steps - 1
    }

    /// Noise that is new at step `index`, of the shape of `x`.
    pub(super) fn fresh(&self, x: &Latents, index: usize) -> Latents {
        let mut fresh = x.clone();
        let first = index as u64 * x.item_len() as u64;
        self.noise.fill_normals(Stream::Sampler, first, &mut fresh);
        fresh
    }

    /// The clean latents in the noisy latents `x` at level `at`, guided; an evaluation that belongs to step `index`. Known latents are put
    /// into `x` before it.
    pub(super) fn clean(&mut self, x: &mut Latents, index: usize, at: usize) -> Result<Latents, SampleError<D::Error>> {
        let (time, level) = (self.grid.times[at], self.grid.levels[at]);
        let step = Step { index, steps: self.sampling.steps, time, done: self.done, total: self.total() };
        if (self.progress)(step).is_break() {
            return Err(SampleError::Cancelled);
        }
        if let Some(inpaint) = self.sampling.inpaint {
            inpaint.paste_noised(x, &self.start_noise, level);
        }
        let branches = self.sampling.guidance.branches(time);
        let parameterisation = self.denoiser.parameterisation();
        let predictions = self.denoiser.predict(x, time, branches).map_err(SampleError::Denoiser)?;
        self.done += count(branches);

        let to_clean = |prediction: &Latents| x.check_same_shape(prediction).map(|()| parameterisation.clean(x, prediction, level));
        let mut clean = to_clean(&predictions.conditioned)?;
        if branches == Branches::Both {
            let unconditioned = to_clean(predictions.unconditioned.as_ref().ok_or(SampleError::Unguided)?)?;
            clean = self.sampling.guidance.guided(&clean, &unconditioned);
        }
        if clean.is_finite() { Ok(clean) } else { Err(SampleError::NotFinite { index, steps: self.sampling.steps }) }
    }

    /// Predictions in the whole run.
    fn total(&self) -> usize {
        let at = |i: usize| count(self.sampling.guidance.branches(self.grid.times[i]));
        let corrections = if self.sampling.sampler == Sampler::Heun { (1..=self.last()).map(at).sum() } else { 0 };
        (0..=self.last()).map(at).sum::<usize>() + corrections
    }
}

fn count(branches: Branches) -> usize {
    match branches {
        Branches::Conditioned => 1,
        Branches::Both => 2,
    }
}
