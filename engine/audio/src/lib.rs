//! Audio as samples: its rates, its level, its sides, its tempo; no models, no threads.

pub mod file;
pub mod loudness;
pub mod rates;
pub mod stereo;
pub mod stretch;
