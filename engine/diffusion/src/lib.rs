//! Diffusion on plain slices of f32: noise, schedules, guidance and samplers over any network that denoises.
//!
//! Nothing here knows music or tensors, uses threads or a clock: the same seed gives the same numbers, bit for bit. A network is
//! whatever implements [`Denoiser`]; [`sample`] does the rest.
//!
//! ```
//! use inlay_diffusion::*;
//! use std::ops::ControlFlow;
//!
//! /// Knows one loop only: silence.
//! struct Silence;
//!
//! impl Denoiser for Silence {
//!     type Error = ShapeError;
//!
//!     fn parameterisation(&self) -> Parameterisation {
//!         Parameterisation::Clean
//!     }
//!
//!     fn predict(&mut self, x: &Latents, _time: f32, _branches: Branches) -> Result<Predictions, ShapeError> {
//!         let [batch, frames, channels] = x.shape();
//!         Ok(Predictions { conditioned: Latents::zeros(batch, frames, channels)?, unconditioned: None })
//!     }
//! }
//!
//! let source = NoiseSource::variations(42, 0..2); // two variations of one seed
//! let start = Start::Noise(source.normals(Stream::Latents, 32, 64)?);
//! let sampling = Sampling {
//!     schedule: &Schedule::Cosine,
//!     sampler: "dpm++2m".parse()?,
//!     steps: 16,
//!     guidance: Guidance::NONE,
//!     inpaint: None,
//! };
//! let made = sample(&mut Silence, &sampling, start, &source, &mut |_step| ControlFlow::Continue(()))?;
//! assert_eq!(made, Latents::zeros(2, 32, 64)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
