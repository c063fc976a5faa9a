//! The words of Inlay as types: musical time, harmony, requests and takes.
//!
//! No threads, no tensors, no files. Everything else builds on this crate.

pub mod chart;
pub mod chord;
pub mod feel;
pub mod key;
pub mod naming;
pub mod pitch;
pub mod progression;
pub mod prompt;
pub mod region;
pub mod request;
pub mod seed;
pub mod take;
pub mod time;

pub use chart::{ChartError, ChordChart};
pub use chord::{Chord, ChordError, Triad};
pub use feel::{Feel, FeelError, Making};
pub use key::{Key, KeyError, Mode};
pub use pitch::{PitchClass, PitchClassSet, PitchError};
pub use progression::{Progression, progression};
pub use prompt::{Prompt, PromptError, Understood};
pub use region::{Region, RegionError, RegionText, Span, merge as merge_regions};
pub use request::{Amount, AmountError, Request, Task};
pub use seed::{Seed, SeedError};
pub use take::{About, Rendition, Sound, Take, TakeId};
pub use time::{Bars, Beats, Bpm, Frames, SampleRate, TimeError, loop_length};
