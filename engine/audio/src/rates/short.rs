//! A circle cut into any other number of samples, where what matters is far below the Nyquist frequency: a short kernel at any place.

use super::{around, window::Window};
use pulp::{Arch, Simd, WithSimd};
use std::sync::OnceLock;

/// 16 samples of the grid; 115 dB with a transition band from half to one and a half of its Nyquist frequency.
const WINDOW: Window = Window { taps: 16.0, beta: 11.8, cutoff: 1.0 };
/// Phases a sample of the grid. Between two the kernel is taken as straight: (π / 1024)² / 8 is −118 dB where the band ends, less below.
const PHASES: f64 = 512.0;
/// Sums run in this many lanes, so that they vectorise and their order is fixed.
const LANES: usize = 16;
/// Outputs whose lanes are added up together.
const BLOCK: usize = 16;

/// A low-pass for positions between samples: for a place `i + f` it weighs the samples from `i + 1 − taps/2` to `i + taps/2`.
pub(super) struct Kernel {
    /// Taps in lanes.
    chunks: usize,
    phases: usize,
    /// For each phase its weights, and how each of them goes on to the next phase.
    rows: Vec<[f32; LANES]>,
}

impl Kernel {
    /// For a grid whose samples lie `scale` input samples apart. What is kept reaches to half the grid's Nyquist frequency; what lies from
    /// there to one and a half of it may come through.
    pub fn new(scale: f64) -> Self {
        let chunks = ((WINDOW.taps * scale / LANES as f64).ceil() as usize).max(1);
        let taps = chunks * LANES;
        let phases = (PHASES / scale).ceil() as usize;
        let row = |p: usize| -> Vec<f64> {
            let centre = (taps / 2 - 1) as f64 + p as f64 / phases as f64;
            (0..taps).map(|i| WINDOW.at((i as f64 - centre) / scale)).collect()
        };
        // over all phases a constant stays that constant; at a single one it needn't, where the room above the band has images in it
        let sum = (0..phases).flat_map(row).sum::<f64>() / phases as f64;
        let row = |p: usize| -> Vec<f64> { row(p).into_iter().map(|w| w / sum).collect() };
        let mut rows = Vec::with_capacity(2 * phases * chunks);
        let mut here = row(0);
        for p in 0..phases {
            let next = row(p + 1);
            rows.extend(here.as_chunks().0.iter().map(|w: &[f64; LANES]| w.map(|w| w as f32)));
            rows.extend(
                (0..chunks).map(|c| -> [f32; LANES] { std::array::from_fn(|l| (next[c * LANES + l] - here[c * LANES + l]) as f32) }),
            );
            here = next;
        }
        Self { chunks, phases, rows }
    }

    /// The one for a grid of the input's own samples.
    pub fn same() -> &'static Self {
        static SAME: OnceLock<Kernel> = OnceLock::new();
        SAME.get_or_init(|| Self::new(1.0))
    }

    /// The circle `audio` as `length` samples, the `j`-th at `j · audio.len() / length`, counted in whole numbers.
    pub fn place(&self, audio: &[f32], length: usize) -> Vec<f32> {
        self.placed(audio, length, |work| Arch::new().dispatch(work))
    }

    #[cfg(test)]
    pub fn place_on(&self, simd: impl Simd, audio: &[f32], length: usize) -> Vec<f32> {
        self.placed(audio, length, |work| simd.vectorize(work))
    }

    fn placed(&self, audio: &[f32], length: usize, run: impl Fn(Place<'_>)) -> Vec<f32> {
        let n = audio.len();
        // input around which the kernel can run without wrapping; `before` samples of the circle's end come first
        let taps = self.chunks * LANES;
        let around = around(audio, taps / 2 - 1, n + taps);
        let mut out = vec![0.0; length];
        run(Place { kernel: self, around: &around, n, out: &mut out });
        out
    }
}

/// The work of [`Kernel::place`], to be compiled for wider registers where the processor has them. Nothing is fused and the lanes are
/// fixed, so the sums are the same everywhere.
struct Place<'a> {
    kernel: &'a Kernel,
    around: &'a [f32],
    n: usize,
    out: &'a mut [f32],
}

impl WithSimd for Place<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match self.kernel.chunks {
            // the compiler knows how many there are in the case that matters
            1 => self.run(simd, 1),
            chunks => self.run(simd, chunks),
        }
    }
}

impl Place<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S, chunks: usize) {
        let Self { kernel, around, n, out } = self;
        let m = out.len();
        let scale = kernel.phases as f64 / m as f64;
        let (step, rest) = (n / m, n % m);
        // j·n/m as whole and remainder, stepped in whole numbers: exact for any length
        let (mut whole, mut part) = (0, 0);
        let mut block = [[0.0f32; LANES]; BLOCK];
        for out in out.chunks_mut(BLOCK) {
            for lanes in &mut block[..out.len()] {
                let place = part as f64 * scale;
                let row = (place as u32 as usize).min(kernel.phases - 1);
                let weight = simd.splat_f32s((place - row as f64) as f32);
                let weights = &kernel.rows[2 * row * chunks..][..2 * chunks];
                let samples = &around[whole..][..chunks * LANES];
                let lanes = S::as_mut_simd_f32s(lanes).0;
                for c in 0..chunks {
                    let samples = S::as_simd_f32s(&samples[c * LANES..(c + 1) * LANES]).0;
                    let (here, on) = (S::as_simd_f32s(&weights[c]).0, S::as_simd_f32s(&weights[chunks + c]).0);
                    for (v, lane) in lanes.iter_mut().enumerate() {
                        let product = simd.mul_f32s(samples[v], simd.add_f32s(here[v], simd.mul_f32s(weight, on[v])));
                        *lane = if c == 0 { product } else { simd.add_f32s(*lane, product) };
                    }
                }
                whole += step;
                part += rest;
                if part >= m {
                    part -= m;
                    whole += 1;
                }
            }
            fold(&block, out);
        }
    }
}

/// The sum of each row: halves onto each other, four times.
#[inline(always)]
fn fold(block: &[[f32; LANES]; BLOCK], out: &mut [f32]) {
    let mut four = [[0.0f32; 4]; BLOCK];
    for (four, row) in four.iter_mut().zip(block) {
        let eight: [f32; 8] = std::array::from_fn(|l| row[l] + row[l + 8]);
        *four = std::array::from_fn(|l| eight[l] + eight[l + 4]);
    }
    let sums: [f32; BLOCK] = std::array::from_fn(|i| (four[i][0] + four[i][2]) + (four[i][1] + four[i][3]));
    out.copy_from_slice(&sums[..out.len()]);
}
