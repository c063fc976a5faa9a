//! What an instance says to its user.

use std::path::PathBuf;

/// A sentence, and where it belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Names it, to take it off.
    pub id: u64,
    /// What kind of thing happened.
    pub tone: Tone,
    /// What it is about.
    pub place: Place,
    /// The sentence.
    pub text: String,
    /// The file that it is about, where there is one to be shown.
    pub file: Option<PathBuf>,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Notice,
    /// Something did not work.
    Failure,
}

/// Where in the window a message belongs: it is shown where it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The prompt line.
    Prompt,
    /// The chord lane.
    Chords,
    /// The take in the middle.
    Take,
    /// A slot.
    Slot(u8),
    /// Export and import.
    Files,
    /// The instance as a whole: state, model, host.
    Instance,
}
