//! Diffusion on plain slices of f32: noise, schedules, guidance and samplers over any network that denoises.
//!
//! Nothing here knows music or tensors, uses threads or a clock: the same seed gives the same numbers, bit for bit.

mod denoiser;
mod guidance;
mod inpaint;
mod latents;
mod noise;
mod parameterisation;
mod philox;
mod sample;
mod sampler;
mod schedule;
#[cfg(test)]
mod testing;

pub use denoiser::{Branches, Denoiser, Predictions};
pub use guidance::Guidance;
pub use inpaint::{Inpaint, Keep};
pub use latents::{Latents, ShapeError};
pub use noise::{NoiseSource, Sequence, Stream};
pub use parameterisation::Parameterisation;
pub use philox::philox;
pub use sample::{SampleError, Sampling, SettingsError, Start, Step, sample};
pub use sampler::{Sampler, SamplerError};
pub use schedule::{Betas, BetasError, Level, Schedule};
