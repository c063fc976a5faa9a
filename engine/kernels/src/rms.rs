//! Root-mean-square norms.

use crate::{math, rows, simd};
use pulp::{Simd, WithSimd};

/// x / √(mean x² + ε) of each row (Zhang & Sennrich 2019), times `weight`, plus `bias`. `x` `[batch, rows, n]`; `weight` and `bias` hold
/// one row of n for all, or one for each batch item (a modulation).
///
/// # Panics
/// Where sizes don't fit.
pub fn rms_norm(x: &[f32], n: usize, weight: &[f32], bias: Option<&[f32]>, epsilon: f32, out: &mut [f32]) {
    assert_eq!(x.len(), out.len(), "norm: output and input differ in size");
    let batch = weight.len() / n;
    assert_eq!(weight.len(), batch * n, "norm: whole rows of weights");
    assert!(bias.is_none_or(|b| b.len() == weight.len()), "norm: as many biases as weights");
    assert_eq!(x.len() % weight.len(), 0, "norm: as many rows in each item");
    let per_item = x.len() / weight.len();
    rows::split(out, n, 8 * n, 1, |first, out| {
        simd::dispatch(Part { x: &x[first * n..], n, weight, bias, epsilon, per_item, first, out });
    });
}

/// One thread's rows.
struct Part<'a> {
    x: &'a [f32],
    n: usize,
    weight: &'a [f32],
    bias: Option<&'a [f32]>,
    epsilon: f32,
    per_item: usize,
    first: usize,
    out: &'a mut [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let n = self.n;
        for (i, (out, x)) in self.out.chunks_exact_mut(n).zip(self.x.chunks_exact(n)).enumerate() {
            let item = (self.first + i) / self.per_item * n;
            let inverse = 1.0 / (math::sum::<true>(x, 0.0) / n as f32 + self.epsilon).sqrt();
            let weight = &self.weight[item..][..n];
            for ((o, &v), &w) in out.iter_mut().zip(x).zip(weight) {
                *o = v * inverse * w;
            }
            if let Some(bias) = self.bias {
                for (o, b) in out.iter_mut().zip(&bias[item..][..n]) {
                    *o += b;
                }
            }
        }
    }
}
