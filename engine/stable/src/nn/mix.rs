//! Sums. On the CPU candle would split large ones over threads of its own, which spin while they wait.

use super::cpu;
use crate::error::Result;
use candle_core::{D, Tensor, bail};
use inlay_kernels::{Factor, add_scaled};

/// `xs` + `ys`, which may be one item for all of `xs` `[batch, rows, width]`.
///
/// # Errors
/// Where shapes don't fit.
pub(crate) fn add(xs: &Tensor, ys: &Tensor) -> Result<Tensor> {
    scaled(xs, ys, 1.0)
}

/// `xs` − `ys`.
///
/// # Errors
/// As [`add`].
pub(crate) fn subtract(xs: &Tensor, ys: &Tensor) -> Result<Tensor> {
    scaled(xs, ys, -1.0)
}

fn scaled(xs: &Tensor, ys: &Tensor, factor: f32) -> Result<Tensor> {
    let batch = check(xs, ys)?;
    if cpu::serves(xs.device()) {
        let n = xs.dim(D::Minus1)?;
        return cpu::zip(xs, ys, |x, y, out| add_scaled(x, y, Factor::All(factor), n, batch, out));
    }
    xs.broadcast_add(&(ys * f64::from(factor))?)
}

/// `xs` + `gate` · `ys`: `gate` `[batch, 1, width]`.
///
/// # Errors
/// Where shapes don't fit.
pub(crate) fn add_gated(xs: &Tensor, ys: &Tensor, gate: &Tensor) -> Result<Tensor> {
    let (batch, n) = (check(xs, ys)?, xs.dim(2)?);
    if gate.dims() != [batch, 1, n] {
        bail!("a gate {:?} doesn't fit {:?}", gate.dims(), xs.dims());
    }
    if cpu::serves(xs.device()) {
        let gate = cpu::numbers(gate)?;
        return cpu::zip(xs, ys, |x, y, out| add_scaled(x, y, Factor::Rows(&gate), n, batch, out));
    }
    xs.broadcast_add(&ys.broadcast_mul(gate)?)
}

/// `xs` `[batch, rows, width]` with zeros in the rows where `valid` `[batch, rows, 1]` is 0.
///
/// # Errors
/// Where shapes don't fit.
pub(crate) fn masked(xs: &Tensor, valid: &Tensor) -> Result<Tensor> {
    let (batch, rows, width) = xs.dims3()?;
    if valid.dims() != [batch, rows, 1] {
        bail!("a mask {:?} doesn't fit {:?}", valid.dims(), xs.dims());
    }
    if cpu::serves(xs.device()) {
        let valid = cpu::numbers(valid)?;
        return cpu::map(xs, xs.dims(), |x| {
            x.chunks_exact(width).zip(&valid).flat_map(|(row, v)| row.iter().map(move |x| x * v)).collect()
        });
    }
    xs.broadcast_mul(valid)
}

/// `factor` · `xs`.
///
/// # Errors
/// Where the device fails.
pub(crate) fn scale(xs: &Tensor, factor: f64) -> Result<Tensor> {
    if cpu::serves(xs.device()) {
        return cpu::map(xs, xs.dims(), |x| x.iter().map(|x| x * factor as f32).collect());
    }
    xs * factor
}

/// max(x, 0).
///
/// # Errors
/// Where the device fails.
pub(crate) fn relu(xs: &Tensor) -> Result<Tensor> {
    if cpu::serves(xs.device()) {
        return cpu::map(xs, xs.dims(), |x| x.iter().map(|x| x.max(0.0)).collect());
    }
    xs.relu()
}

/// cap · tanh(x / cap).
///
/// # Errors
/// Where the device fails.
pub(crate) fn capped(xs: &Tensor, cap: f64) -> Result<Tensor> {
    if cpu::serves(xs.device()) {
        let n = xs.dim(D::Minus1)?;
        let (gamma, beta) = (vec![cap as f32; n], vec![0.0; n]);
        return cpu::map(xs, xs.dims(), |x| {
            let mut out = vec![0.0; x.len()];
            inlay_kernels::dyt(x, (1.0 / cap) as f32, &gamma, &beta, &mut out);
            out
        });
    }
    (xs / cap)?.tanh()? * cap
}

/// gelu(`gate`) · `up`, the tanh form of GELU.
///
/// # Errors
/// Where shapes don't fit.
pub(crate) fn geglu(gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    if gate.dims() != up.dims() {
        bail!("a gate {:?} doesn't fit {:?}", gate.dims(), up.dims());
    }
    if cpu::serves(gate.device()) {
        return cpu::zip(gate, up, inlay_kernels::geglu);
    }
    gate.gelu()? * up
}

/// x · sigmoid(x).
///
/// # Errors
/// Where the device fails.
pub(crate) fn silu(xs: &Tensor) -> Result<Tensor> {
    if cpu::serves(xs.device()) {
        return cpu::map(xs, xs.dims(), |x| {
            let mut out = x.to_vec();
            inlay_kernels::silu(&mut out);
            out
        });
    }
    xs.silu()
}

/// Items of `xs`, if `ys` fits it.
fn check(xs: &Tensor, ys: &Tensor) -> Result<usize> {
    if xs.dims() == ys.dims() {
        return if xs.rank() == 3 { xs.dim(0) } else { Ok(1) };
    }
    let (batch, rows, width) = xs.dims3()?;
    if ys.dims() != [1, rows, width] {
        bail!("a sum of {:?} and {:?}", xs.dims(), ys.dims());
    }
    Ok(batch)
}
