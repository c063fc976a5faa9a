//! Audio as samples: its rates, its level, its sides, its tempo; no models, no threads.

pub mod chroma;
pub mod file;
pub mod loudness;
pub mod onsets;
pub mod rates;
pub mod stereo;
pub mod stretch;
pub mod tempo;
