//! The largest singular vectors of a weight, by Lanczos' method with full reorthogonalisation, in f64. A weight of 8192 × 1024 takes up to
//! a few seconds, so a LoRA-XS of a whole model makes its start slower by minutes.

use inlay_diffusion::{Sequence, Stream};
use rayon::prelude::*;

/// How exact a singular value is, beside the largest one.
const EXACT: f64 = 1e-11;

/// Singular vectors, the largest first. The largest number of each vector of U is positive, so that they are the same everywhere.
pub(super) struct Top {
    /// `[outputs, rank]`
    pub u: Vec<f32>,
    /// `[rank, inputs]`
    pub v: Vec<f32>,
}

/// A matrix and its transpose, as what they do to vectors.
struct Matrix<'a> {
    numbers: &'a [f32],
    rows: usize,
    columns: usize,
}

impl Matrix<'_> {
    fn times(&self, x: &[f64]) -> Vec<f64> {
        self.numbers.par_chunks_exact(self.columns).map(|row| row.iter().zip(x).map(|(w, x)| f64::from(*w) * x).sum()).collect()
    }

    fn transposed_times(&self, x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.columns];
        // over columns, so that every sum has one order
        out.par_chunks_mut(256).enumerate().for_each(|(i, out)| {
            for (row, x) in self.numbers.chunks_exact(self.columns).zip(x) {
                let row = row.iter().skip(i * 256);
                out.iter_mut().zip(row).for_each(|(o, w)| *o += f64::from(*w) * x);
            }
        });
        out
    }

    /// The symmetric matrix on the smaller side, W Wᵀ or Wᵀ W.
    fn square_times(&self, x: &[f64]) -> Vec<f64> {
        if self.rows < self.columns { self.times(&self.transposed_times(x)) } else { self.transposed_times(&self.times(x)) }
    }
}

/// The `rank` largest of `weight` `[outputs, inputs]`; `rank` is at most as large as its smaller side.
pub(super) fn top(weight: &[f32], [rows, columns]: [usize; 2], rank: usize) -> Top {
    let matrix = Matrix { numbers: weight, rows, columns };
    let side = rows.min(columns);
    let (mut basis, mut diagonal, mut beside): (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) = (vec![], vec![], vec![]);
    let mut next = fresh(side, 0, &basis);
    let mut check = (2 * rank + 16).min(side);
    let vectors = loop {
        let mut w = matrix.square_times(&next);
        diagonal.push(dot(&w, &next));
        basis.push(next);
        let length = orthogonalise(&mut w, &basis);
        let done = basis.len();
        let scale = diagonal.iter().fold(0.0f64, |m, d| m.max(d.abs()));
        if done >= check || done == side {
            let (values, vectors) = eigen(&diagonal, &beside);
            let largest = values.first().copied().unwrap_or_default().max(f64::MIN_POSITIVE);
            let rest = |v: &Vec<f64>| (length * v.last().copied().unwrap_or_default()).abs() / largest;
            if done == side || vectors.iter().take(rank).all(|v| rest(v) < EXACT) {
                break vectors;
            }
            check = (done * 3 / 2).min(side);
        }
        if length > 1e-14 * scale {
            w.iter_mut().for_each(|v| *v /= length);
            beside.push(length);
            next = w;
        } else {
            // the matrix has no more to say in this direction: any other one goes on
            next = fresh(side, done as u32, &basis);
            beside.push(0.0);
        }
    };
    let mut found = Top { u: vec![0.0; rows * rank], v: vec![0.0; rank * columns] };
    for (r, weights) in vectors.iter().take(rank).enumerate() {
        let mut small = vec![0.0; side];
        for (q, weight) in basis.iter().zip(weights) {
            small.iter_mut().zip(q).for_each(|(s, q)| *s += weight * q);
        }
        let mut large = if rows < columns { matrix.transposed_times(&small) } else { matrix.times(&small) };
        let length = dot(&large, &large).sqrt().max(f64::MIN_POSITIVE);
        large.iter_mut().for_each(|v| *v /= length);
        let (u, v) = if rows < columns { (small, large) } else { (large, small) };
        let sign = u.iter().fold(0.0f64, |m, x| if x.abs() > m.abs() { *x } else { m }).signum();
        found.u.iter_mut().skip(r).step_by(rank).zip(&u).for_each(|(o, x)| *o = (sign * x) as f32);
        found.v.iter_mut().skip(r * columns).zip(&v).for_each(|(o, x)| *o = (sign * x) as f32);
    }
    found
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Takes off `w` what lies along `basis`, twice, as once leaves a rest of rounding. Returns the length of what is left.
fn orthogonalise(w: &mut [f64], basis: &[Vec<f64>]) -> f64 {
    for _ in 0..2 {
        for q in basis {
            let along = dot(w, q);
            w.iter_mut().zip(q).for_each(|(w, q)| *w -= along * q);
        }
    }
    dot(w, w).sqrt()
}

/// A direction of length 1 that isn't in `basis`, always the same one.
fn fresh(side: usize, variation: u32, basis: &[Vec<f64>]) -> Vec<f64> {
    let normals = Sequence { seed: 0, stream: Stream::Sampler, variation }.normals(0..side as u64);
    let mut w: Vec<f64> = normals.into_iter().map(f64::from).collect();
    let length = orthogonalise(&mut w, basis).max(f64::MIN_POSITIVE);
    w.iter_mut().for_each(|v| *v /= length);
    w
}

/// Eigenvalues, the largest first, and eigenvectors of a tridiagonal matrix, by QL steps with implicit shifts.
fn eigen(diagonal: &[f64], beside: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = diagonal.len();
    let (mut d, mut e) = (diagonal.to_vec(), beside.to_vec());
    e.resize(n, 0.0);
    // rows are eigenvectors in the making
    let mut vectors = vec![vec![0.0; n]; n];
    for (i, row) in vectors.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for first in 0..n {
        // each value takes a few steps; the bound is for matrices that never settle
        for _ in 0..60 {
            let settled = |i: &usize| e[*i].abs() <= f64::EPSILON * (d[*i].abs() + d[*i + 1].abs());
            let last = (first..n - 1).find(settled).unwrap_or(n - 1);
            if last == first {
                break;
            }
            step(&mut d, &mut e, &mut vectors, first, last);
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|i, j| d[*j].total_cmp(&d[*i]));
    (order.iter().map(|i| d[*i]).collect(), order.iter().map(|i| vectors[*i].clone()).collect())
}

/// One QL step on the rows `first` to `last`: a bulge is chased from the last row to the first one.
fn step(d: &mut [f64], e: &mut [f64], vectors: &mut [Vec<f64>], first: usize, last: usize) {
    let half = (d[first + 1] - d[first]) / (2.0 * e[first]);
    let mut g = d[last] - d[first] + e[first] / (half + half.hypot(1.0).copysign(half));
    let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
    for i in (first..last).rev() {
        let (f, b) = (s * e[i], c * e[i]);
        let r = f.hypot(g);
        e[i + 1] = r;
        if r == 0.0 {
            d[i + 1] -= p;
            e[last] = 0.0;
            return;
        }
        (s, c) = (f / r, g / r);
        g = d[i + 1] - p;
        let turn = (d[i] - g) * s + 2.0 * c * b;
        p = s * turn;
        d[i + 1] = g + p;
        g = c * turn - b;
        let (before, after) = vectors.split_at_mut(i + 1);
        for (x, y) in before[i].iter_mut().zip(after[0].iter_mut()) {
            (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
        }
    }
    d[first] -= p;
    e[first] = g;
    e[last] = 0.0;
}

#[cfg(test)]
mod test {
    use super::*;

    /// What singular vectors are: W v = σ u and Wᵀ u = σ v, of length 1 and at right angles, with the signs that are promised.
    #[test]
    fn vectors_are_singular_orthogonal_and_of_one_sign() {
        for (rows, columns, rank) in [(40, 12, 5), (12, 40, 12), (1, 7, 1), (64, 64, 8)] {
            let draw = Sequence { seed: 3, stream: Stream::Chords, variation: rows as u32 };
            let weight = draw.normals(0..(rows * columns) as u64);
            let Top { u, v } = top(&weight, [rows, columns], rank);
            let matrix = Matrix { numbers: &weight, rows, columns };
            let (us, vs): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (0..rank)
                .map(|r| {
                    let u = u.iter().skip(r).step_by(rank).map(|x| f64::from(*x)).collect::<Vec<_>>();
                    (u, v[r * columns..(r + 1) * columns].iter().map(|x| f64::from(*x)).collect())
                })
                .unzip();
            let mut last = f64::INFINITY;
            for (r, (u, v)) in us.iter().zip(&vs).enumerate() {
                let image = matrix.times(v);
                let sigma = dot(&image, u);
                assert!(sigma <= last + 1e-5 && image.iter().zip(u).all(|(a, b)| (a - sigma * b).abs() < 1e-5));
                last = sigma;
                for other in 0..rank {
                    let expected = if other == r { 1.0 } else { 0.0 };
                    assert!((dot(u, &us[other]) - expected).abs() < 1e-5 && (dot(v, &vs[other]) - expected).abs() < 1e-5);
                }
                assert!(u.iter().fold(0.0f64, |m, x| if x.abs() > m.abs() { *x } else { m }) > 0.0);
            }
        }
    }
}
