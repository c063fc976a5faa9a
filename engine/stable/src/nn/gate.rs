//! The gate of a feed-forward layer.

use super::cpu;
use crate::error::Result;
use candle_core::{D, Tensor, bail};

/// a · silu(g): `xs` `[.., 2n]` holds a, then g → `[.., n]`.
///
/// # Errors
/// Where the last dimension is odd.
pub(crate) fn swiglu(xs: &Tensor) -> Result<Tensor> {
    gated(xs, inlay_kernels::swiglu, Tensor::silu)
}

/// a · sin(π g): `xs` `[.., 2n]` holds a, then g → `[.., n]`.
///
/// # Errors
/// Where the last dimension is odd.
pub(crate) fn singlu(xs: &Tensor) -> Result<Tensor> {
    gated(xs, inlay_kernels::singlu, |g| (g * std::f64::consts::PI)?.sin())
}

/// Half of `xs`, multiplied by the `gate` of the other half; or the CPU's `kernel` for both.
fn gated(xs: &Tensor, kernel: fn(&[f32], usize, &mut [f32]), gate: impl Fn(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    let width = xs.dim(D::Minus1)?;
    if !width.is_multiple_of(2) || width == 0 {
        bail!("a gate got the shape {:?}", xs.dims());
    }
    let n = width / 2;
    if cpu::serves(xs.device()) {
        let mut shape = xs.dims().to_vec();
        if let Some(last) = shape.last_mut() {
            *last = n;
        }
        return cpu::map(xs, shape, |x| {
            let mut out = vec![0.0; x.len() / 2];
            kernel(x, n, &mut out);
            out
        });
    }
    xs.narrow(D::Minus1, 0, n)? * gate(&xs.narrow(D::Minus1, n, n)?)?
}
