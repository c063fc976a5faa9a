//! Layers that candle lacks or is slow at: packed kernels of [`inlay_kernels`] on the CPU, candle's own operations on other devices.
//!
//! Tensors keep time before channels, `[batch, time, channels]`, so that a linear layer is one product of rows.

mod attention;
pub(crate) mod cpu;
mod depthwise;
mod linear;
mod norm;
mod rows;

pub use attention::{Attention, Memory};
pub use depthwise::Depthwise;
pub use linear::{Finish, Linear};
pub use norm::{FilmNorm, LayerNorm};
pub(crate) use rows::{rows_scaled, standardised};
