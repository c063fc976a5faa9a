//! The ways from noise to clean latents.
//!
//! Each file holds one step of one way: from noisy latents and the clean ones predicted of them to the noisy latents of the next level.
//! Their names: x̂ are the predicted clean latents, ε̂ = (x − α x̂) / σ is the noise predicted with them, a dash marks the next level.

use std::fmt;
use std::str::FromStr;

pub(crate) mod ddim;
pub(crate) mod ddpm;
pub(crate) mod dpmpp2m;
pub(crate) mod euler;
pub(crate) mod heun;
#[cfg(test)]
mod test;

/// How the way from noise to clean latents is walked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Sampler {
    /// DPM-Solver++ 2M (Lu et al. 2022): second order at one evaluation a step.
    #[default]
    DpmPp2m,
    /// DDIM (Song et al. 2021).
    Ddim {
        /// Fresh noise: 0 none, 1 as much as [`Sampler::Ddpm`].
        eta: f64,
    },
    /// Ancestral sampling (Ho et al. 2020), over the chosen times only, with the smaller of the paper's two variances.
    Ddpm,
    /// Euler's method on the probability-flow equation.
    Euler,
    /// Heun's method on the probability-flow equation (Karras et al. 2022): second order, two evaluations a step but for the last.
    Heun,
}

impl Sampler {
    /// Every sampler, those with a setting at its default.
    pub const ALL: [Self; 5] = [Self::DpmPp2m, Self::Ddim { eta: 0.0 }, Self::Ddpm, Self::Euler, Self::Heun];

    fn name(self) -> &'static str {
        match self {
            Self::DpmPp2m => "dpm++2m",
            Self::Ddim { .. } => "ddim",
            Self::Ddpm => "ddpm",
            Self::Euler => "euler",
            Self::Heun => "heun",
        }
    }
}

/// The name, with η where it isn't 0: "dpm++2m", "ddim", "ddim:0.5".
impl fmt::Display for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ddim { eta } if *eta != 0.0 => write!(f, "ddim:{eta}"),
            _ => f.write_str(self.name()),
        }
    }
}

/// Why a text names no sampler.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("there is no sampler \"{0}\": choose dpm++2m, ddim (or ddim:0.5, with fresh noise from 0 to 1), ddpm, euler or heun")]
pub struct SamplerError(String);

impl FromStr for Sampler {
    type Err = SamplerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim().to_ascii_lowercase();
        if let Some(eta) = name.strip_prefix("ddim:") {
            let eta = eta.parse().ok().filter(|eta| (0.0..=1.0).contains(eta));
            return eta.map(|eta| Self::Ddim { eta }).ok_or_else(|| SamplerError(text.into()));
        }
        Self::ALL.into_iter().find(|sampler| sampler.name() == name).ok_or_else(|| SamplerError(text.into()))
    }
}
