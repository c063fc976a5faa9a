//! Convolutions over time as products of rows: what a filter sees is laid side by side, a few rows at a time.

use crate::{
    Epilogue,
    linear::{self, ROWS},
    pack::Packed,
    rows,
};

/// Sizes of a convolution over time.
#[derive(Debug, Clone, Copy)]
pub struct ConvShape {
    /// Channels of a row that goes in.
    pub inputs: usize,
    /// Channels of a row that comes out.
    pub outputs: usize,
    /// Taps of a filter.
    pub kernel: usize,
    /// Rows from one place of the filter to the next.
    pub stride: usize,
    /// Rows from one tap to the next.
    pub dilation: usize,
    /// Rows of zeros beyond each edge.
    pub padding: usize,
}

impl ConvShape {
    /// As long as its input, with a kernel of an odd number of taps.
    pub fn same(inputs: usize, outputs: usize, kernel: usize, dilation: usize) -> Self {
        Self { inputs, outputs, kernel, stride: 1, dilation, padding: dilation * (kernel - 1) / 2 }
    }

    /// `stride` times shorter, or longer where it is transposed; the kernel is two strides long.
    pub fn strided(inputs: usize, outputs: usize, stride: usize) -> Self {
        Self { inputs, outputs, kernel: 2 * stride, stride, dilation: 1, padding: stride.div_ceil(2) }
    }

    /// Rows from the first tap of a filter to its last.
    pub fn reach(self) -> usize {
        self.dilation * (self.kernel - 1) + 1
    }

    /// How many rows a convolution makes of `time`; none where the filter reaches further than they do.
    pub fn rows(self, time: usize) -> usize {
        (time + 2 * self.padding).checked_sub(self.reach()).map_or(0, |rest| rest / self.stride + 1)
    }

    /// How many rows the transposed convolution makes of `time`.
    pub fn transposed_rows(self, time: usize) -> usize {
        ((time + 1) * self.stride).saturating_sub(2 * self.padding)
    }
}

/// A convolution with zeros beyond the edges.
#[derive(Debug, Clone)]
pub struct Conv1d {
    shape: ConvShape,
    taps: Packed,
    bias: Option<Vec<f32>>,
}

impl Conv1d {
    /// From `weight` `[outputs, kernel, inputs]`: PyTorch's with its last two dimensions exchanged. `bias` `[outputs]`.
    ///
    /// # Panics
    /// Where sizes don't fit.
    pub fn new(weight: &[f32], bias: Option<Vec<f32>>, shape: ConvShape) -> Self {
        assert!(bias.as_ref().is_none_or(|b| b.len() == shape.outputs), "convolution: a bias for each output");
        Self { shape, taps: Packed::from_weight(weight, shape.outputs, shape.kernel * shape.inputs), bias }
    }

    /// `x` `[batch, time, inputs]` → `[batch, rows, outputs]`, as many rows as [`ConvShape::rows`] tells.
    ///
    /// # Panics
    /// Where `x` isn't whole rows.
    pub fn forward(&self, x: &[f32], batch: usize) -> Vec<f32> {
        let ConvShape { inputs, outputs, stride, dilation, padding, .. } = self.shape;
        let time = x.len() / inputs / batch;
        assert_eq!(x.len(), batch * time * inputs, "convolution: whole rows");
        let rows = self.shape.rows(time);
        let mut out = vec![0.0; batch * rows * outputs];
        let epilogue = Epilogue { bias: self.bias.as_deref(), ..Epilogue::default() };
        rows::split(&mut out, outputs, 2 * self.taps.inputs() * outputs, ROWS, |first, out| {
            let mut tile = Tile::new(&self.taps);
            for (i, out) in out.chunks_mut(tile.rows * outputs).enumerate() {
                let first = first + i * tile.rows;
                let seen = tile.gather(out.len() / outputs, |row, seen| {
                    let (item, row) = ((first + row) / rows, (first + row) % rows);
                    let x = &x[item * time * inputs..][..time * inputs];
                    side_by_side(x, inputs, (row * stride) as isize - padding as isize, dilation as isize, seen);
                });
                linear::part(seen, &self.taps, epilogue, out);
            }
        });
        out
    }
}

/// What the filters see of a few rows at once: so many that reading the weights for them pays, so few that they stay in the cache.
pub(crate) struct Tile {
    pub rows: usize,
    width: usize,
    seen: Vec<f32>,
}

impl Tile {
    /// Numbers of a tile.
    const SIZE: usize = 1 << 16;

    pub fn new(taps: &Packed) -> Self {
        let width = taps.inputs();
        Self { rows: (Self::SIZE / width).next_multiple_of(ROWS).clamp(10 * ROWS, 100 * ROWS), width, seen: vec![] }
    }

    /// `count` rows, each written by `row(number, place)`.
    pub fn gather(&mut self, count: usize, row: impl Fn(usize, &mut [f32])) -> &[f32] {
        self.seen.resize(count * self.width, 0.0);
        for (i, place) in self.seen.chunks_exact_mut(self.width).enumerate() {
            row(i, place);
        }
        &self.seen
    }
}

/// Rows of `x` `[time, channels]` side by side: the one with the number `row`, then each `step` further. Zeros beyond the edges.
pub(crate) fn side_by_side(x: &[f32], channels: usize, mut row: isize, step: isize, out: &mut [f32]) {
    for out in out.chunks_exact_mut(channels) {
        match usize::try_from(row).ok().and_then(|row| x.get(row * channels..(row + 1) * channels)) {
            Some(x) => out.copy_from_slice(x),
            None => out.fill(0.0),
        }
        row += step;
    }
}
