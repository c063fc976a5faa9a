//! Layers over `[batch, time, channels]`: packed kernels of [`inlay_kernels`] on the CPU, candle's own operations on other devices.

mod attention;
pub(crate) mod conv;
pub(crate) mod cpu;
mod gate;
mod heads;
mod linear;
mod mix;
mod norm;
mod snake;

pub(crate) use attention::{Memory, attend, attention, attention_within};
pub(crate) use gate::{singlu, swiglu};
pub(crate) use heads::{Heads, Rotary};
pub(crate) use linear::{Linear, Mlp};
pub(crate) use mix::{add, add_gated, capped, geglu, masked, relu, scale, silu, subtract};
pub(crate) use norm::{DyT, LayerNorm, RmsNorm, rms_norm};
pub(crate) use snake::Snake;
