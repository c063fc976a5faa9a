//! Linear layers: rows times packed weights, with bias, activation and residual in the same pass.

use crate::{math, pack::Packed, rows, simd};
use pulp::{Simd, WithSimd};

/// What happens to a product before it is stored.
#[derive(Debug, Clone, Copy, Default)]
pub struct Epilogue<'a> {
    /// Added to every row; as long as a row.
    pub bias: Option<&'a [f32]>,
    /// GELU (exact form) of product and bias.
    pub gelu: bool,
    /// Added last, element by element; as large as the output.
    pub residual: Option<&'a [f32]>,
}

/// `out` `[m, n]` = epilogue(`x` `[m, k]` · `weight`). Rows are split over the current rayon pool.
///
/// # Panics
/// Where the sizes of `x`, `out` or the epilogue's parts don't fit the weight's.
pub fn linear(x: &[f32], weight: &Packed, epilogue: Epilogue<'_>, out: &mut [f32]) {
    let (k, n) = (weight.k, weight.n);
    assert_eq!(x.len() * n, out.len() * k, "linear: inputs and outputs have different numbers of rows");
    assert!(epilogue.bias.is_none_or(|b| b.len() == n), "linear: the bias must be as long as a row");
    assert!(epilogue.residual.is_none_or(|r| r.len() == out.len()), "linear: the residual must be as large as the output");
    rows::split(out, n, 2 * k * n, ROWS, |first, out| {
        let count = out.len() / n;
        let epilogue = Epilogue { residual: epilogue.residual.map(|r| &r[first * n..(first + count) * n]), ..epilogue };
        part(&x[first * k..(first + count) * k], weight, epilogue, out);
    });
}

/// The same on the caller's thread alone.
pub(crate) fn part(x: &[f32], weight: &Packed, epilogue: Epilogue<'_>, out: &mut [f32]) {
    simd::dispatch(Part { x, weight, epilogue, out });
}

/// Rows of a tile: with two vectors of columns, twelve sums stay in registers.
pub(crate) const ROWS: usize = 6;

/// One thread's rows.
struct Part<'a> {
    x: &'a [f32],
    weight: &'a Packed,
    epilogue: Epilogue<'a>,
    out: &'a mut [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Packed { k, n, width, .. } = *self.weight;
        let m = self.out.len() / n;
        let mut room = vec![];
        for p in 0..self.weight.panels() {
            let panel = S::as_simd_f32s(self.weight.panel(p, &mut room)).0;
            let mut row = 0;
            while row < m {
                let left = m - row;
                let x = &self.x[row * k..];
                let mut tile = [0.0; ROWS * 32];
                let done = match left {
                    1 => products::<S, 1>(simd, x, k, panel, &mut tile),
                    2 => products::<S, 2>(simd, x, k, panel, &mut tile),
                    3 => products::<S, 3>(simd, x, k, panel, &mut tile),
                    4 => products::<S, 4>(simd, x, k, panel, &mut tile),
                    5 => products::<S, 5>(simd, x, k, panel, &mut tile),
                    _ => products::<S, 6>(simd, x, k, panel, &mut tile),
                };
                for (r, tile) in tile.chunks_exact(width).take(done).enumerate() {
                    let columns = p * width..n.min((p + 1) * width);
                    let start = (row + r) * n;
                    let place = start + columns.start..start + columns.end;
                    finish(tile, self.epilogue, columns, place.clone(), &mut self.out[place]);
                }
                row += done;
            }
        }
    }
}

/// `R` rows of `x` times one panel, into `tile` `[R, two vectors]`. Returns R.
#[inline(always)]
fn products<S: Simd, const R: usize>(simd: S, x: &[f32], k: usize, panel: &[S::f32s], tile: &mut [f32]) -> usize {
    let zero = simd.splat_f32s(0.0);
    let mut sums = [[zero; 2]; R];
    let x: [&[f32]; R] = std::array::from_fn(|r| &x[r * k..(r + 1) * k]);
    for (i, w) in panel.as_chunks::<2>().0.iter().enumerate().take(k) {
        for r in 0..R {
            let v = simd.splat_f32s(x[r][i]);
            sums[r][0] = simd.mul_add_f32s(v, w[0], sums[r][0]);
            sums[r][1] = simd.mul_add_f32s(v, w[1], sums[r][1]);
        }
    }
    let tile = S::as_mut_simd_f32s(tile).0;
    for (t, s) in tile.as_chunks_mut::<2>().0.iter_mut().zip(sums) {
        *t = s;
    }
    R
}

/// Bias, activation and residual of one row of a tile.
#[inline(always)]
fn finish(tile: &[f32], epilogue: Epilogue<'_>, columns: std::ops::Range<usize>, place: std::ops::Range<usize>, out: &mut [f32]) {
    out.copy_from_slice(&tile[..out.len()]);
    if let Some(bias) = epilogue.bias {
        for (o, b) in out.iter_mut().zip(&bias[columns]) {
            *o += b;
        }
    }
    if epilogue.gelu {
        for o in out.iter_mut() {
            *o = math::gelu(*o);
        }
    }
    if let Some(residual) = epilogue.residual {
        for (o, r) in out.iter_mut().zip(&residual[place]) {
            *o += r;
        }
    }
}
