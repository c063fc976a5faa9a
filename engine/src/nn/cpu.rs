//! What the CPU paths share.

use candle_core::{CpuStorage, DType, Device, Layout, Result, Tensor, bail};

#[cfg(test)]
thread_local! {
    /// Takes the other devices' path on the CPU, to compare the two.
    pub(crate) static PORTABLE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether the packed kernels serve this device.
pub(super) fn serves(device: &Device) -> bool {
    #[cfg(test)]
    if PORTABLE.get() {
        return false;
    }
    device.is_cpu()
}

/// The numbers of a contiguous f32 tensor.
pub(super) fn numbers<'a>(storage: &'a CpuStorage, layout: &Layout, what: &str) -> Result<&'a [f32]> {
    let (CpuStorage::F32(all), Some((start, end))) = (storage, layout.contiguous_offsets()) else {
        bail!("{what} works on contiguous f32 tensors");
    };
    Ok(&all[start..end])
}

/// A small tensor's numbers as they are stored, for packing: f32, row-major.
pub(super) fn weights(tensor: &Tensor) -> Result<Vec<f32>> {
    tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
}
