//! Problems with known answers, for the tests of this crate.

use crate::*;
use std::convert::Infallible;
use std::ops::ControlFlow;

/// Data of which each channel is normal and independent: the exact denoiser is x̂ = μ + α s² / (α² s² + σ²) · (x − α μ).
#[derive(Clone)]
pub struct Gaussian {
    pub schedule: Schedule,
    pub parameterisation: Parameterisation,
    /// Mean and deviation of each channel, with the prompt.
    pub channels: Vec<(f64, f64)>,
    /// How much higher the means are without the prompt.
    pub unconditioned: f64,
    /// The time and the branches of every evaluation.
    pub seen: Vec<(f32, Branches)>,
}

impl Gaussian {
    pub fn new(schedule: Schedule) -> Self {
        let channels = vec![(0.0, 1.0), (1.5, 0.5), (-0.7, 2.0), (3.0, 0.25)];
        Self { schedule, parameterisation: Parameterisation::V, channels, unconditioned: 0.0, seen: Vec::new() }
    }

    /// Where the probability flow takes `x` at `level`: μ + s / √(α² s² + σ²) · (x − α μ), with guided means `shift` higher.
    pub fn flow(&self, x: &Latents, level: Level, shift: f64) -> Latents {
        self.map(x, |x, mean, deviation| {
            let mean = mean + shift;
            mean + deviation / (level.alpha * deviation).hypot(level.sigma) * (x - level.alpha * mean)
        })
    }

    /// Where the probability flow takes `x` on the way from one level to another.
    pub fn between(&self, x: &Latents, from: Level, to: Level) -> Latents {
        let spread = |level: Level, deviation: f64| (level.alpha * deviation).hypot(level.sigma);
        self.map(x, |x, mean, deviation| to.alpha * mean + spread(to, deviation) / spread(from, deviation) * (x - from.alpha * mean))
    }

    fn predict_around(&self, x: &Latents, level: Level, shift: f64) -> Latents {
        let Level { alpha, sigma } = level;
        self.map(x, |x, mean, deviation| {
            let (mean, variance) = (mean + shift, deviation * deviation);
            let clean = mean + alpha * variance / (alpha * alpha * variance + sigma * sigma) * (x - alpha * mean);
            let noise = (x - alpha * clean) / sigma;
            match self.parameterisation {
                Parameterisation::V => alpha * noise - sigma * clean,
                Parameterisation::Epsilon => noise,
                Parameterisation::Clean => clean,
                Parameterisation::Velocity => noise - clean,
            }
        })
    }

    fn map(&self, x: &Latents, f: impl Fn(f64, f64, f64) -> f64) -> Latents {
        let mut out = x.clone();
        for latent in out.data_mut().chunks_exact_mut(self.channels.len()) {
            for (x, &(mean, deviation)) in latent.iter_mut().zip(&self.channels) {
                *x = f(f64::from(*x), mean, deviation) as f32;
            }
        }
        out
    }
}

impl Denoiser for Gaussian {
    type Error = Infallible;

    fn parameterisation(&self) -> Parameterisation {
        self.parameterisation
    }

    fn predict(&mut self, x: &Latents, time: f32, branches: Branches) -> Result<Predictions, Infallible> {
        self.seen.push((time, branches));
        let level = self.schedule.level(f64::from(time));
        let unconditioned = (branches == Branches::Both).then(|| self.predict_around(x, level, self.unconditioned));
        Ok(Predictions { conditioned: self.predict_around(x, level, 0.0), unconditioned })
    }
}

/// A denoiser that is a function of x and the level, and predicts clean latents.
pub struct Function<F>(pub Schedule, pub F);

impl<F: FnMut(&Latents, Level) -> Latents> Denoiser for Function<F> {
    type Error = Infallible;

    fn parameterisation(&self) -> Parameterisation {
        Parameterisation::Clean
    }

    fn predict(&mut self, x: &Latents, time: f32, _: Branches) -> Result<Predictions, Infallible> {
        let level = self.0.level(f64::from(time));
        Ok(Predictions { conditioned: (self.1)(x, level), unconditioned: None })
    }
}

/// Settings without guidance or inpainting.
pub fn plain(schedule: &Schedule, sampler: Sampler, steps: usize) -> Sampling<'_> {
    Sampling { schedule, sampler, steps, guidance: Guidance::NONE, inpaint: None }
}

/// Noise of 4 channels from a seed and some variations.
pub fn source(variations: std::ops::Range<u32>) -> NoiseSource {
    NoiseSource::variations(77, variations)
}

/// Samples without looking at the progress.
pub fn run<D: Denoiser>(
    denoiser: &mut D,
    sampling: &Sampling,
    start: Start,
    noise: &NoiseSource,
) -> Result<Latents, SampleError<D::Error>> {
    sample(denoiser, sampling, start, noise, &mut |_| ControlFlow::Continue(()))
}

/// The root of the mean square of the difference.
pub fn distance(a: &Latents, b: &Latents) -> f64 {
    let squares = a.data().iter().zip(b.data()).map(|(&a, &b)| f64::from(a - b).powi(2));
    (squares.sum::<f64>() / a.data().len() as f64).sqrt()
}
