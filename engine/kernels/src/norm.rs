//! Layer norms.

use crate::{math, rows, simd};
use pulp::{Simd, WithSimd};

/// PyTorch's default: what is added to the variance.
const EPSILON: f32 = 1e-5;

/// Layer norm (Ba et al. 2016) of each row of `x` `[m, n]` times `weight` `[n]` plus `bias` `[n]`.
///
/// # Panics
/// Where sizes don't fit.
pub fn layer_norm(x: &[f32], weight: &[f32], bias: &[f32], out: &mut [f32]) {
    layer_norm_with(x, weight, bias, EPSILON, out);
}

/// The same with `epsilon` added to the variance.
///
/// # Panics
/// Where sizes don't fit.
pub fn layer_norm_with(x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32, out: &mut [f32]) {
    affine_rows(x, weight.len(), Affine::Shared(weight, bias), epsilon, out);
}

/// Layer norm without own parameters, modulated by the condition (FiLM, Perez et al. 2018): norm(x)·(1 + scale) + shift.
/// `x` `[batch, rows, n]`; `film` `[batch, 2n]` holds scale, then shift.
///
/// # Panics
/// Where sizes don't fit.
pub fn film_norm(x: &[f32], film: &[f32], batch: usize, out: &mut [f32]) {
    let n = film.len() / batch / 2;
    let rows = x.len() / n / batch;
    affine_rows(x, n, Affine::Film { film, rows }, EPSILON, out);
}

/// Weight and bias of every row, or of every batch item.
#[derive(Clone, Copy)]
enum Affine<'a> {
    Shared(&'a [f32], &'a [f32]),
    Film { film: &'a [f32], rows: usize },
}

fn affine_rows(x: &[f32], n: usize, affine: Affine<'_>, epsilon: f32, out: &mut [f32]) {
    assert_eq!(x.len(), out.len(), "norm: output and input differ in size");
    rows::split(out, n, 12 * n, 1, |first, out| simd::dispatch(Part { x, n, affine, epsilon, first, out }));
}

/// One thread's rows.
struct Part<'a> {
    x: &'a [f32],
    n: usize,
    affine: Affine<'a>,
    epsilon: f32,
    first: usize,
    out: &'a mut [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let n = self.n;
        for (i, out) in self.out.chunks_exact_mut(n).enumerate() {
            let row = self.first + i;
            // FiLM's scale is counted from 1
            let (weight, bias, one) = match self.affine {
                Affine::Shared(weight, bias) => (weight, bias, 0.0),
                Affine::Film { film, rows } => {
                    let (scale, shift) = film[row / rows * 2 * n..][..2 * n].split_at(n);
                    (scale, shift, 1.0)
                }
            };
            let x = &self.x[row * n..][..n];
            let mean = math::sum::<false>(x, 0.0) / n as f32;
            let variance = math::sum::<true>(x, mean) / n as f32;
            let inverse = 1.0 / (variance + self.epsilon).sqrt();
            for (((o, &v), &w), &b) in out.iter_mut().zip(x).zip(weight).zip(bias) {
                *o = ((v - mean) * inverse).mul_add(w + one, b);
            }
        }
    }
}
