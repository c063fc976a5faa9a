//! What the CPU paths share.

use crate::error::Result;
use candle_core::{CpuStorage, CustomOp1, Device, Layout, Shape, Tensor, bail};

#[cfg(test)]
thread_local! {
    /// Takes the other devices' path on the CPU, to compare the two.
    pub(crate) static PORTABLE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether the packed kernels serve this device.
pub(crate) fn serves(device: &Device) -> bool {
    #[cfg(test)]
    if PORTABLE.get() {
        return false;
    }
    device.is_cpu()
}

/// Runs `kernel` over a tensor's numbers; it returns those of a tensor of the shape `shape`.
pub(super) fn map(xs: &Tensor, shape: impl Into<Shape>, kernel: impl Fn(&[f32]) -> Vec<f32>) -> Result<Tensor> {
    xs.contiguous()?.apply_op1_no_bwd(&Map { shape: shape.into(), kernel })
}

struct Map<F> {
    shape: Shape,
    kernel: F,
}

impl<F: Fn(&[f32]) -> Vec<f32>> CustomOp1 for Map<F> {
    fn name(&self) -> &'static str {
        "kernel"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (CpuStorage::F32(all), Some((start, end))) = (storage, layout.contiguous_offsets()) else {
            bail!("kernels work on contiguous f32 tensors");
        };
        let out = (self.kernel)(&all[start..end]);
        if out.len() != self.shape.elem_count() {
            bail!("a kernel made {} numbers for the shape {:?}", out.len(), self.shape);
        }
        Ok((CpuStorage::F32(out), self.shape.clone()))
    }
}

/// A tensor's numbers, row-major.
pub(crate) fn numbers(tensor: &Tensor) -> Result<Vec<f32>> {
    tensor.flatten_all()?.to_vec1()
}
