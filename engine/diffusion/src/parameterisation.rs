//! What a network predicts, and how clean latents come of it.

use crate::latents::Latents;
use crate::schedule::Level;

#[cfg(test)]
mod test;

/// What a denoiser's numbers are, for noisy latents x = α · clean + σ · noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parameterisation {
    /// v = α · noise − σ · clean (Salimans & Ho 2022).
    V,
    /// The noise (Ho et al. 2020). It says nothing about clean latents where α is 0: not for a flow from pure noise.
    Epsilon,
    /// The clean latents.
    Clean,
    /// Noise − clean: the velocity of a rectified flow (Liu et al. 2022).
    Velocity,
}

impl Parameterisation {
    /// The clean latents that `prediction` stands for, in the noisy latents `x` of the same shape at `level`.
    ///
    /// V: (α x − σ v) / (α² + σ²); ε: (x − σ ε) / α; velocity: (x − σ u) / (α + σ).
    pub(crate) fn clean(self, x: &Latents, prediction: &Latents, level: Level) -> Latents {
        let Level { alpha, sigma } = level;
        let (of_x, of_prediction) = match self {
            Self::V => {
                let power = alpha * alpha + sigma * sigma;
                (alpha / power, -sigma / power)
            }
            Self::Epsilon => (1.0 / alpha, -sigma / alpha),
            Self::Clean => return prediction.clone(),
            Self::Velocity => (1.0 / (alpha + sigma), -sigma / (alpha + sigma)),
        };
        Latents::sum([(of_x, x), (of_prediction, prediction)])
    }
}
