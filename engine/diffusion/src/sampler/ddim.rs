//! DDIM (Song et al. 2021, "Denoising diffusion implicit models", equations 12 and 16).

use crate::latents::Latents;
use crate::schedule::Level;

/// x' = α' x̂ + √(σ'² − ν²) · ε̂ + ν · fresh, with ν = η σ' √(1 − (α σ' / (α' σ))²).
///
/// ν is the paper's, written so that it holds for schedules with α² + σ² ≠ 1 too. `fresh` is normal noise.
pub(crate) fn step(x: &Latents, clean: &Latents, from: Level, to: Level, eta: f64, fresh: &Latents) -> Latents {
    let ratio = from.alpha * to.sigma / (to.alpha * from.sigma);
    let added = eta * to.sigma * (1.0 - ratio * ratio).max(0.0).sqrt();
    let of_x = (to.sigma * to.sigma - added * added).max(0.0).sqrt() / from.sigma;
    Latents::sum([(of_x, x), (to.alpha - from.alpha * of_x, clean), (added, fresh)])
}
