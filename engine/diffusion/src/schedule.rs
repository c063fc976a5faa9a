//! How much noise there is at which diffusion time.

use std::f64::consts::FRAC_PI_2;

#[cfg(test)]
mod test;

/// What noisy latents are made of: x = alpha · clean + sigma · noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// The part of the clean latents, 0 to 1.
    pub alpha: f64,
    /// The part of the noise, 0 to 1.
    pub sigma: f64,
}

impl Level {
    /// ln(alpha / sigma), half the logarithm of the signal-to-noise ratio: −∞ for noise alone, ∞ for no noise.
    pub fn half_log_snr(self) -> f64 {
        libm::log(self.alpha / self.sigma)
    }
}

/// A noise schedule: the [`Level`] at each diffusion time, from 0 (nearly clean) to [`Schedule::last_time`] (nearly or only noise).
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    /// The cosine schedule of 1000 steps (Nichol & Dhariwal 2021) with offset 0.008, read half a step later: the one of the embedded model.
    Cosine,
    /// A schedule of 1000 steps given by how much noise each adds.
    Betas(Betas),
    /// Rectified flow (Liu et al. 2022): alpha = 1 − time, sigma = time, with time from 0 to 1.
    Flow,
}

impl Schedule {
    /// Steps that discrete schedules are trained with.
    pub const STEPS: u16 = 1000;

    /// The time of the most noise: 999, or 1 for a flow.
    pub fn last_time(&self) -> f64 {
        match self {
            Self::Cosine | Self::Betas(_) => f64::from(Self::STEPS - 1),
            Self::Flow => 1.0,
        }
    }

    /// The level at `time`; times beyond the ends count as the ends.
    pub fn level(&self, time: f64) -> Level {
        let time = time.clamp(0.0, self.last_time());
        match self {
            Self::Cosine => {
                let angle = ((time + 0.5) / f64::from(Self::STEPS) + 0.008) / 1.008 * FRAC_PI_2;
                Level { alpha: libm::cos(angle), sigma: libm::sin(angle) }
            }
            Self::Betas(betas) => betas.level(time),
            Self::Flow => Level { alpha: 1.0 - time, sigma: time },
        }
    }

    /// The times of `steps` steps: `steps` + 1 of them, evenly spread from `amount` · [`Schedule::last_time`] down to 0.
    ///
    /// They are f32 because that is what networks are given; levels belong to the rounded times.
    pub fn times(&self, amount: f64, steps: usize) -> Vec<f32> {
        let first = amount * self.last_time();
        (0..=steps).map(|i| (first * ((steps - i) as f64 / steps.max(1) as f64)) as f32).collect()
    }
}

/// Why numbers are no schedule.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a noise schedule from {start} to {end} can't be used: it has to rise, between 0 and 1")]
pub struct BetasError {
    start: f64,
    end: f64,
}

/// Levels of a schedule in which step i adds noise of the variance β(i) (Ho et al. 2020): alpha² is the product of all 1 − β up to a step.
/// Between the steps, ln(alpha / sigma) is interpolated.
#[derive(Debug, Clone, PartialEq)]
pub struct Betas {
    /// ln(alpha / sigma) after each of the steps.
    half_log_snr: Vec<f64>,
}

impl Betas {
    /// β rises evenly from `start` to `end`: 0.0001 to 0.02 in DDPM.
    ///
    /// # Errors
    /// [`BetasError`] unless 0 < `start` ≤ `end` < 1.
    pub fn linear(start: f64, end: f64) -> Result<Self, BetasError> {
        Self::new(start, end, |place| start + (end - start) * place)
    }

    /// √β rises evenly: "scaled linear" of latent diffusion (Rombach et al. 2022), 0.00085 to 0.012 there.
    ///
    /// # Errors
    /// [`BetasError`] unless 0 < `start` ≤ `end` < 1.
    pub fn scaled_linear(start: f64, end: f64) -> Result<Self, BetasError> {
        let (a, b) = (start.sqrt(), end.sqrt());
        Self::new(start, end, |place| (a + (b - a) * place).powi(2))
    }

    fn new(start: f64, end: f64, beta: impl Fn(f64) -> f64) -> Result<Self, BetasError> {
        if !(0.0 < start && start <= end && end < 1.0) {
            return Err(BetasError { start, end });
        }
        let mut log_alpha_squared = 0.0;
        let half_log_snr = (0..Schedule::STEPS)
            .map(|i| {
                log_alpha_squared += libm::log1p(-beta(f64::from(i) / f64::from(Schedule::STEPS - 1)));
                0.5 * (log_alpha_squared - libm::log(-libm::expm1(log_alpha_squared)))
            })
            .collect();
        Ok(Self { half_log_snr })
    }

    fn level(&self, time: f64) -> Level {
        let before = time.floor() as usize;
        let after = (before + 1).min(self.half_log_snr.len() - 1);
        let (a, b) = (self.half_log_snr[before], self.half_log_snr[after]);
        let twice = 2.0 * (a + (b - a) * time.fract());
        Level { alpha: sigmoid(twice).sqrt(), sigma: sigmoid(-twice).sqrt() }
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}
