//! Sigmoid units: alone, and as the gate of a feed-forward layer.

use crate::{math, rows, simd};
use pulp::{Simd, WithSimd};
use std::marker::PhantomData;

/// a · silu(g) (Shazeer 2020), where a row of `x` `[m, 2n]` holds a, then g; `out` `[m, n]`.
///
/// # Panics
/// Where sizes don't fit.
pub fn swiglu(x: &[f32], n: usize, out: &mut [f32]) {
    gated::<Swish>(x, n, 30, out);
}

/// a · sin(π g), where a row of `x` `[m, 2n]` holds a, then g; `out` `[m, n]`.
///
/// # Panics
/// Where sizes don't fit.
pub fn singlu(x: &[f32], n: usize, out: &mut [f32]) {
    gated::<Wave>(x, n, 20, out);
}

/// a · unit(g) for each row; `cost` is what a number of it takes.
fn gated<U: Unit>(x: &[f32], n: usize, cost: usize, out: &mut [f32]) {
    assert_eq!(x.len(), 2 * out.len(), "gate: half as many outputs as inputs");
    assert_eq!(out.len() % n, 0, "gate: whole rows");
    let part = |first: usize, out: &mut [f32]| simd::dispatch(Part { x: &x[2 * first * n..], n, out, unit: PhantomData::<U> });
    rows::split(out, n, cost * n, 1, part);
}

/// What becomes of a gate.
trait Unit {
    fn of(g: f32) -> f32;
}

struct Swish;

impl Unit for Swish {
    #[inline(always)]
    fn of(g: f32) -> f32 {
        g * math::sigmoid(g)
    }
}

struct Wave;

impl Unit for Wave {
    #[inline(always)]
    fn of(g: f32) -> f32 {
        math::sin_pi(g)
    }
}

/// gelu(`gate`) · `up` with the tanh form of GELU (Hendrycks & Gimpel 2016), which is x · sigmoid(√(8/π) (x + 0.044715 x³)).
///
/// # Panics
/// Where sizes don't fit.
pub fn geglu(gate: &[f32], up: &[f32], out: &mut [f32]) {
    assert_eq!(gate.len(), out.len(), "gate: as many outputs as inputs");
    assert_eq!(up.len(), out.len(), "gate: as many of both inputs");
    rows::split(out, 1, 30, 1, |first, out| {
        let end = first + out.len();
        simd::dispatch(Geglu { gate: &gate[first..end], up: &up[first..end], out });
    });
}

struct Geglu<'a> {
    gate: &'a [f32],
    up: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Geglu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        const SLOPE: f32 = 1.595_769_2;
        for ((o, &g), &u) in self.out.iter_mut().zip(self.gate).zip(self.up) {
            let inner = SLOPE * (g * g * g).mul_add(0.044_715, g);
            *o = g * math::sigmoid(inner) * u;
        }
    }
}

/// x · sigmoid(x), in place.
pub fn silu(x: &mut [f32]) {
    rows::split(x, 1, 20, 1, |_, x| simd::dispatch(Silu(x)));
}

struct Silu<'a>(&'a mut [f32]);

impl WithSimd for Silu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for x in self.0.iter_mut() {
            *x *= math::sigmoid(*x);
        }
    }
}

/// One thread's rows.
struct Part<'a, U> {
    x: &'a [f32],
    n: usize,
    out: &'a mut [f32],
    unit: PhantomData<U>,
}

impl<U: Unit> WithSimd for Part<'_, U> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (out, x) in self.out.chunks_exact_mut(self.n).zip(self.x.chunks_exact(2 * self.n)) {
            let (a, gate) = x.split_at(self.n);
            for ((o, &a), &g) in out.iter_mut().zip(a).zip(gate) {
                *o = a * U::of(g);
            }
        }
    }
}
