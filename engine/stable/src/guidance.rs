//! Guidance: away from what the network predicts without the prompt.

use crate::error::SettingsError;
use inlay_diffusion::Latents;
use std::ops::RangeInclusive;

/// How strongly, when and in which direction the prompt is followed.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Guidance {
    /// 1 leaves the prediction with the prompt as it is and needs no other (Ho & Salimans 2022).
    pub scale: f64,
    /// Noise levels at which guidance acts (Kynkäänniemi et al. 2024).
    pub interval: RangeInclusive<f64>,
    /// How far the part that only makes the prediction stronger is left out (adaptive projected guidance, Sadat et al. 2024): 0 not
    /// at all, 1 wholly.
    pub projection: f64,
    /// The largest length that the difference of both predictions may have; 0 for any.
    pub norm_threshold: f64,
    /// How far the deviation over channels is brought back to that of the prediction with the prompt (Lin et al. 2023).
    pub rescale: f64,
}

impl Guidance {
    /// No guidance: half the work.
    pub const NONE: Self = Self { scale: 1.0, interval: 0.0..=1.0, projection: 1.0, norm_threshold: 0.0, rescale: 0.0 };
    /// What base models are sampled with.
    pub const BASE: Self = Self { scale: 7.0, ..Self::NONE };

    /// # Errors
    /// [`SettingsError`] for the first number out of range.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        if !(0.0..=100.0).contains(&self.scale) {
            return Err(SettingsError::Guidance(self.scale));
        }
        let part = |what, found, allowed: RangeInclusive<f64>, text| {
            if allowed.contains(&found) { Ok(()) } else { Err(SettingsError::Part { what, found, allowed: text }) }
        };
        part("a projection of guidance", self.projection, 0.0..=1.0, "0 (plain) to 1 (wholly projected)")?;
        part("a guidance rescale", self.rescale, 0.0..=1.0, "0 (none) to 1 (whole)")?;
        part("a norm threshold", self.norm_threshold, 0.0..=1e6, "0 (none) to 1000000")?;
        part("a start of guidance", *self.interval.start(), 0.0..=1.0, "0 to 1")?;
        part("an end of guidance", *self.interval.end(), 0.0..=1.0, "0 to 1")
    }

    /// Whether a second prediction is needed at the noise level `t`. At 0 there is nothing to guide.
    pub(crate) fn acts(&self, t: f32) -> bool {
        self.scale != 1.0 && t > 0.0 && self.interval.contains(&f64::from(t))
    }

    /// The guided velocity of noisy latents `x` at level `t`, from those with and without the prompt; the first `valid` latents of each
    /// item are sound.
    pub(crate) fn guided(&self, x: &Latents, with: &Latents, without: &Latents, t: f32, valid: &[usize]) -> Latents {
        let mut out = x.clone();
        let channels = x.channels();
        let sources = x.items().zip(with.items()).zip(without.items()).zip(valid);
        for (out, (((x, with), without), valid)) in out.items_mut().zip(sources) {
            self.item(out, x, with, without, f64::from(t), (valid * channels).min(x.len()));
            if self.rescale != 0.0 {
                self.rescaled(out, with, channels);
            }
        }
        out
    }

    /// One item; the first `sound` numbers count.
    fn item(&self, out: &mut [f32], x: &[f32], with: &[f32], without: &[f32], t: f64, sound: usize) {
        let clean = |v: &[f32]| -> Vec<f64> { x.iter().zip(v).map(|(x, v)| f64::from(*x) - t * f64::from(*v)).collect() };
        let (dc, du) = (clean(with), clean(without));
        let mut diff: Vec<f64> = dc.iter().zip(&du).map(|(c, u)| c - u).collect();
        let norm = |v: &[f64]| v.iter().take(sound).map(|v| v * v).sum::<f64>().sqrt();
        if self.norm_threshold > 0.0 {
            let factor = (self.norm_threshold / norm(&diff).max(1e-12)).min(1.0);
            diff.iter_mut().for_each(|d| *d *= factor);
        }
        if self.projection > 0.0 {
            let length = norm(&dc).max(1e-8);
            let along = diff.iter().zip(&dc).take(sound).map(|(d, c)| d * c / length).sum::<f64>();
            let a = self.projection;
            for (i, (d, c)) in diff.iter_mut().zip(&dc).enumerate() {
                let across = if i < sound { *d - along * c / length } else { 0.0 };
                *d = a * across + (1.0 - a) * *d;
            }
        }
        for (((out, x), c), d) in out.iter_mut().zip(x).zip(&dc).zip(&diff) {
            *out = ((f64::from(*x) - (c + (self.scale - 1.0) * d)) / t) as f32;
        }
    }

    /// Brings each latent's deviation back.
    fn rescaled(&self, out: &mut [f32], with: &[f32], channels: usize) {
        for (out, with) in out.chunks_exact_mut(channels).zip(with.chunks_exact(channels)) {
            let (wanted, had) = (deviation(with), deviation(out));
            if had > 0.0 {
                let factor = self.rescale * wanted / had + 1.0 - self.rescale;
                out.iter_mut().for_each(|v| *v = (f64::from(*v) * factor) as f32);
            }
        }
    }
}

impl Default for Guidance {
    fn default() -> Self {
        Self::NONE
    }
}

/// Standard deviation. Whether over n or n − 1 makes no difference to a ratio.
fn deviation(numbers: &[f32]) -> f64 {
    let n = numbers.len() as f64;
    let mean = numbers.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
    (numbers.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / n).sqrt()
}
