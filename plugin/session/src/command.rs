//! What a user can ask of an instance.

use crate::snapshot::{ExportFormat, JobId};
use inlay_music::{Bars, Bpm, Key, Region, Seed, TakeId};
use std::path::PathBuf;

/// Something that a user asks for. None of them waits: what comes of it is in the next snapshots.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The words of the next request.
    Prompt(String),
    /// What should not be heard.
    Negative(String),
    /// The key of this instance.
    Key(Option<Key>),
    /// The project's key, for all instances that have none of their own.
    ProjectKey(Option<Key>),
    /// Chords as typed.
    Chords(String),
    /// A tempo of its own; None follows the host.
    OwnTempo(Option<Bpm>),
    /// The seed of the next request, where it is pinned (parameter "seed lock").
    Seed(Seed),
    /// The parts of the selected slot's take to make anew.
    Regions(Vec<Region>),

    /// Makes a take from the words.
    Generate,
    /// Makes the regions of the selected slot's take anew.
    Inpaint,
    /// Makes a variation of the selected slot's take.
    Vary,
    /// Stops a job; None stops all that a user asked for.
    Cancel(Option<JobId>),

    /// Plays another slot from the boundary on.
    Select(u8),
    /// The next (or the previous) slot that holds a take.
    Step {
        /// Forward, or back.
        forward: bool,
    },
    /// Keeps new takes out of a slot, or lets them in again.
    Pin {
        /// Which slot.
        slot: u8,
        /// Whether it is kept.
        pinned: bool,
    },
    /// Empties a slot; its take stays in the history.
    Clear(u8),
    /// Puts a take of the history into a slot.
    Put {
        /// Which take.
        take: TakeId,
        /// Where; None: as a new take would go.
        slot: Option<u8>,
    },
    /// Keeps a take with its sound, or no longer.
    Favourite {
        /// Which take.
        take: TakeId,
        /// Whether it is one.
        favourite: bool,
    },
    /// Takes the last change of slots, history or desk back.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Compares the selected slot (A) with another (B), or ends that.
    Compare(Option<u8>),
    /// Goes to the other of the two that are compared.
    Flip,

    /// Makes the next variations while the current one plays, or not.
    Ahead(bool),
    /// Plays while the host is stopped, too, or not.
    Audition(bool),
    /// Captures so many bars of the track from the next bar on.
    Capture(Bars),
    /// Ends the capture.
    EndCapture,

    /// Looks for models on disk.
    LookForModels,
    /// Lets the model in this folder make takes; None: Inlay's own.
    Model(Option<PathBuf>),
    /// Whether the chosen model leaves the graphics processor to others.
    Processor(bool),
    /// How strongly a LoRA, by its place in the list, changes the chosen model; None takes it off.
    Lora {
        /// Which one.
        index: usize,
        /// 0 is off, 1 as trained.
        strength: Option<f32>,
    },

    /// Reads an audio file and listens for its tempo; or chooses the model in a folder.
    Drop(PathBuf),
    /// Corrects what was heard in the dropped file.
    Correct {
        /// Its tempo.
        bpm: f64,
        /// Bars to take.
        bars: Bars,
        /// Where they begin, in seconds.
        start: f64,
    },
    /// Makes a take of the dropped file.
    Accept,
    /// Forgets the dropped file.
    Reject,
    /// Makes something new that follows the dropped file, with the words: how far is the parameter "variation".
    Transform,

    /// Where exports go from now on.
    Folder(PathBuf),
    /// What takes are exported as.
    Format(ExportFormat),
    /// Writes a slot's take into the folder.
    Export(u8),
    /// The system could not show this file in a file manager.
    NotShown(PathBuf),
    /// Takes a message off.
    Dismiss(u64),
}
