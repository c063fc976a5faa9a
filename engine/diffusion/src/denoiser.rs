//! The network of one diffusion step, as the samplers see it.

use crate::latents::Latents;
use crate::parameterisation::Parameterisation;

/// Which predictions a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Branches {
    /// The one with the prompt only: guidance doesn't act.
    Conditioned,
    /// The one with the prompt and the one without it, or with the negative prompt in its place.
    Both,
}

/// What a denoiser predicts, each of the shape of its input.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// With the prompt.
    pub conditioned: Latents,
    /// Without it, or with the negative prompt; needed if and only if [`Branches::Both`] were asked for.
    pub unconditioned: Option<Latents>,
}

/// A network that predicts clean latents, in one way or another, from noisy ones. It holds its conditions itself.
pub trait Denoiser {
    /// Why a prediction failed.
    type Error;

    /// What the predicted numbers are.
    fn parameterisation(&self) -> Parameterisation;

    /// Predictions for the noisy latents `x` `[B,T,C]` at diffusion time `time`, in the units of the schedule (0 to 999 for the embedded model).
    ///
    /// # Errors
    /// Whatever stops the network.
    fn predict(&mut self, x: &Latents, time: f32, branches: Branches) -> Result<Predictions, Self::Error>;
}
