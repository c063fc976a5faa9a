//! Sums of two tensors.

use crate::rows;

/// What the second tensor is multiplied by before it is added.
#[derive(Debug, Clone, Copy)]
pub enum Factor<'a> {
    /// The same everywhere.
    All(f32),
    /// One row `[n]` for each batch item: a gate.
    Rows(&'a [f32]),
}

/// `out` = `x` + factor · `y`. `x` and `out` `[batch, rows, n]`; `y` is as large, or as one item, which is then added to each.
///
/// # Panics
/// Where sizes don't fit.
pub fn add_scaled(x: &[f32], y: &[f32], factor: Factor<'_>, n: usize, batch: usize, out: &mut [f32]) {
    let item = x.len() / batch;
    assert_eq!(x.len(), out.len(), "sum: output and input differ in size");
    assert_eq!(item * batch, x.len(), "sum: whole items");
    assert_eq!(item % n, 0, "sum: whole rows");
    assert!(y.len() == x.len() || y.len() == item, "sum: as much of both");
    if let Factor::Rows(gate) = factor {
        assert_eq!(gate.len(), batch * n, "sum: a row of factors for each item");
    }
    rows::split(out, n, 4 * n, 1, |first, out| {
        for (i, out) in out.chunks_exact_mut(n).enumerate() {
            let at = (first + i) * n;
            let (x, y) = (&x[at..][..n], &y[at % y.len()..][..n]);
            match factor {
                Factor::All(f) => {
                    for ((o, x), y) in out.iter_mut().zip(x).zip(y) {
                        *o = x + f * y;
                    }
                }
                Factor::Rows(gate) => {
                    let gate = &gate[at / item * n..][..n];
                    for (((o, x), y), g) in out.iter_mut().zip(x).zip(y).zip(gate) {
                        *o = x + g * y;
                    }
                }
            }
        }
    });
}
