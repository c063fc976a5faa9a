//! What an instance of the plugin is: its words, slots, history and jobs, without a host and without a window.

mod command;
mod live;
mod message;
mod snapshot;

pub use command::Command;
pub use live::Live;
pub use message::{Message, Place, Tone};
pub use snapshot::{CaptureView, Desk, EntryView, ExportFormat, FileView, JobId, JobView, ModelView, Peaks, SlotView, Snapshot};
