//! Samplers of Stable Audio Open 1.0: noise of size σ on top of clean latents, and a network that predicts a velocity on the circle
//! whose angle has the tangent σ (Salimans & Ho 2022; Karras et al. 2022 for the preconditioning).

use super::flow::Guided;
use crate::error::StableError;
use crate::sampler::{Counter, Progress, Sampler, blend};
use inlay_diffusion::Latents;
use std::f64::consts::FRAC_PI_2;

/// The least and the largest σ.
pub(super) const SIGMA_MIN: f64 = 0.3;
pub(super) const SIGMA_MAX: f64 = 500.0;

/// `steps` values of σ, even in their logarithm, from `max` to [`SIGMA_MIN`], and 0.
pub(super) fn sigmas(steps: usize, max: f64) -> Vec<f64> {
    // a source that is hardly changed starts below the least one
    let (high, low) = (libm::log(max), libm::log(SIGMA_MIN.min(max / 2.0)));
    let last = steps.saturating_sub(1).max(1) as f64;
    (0..steps).map(|i| libm::exp(high + (low - high) * i as f64 / last)).chain([0.0]).collect()
}

/// One run.
pub(super) struct Run<'a> {
    pub sampler: Sampler,
    /// The last one is 0.
    pub sigmas: &'a [f64],
    pub model: &'a Guided<'a>,
    /// Fresh normal noise for a step.
    pub noise: &'a dyn Fn(usize) -> Result<Latents, StableError>,
    pub progress: Progress<'a>,
}

/// Clean latents of the steps before, the last one first, with the distance in −ln σ that followed each.
type Before = Vec<(Latents, f64)>;

impl Run<'_> {
    /// From latents with noise of the first σ to clean ones.
    ///
    /// # Errors
    /// [`StableError::Cancelled`], [`StableError::NotFinite`], or what stopped the network.
    pub fn walk(self, mut x: Latents) -> Result<Latents, StableError> {
        let pairs: Vec<(f64, f64)> = self.sigmas.iter().copied().zip(self.sigmas.iter().copied().skip(1)).collect();
        let total = pairs.iter().map(|(sigma, _)| self.cost(*sigma)).sum();
        let mut counter = Counter::new(pairs.len(), total);
        let mut before = Before::new();
        for (index, (from, to)) in pairs.into_iter().enumerate() {
            counter.ask(index, angle(from) as f32, self.progress)?;
            let clean = denoised(self.model, &x, from)?;
            counter.done(self.cost(from), &clean)?;
            if to == 0.0 {
                return Ok(clean);
            }
            let h = libm::log(from / to);
            x = match self.sampler {
                Sampler::DpmPp3mSde => third(&x, &clean, h, &before),
                Sampler::DpmPp2mSde => second(&x, &clean, h, 1.0, &before),
                _ => second(&x, &clean, h, 0.0, &before),
            };
            if matches!(self.sampler, Sampler::DpmPp3mSde | Sampler::DpmPp2mSde) {
                let size = (to * (-libm::expm1(-2.0 * h)).sqrt()) as f32;
                blend(&mut x, &(self.noise)(index)?, |x, n| x + n * size);
            }
            before.insert(0, (clean, h));
            before.truncate(2);
        }
        Ok(x)
    }

    fn cost(&self, sigma: f64) -> usize {
        self.model.predictions(angle(sigma) as f32)
    }
}

/// Where σ lies between clean (0) and noise (1).
fn angle(sigma: f64) -> f64 {
    libm::atan(sigma) / FRAC_PI_2
}

/// Clean latents as the network sees them in `x`, whose noise has the size `sigma`.
pub(super) fn denoised(model: &Guided<'_>, x: &Latents, sigma: f64) -> Result<Latents, StableError> {
    let size = (sigma * sigma + 1.0).sqrt();
    let mut scaled = x.clone();
    scaled.data_mut().iter_mut().for_each(|x| *x = (f64::from(*x) / size) as f32);
    let t = angle(sigma) as f32;
    let mut out = model.predict(&scaled, t, t)?;
    blend(&mut out, x, |v, x| (f64::from(x) / (size * size) - f64::from(v) * sigma / size) as f32);
    Ok(out)
}

/// The sum of latents, each times its factor.
fn sum(terms: &[(f64, &Latents)]) -> Latents {
    let mut out = terms[0].1.clone();
    for (i, o) in out.data_mut().iter_mut().enumerate() {
        *o = terms.iter().map(|(factor, latents)| factor * f64::from(latents.data()[i])).sum::<f64>() as f32;
    }
    out
}

/// DPM-Solver++ 2M (Lu et al. 2022) with fresh noise `eta`: midpoint form.
fn second(x: &Latents, clean: &Latents, h: f64, eta: f64, before: &Before) -> Latents {
    let decay = h * (1.0 + eta);
    let (of_x, of_clean) = (libm::exp(-decay), -libm::expm1(-decay));
    match before.first() {
        Some((last, h1)) => {
            let reach = of_clean * h / (2.0 * h1);
            sum(&[(of_x, x), (of_clean + reach, clean), (-reach, last)])
        }
        None => sum(&[(of_x, x), (of_clean, clean)]),
    }
}

/// DPM-Solver++ 3M with as much fresh noise as there can be.
fn third(x: &Latents, clean: &Latents, h: f64, before: &Before) -> Latents {
    let decay = 2.0 * h;
    let (of_x, of_clean) = (libm::exp(-decay), -libm::expm1(-decay));
    let phi2 = libm::expm1(-decay) / decay + 1.0;
    match before.as_slice() {
        [(d1, h1), (d2, h2)] => {
            let (r0, r1) = (h1 / h, h2 / h);
            let phi3 = phi2 / decay - 0.5;
            // first and second differences, as what each of the three latents counts in them
            let (a, b) = (1.0 / r0, 1.0 / r1);
            let part = r0 / (r0 + r1);
            let first = [a * (1.0 + part), -a * (1.0 + part) - b * part, b * part];
            let bend = 1.0 / (r0 + r1);
            let curve = [a * bend, -(a + b) * bend, b * bend];
            let of = |i: usize| phi2 * first[i] - phi3 * curve[i];
            sum(&[(of_x, x), (of_clean + of(0), clean), (of(1), d1), (of(2), d2)])
        }
        [(d1, h1)] => {
            let reach = phi2 * h / h1;
            sum(&[(of_x, x), (of_clean + reach, clean), (-reach, d1)])
        }
        _ => sum(&[(of_x, x), (of_clean, clean)]),
    }
}

/// DDIM (Song et al. 2021) on the circle of signal and noise, without fresh noise.
///
/// # Errors
/// As [`Run::walk`].
pub(super) fn ddim(model: &Guided<'_>, steps: usize, mut x: Latents, progress: Progress<'_>) -> Result<Latents, StableError> {
    let time = |i: usize| 1.0 - i as f64 / steps as f64;
    let total = (0..steps).map(|i| model.predictions(time(i) as f32)).sum();
    let mut counter = Counter::new(steps, total);
    for index in 0..steps {
        let t = time(index);
        counter.ask(index, t as f32, progress)?;
        let v = model.predict(&x, t as f32, t as f32)?;
        counter.done(model.predictions(t as f32), &v)?;
        let (sigma, alpha) = libm::sincos(t * FRAC_PI_2);
        let (next_sigma, next_alpha) = if index + 1 < steps { libm::sincos(time(index + 1) * FRAC_PI_2) } else { (0.0, 1.0) };
        // clean latents are α x − σ v, the noise is σ x + α v
        let (of_x, of_v) = (next_alpha * alpha + next_sigma * sigma, next_sigma * alpha - next_alpha * sigma);
        x = sum(&[(of_x, &x), (of_v, &v)]);
    }
    Ok(x)
}
