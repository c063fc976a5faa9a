//! DPM-Solver++ 2M (Lu et al. 2022, "DPM-Solver++: fast solver for guided sampling of diffusion probabilistic models", algorithm 2).

use crate::latents::Latents;
use crate::schedule::Level;

/// The step before, which the second order needs.
pub(crate) struct Before {
    clean: Latents,
    /// How far ln(α / σ) went.
    h: f64,
}

/// x' = σ'/σ · x + α' (1 − e^−h) · d with h = ln(α'/σ') − ln(α/σ). d is x̂ extrapolated from the step before to the middle of this one;
/// in the first step it is x̂ itself.
///
/// 1 − e^−h is written as 1 − α σ' / (α' σ), which is exact at α = 0 too.
pub(crate) fn step(x: &Latents, clean: Latents, from: Level, to: Level, before: &mut Option<Before>) -> Latents {
    let h = to.half_log_snr() - from.half_log_snr();
    let of_x = to.sigma / from.sigma;
    let of_clean = to.alpha - from.alpha * of_x;
    let next = match before {
        Some(before) => {
            // 0 after a first step from noise alone, whose h is infinite: nothing is extrapolated from it.
            let reach = h / (2.0 * before.h);
            Latents::sum([(of_x, x), (of_clean * (1.0 + reach), &clean), (-of_clean * reach, &before.clean)])
        }
        None => Latents::sum([(of_x, x), (of_clean, &clean)]),
    };
    *before = Some(Before { clean, h });
    next
}
