//! What is kept beside the audio: Inlay's own note, and what other programs want to know of a loop.

use inlay_music::{Beats, Bpm};

/// What Inlay keeps in a file so that it can go on from it. Opaque here: the engine gives both parts their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    /// The request, as JSON. At most [`Note::MAX_JSON`] bytes; empty: nothing is kept.
    pub json: String,
    /// The latents, as bytes. At most [`Note::MAX_LATENTS`]; empty: none are kept.
    pub latents: Vec<u8>,
}

impl Note {
    /// The longest request that is written or read, in bytes.
    pub const MAX_JSON: usize = 1 << 20;
    /// The longest latents that are written or read, in bytes. As base64 they still fit a FLAC metadata block (16 MiB).
    pub const MAX_LATENTS: usize = 8 << 20;

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.json.is_empty() && self.latents.is_empty()
    }
}

/// What a file says about the music in it. Metre is 4/4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet<'a> {
    /// The tempo.
    pub bpm: Bpm,
    /// The length in quarter notes. WAV keeps it rounded to whole beats.
    pub beats: Beats,
    /// The pitch class of the key's root, 0 (C) to 11 (B), if there is a key.
    pub root: Option<u8>,
    /// The key in words, as FLAC files name it ("Am"); empty if there is none.
    pub key: &'a str,
    /// The name of the piece, usually its prompt; empty: no title.
    pub title: &'a str,
    /// Whether it is to be repeated: the loop goes from the first to the last sample.
    pub looped: bool,
    /// What brings the take back.
    pub note: &'a Note,
}

impl Sheet<'_> {
    /// The MIDI note at which a sampler plays the loop as it is: the key's root in the octave of middle C, else middle C.
    pub(super) fn unity(&self) -> u8 {
        60 + self.root.map_or(0, |root| root % 12)
    }

    /// The title on one line, at most 256 characters.
    pub(super) fn one_line(&self) -> String {
        self.title.chars().map(|c| if c.is_control() { ' ' } else { c }).take(256).collect()
    }
}
