//! The transposed convolution over time, as a product of neighbouring rows.

use crate::{
    ConvShape, Epilogue,
    conv::{Tile, side_by_side},
    linear::{self, ROWS},
    pack::Packed,
    rows,
};

/// A transposed convolution whose kernel is two strides long: every row becomes a group of `stride` rows, with its neighbour's share.
#[derive(Debug, Clone)]
pub struct ConvTranspose1d {
    shape: ConvShape,
    taps: Packed,
    /// As often as a group has rows.
    bias: Option<Vec<f32>>,
}

impl ConvTranspose1d {
    /// From `weight` `[stride, outputs, 2, inputs]`: for each row of a group what it takes of its own input, then of the one before it;
    /// these are PyTorch's taps s and s + stride. `bias` `[outputs]`.
    ///
    /// # Panics
    /// Where sizes don't fit, or the kernel isn't two strides long.
    pub fn new(weight: &[f32], bias: Option<&[f32]>, shape: ConvShape) -> Self {
        let ConvShape { inputs, outputs, kernel, stride, dilation, .. } = shape;
        assert!(kernel == 2 * stride && dilation == 1, "transposed convolution: a kernel of two strides");
        assert!(bias.is_none_or(|b| b.len() == outputs), "transposed convolution: a bias for each output");
        Self { shape, taps: Packed::from_weight(weight, stride * outputs, 2 * inputs), bias: bias.map(|b| b.repeat(stride)) }
    }

    /// `x` `[batch, time, inputs]` → `[batch, rows, outputs]`, as many rows as [`ConvShape::transposed_rows`] tells.
    ///
    /// # Panics
    /// Where `x` isn't whole rows.
    pub fn forward(&self, x: &[f32], batch: usize) -> Vec<f32> {
        let ConvShape { inputs, outputs, stride, padding, .. } = self.shape;
        let time = x.len() / inputs / batch;
        assert_eq!(x.len(), batch * time * inputs, "transposed convolution: whole rows");
        let rows = self.shape.transposed_rows(time);
        let mut out = vec![0.0; batch * rows * outputs];
        let epilogue = Epilogue { bias: self.bias.as_deref(), ..Epilogue::default() };
        rows::split(&mut out, outputs, 4 * inputs * outputs, ROWS * stride, |mut first, mut out| {
            let mut tile = Tile::new(&self.taps);
            let mut made = vec![];
            while !out.is_empty() {
                let (item, row) = (first / rows, first % rows);
                let x = &x[item * time * inputs..][..time * inputs];
                // the first group may begin before the first row, and the last one end after the last
                let (group, skipped) = ((row + padding) / stride, (row + padding) % stride);
                let left = (rows - row).min(out.len() / outputs);
                let groups = (skipped + left).div_ceil(stride).min(tile.rows);
                let seen = tile.gather(groups, |i, seen| side_by_side(x, inputs, (group + i) as isize, -1, seen));
                made.resize(groups * stride * outputs, 0.0);
                linear::part(seen, &self.taps, epilogue, &mut made);
                let count = left.min(groups * stride - skipped);
                let (place, rest) = out.split_at_mut(count * outputs);
                place.copy_from_slice(&made[skipped * outputs..][..place.len()]);
                (first, out) = (first + count, rest);
            }
        });
        out
    }
}
