//! Which noise levels the steps go through.

use crate::error::FolderError;
use serde::Deserialize;

/// How even steps are warped, by the length of the latents or not: `sampling_distribution_shift_options` of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Shift {
    /// Even steps.
    None,
    /// α t / (1 + (α − 1) t), α growing with the square root of the length.
    Flux {
        /// Latents at which α is the least.
        #[serde(default = "short")]
        min_length: f64,
        /// Latents at which α is the largest.
        #[serde(default = "long")]
        max_length: f64,
        /// The least α.
        #[serde(default = "alpha")]
        alpha_min: f64,
        /// The largest α.
        #[serde(default = "alpha")]
        alpha_max: f64,
    },
    /// The same with ln α growing with the length.
    Full {
        /// The least ln α.
        #[serde(default = "base_shift")]
        base_shift: f64,
        /// The largest ln α.
        #[serde(default = "max_shift")]
        max_shift: f64,
        /// Latents at which α is the least.
        #[serde(default = "short")]
        min_length: f64,
        /// Latents at which α is the largest.
        #[serde(default = "long")]
        max_length: f64,
        /// Another curve, which isn't known here.
        #[serde(default)]
        use_sine: bool,
    },
    /// Steps that are even in the logarithm of signal to noise.
    #[serde(rename = "logsnr")]
    LogSnr {
        /// Latents at which the start is `anchor_logsnr`.
        #[serde(default = "anchor_length")]
        anchor_length: f64,
        /// The logarithm at full noise.
        #[serde(default = "anchor_logsnr")]
        anchor_logsnr: f64,
        /// How much it falls with each doubling of the length.
        #[serde(default)]
        rate: f64,
        /// The logarithm just before the end.
        #[serde(default = "logsnr_end")]
        logsnr_end: f64,
    },
}

fn short() -> f64 {
    256.0
}
fn long() -> f64 {
    4096.0
}
fn alpha() -> f64 {
    6.93
}
fn base_shift() -> f64 {
    0.5
}
fn max_shift() -> f64 {
    1.15
}
fn anchor_length() -> f64 {
    2000.0
}
fn anchor_logsnr() -> f64 {
    -6.2
}
fn logsnr_end() -> f64 {
    2.0
}

/// What a model without the option is sampled with.
impl Default for Shift {
    fn default() -> Self {
        Self::LogSnr { anchor_length: anchor_length(), anchor_logsnr: anchor_logsnr(), rate: 0.0, logsnr_end: logsnr_end() }
    }
}

impl Shift {
    /// # Errors
    /// [`FolderError`] where its numbers make no schedule.
    pub(crate) fn check(&self) -> Result<(), FolderError> {
        let (finite, ordered) = match *self {
            Self::None => ([0.0; 4], true),
            Self::Flux { min_length, max_length, alpha_min, alpha_max } => (
                [min_length, max_length, alpha_min, alpha_max],
                0.0 <= min_length && min_length < max_length && alpha_min.min(alpha_max) > 0.0,
            ),
            Self::Full { use_sine: true, .. } => {
                return Err(FolderError::Unknown { what: "a schedule with", found: "use_sine".into() });
            }
            Self::Full { base_shift, max_shift, min_length, max_length, .. } => {
                ([base_shift, max_shift, min_length, max_length], min_length < max_length)
            }
            Self::LogSnr { anchor_length, anchor_logsnr, rate, logsnr_end } => {
                ([anchor_length, anchor_logsnr, rate, logsnr_end], anchor_length > 0.0)
            }
        };
        if ordered && finite.iter().all(|v| v.is_finite() && v.abs() < 1e6) {
            return Ok(());
        }
        Err(FolderError::Absurd { what: "sampling_distribution_shift_options", found: format!("{self:?}"), allowed: "a schedule".into() })
    }

    /// The noise level of an even `t` between 0 and 1, for latents of this length.
    fn level(&self, t: f32, length: usize) -> f32 {
        let length = length as f64;
        // how far the length is between the least and the largest
        let between = |x: f64, low: f64, high: f64| ((x - low) / (high - low)).clamp(0.0, 1.0);
        match *self {
            Self::None => t,
            Self::Flux { min_length, max_length, alpha_min, alpha_max } => {
                let along = between(length.sqrt(), min_length.sqrt(), max_length.sqrt());
                shifted(f64::from(t), alpha_min + (alpha_max - alpha_min) * along)
            }
            Self::Full { base_shift, max_shift, min_length, max_length, .. } => {
                let along = between(length, min_length, max_length);
                shifted(f64::from(t), libm::exp(base_shift + (max_shift - base_shift) * along))
            }
            Self::LogSnr { anchor_length, anchor_logsnr, rate, logsnr_end } => {
                let start = anchor_logsnr - rate * libm::log2(length / anchor_length);
                let logsnr = logsnr_end as f32 - t * (logsnr_end - start) as f32;
                1.0 / (1.0 + libm::exp(f64::from(logsnr)) as f32)
            }
        }
    }
}

fn shifted(t: f64, alpha: f64) -> f32 {
    (alpha * t / (1.0 + (alpha - 1.0) * t)) as f32
}

/// The noise levels of `steps` steps from `start` (1 for pure noise) to 0, one more than there are steps.
///
/// The first level is `start` itself, as the networks' authors have it: for a start below 1 a later level may lie above it.
pub(crate) fn levels(steps: usize, start: f32, shift: &Shift, length: usize) -> Vec<f32> {
    let step = start / steps as f32;
    let even = |i: usize| if i < steps.div_ceil(2) { start - step * i as f32 } else { step * (steps - i) as f32 };
    (0..=steps)
        .map(|i| match (i, even(i)) {
            (0, _) => start,
            (_, t) if t <= 0.0 || i == steps => 0.0,
            (_, t) if t >= 1.0 => 1.0,
            (_, t) => shift.level(t, length),
        })
        .collect()
}

#[cfg(test)]
mod test;
