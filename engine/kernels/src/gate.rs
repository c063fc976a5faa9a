//! Sigmoid units: alone, and as the gate of a feed-forward layer.

use crate::{math, rows};
use pulp::{Arch, Simd, WithSimd};

/// a · silu(g) (Shazeer 2020), where a row of `x` `[m, 2n]` holds a, then g; `out` `[m, n]`.
///
/// # Panics
/// Where sizes don't fit.
pub fn swiglu(x: &[f32], n: usize, out: &mut [f32]) {
    assert_eq!(x.len(), 2 * out.len(), "gate: half as many outputs as inputs");
    assert_eq!(out.len() % n, 0, "gate: whole rows");
    rows::split(out, n, 30 * n, 1, |first, out| Arch::new().dispatch(Part { x: &x[2 * first * n..], n, out }));
}

/// x · sigmoid(x), in place.
pub fn silu(x: &mut [f32]) {
    rows::split(x, 1, 20, 1, |_, x| Arch::new().dispatch(Silu(x)));
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
struct Part<'a> {
    x: &'a [f32],
    n: usize,
    out: &'a mut [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (out, x) in self.out.chunks_exact_mut(self.n).zip(self.x.chunks_exact(2 * self.n)) {
            let (a, gate) = x.split_at(self.n);
            for ((o, &a), &g) in out.iter_mut().zip(a).zip(gate) {
                *o = a * (g * math::sigmoid(g));
            }
        }
    }
}
