//! Queries and keys: heads side by side in a row, and their rotation by position.

use super::cpu;
use crate::error::Result;
use candle_core::{Device, Tensor, bail};

/// Heads side by side in the channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heads {
    pub heads: usize,
    pub size: usize,
}

impl Heads {
    /// Channels of all heads.
    pub fn width(self) -> usize {
        self.heads * self.size
    }

    /// `[batch, time, width]` → `[batch, time · heads, size]`, which is a view of the same numbers.
    ///
    /// # Errors
    /// Where the width is another.
    pub fn split(self, xs: &Tensor) -> Result<Tensor> {
        let (batch, time, _) = xs.dims3()?;
        xs.contiguous()?.reshape((batch, time * self.heads, self.size))
    }

    /// The way back.
    ///
    /// # Errors
    /// Where it isn't what [`Heads::split`] gave.
    pub fn join(self, xs: &Tensor) -> Result<Tensor> {
        let (batch, rows, _) = xs.dims3()?;
        xs.reshape((batch, rows / self.heads, self.width()))
    }
}

/// Rotary positions (Su et al. 2021) in half-split pairs: of each head the first 2 · half numbers turn, the others stay.
#[derive(Debug, Clone)]
pub(crate) struct Rotary {
    half: usize,
    rows: usize,
    /// `[rows, half]`
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Rotary {
    /// For positions 0 to `rows`, by the frequencies `inv_freq` `[half]`.
    pub fn new(inv_freq: &[f32], rows: usize) -> Self {
        Self::from(inv_freq, 0, rows)
    }

    /// The same for `rows` positions from `first` on.
    pub fn from(inv_freq: &[f32], first: usize, rows: usize) -> Self {
        let angles: Vec<f32> = (first..first + rows).flat_map(|row| inv_freq.iter().map(move |f| row as f32 * f)).collect();
        let (cos, sin) = angles.iter().map(|a| (libm::cos(f64::from(*a)) as f32, libm::sin(f64::from(*a)) as f32)).unzip();
        Self { half: inv_freq.len(), rows, cos, sin }
    }

    /// `xs` `[batch, rows, width]` → the same shape.
    ///
    /// # Errors
    /// Where it has another number of rows.
    pub fn forward(&self, xs: &Tensor, heads: Heads) -> Result<Tensor> {
        let (batch, rows, width) = xs.dims3()?;
        if rows != self.rows || width != heads.width() || 2 * self.half > heads.size || self.half == 0 {
            bail!("a rotation of {} rows for {heads:?} got the shape {:?}", self.rows, xs.dims());
        }
        if cpu::serves(xs.device()) {
            return cpu::map(xs, xs.dims(), |x| {
                let mut out = x.to_vec();
                inlay_kernels::rotate(&mut out, heads.size, heads.heads, &self.cos, &self.sin, self.half);
                out
            });
        }
        let table = |t: &[f32], device: &Device| Tensor::from_slice(t, (rows, 1, self.half), device);
        let (cos, sin) = (table(&self.cos, xs.device())?, table(&self.sin, xs.device())?);
        let xs = xs.reshape((batch, rows, heads.heads, heads.size))?;
        let (a, b) = (xs.narrow(3, 0, self.half)?, xs.narrow(3, self.half, self.half)?);
        let left = (a.broadcast_mul(&cos)? - b.broadcast_mul(&sin)?)?;
        let right = (b.broadcast_mul(&cos)? + a.broadcast_mul(&sin)?)?;
        let mut turned = vec![left, right];
        if heads.size > 2 * self.half {
            turned.push(xs.narrow(3, 2 * self.half, heads.size - 2 * self.half)?);
        }
        Tensor::cat(&turned, 3)?.reshape((batch, rows, width))
    }
}
