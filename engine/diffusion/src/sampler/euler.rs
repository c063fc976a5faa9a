//! Euler's method on the probability-flow equation dx = x̂ dα + ε̂ dσ (Song et al. 2021, "Score-based generative modeling"; Karras et al. 2022,
//! equation 4).

use crate::latents::Latents;
use crate::schedule::Level;

/// x' = x + (α' − α) x̂ + (σ' − σ) ε̂.
///
/// With α = 1 it is Karras et al.'s Euler step, with α = 1 − σ that of a rectified flow. As x = α x̂ + σ ε̂, it arrives where DDIM without
/// fresh noise does, at any schedule.
pub(crate) fn step(x: &Latents, clean: &Latents, from: Level, to: Level) -> Latents {
    let (d_alpha, d_sigma) = (to.alpha - from.alpha, to.sigma - from.sigma);
    let slope = d_sigma / from.sigma;
    Latents::sum([(1.0 + slope, x), (d_alpha - slope * from.alpha, clean)])
}
