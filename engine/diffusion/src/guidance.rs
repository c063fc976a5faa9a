//! Classifier-free guidance: away from what the network predicts without the prompt.

use crate::denoiser::Branches;
use crate::latents::Latents;
use std::ops::RangeInclusive;

#[cfg(test)]
mod test;

/// How strongly and when the prompt is followed (Ho & Salimans 2022).
///
/// A negative prompt is the business of the denoiser: its unconditioned branch then holds that instead of nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Guidance {
    /// 1 leaves the prediction with the prompt as it is and needs no other; 0 ignores the prompt.
    pub strength: f64,
    /// The diffusion times at which guidance acts (Kynkäänniemi et al. 2024), in the units of the schedule. Outside of them only the
    /// prediction with the prompt is computed.
    pub interval: RangeInclusive<f64>,
    /// How far the deviation of an item's guided clean latents, over time and channels, is brought back to that of the ones with the
    /// prompt alone (Lin et al. 2023): 0 not at all, 1 wholly.
    pub rescale: f64,
}

impl Guidance {
    /// What the embedded model was tuned with: strength 3, at times 100 to 800, fully rescaled.
    pub const EMBEDDED: Self = Self { strength: 3.0, interval: 100.0..=800.0, rescale: 1.0 };
    /// No guidance: half the work.
    pub const NONE: Self = Self { strength: 1.0, interval: 0.0..=f64::MAX, rescale: 0.0 };

    /// The predictions that are needed at `time`.
    pub fn branches(&self, time: f32) -> Branches {
        if self.strength != 1.0 && self.interval.contains(&f64::from(time)) { Branches::Both } else { Branches::Conditioned }
    }

    /// The guided clean latents, from clean latents of the same shape with and without the prompt.
    ///
    /// The clean latents are guided rather than the network's numbers. That is the same, as the ones are a linear function of the others,
    /// and it is the clean ones whose deviation counts.
    pub(crate) fn guided(&self, conditioned: &Latents, unconditioned: &Latents) -> Latents {
        let mut guided = Latents::sum([(self.strength, conditioned), (1.0 - self.strength, unconditioned)]);
        if self.rescale != 0.0 {
            for (item, plain) in guided.items_mut().zip(conditioned.items()) {
                let (wanted, had) = (deviation(plain), deviation(item));
                if had > 0.0 {
                    let factor = 1.0 + self.rescale * (wanted / had - 1.0);
                    item.iter_mut().for_each(|x| *x = (f64::from(*x) * factor) as f32);
                }
            }
        }
        guided
    }
}

impl Default for Guidance {
    fn default() -> Self {
        Self::EMBEDDED
    }
}

/// Standard deviation. Whether over n or n − 1 makes no difference to a ratio.
fn deviation(numbers: &[f32]) -> f64 {
    let n = numbers.len() as f64;
    let mean = numbers.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
    (numbers.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / n).sqrt()
}
