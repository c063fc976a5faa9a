//! What is asked of the model.

use super::Stereo;
use crate::error::SettingsError;
use crate::folder::{Config, Objective};
use crate::guidance::Guidance;
use crate::sampler::Sampler;
use inlay_diffusion::NoiseSource;
use std::ops::Range;

/// What is made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source<'a> {
    /// Noise alone.
    Nothing,
    /// Something like this audio (two channels at the model's rate).
    Vary {
        /// The audio.
        audio: &'a Stereo,
        /// How far back towards noise, 0.01 to 1.
        amount: f64,
    },
    /// This audio, with some regions made anew. What is kept comes out of the codec: keep the samples themselves outside of the regions.
    Inpaint {
        /// The audio (two channels at the model's rate).
        audio: &'a Stereo,
        /// In seconds.
        regions: &'a [Range<f64>],
    },
}

impl<'a> Source<'a> {
    /// Its audio.
    pub fn audio(&self) -> Option<&'a Stereo> {
        match *self {
            Self::Nothing => None,
            Self::Vary { audio, .. } | Self::Inpaint { audio, .. } => Some(audio),
        }
    }
}

/// What to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<'a> {
    /// In words.
    pub prompt: &'a str,
    /// What shall not be heard; needs guidance.
    pub negative: Option<&'a str>,
    /// How long.
    pub seconds: f64,
    /// Seconds that are made behind the sound and thrown away. Models were trained with 6, most programs leave them away, and so does
    /// Inlay where 0 stands here.
    pub headroom: f64,
    /// A seed and a variation for each item that is made.
    pub noise: NoiseSource,
    /// Steps; [`Request::steps`] says how many are usual.
    pub steps: usize,
    /// The way; `None` for the one that the model is made for.
    pub sampler: Option<Sampler>,
    /// How the prompt is followed.
    pub guidance: Guidance,
    /// What to start from.
    pub source: Source<'a>,
}

impl<'a> Request<'a> {
    /// One variation, as post-trained models are used: 8 steps, no guidance.
    pub fn new(prompt: &'a str, seconds: f64, seed: u64) -> Self {
        Self {
            prompt,
            negative: None,
            seconds,
            headroom: 0.0,
            noise: NoiseSource::variations(seed, 0..1),
            steps: Self::steps(Objective::Denoiser),
            sampler: None,
            guidance: Guidance::NONE,
            source: Source::Nothing,
        }
    }

    /// How many steps are usual.
    pub fn steps(objective: Objective) -> usize {
        match objective {
            Objective::Denoiser => 8,
            Objective::Flow => 50,
        }
    }

    /// The sampler that is asked for, or the one that the model is made for.
    pub(super) fn sampler(&self, config: &Config) -> Sampler {
        self.sampler.unwrap_or(match config.objective {
            Objective::Denoiser => Sampler::PingPong,
            Objective::Flow => Sampler::Euler,
        })
    }

    /// Checks what isn't checked elsewhere.
    pub(crate) fn check(&self, most: f64) -> Result<(), SettingsError> {
        if !(1..=1000).contains(&self.steps) {
            return Err(SettingsError::Steps(self.steps));
        }
        if !(1..=64).contains(&self.noise.batch()) {
            return Err(SettingsError::Variations(self.noise.batch()));
        }
        self.guidance.check()?;
        match self.source {
            Source::Vary { amount, .. } if !(0.01..=1.0).contains(&amount) => Err(SettingsError::Amount(amount)),
            Source::Inpaint { regions, .. } => {
                let seconds = self.seconds.min(most);
                let bad = |r: &&Range<f64>| !(0.0 <= r.start && r.start < r.end && r.end <= seconds);
                regions.iter().find(bad).map_or(Ok(()), |r| Err(SettingsError::Region { start: r.start, end: r.end, seconds }))
            }
            _ => Ok(()),
        }
    }
}
