//! A block's notes and slot changes in the player's words.

use inlay_player::{Event, EventKind};
use nice_plug::prelude::NoteEvent;

/// Events of a block that are heard; what a host sends beyond is left out.
const MOST: usize = 1024;

/// The events of one block. Its memory is allocated once.
#[derive(Debug)]
pub(crate) struct Events(Vec<Event>);

impl Default for Events {
    fn default() -> Self {
        Self(Vec::with_capacity(MOST))
    }
}

impl Events {
    /// Starts a block.
    ///
    /// # Realtime safety
    /// Frees nothing: events own nothing.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The parameter names another slot, from the block's first frame on.
    ///
    /// # Realtime safety
    /// Never grows.
    pub fn select(&mut self, slot: u8) {
        self.push(0, EventKind::Select { slot });
    }

    /// Another slot that holds a take, from the block's first frame on.
    ///
    /// # Realtime safety
    /// Never grows.
    pub fn step(&mut self, forward: bool) {
        self.push(0, EventKind::Step { forward });
    }

    /// A note, or anything else that is no business of the player's.
    ///
    /// # Realtime safety
    /// Never grows.
    pub fn note<S>(&mut self, event: &NoteEvent<S>) {
        match *event {
            NoteEvent::NoteOn { timing, key, velocity, .. } => {
                if let Some(note) = key.number() {
                    self.push(timing, EventKind::NoteOn { note, velocity });
                }
            }
            NoteEvent::NoteOff { timing, key, .. } | NoteEvent::Choke { timing, key, .. } => {
                // one that names no key means all
                self.push(timing, key.number().map_or(EventKind::AllNotesOff, |note| EventKind::NoteOff { note }));
            }
            _ => {}
        }
    }

    /// In order.
    pub fn as_slice(&self) -> &[Event] {
        &self.0
    }

    fn push(&mut self, at: u32, kind: EventKind) {
        if self.0.len() < MOST {
            self.0.push(Event { at, kind });
        }
    }
}
