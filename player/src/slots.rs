//! Eight slots, each with the renditions of one take.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

use crate::clock::same_tempo;
use crate::shelf::{PLACES, Place, Shelf};

/// Slots in an instance.
pub const SLOTS: usize = 8;

/// The renditions of one take that a slot holds, by their places on the shelf.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Set {
    /// The take's length in quarter notes.
    pub beats: f64,
    /// The song position that it was captured at: it sounds there once, and never loops.
    pub clip: Option<f64>,
    /// The last two renditions by tempo.
    pub places: [Option<Place>; 2],
}

impl Set {
    /// The rendition for `tempo`: the one that was made for it, else the nearest.
    pub fn nearest(&self, shelf: &Shelf, tempo: f64) -> Option<Place> {
        let far = |p: &Place| shelf.get(*p).map_or(f64::INFINITY, |s| (s.bpm.max(tempo) / s.bpm.min(tempo)) - 1.0);
        self.places.iter().flatten().copied().min_by(|a, b| far(a).total_cmp(&far(b)))
    }

    /// Whether two sets are of the same take.
    pub fn same_take(&self, other: &Set, shelf: &Shelf) -> bool {
        let take = |s: &Set| s.places.iter().flatten().next().and_then(|p| shelf.get(*p));
        match (take(self), take(other)) {
            (Some(a), Some(b)) => a.rendition.take == b.rendition.take && self.beats == other.beats && self.clip == other.clip,
            _ => false,
        }
    }

    /// The bits of its places.
    fn named(&self) -> u64 {
        self.places.iter().flatten().fold(0, |bits, p| bits | bit(*p))
    }
}

/// A place as a bit.
pub(crate) fn bit(place: Place) -> u64 {
    debug_assert!(usize::from(place) < PLACES);
    1 << place
}

/// Whether a rendition can play as it is: frame by frame.
pub(crate) fn fits(shelf: &Shelf, place: Place, beats: f64, tempo: f64, rate: f64) -> bool {
    shelf.get(place).is_some_and(|s| {
        let exact = beats * 60.0 / tempo * rate;
        same_tempo(tempo, s.bpm) && f64::from(s.rendition.rate.get()) == rate && (s.rendition.left.len() as f64 - exact).abs() <= 1.0
    })
}

/// One slot.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Slot {
    /// What it plays.
    pub now: Option<Set>,
    /// What it plays from the chosen boundary on: nothing is waiting, or a set (or emptiness).
    pub next: Option<Option<Set>>,
}

impl Slot {
    /// Whether there is a take to play from the next boundary on.
    pub fn will_hold(&self) -> bool {
        self.next.unwrap_or(self.now).is_some()
    }

    /// At the boundary.
    ///
    /// # Realtime safety
    /// Copies places only.
    pub fn turn(&mut self) {
        if let Some(set) = self.next.take() {
            self.now = set;
        }
    }

    /// The bits of all places that it names.
    pub fn named(&self) -> u64 {
        self.now.map_or(0, |s| s.named()) | self.next.flatten().map_or(0, |s| s.named())
    }
}
