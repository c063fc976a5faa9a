//! What the editor draws: everything that an instance is, at one moment, as plain values.
//!
//! A snapshot is made anew after each change and never changes itself. What moves all the time (the playhead, the slot that
//! sounds) is not in it: that is [`Live`](crate::Live).

use crate::message::Message;
use inlay_engine::Progress;
use inlay_music::{Bars, Bpm, ChordChart, Key, Region, Seed, TakeId};
use inlay_player::SLOTS;
pub use inlay_state::ExportFormat;
use std::{path::PathBuf, sync::Arc};

/// An instance as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Counts the changes: equal numbers mean equal snapshots.
    pub revision: u64,
    /// What the next request is made of.
    pub desk: Desk,
    /// The eight slots.
    pub slots: [SlotView; SLOTS],
    /// The slot that was chosen last; it plays from the next boundary on.
    pub selected: u8,
    /// All takes that this instance knows, in the order in which they came.
    pub history: Vec<EntryView>,
    /// What the worker does or will do for this instance, in the order in which it was asked for.
    pub jobs: Vec<JobView>,
    /// What the user should know, oldest first.
    pub messages: Vec<Message>,
    /// What undo would take back, in a word or two; None where there is nothing.
    pub undo: Option<&'static str>,
    /// What redo would do again.
    pub redo: Option<&'static str>,
    /// The capture of the track, where there is one.
    pub capture: CaptureView,
    /// A file that was dropped and waits for its tempo and start to be confirmed.
    pub file: Option<FileView>,
    /// The two slots that are compared, while they are; the first is A.
    pub compare: Option<[u8; 2]>,
    /// Whether the next variations are made while the current one plays.
    pub ahead: bool,
    /// Whether the player runs by itself while the host is stopped.
    pub audition: bool,
    /// Whether this instance has an input (Inlay FX).
    pub effect: bool,
    /// Where exports go.
    pub folder: Option<PathBuf>,
    /// What takes are exported as.
    pub format: ExportFormat,
    /// The last file that was exported.
    pub exported: Option<PathBuf>,
    /// The model that makes takes.
    pub model: ModelView,
    /// Prompts that were used before, newest first, each once.
    pub prompts: Vec<String>,
}

/// What the next request is made of, besides the host's parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// What should sound, as typed.
    pub prompt: String,
    /// What should not be heard, as typed.
    pub negative: String,
    /// Key of this instance.
    pub key: Option<Key>,
    /// The project's key: taken where neither the instance nor the prompt has one.
    pub project_key: Option<Key>,
    /// Chords as typed: "Am | F | C G". Empty: none.
    pub chords: String,
    /// Why the chords can't be used, if they can't.
    pub chords_error: Option<String>,
    /// The seed of the next request where it is pinned.
    pub seed: Seed,
    /// Tempo of its own; None follows the host.
    pub own_tempo: Option<Bpm>,
    /// The tempo that the next request would be made at.
    pub tempo: Bpm,
    /// What shall be made anew, in beats of the take in the selected slot.
    pub regions: Vec<Region>,
}

/// A slot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SlotView {
    /// The take in it.
    pub take: Option<TakeId>,
    /// Never overwritten by new takes.
    pub pinned: bool,
    /// A job that will fill it.
    pub coming: Option<JobId>,
}

/// A take of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryView {
    /// Which take.
    pub take: TakeId,
    /// The take it came from.
    pub parent: Option<TakeId>,
    /// Chosen to be kept with its sound.
    pub favourite: bool,
    /// How it came to be: "generate", "inpaint", ...
    pub task: &'static str,
    /// Its words.
    pub prompt: String,
    /// What was not to be heard.
    pub negative: String,
    /// Length.
    pub bars: Bars,
    /// Tempo.
    pub bpm: Bpm,
    /// Key that it was asked for in.
    pub key: Option<Key>,
    /// The chords that it was made with.
    pub chords: Option<ChordChart>,
    /// Its seed.
    pub seed: Seed,
    /// Which of the seed's variations it is, from 0.
    pub variation: u32,
    /// The name of the model that made it.
    pub model: String,
    /// What it looks like; None where its sound isn't here and has to be made again.
    pub peaks: Option<Arc<Peaks>>,
    /// A clip: it plays once, at this song position in quarter notes.
    pub clip: Option<f64>,
}

/// The outline of a take's sound, for drawing.
#[derive(Debug, PartialEq)]
pub struct Peaks {
    /// Samples of the sound in each bucket.
    pub bucket: usize,
    /// Samples of the sound in all.
    pub frames: usize,
    /// Lowest and highest sample of each bucket, −1 to 1.
    pub range: Vec<[f32; 2]>,
}

/// Names a job of this instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobView {
    /// Which.
    pub id: JobId,
    /// What it does: "generate", "inpaint", ...
    pub task: &'static str,
    /// The slot that its take goes into, as far as that is known.
    pub slot: Option<u8>,
    /// How far it is; None while it waits.
    pub progress: Option<Progress>,
    /// Nobody asked for it: it is made in case somebody will want it.
    pub ahead: bool,
}

/// The capture of the track.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum CaptureView {
    /// None.
    #[default]
    Idle,
    /// It waits for its boundary.
    Armed,
    /// It runs: captured beats, of how many.
    Running {
        /// Quarter notes so far.
        done: f64,
        /// Quarter notes in all.
        beats: f64,
    },
}

/// A file that was dropped.
#[derive(Debug, Clone, PartialEq)]
pub struct FileView {
    /// Its name.
    pub name: String,
    /// Its length in seconds.
    pub seconds: f64,
    /// Tempo heard or corrected.
    pub bpm: f64,
    /// Bars that will be taken.
    pub bars: Bars,
    /// Where the first of them begins, in seconds.
    pub start: f64,
    /// What it looks like.
    pub peaks: Arc<Peaks>,
}

/// The model and what it runs on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelView {
    /// Its name.
    pub name: String,
    /// What it runs on.
    pub device: String,
    /// Whether it leaves the graphics processor to others; none where there is nothing to choose.
    pub processor: Option<bool>,
    /// Those that there are, Inlay's own first.
    pub choices: Vec<ModelChoice>,
    /// Where models from disk are looked for.
    pub folder: Option<PathBuf>,
    /// What changes the chosen model, in this order.
    pub loras: Vec<LoraView>,
}

/// A LoRA.
#[derive(Debug, Clone, PartialEq)]
pub struct LoraView {
    /// Its file's name.
    pub name: String,
    /// 0 is off, 1 as trained.
    pub strength: f32,
}

/// A model that can make takes, or can't and why.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelChoice {
    /// Its name; None for Inlay's own.
    pub name: Option<String>,
    /// Where it is; None for Inlay's own.
    pub folder: Option<PathBuf>,
    /// What it is, in a few words.
    pub words: String,
    /// Whether it makes the next takes.
    pub chosen: bool,
    /// Why it can't be used.
    pub problem: Option<String>,
}
