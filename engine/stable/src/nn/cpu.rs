//! What the CPU paths share.

use crate::error::Result;
use candle_core::{CpuStorage, CustomOp1, CustomOp2, Device, Layout, Shape, Tensor, bail};

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
        let out = (self.kernel)(slice(storage, layout)?);
        if out.len() != self.shape.elem_count() {
            bail!("a kernel made {} numbers for the shape {:?}", out.len(), self.shape);
        }
        Ok((CpuStorage::F32(out), self.shape.clone()))
    }
}

/// Runs `kernel` over the numbers of two tensors, into a tensor of the first one's shape.
pub(super) fn zip(xs: &Tensor, ys: &Tensor, kernel: impl Fn(&[f32], &[f32], &mut [f32])) -> Result<Tensor> {
    xs.contiguous()?.apply_op2_no_bwd(&ys.contiguous()?, &Zip(kernel))
}

struct Zip<F>(F);

impl<F: Fn(&[f32], &[f32], &mut [f32])> CustomOp2 for Zip<F> {
    fn name(&self) -> &'static str {
        "kernel of two"
    }

    fn cpu_fwd(&self, xs: &CpuStorage, xs_layout: &Layout, ys: &CpuStorage, ys_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (xs, ys) = (slice(xs, xs_layout)?, slice(ys, ys_layout)?);
        let mut out = vec![0.0; xs.len()];
        (self.0)(xs, ys, &mut out);
        Ok((CpuStorage::F32(out), xs_layout.shape().clone()))
    }
}

/// The numbers of a contiguous f32 tensor.
fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let (CpuStorage::F32(all), Some((start, end))) = (storage, layout.contiguous_offsets()) else {
        bail!("kernels work on contiguous f32 tensors");
    };
    Ok(&all[start..end])
}

/// A tensor's numbers, row-major.
pub(crate) fn numbers(tensor: &Tensor) -> Result<Vec<f32>> {
    tensor.flatten_all()?.to_vec1()
}
