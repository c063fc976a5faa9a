//! Stable Audio 3 and Stable Audio Open from a folder on disk: text encoder, denoiser, codec and everything between them.
//!
//! ```no_run
//! use candle_core::Device;
//! use inlay_stable::{Folder, Loading, Request, StableAudio3};
//! use std::{ops::ControlFlow, path::Path};
//!
//! let folder = Folder::read(Path::new("stable-audio-3-small-music"), None)?; // headers only: says what is missing
//! let model = StableAudio3::load(&folder, &Device::Cpu, &[], &Loading::unwatched())?;
//! let request = Request::new("dusty boom bap drums, 92 BPM", 8.0, 42);
//! let made = model.sample(&request, &mut |_step| ControlFlow::Continue(()))?;
//! let sound = model.sound(&made, &mut |_part, _parts| ControlFlow::Continue(()))?;
//! assert_eq!(sound[0][0].len(), 8 * 44_100);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`StableAudioOpen`] has the same interface. Struct fields mirror the checkpoint's keys. Everything is f32. On the CPU the layers are [`inlay_kernels`]', with sums in one order
//! whatever the number of threads; on other devices they are candle's operations. Noise comes from [`inlay_diffusion`]'s counter.

mod conditioner;
mod dit;
mod error;
mod folder;
mod found;
mod fourier;
mod guidance;
mod identity;
mod layout;
mod length;
mod loading;
mod lora;
mod model;
mod nn;
mod open;
mod same;
mod sampler;
mod schedule;
mod t5gemma;
mod vocabulary;
mod weights;

#[cfg(test)]
mod testing;

pub use error::{FolderError, LoraError, SettingsError, StableError, WeightsError, is_out_of_memory};
pub use folder::{Config, Folder, Objective, TextConfig, holds_text_encoder, named, write_random, write_random_small};
pub use found::{Found, Listed, Model, Usual};
pub use guidance::Guidance;
pub use identity::Identity;
pub use length::Length;
pub use loading::Loading;
pub use lora::Lora;
pub use model::{Made, Part, Request, Source, StableAudio3, Stereo};
pub use open::{OpenConfig, OpenFolder, OpenObjective, StableAudioOpen};
pub use same::{DecodeNoise, PartProgress};
pub use sampler::{Progress, Sampler};
pub use schedule::Shift;
pub use t5gemma::Tokens;
