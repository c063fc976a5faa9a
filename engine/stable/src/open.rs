//! Stable Audio Open, 1.0 and small: the models before Stable Audio 3 (`stable-audio-tools`), with the same interface.
//!
//! They have no memory tokens, no inpainting and no learned padding; the text encoder is T5, the codec a convolutional one (Oobleck), and
//! a sound always has its whole length.

mod conditioner;
mod config;
mod dit;
mod flow;
mod folder;
mod model;
mod oobleck;
mod sampler;
mod t5;

pub use config::{OpenConfig, OpenObjective};
pub use folder::OpenFolder;
pub use model::StableAudioOpen;

#[cfg(test)]
mod test;
