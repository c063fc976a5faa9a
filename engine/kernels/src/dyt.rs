//! Dynamic tanh, which takes a norm's place in some networks.

use crate::{math, rows, simd};
use pulp::{Simd, WithSimd};

/// γ · tanh(α x) + β (Zhu et al. 2025), over rows as long as `gamma` and `beta`.
///
/// # Panics
/// Where sizes don't fit.
pub fn dyt(x: &[f32], alpha: f32, gamma: &[f32], beta: &[f32], out: &mut [f32]) {
    let n = gamma.len();
    assert_eq!(x.len(), out.len(), "dynamic tanh: output and input differ in size");
    assert_eq!(beta.len(), n, "dynamic tanh: as many offsets as factors");
    assert_eq!(x.len() % n, 0, "dynamic tanh: whole rows");
    rows::split(out, n, 40 * n, 1, |first, out| {
        simd::dispatch(Part { x: &x[first * n..], alpha, gamma, beta, out });
    });
}

/// One thread's rows.
struct Part<'a> {
    x: &'a [f32],
    alpha: f32,
    gamma: &'a [f32],
    beta: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let n = self.gamma.len();
        for (out, x) in self.out.chunks_exact_mut(n).zip(self.x.chunks_exact(n)) {
            for (((o, &v), &g), &b) in out.iter_mut().zip(x).zip(self.gamma).zip(self.beta) {
                *o = g.mul_add(math::tanh(self.alpha * v), b);
            }
        }
    }
}
