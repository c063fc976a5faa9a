//! The words of Inlay as types: musical time, harmony, requests and takes.
//!
//! No threads, no tensors, no files. Everything else builds on this crate.

pub mod time;

pub use time::{Bars, Beats, Bpm, Frames, SampleRate, TimeError, loop_length};
