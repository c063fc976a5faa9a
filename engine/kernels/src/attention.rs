//! Scaled dot-product attention over short sequences.

use crate::{Epilogue, linear, math, pack::Packed, simd};
use pulp::{Simd, WithSimd};
use rayon::prelude::*;
use std::ops::Range;

/// What is attended to: keys and values of one sequence, packed per head. Made once where the sequence stays the same.
#[derive(Debug, Clone)]
pub struct Memory {
    keys: Vec<Packed>,
    values: Vec<Packed>,
    length: usize,
    /// Added to the logits, one number for each key.
    bias: Option<Vec<f32>>,
    band: Option<Band>,
}

/// Which keys a query sees.
#[derive(Debug, Clone, Copy)]
struct Band {
    /// As many from the key with the query's own number on.
    span: usize,
    /// None before this one.
    first: usize,
    /// Nor from this one on.
    end: usize,
}

impl Band {
    /// What query `t` sees of `length` keys.
    #[inline(always)]
    fn seen(self, t: usize, length: usize) -> Range<usize> {
        let end = (t + self.span).min(self.end).min(length);
        t.max(self.first).min(end)..end
    }
}

impl Memory {
    /// From `keys` and `values` `[length, width]` with heads side by side in a row.
    ///
    /// # Panics
    /// Where width isn't a whole number of heads.
    pub fn new(keys: &[f32], values: &[f32], length: usize, heads: usize) -> Self {
        let width = keys.len() / length;
        let size = width / heads;
        assert_eq!(size * heads, width, "attention: a whole number of heads");
        assert_eq!(keys.len(), values.len(), "attention: as many values as keys");
        let scale = 1.0 / (size as f32).sqrt();
        let head = |h: usize| {
            (
                Packed::pack(length, size, |d, j| keys[j * width + h * size + d] * scale),
                Packed::pack(size, length, |j, d| values[j * width + h * size + d]),
            )
        };
        let (keys, values) = (0..heads).map(head).unzip();
        Self { keys, values, length, bias: None, band: None }
    }

    /// The same with `bias` `[length]` added to the logits of the keys: ln n for a key that stands for n equal ones.
    ///
    /// # Panics
    /// Where there isn't one number for each key.
    #[must_use = "this gives the changed memory and leaves nothing behind"]
    pub fn with_bias(mut self, bias: &[f32]) -> Self {
        assert_eq!(bias.len(), self.length, "attention: a bias for each key");
        self.bias = Some(bias.to_vec());
        self
    }

    /// The same where query t sees `span` keys from key t on, as far as they lie in `seen`, and no others.
    #[must_use = "this gives the changed memory and leaves nothing behind"]
    pub fn within(mut self, span: usize, seen: Range<usize>) -> Self {
        self.band = Some(Band { span, first: seen.start, end: seen.end });
        self
    }
}

/// Multi-head attention (Vaswani et al. 2017).
#[derive(Debug, Clone, Copy)]
pub struct Attention {
    /// Heads side by side in a row.
    pub heads: usize,
}

impl Attention {
    /// softmax(q·kᵀ/√d)·v for each head. `query` `[batch, time, width]`; one memory per batch item; returns `[batch, time, width]`.
    ///
    /// # Panics
    /// Where sizes don't fit.
    pub fn forward(self, query: &[f32], memories: &[&Memory]) -> Vec<f32> {
        let batch = memories.len();
        let width = memories[0].values[0].outputs() * self.heads;
        let time = query.len() / batch / width;
        assert_eq!(query.len(), batch * time * width, "attention: whole rows of queries");
        let heads: Vec<Vec<f32>> =
            (0..batch * self.heads).into_par_iter().map(|i| self.head(query, memories[i / self.heads], i, time, width)).collect();
        let mut out = vec![0.0; query.len()];
        let size = width / self.heads;
        for (i, head) in heads.iter().enumerate() {
            let (item, h) = (i / self.heads, i % self.heads);
            for (t, row) in head.chunks_exact(size).enumerate() {
                out[(item * time + t) * width + h * size..][..size].copy_from_slice(row);
            }
        }
        out
    }

    /// One head of one batch item → `[time, size]`.
    fn head(self, query: &[f32], memory: &Memory, index: usize, time: usize, width: usize) -> Vec<f32> {
        let (item, h, size) = (index / self.heads, index % self.heads, width / self.heads);
        let mut q = vec![0.0; time * size];
        for (t, q) in q.chunks_exact_mut(size).enumerate() {
            q.copy_from_slice(&query[(item * time + t) * width + h * size..][..size]);
        }
        let mut scores = vec![0.0; time * memory.length];
        linear(&q, &memory.keys[h], Epilogue { bias: memory.bias.as_deref(), ..Epilogue::default() }, &mut scores);
        simd::dispatch(Softmax { scores: &mut scores, width: memory.length, band: memory.band });
        linear(&scores, &memory.values[h], Epilogue::default(), &mut q);
        q
    }
}

/// Softmax of each row, in place. What a row doesn't see gets 0.
struct Softmax<'a> {
    scores: &'a mut [f32],
    width: usize,
    band: Option<Band>,
}

impl WithSimd for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (t, row) in self.scores.chunks_exact_mut(self.width).enumerate() {
            let Range { start, end } = self.band.map_or(0..self.width, |band| band.seen(t, self.width));
            row[..start].fill(0.0);
            row[end..].fill(0.0);
            let row = &mut row[start..end];
            let mut top = f32::NEG_INFINITY;
            for v in row.iter() {
                top = if *v > top { *v } else { top };
            }
            for v in row.iter_mut() {
                *v = math::exp(*v - top);
            }
            let inverse = 1.0 / math::sum::<false>(row, 0.0);
            for v in row.iter_mut() {
                *v *= inverse;
            }
        }
    }
}
