//! Twice as many samples around a circle, or half as many: where the steep filter is.
//!
//! Its weights mirror at the middle, so that two samples are added before they are weighed. Outputs are made side by side, each in the
//! same order from the farthest pair to the nearest: how many lie in a register changes none of them.

use super::{around, window::Window};
use pulp::{Arch, Simd, WithSimd};
use std::sync::OnceLock;

/// Weights on one side of the middle.
const SIDE: usize = 128;
/// 256 samples of the lower rate; Kaiser's β for 105 dB (Kaiser 1974: 0.1102 · (105 − 8.7)), which needs a transition band of 0.053 of the
/// Nyquist frequency: half of it lies below the cutoff.
const WINDOW: Window = Window { taps: 2.0 * SIDE as f64, beta: 10.61, cutoff: 0.9735 };
/// Registers of outputs that are made side by side.
const VECTORS: usize = 4;
/// A whole number of such blocks for registers of any width up to 16 samples.
const BLOCK: usize = VECTORS * 16;

/// The filter at the places of samples and half way between them, from the middle outwards.
struct Weights {
    on: [f32; SIDE],
    between: [f32; SIDE],
}

impl Weights {
    fn get() -> &'static Self {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        WEIGHTS.get_or_init(|| {
            let [on, between] = [0.0, 0.5].map(|place| -> [f64; SIDE] { std::array::from_fn(|k| WINDOW.at(k as f64 + place)) });
            // a constant stays that constant at both places
            let (one, two) = (on[0] + 2.0 * on[1..].iter().sum::<f64>(), 2.0 * between.iter().sum::<f64>());
            Self { on: on.map(|w| (w / one) as f32), between: between.map(|w| (w / two) as f32) }
        })
    }
}

/// The circle `audio` as twice as many samples.
pub(super) fn double(audio: &[f32]) -> Vec<f32> {
    doubled(audio, |work| Arch::new().dispatch(work))
}

#[cfg(test)]
pub(super) fn double_on(simd: impl Simd, audio: &[f32]) -> Vec<f32> {
    doubled(audio, |work| simd.vectorize(work))
}

fn doubled(audio: &[f32], run: impl Fn(Double<'_>)) -> Vec<f32> {
    let n = audio.len();
    let mut out = vec![0.0; 2 * n.next_multiple_of(BLOCK)];
    run(Double { around: &whole_blocks(audio), weights: Weights::get(), out: &mut out });
    out.truncate(2 * n);
    out
}

/// The circle `audio` as half as many samples, of which it must have an even number.
pub(super) fn halve(audio: &[f32]) -> Vec<f32> {
    halved(audio, |work| Arch::new().dispatch(work))
}

#[cfg(test)]
pub(super) fn halve_on(simd: impl Simd, audio: &[f32]) -> Vec<f32> {
    halved(audio, |work| simd.vectorize(work))
}

fn halved(audio: &[f32], run: impl Fn(Halve<'_>)) -> Vec<f32> {
    let half = audio.len() / 2;
    let mut out = vec![0.0; half.next_multiple_of(BLOCK)];
    let (pairs, _) = audio.as_chunks::<2>();
    let [on, between] = [0, 1].map(|side| whole_blocks(&pairs.iter().map(|pair| pair[side]).collect::<Vec<_>>()));
    run(Halve { on: &on, between: &between, weights: Weights::get(), out: &mut out });
    out.truncate(half);
    out
}

/// A circle with as much of its end before it, and of its start behind it, as the filter and whole blocks reach.
fn whole_blocks(audio: &[f32]) -> Vec<f32> {
    around(audio, SIDE, SIDE + audio.len().next_multiple_of(BLOCK) + SIDE)
}

/// The samples from `at` on.
#[inline(always)]
fn vectors<S: Simd>(around: &[f32], at: usize) -> &[S::f32s; VECTORS] {
    S::as_simd_f32s(&around[at..at + VECTORS * S::F32_LANES]).0.as_chunks().0.first().expect("as many as were asked for")
}

/// Adds `weight` times the sum of `a` and `b`.
#[inline(always)]
fn weigh<S: Simd>(simd: S, sums: &mut [S::f32s; VECTORS], weight: f32, a: &[S::f32s; VECTORS], b: &[S::f32s; VECTORS]) {
    let weight = simd.splat_f32s(weight);
    for v in 0..VECTORS {
        sums[v] = simd.add_f32s(sums[v], simd.mul_f32s(weight, simd.add_f32s(a[v], b[v])));
    }
}

struct Double<'a> {
    around: &'a [f32],
    weights: &'a Weights,
    out: &'a mut [f32],
}

impl WithSimd for Double<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { around, weights, out } = self;
        let zero = [simd.splat_f32s(0.0); VECTORS];
        let length = VECTORS * S::F32_LANES;
        let mut made = [[0.0f32; BLOCK]; 2];
        for (i, out) in out.chunks_exact_mut(2 * length).enumerate() {
            let at = SIDE + i * length;
            let (mut on, mut between) = (zero, zero);
            for k in (1..SIDE).rev() {
                let before = vectors::<S>(around, at - k);
                weigh(simd, &mut on, weights.on[k], before, vectors::<S>(around, at + k));
                weigh(simd, &mut between, weights.between[k], before, vectors::<S>(around, at + 1 + k));
            }
            let here = vectors::<S>(around, at);
            weigh(simd, &mut between, weights.between[0], here, vectors::<S>(around, at + 1));
            weigh(simd, &mut on, weights.on[0], here, &zero);
            for (made, sums) in made.iter_mut().zip([on, between]) {
                S::as_mut_simd_f32s(&mut made[..length]).0.copy_from_slice(&sums);
            }
            let [on, between] = &made;
            for ((pair, on), between) in out.as_chunks_mut::<2>().0.iter_mut().zip(on).zip(between) {
                *pair = [*on, *between];
            }
        }
    }
}

struct Halve<'a> {
    on: &'a [f32],
    between: &'a [f32],
    weights: &'a Weights,
    out: &'a mut [f32],
}

impl WithSimd for Halve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { on, between, weights, out } = self;
        let (zero, half) = ([simd.splat_f32s(0.0); VECTORS], simd.splat_f32s(0.5));
        for (i, out) in S::as_mut_simd_f32s(out).0.as_chunks_mut::<VECTORS>().0.iter_mut().enumerate() {
            let at = SIDE + i * VECTORS * S::F32_LANES;
            let (mut even, mut odd) = (zero, zero);
            for k in (1..SIDE).rev() {
                weigh(simd, &mut even, weights.on[k], vectors::<S>(on, at - k), vectors::<S>(on, at + k));
                weigh(simd, &mut odd, weights.between[k], vectors::<S>(between, at - 1 - k), vectors::<S>(between, at + k));
            }
            weigh(simd, &mut odd, weights.between[0], vectors::<S>(between, at - 1), vectors::<S>(between, at));
            weigh(simd, &mut even, weights.on[0], vectors::<S>(on, at), &zero);
            for v in 0..VECTORS {
                out[v] = simd.mul_f32s(half, simd.add_f32s(even[v], odd[v]));
            }
        }
    }
}
