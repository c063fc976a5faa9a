//! What an instance of the plugin is: its words, slots, history and jobs, without a host and without a window.
//!
//! A [`Conductor`] holds a [`Session`] and moves it on in a thread of its own. The [`Link`] is how an editor reaches it: commands go
//! in, snapshots come out. [`Signals`] is all that the audio thread shares with it besides the player's rings.

mod capture;
mod command;
mod conductor;
mod desk;
mod dropped;
mod entry;
mod export;
mod history;
mod jobs;
mod knobs;
mod live;
mod message;
mod models;
mod peaks;
mod playback;
mod project;
mod session;
mod signals;
mod slots;
mod snapshot;
mod undo;

pub use command::Command;
pub use conductor::{Conductor, Link};
pub use desk::sentence;
pub use inlay_engine::maker::{GUIDANCE, STEPS};
pub use knobs::{Host, Knobs};
pub use live::Live;
pub use message::{Message, Place, Tone};
pub use session::Session;
pub use signals::{Signals, TRIGGERS, Trigger};
pub use snapshot::{
    CaptureView, Desk, EntryView, ExportFormat, FileView, JobId, JobView, LoraView, ModelChoice, ModelView, Peaks, SlotView, Snapshot,
};
