//! Snake, a periodic activation.

use crate::{math, rows, simd};
use pulp::{Simd, WithSimd};

/// x + sin²(a x) · b (Ziyin et al. 2020), in place, over rows of channels with their own `a` and `b`.
///
/// # Panics
/// Where sizes don't fit.
pub fn snake(x: &mut [f32], a: &[f32], b: &[f32]) {
    let n = a.len();
    assert_eq!(b.len(), n, "snake: as many heights as frequencies");
    assert_eq!(x.len() % n, 0, "snake: whole rows");
    rows::split(x, n, 20 * n, 1, |_, x| simd::dispatch(Part { x, a, b }));
}

/// One thread's rows.
struct Part<'a> {
    x: &'a mut [f32],
    a: &'a [f32],
    b: &'a [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.x.chunks_exact_mut(self.a.len()) {
            for ((x, &a), &b) in row.iter_mut().zip(self.a).zip(self.b) {
                let sin = half_turn_sin(a * *x);
                *x = (sin * sin).mul_add(b, *x);
            }
        }
    }
}

/// sin x up to its sign, which its square doesn't need: x is brought to −π/2 … π/2 by whole half turns. Absolute error below 3e-7 for
/// |x| up to 10 000.
#[inline(always)]
fn half_turn_sin(x: f32) -> f32 {
    // adding 1.5 · 2^23 rounds to a whole number
    const MAGIC: f32 = 12_582_912.0;
    let whole = x.mul_add(std::f32::consts::FRAC_1_PI, MAGIC) - MAGIC;
    // π in three parts; the first has few bits, so that its product is exact
    let r = whole.mul_add(-3.140_625, x);
    let r = whole.mul_add(-9.675_026e-4, r);
    let r = whole.mul_add(-1.509_958e-7, r);
    math::sin(r)
}
