//! Rotary positions.

use crate::rows;

/// Turns the first numbers of each head by its row's position (Su et al. 2021), in place: pairs (i, i + half) by the angles whose
/// cosines and sines are given. `x` `[_, rows, heads, size]`; `cos` and `sin` `[rows, half]`; what lies beyond 2 · half stays.
///
/// # Panics
/// Where sizes don't fit.
pub fn rotate(x: &mut [f32], size: usize, heads: usize, cos: &[f32], sin: &[f32], half: usize) {
    let (width, rows) = (size * heads, cos.len() / half);
    assert!(2 * half <= size, "rotation: no more numbers than a head has");
    assert_eq!(cos.len(), sin.len(), "rotation: as many sines as cosines");
    assert_eq!(x.len() % (width * rows), 0, "rotation: whole sequences");
    rows::split(x, width, 6 * heads * half, 1, |first, x| {
        for (i, row) in x.chunks_exact_mut(width).enumerate() {
            let at = (first + i) % rows * half;
            let (cos, sin) = (&cos[at..][..half], &sin[at..][..half]);
            for head in row.chunks_exact_mut(size) {
                let (a, b) = head.split_at_mut(half);
                for (((a, b), c), s) in a.iter_mut().zip(b).zip(cos).zip(sin) {
                    (*a, *b) = (*a * c - *b * s, *b * c + *a * s);
                }
            }
        }
    });
}
