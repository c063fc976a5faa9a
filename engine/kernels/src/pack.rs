//! Weights laid out for the tile kernel, once.

use crate::simd;
use half::{f16, slice::HalfFloatSliceExt};
use pulp::{Simd, WithSimd};

/// A matrix `[k, n]` in panels of two vectors' width: panel by panel, and in each one row of the panel after the other, so that the
/// kernel reads it from front to back. The last panel is filled up with zeros.
#[derive(Debug, Clone)]
pub struct Packed {
    pub(crate) k: usize,
    pub(crate) n: usize,
    pub(crate) width: usize,
    panels: Panels,
}

/// Weights that are f16 by birth stay so in memory: with few rows of input their transport is what takes the time. Products are in f32.
#[derive(Debug, Clone)]
enum Panels {
    Single(Vec<f32>),
    Half(Vec<f16>),
}

impl Packed {
    /// Packs the weight of a linear layer as PyTorch stores it: `weight` `[n, k]` row-major (outputs first).
    ///
    /// # Panics
    /// Where `weight` doesn't hold n · k values.
    pub fn from_weight(weight: &[f32], n: usize, k: usize) -> Self {
        assert_eq!(weight.len(), n * k, "a weight of {n} outputs and {k} inputs");
        let mut packed = Self::pack(n, k, |row, column| weight[column * k + row]);
        if let Panels::Single(all) = &packed.panels
            && all.iter().all(|v| f16::from_f32(*v).to_f32() == *v)
        {
            packed.panels = Panels::Half(all.iter().map(|v| f16::from_f32(*v)).collect());
        }
        packed
    }

    /// Panel `p` `[k, two vectors]` in f32; `room` keeps what had to be converted.
    pub(crate) fn panel<'a>(&'a self, p: usize, room: &'a mut Vec<f32>) -> &'a [f32] {
        let size = self.width * self.k;
        match &self.panels {
            Panels::Single(all) => &all[p * size..][..size],
            Panels::Half(all) => {
                room.resize(size, 0.0);
                all[p * size..][..size].convert_to_f32_slice(room);
                room
            }
        }
    }

    /// How many panels there are.
    pub(crate) fn panels(&self) -> usize {
        self.n.div_ceil(self.width)
    }

    /// Packs a matrix `[k, n]` that `value(row, column)` tells.
    pub(crate) fn pack(n: usize, k: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let width = 2 * lanes();
        let mut panels = vec![0.0; n.div_ceil(width) * width * k];
        for (p, panel) in panels.chunks_exact_mut((width * k).max(1)).enumerate() {
            let columns = (n - p * width).min(width);
            for (row, out) in panel.chunks_exact_mut(width).enumerate() {
                for (c, o) in out[..columns].iter_mut().enumerate() {
                    *o = value(row, p * width + c);
                }
            }
        }
        Self { k, n, width, panels: Panels::Single(panels) }
    }

    /// Inputs.
    pub fn inputs(&self) -> usize {
        self.k
    }

    /// Outputs.
    pub fn outputs(&self) -> usize {
        self.n
    }
}

/// How many f32 the machine's vectors hold.
pub(crate) fn lanes() -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    simd::dispatch(Lanes)
}
