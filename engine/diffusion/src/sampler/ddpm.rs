//! Ancestral sampling (Ho et al. 2020, "Denoising diffusion probabilistic models", equations 6 and 7).

use crate::latents::Latents;
use crate::schedule::Level;

/// A draw from q(x' | x, x̂), the posterior of the forward process between the two levels, which need not be neighbours in training.
///
/// With s² = σ² − (α/α')² σ'² (the noise the forward process adds from one to the other): mean α' s²/σ² · x̂ + α/α' · σ'²/σ² · x,
/// variance s² σ'² / σ² (the paper's β̃). It is the same as DDIM with η = 1.
pub(crate) fn step(x: &Latents, clean: &Latents, from: Level, to: Level, fresh: &Latents) -> Latents {
    let ratio = from.alpha / to.alpha;
    let kept = (to.sigma / from.sigma).powi(2);
    let added = (1.0 - ratio * ratio * kept).max(0.0);
    Latents::sum([(ratio * kept, x), (to.alpha * added, clean), (to.sigma * added.sqrt(), fresh)])
}
