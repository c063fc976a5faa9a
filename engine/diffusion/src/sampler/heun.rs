//! Heun's method on the probability-flow equation dx = x̂ dα + ε̂ dσ (Karras et al. 2022, "Elucidating the design space of diffusion-based
//! generative models", algorithm 1).
//!
//! Karras et al. work on x / α over σ / α, where the equation is dx = ε̂ dσ. There the first of a few evenly spaced steps of a schedule that
//! starts at almost pure noise (σ / α = 1283 for the embedded model, 10 after the first of 16 steps) would multiply the error of
//! ε̂ by a hundred. Over α and σ themselves the method is as exact, the same for α = 1 and for rectified flows, and tame
//! at both ends.

use crate::latents::Latents;
use crate::schedule::Level;

/// The correction of Euler's step: x' = x + (α' − α) (x̂ + x̂')/2 + (σ' − σ) (ε̂ + ε̂')/2, where `next` and `next_clean` are what Euler's step
/// arrived at and the clean latents predicted of it.
pub(crate) fn correct(x: &Latents, clean: &Latents, from: Level, next: &Latents, next_clean: &Latents, to: Level) -> Latents {
    let (half_alpha, half_sigma) = ((to.alpha - from.alpha) / 2.0, (to.sigma - from.sigma) / 2.0);
    let (slope, next_slope) = (half_sigma / from.sigma, half_sigma / to.sigma);
    Latents::sum([
        (1.0 + slope, x),
        (half_alpha - slope * from.alpha, clean),
        (next_slope, next),
        (half_alpha - next_slope * to.alpha, next_clean),
    ])
}
