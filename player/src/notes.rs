//! MIDI notes 36 to 43: one for each slot.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

use crate::line::Line;
use crate::slots::SLOTS;

/// The note of the first slot (C1 where middle C is C3).
pub const FIRST_NOTE: u8 = 36;

/// What a note does, and what plays without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlayMode {
    /// The selected slot plays with the song; a note selects its slot at the boundary, its end means nothing.
    #[default]
    Switch,
    /// A slot plays in phase with the song while its note is held; the velocity is its gain.
    Gate,
    /// A note plays its slot once from the first beat, at once; its end means nothing.
    OneShot,
}

/// Something at one frame of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// The frame, counted from the block's first.
    pub at: u32,
    /// What.
    pub kind: EventKind,
}

/// What happens at one frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EventKind {
    /// A note begins.
    NoteOn {
        /// MIDI note.
        note: u8,
        /// 0 to 1. A note of velocity 0 is one that ends.
        velocity: f32,
    },
    /// A note ends.
    NoteOff {
        /// MIDI note.
        note: u8,
    },
    /// All notes end.
    AllNotesOff,
    /// A slot is selected, as by an automated parameter; from the boundary on.
    Select {
        /// Which slot, from 0.
        slot: u8,
    },
    /// The next slot that holds a take is selected, or the previous; around the end, from the boundary on.
    Step {
        /// Forward, or back.
        forward: bool,
    },
}

/// The slot that a note plays.
pub(crate) fn slot_of(note: u8) -> Option<u8> {
    note.checked_sub(FIRST_NOTE).filter(|s| usize::from(*s) < SLOTS)
}

/// The notes that are held.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Held {
    notes: [Option<(u64, f32)>; SLOTS],
    count: u64,
}

impl Held {
    /// A note began.
    pub fn press(&mut self, slot: u8, velocity: f32) {
        self.count += 1;
        if let Some(note) = self.notes.get_mut(usize::from(slot)) {
            *note = Some((self.count, if velocity.is_finite() { velocity.clamp(0.0, 1.0) } else { 1.0 }));
        }
    }

    /// A note ended.
    pub fn release(&mut self, slot: u8) {
        if let Some(note) = self.notes.get_mut(usize::from(slot)) {
            *note = None;
        }
    }

    /// The slot and the velocity of the last note that is still held.
    pub fn top(&self) -> Option<(u8, f32)> {
        let held = self.notes.iter().zip(0..).filter_map(|(n, slot)| n.map(|(order, velocity)| (order, slot, velocity)));
        held.max_by_key(|(order, ..)| *order).map(|(_, slot, velocity)| (slot, velocity))
    }
}

/// A slot that was triggered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shot {
    /// Which slot.
    pub slot: u8,
    /// Tells it from the others.
    pub id: u32,
    /// Beats since its start, over frames.
    pub line: Line,
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn notes_36_to_43_are_the_slots() {
        assert_eq!([35, 36, 43, 44].map(slot_of), [None, Some(0), Some(7), None]);
    }

    #[test]
    fn the_last_note_that_is_still_held_sounds() {
        let mut held = Held::default();
        held.press(2, 0.5);
        held.press(5, 0.25);
        assert_eq!(held.top(), Some((5, 0.25)));
        held.release(5);
        assert_eq!(held.top(), Some((2, 0.5)));
        held.release(2);
        assert_eq!(held.top(), None);
    }
}
