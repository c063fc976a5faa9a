//! From seconds to samples and latents.

use crate::error::SettingsError;
use crate::folder::Config;

/// The most headroom that makes sense.
const MOST_HEADROOM: f64 = 60.0;

/// How long a sound is, in the model's units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Samples that are heard.
    pub samples: usize,
    /// Latents that are made, in the codec's grain: whole windows, where it has any.
    pub latents: usize,
    /// How many of them count as sound; the others are masked.
    pub valid: usize,
}

impl Length {
    /// Of `seconds`, with `headroom` more made behind them (models were trained with 6 s; without it a loop takes less work).
    ///
    /// # Errors
    /// [`SettingsError`] where the model can't make it.
    pub fn new(config: &Config, seconds: f64, headroom: f64) -> Result<Self, SettingsError> {
        let (rate, latent) = (f64::from(config.sample_rate), config.samples_per_latent());
        let samples = (seconds * rate) as usize;
        // NaN is in no range either
        if !(0.0..=config.seconds()).contains(&seconds) || samples == 0 {
            return Err(SettingsError::Seconds { seconds, most: config.seconds() });
        }
        if !(0.0..=MOST_HEADROOM).contains(&headroom) {
            return Err(SettingsError::Headroom(headroom));
        }
        let grain = config.codec.grain * latent;
        let made = (((seconds + headroom) * rate) as usize).next_multiple_of(latent).next_multiple_of(grain).min(config.sample_size);
        let latents = (made / latent).max(1);
        let valid = samples.div_ceil(latent) + (headroom * rate / latent as f64) as usize;
        Ok(Self { samples, latents, valid: valid.min(latents) })
    }

    /// Latents that are heard.
    pub fn heard(&self, config: &Config) -> usize {
        self.samples.div_ceil(config.samples_per_latent()).min(self.latents)
    }
}
