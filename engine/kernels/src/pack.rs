//! Weights laid out for the tile kernel, once.

use pulp::{Arch, Simd, WithSimd};

/// A matrix [k, n] in panels of two vectors' width: panel by panel, and in each one row of the panel after the other, so that the
/// kernel reads it from front to back. The last panel is filled up with zeros.
#[derive(Debug, Clone)]
pub struct Packed {
    pub(crate) k: usize,
    pub(crate) n: usize,
    pub(crate) width: usize,
    pub(crate) panels: Vec<f32>,
}

impl Packed {
    /// Packs the weight of a linear layer as PyTorch stores it: `weight` [n, k] row-major (outputs first).
    ///
    /// # Panics
    /// Where `weight` doesn't hold n · k values.
    pub fn from_weight(weight: &[f32], n: usize, k: usize) -> Self {
        assert_eq!(weight.len(), n * k, "a weight of {n} outputs and {k} inputs");
        Self::pack(n, k, |row, column| weight[column * k + row])
    }

    /// Packs a matrix [k, n] that `value(row, column)` tells.
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
        Self { k, n, width, panels }
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
    Arch::new().dispatch(Lanes)
}
