//! Layer norms.

use crate::{math, rows};
use pulp::Arch;

/// PyTorch's default: what is added to the variance.
const EPSILON: f32 = 1e-5;

/// Layer norm (Ba et al. 2016) of each row of `x` [m, n] times `weight` [n] plus `bias` [n].
///
/// # Panics
/// Where sizes don't fit.
pub fn layer_norm(x: &[f32], weight: &[f32], bias: &[f32], out: &mut [f32]) {
    affine_rows(x, weight.len(), out, |_| (weight, bias), |w| w);
}

/// Layer norm without own parameters, modulated by the condition (FiLM, Perez et al. 2018): norm(x)·(1 + scale) + shift.
/// `x` [batch, rows, n]; `film` [batch, 2n] holds scale, then shift.
///
/// # Panics
/// Where sizes don't fit.
pub fn film_norm(x: &[f32], film: &[f32], batch: usize, out: &mut [f32]) {
    let n = film.len() / batch / 2;
    let rows = x.len() / n / batch;
    affine_rows(x, n, out, |row| film[row / rows * 2 * n..][..2 * n].split_at(n), |w| 1.0 + w);
}

fn affine_rows<'a>(
    x: &[f32],
    n: usize,
    out: &mut [f32],
    of_row: impl Fn(usize) -> (&'a [f32], &'a [f32]) + Sync,
    scale: impl Fn(f32) -> f32 + Sync,
) {
    assert_eq!(x.len(), out.len(), "norm: output and input differ in size");
    rows::split(out, n, 12 * n, 1, |first, out| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for (i, out) in out.chunks_exact_mut(n).enumerate() {
                    let (weight, bias) = of_row(first + i);
                    let x = &x[(first + i) * n..][..n];
                    let mean = math::sum(x, |v| v) / n as f32;
                    let variance = math::sum(x, |v| (v - mean) * (v - mean)) / n as f32;
                    let inverse = 1.0 / (variance + EPSILON).sqrt();
                    for (((o, &v), &w), &b) in out.iter_mut().zip(x).zip(weight).zip(bias) {
                        *o = ((v - mean) * inverse).mul_add(scale(w), b);
                    }
                }
            },
        );
    });
}
