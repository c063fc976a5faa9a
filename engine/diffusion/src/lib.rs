//! Diffusion on plain slices of f32: noise, schedules, guidance and samplers over any network that denoises.
//!
//! Nothing here knows music or tensors, uses threads or a clock: the same seed gives the same numbers, bit for bit.

mod denoiser;
mod latents;
mod noise;
mod parameterisation;
mod philox;

pub use denoiser::{Branches, Denoiser, Predictions};
pub use latents::{Latents, ShapeError};
pub use noise::{NoiseSource, Sequence, Stream};
pub use parameterisation::Parameterisation;
pub use philox::philox;
