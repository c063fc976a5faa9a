//! CPU kernels for small networks: linear layers with packed weights, convolutions, norms, attention.
//!
//! Written over [`pulp`], which picks AVX2, AVX-512, NEON or plain scalar code at run time and needs no `unsafe` here.
//! Work is split over the rows of the output by [`rayon`] (the pool in which the caller runs). Each output value is summed in
//! one fixed order, so results are the same, bit for bit, with any number of threads.

mod attention;
mod conv;
mod depthwise;
mod dyt;
mod gate;
mod linear;
mod math;
mod mix;
mod norm;
mod pack;
mod rms;
mod rotate;
mod rows;
mod simd;
mod snake;
mod transposed;

pub use attention::{Attention, Memory};
pub use conv::{Conv1d, ConvShape};
pub use depthwise::Depthwise;
pub use dyt::dyt;
pub use gate::{geglu, silu, singlu, swiglu};
pub use linear::{Epilogue, linear};
pub use mix::{Factor, add_scaled};
pub use norm::{film_norm, layer_norm, layer_norm_with};
pub use pack::Packed;
pub use rms::rms_norm;
pub use rotate::rotate;
pub use snake::snake;
pub use transposed::ConvTranspose1d;

#[cfg(test)]
mod test;
