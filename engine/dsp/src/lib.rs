//! What the codec's log magnitudes mean in audio, and back: short-time spectra around the circle of a loop, the features of the
//! embedded model, and the phases that turn features into sound.
//!
//! A loop has no edges: every frame that runs past the last sample goes on at the first. Frames are tied to beats
//! ([`FRAMES_PER_BEAT`] of them), so that the hop in samples need not be whole. The rate is always [`RATE`].

pub mod circle;

mod analyse;
mod bands;
mod features;
mod griffin_lim;
mod inpaint;
mod parts;
mod phases;
mod regions;
mod resample;
mod synthesise;

pub use analyse::{analyse, distance};
pub use bands::{Magnitudes, denser, magnitudes};
pub use features::{Features, FeaturesError};
pub use griffin_lim::griffin_lim;
pub use inpaint::inpaint_audio;
pub use regions::{Span, paste, spans};
pub use synthesise::{Cancelled, Synthesis, synthesise};

/// Samples per second of the model.
pub const RATE: u32 = 44_100;
/// Frames of features in a beat.
pub const FRAMES_PER_BEAT: usize = 64;
/// Samples of the long window, whose lowest [`LOW_BINS`] bins are features.
pub const LOW_WINDOW: usize = 4096;
/// Samples of the short window, whose bins are gathered into [`MEL_BANDS`] bands.
pub const HIGH_WINDOW: usize = 1024;
/// Bins of the long window that are features as they are: those below [`SPLIT`].
pub const LOW_BINS: usize = 130;
/// Bands above [`SPLIT`].
pub const MEL_BANDS: usize = 62;
/// Where the long window's bins end and the short window's bands begin, in Hz.
pub const SPLIT: f64 = LOW_BINS as f64 * RATE as f64 / LOW_WINDOW as f64;
/// Magnitude that counts as silence (−70 dB): it is added before the logarithm.
pub const FLOOR: f32 = 3e-4;

#[cfg(test)]
mod golden;
