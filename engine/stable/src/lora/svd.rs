//! The largest singular vectors of a weight, by Lanczos' method with full reorthogonalisation, in f64.

use inlay_diffusion::{Sequence, Stream};
use rayon::prelude::*;

/// How exact a singular value is, beside the largest one.
const EXACT: f64 = 1e-13;

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
        for (row, x) in self.numbers.chunks_exact(self.columns).zip(x) {
            out.iter_mut().zip(row).for_each(|(o, w)| *o += f64::from(*w) * x);
        }
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

/// Eigenvalues, the largest first, and eigenvectors of a tridiagonal matrix, by Jacobi's rotations.
fn eigen(diagonal: &[f64], beside: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = diagonal.len();
    let mut a = vec![0.0; n * n];
    let mut vectors = vec![0.0; n * n];
    for i in 0..n {
        a[i * n + i] = diagonal[i];
        vectors[i * n + i] = 1.0;
        if i + 1 < n {
            a[i * n + i + 1] = beside[i];
            a[(i + 1) * n + i] = beside[i];
        }
    }
    let size = a.iter().map(|v| v * v).sum::<f64>();
    for _ in 0..60 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i * n + j].powi(2)).sum();
        if off <= 1e-32 * size {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, n, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|i, j| a[j * n + j].total_cmp(&a[i * n + i]));
    let vector = |i: &usize| vectors[i * n..(i + 1) * n].to_vec();
    (order.iter().map(|i| a[i * n + i]).collect(), order.iter().map(vector).collect())
}

/// One rotation that brings the number at (p, q) to zero. Rows of `vectors` turn along.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let off = a[p * n + q];
    if off == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let t = if theta == 0.0 { 1.0 } else { t };
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
        let (x, y) = (vectors[p * n + k], vectors[q * n + k]);
        (vectors[p * n + k], vectors[q * n + k]) = (c * x - s * y, s * x + c * y);
    }
}
