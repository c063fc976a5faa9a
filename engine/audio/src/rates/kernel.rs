//! The windowed sinc as a table of phases.

use std::f64::consts::PI;

/// Taps at the lower of the two rates.
const TAPS: f64 = 256.0;
/// Kaiser's β for 105 dB (Kaiser 1974: 0.1102 · (105 − 8.7)).
const BETA: f64 = 10.61;
/// Half the transition band lies below it: 256 taps at this β need 0.053 of the Nyquist frequency.
const CUTOFF: f64 = 0.9735;
/// Phases a sample of the lower rate. Between two the kernel is taken as straight: (π / 512)² / 8 is −107 dB at the Nyquist frequency, less below.
const PHASES: f64 = 512.0;
/// Sums run in this many lanes, so that they vectorise and their order is fixed.
const LANES: usize = 32;

/// A low-pass for positions between samples: for a place `i + f` it weighs the samples from `i + 1 − taps/2` to `i + taps/2`.
pub(super) struct Kernel {
    taps: usize,
    phases: usize,
    /// `phases + 1` rows of `taps`.
    rows: Vec<f32>,
}

impl Kernel {
    /// For a step of `ratio` input samples an output sample, if that is more than 1; else 1.0.
    pub(super) fn new(ratio: f64) -> Self {
        let taps = ((TAPS * ratio / LANES as f64).ceil() as usize) * LANES;
        let phases = (PHASES / ratio).ceil() as usize;
        let scale = 1.0 / bessel(BETA * BETA / 4.0);
        let at = |distance: f64| {
            let t = distance / ratio;
            let window = 1.0 - (2.0 * t / TAPS).powi(2);
            if window <= 0.0 { 0.0 } else { sinc(CUTOFF * t) * bessel(BETA * BETA / 4.0 * window) * scale }
        };

        let mut rows = Vec::with_capacity((phases + 1) * taps);
        let mut row = vec![0.0; taps];
        for p in 0..=phases {
            let centre = (taps / 2 - 1) as f64 + p as f64 / phases as f64;
            row.iter_mut().enumerate().for_each(|(i, w)| *w = at(i as f64 - centre));
            // A constant stays that constant at every phase.
            let sum: f64 = row.iter().sum();
            rows.extend(row.iter().map(|w| (w / sum) as f32));
        }
        Self { taps, phases, rows }
    }

    /// Samples one output sample is made of; a multiple of 32.
    pub(super) fn taps(&self) -> usize {
        self.taps
    }

    /// `m` samples, the `j`-th at `j · n / m`. `around` is the signal from `taps/2 − 1` before place 0 to `taps/2` behind place `n`.
    pub(super) fn run(&self, around: &[f32], n: usize, m: usize) -> Vec<f32> {
        let mut out = vec![0.0; m];
        pulp::Arch::new().dispatch(Run { kernel: self, around, n, out: &mut out });
        out
    }

    /// The signal `place` phases behind the sample in the middle of `samples` (index taps/2 − 1).
    #[inline(always)]
    fn at(&self, samples: &[f32], place: f64) -> f32 {
        let row = (place as usize).min(self.phases - 1);
        let weight = (place - row as f64) as f32;
        let (near, far) = self.rows[row * self.taps..][..2 * self.taps].split_at(self.taps);

        let near = dot(samples, near);
        near + weight * (dot(samples, far) - near)
    }
}

/// Σ a·b, in lanes.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for i in 0..LANES {
            lanes[i] += a[i] * b[i];
        }
    }
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// The work of [`Kernel::run`], to be compiled for wider registers where the processor has them. Nothing is fused and the
/// lanes are fixed, so the sums are the same everywhere.
struct Run<'a> {
    kernel: &'a Kernel,
    around: &'a [f32],
    n: usize,
    out: &'a mut [f32],
}

impl pulp::WithSimd for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let m = self.out.len();
        let scale = self.kernel.phases as f64 / m as f64;
        let period = period(self.n, m);
        let (step, rest) = (period * self.n / m, period * self.n % m);
        for block in (0..m).step_by(period * REPEATS) {
            for first in block..(block + period).min(m) {
                // j·n/m as whole and remainder, stepped in whole numbers: exact for any length.
                let (mut whole, mut part) = (first * self.n / m, first * self.n % m);
                for j in (first..m).step_by(period).take(REPEATS) {
                    self.out[j] = self.kernel.at(&self.around[whole..][..self.kernel.taps], part as f64 * scale);
                    whole += step;
                    part += rest;
                    if part >= m {
                        part -= m;
                        whole += 1;
                    }
                }
            }
        }
    }
}

/// How many times in a row a row of the table is used.
const REPEATS: usize = 32;

/// After so many output samples the phase is nearly the same again (160 from 44.1 to 48 kHz). Working through the output in
/// such strides keeps the rows in use in the processor's nearest memory: more than twice as fast as in order.
fn period(n: usize, m: usize) -> usize {
    let (mut best, mut nearest) = (1, usize::MAX);
    for period in 1..=m.min(512) {
        let part = period * n % m;
        let distance = part.min(m - part);
        // A longer period must be a good deal closer.
        if distance < nearest / 2 {
            (best, nearest) = (period, distance);
        }
    }
    best
}

/// sin(πx) / πx.
fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
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
