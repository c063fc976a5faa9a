//! Kaiser's window and the sinc in it, the same to the last bit on every machine: no function of the system is called.

use std::f64::consts::PI;

/// A low-pass cut to `taps` samples, at `t` samples from its middle.
pub(super) struct Window {
    /// Samples from end to end.
    pub taps: f64,
    /// Kaiser's β.
    pub beta: f64,
    /// Middle of the transition band, of the Nyquist frequency.
    pub cutoff: f64,
}

impl Window {
    /// The weight of a sample that lies `t` samples from the middle; a factor is left out that all of them share.
    pub fn at(&self, t: f64) -> f64 {
        let x = 2.0 * t / self.taps;
        let inside = 1.0 - x * x;
        if inside <= 0.0 { 0.0 } else { sinc(self.cutoff * t) * bessel(self.beta * self.beta / 4.0 * inside) }
    }
}

/// sin(πx) / πx.
fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { libm::sin(PI * x) / (PI * x) }
}

/// The modified Bessel function I₀ of 2·√`quarter`, by its power series (every term positive: no cancellation).
fn bessel(quarter: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}
