//! What a network predicts, and how clean latents come of it.

/// What a denoiser's numbers are, for noisy latents x = α · clean + σ · noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parameterisation {
    /// v = α · noise − σ · clean (Salimans & Ho 2022).
    V,
    /// The noise (Ho et al. 2020).
    Epsilon,
    /// The clean latents.
    Clean,
    /// Noise − clean: the velocity of a rectified flow (Liu et al. 2022).
    Velocity,
}
