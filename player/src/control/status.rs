//! What the audio thread shows: the latest values only.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};

/// No slot.
const NONE: u8 = u8::MAX;

/// Where things are, as of the last block. Each value is the latest; two of them may be of neighbouring blocks.
#[derive(Debug)]
pub struct Status {
    running: AtomicBool,
    tempo: AtomicU64,
    beat: AtomicU64,
    slot: AtomicU8,
    phase: AtomicU64,
    selected: AtomicU8,
    lost_facts: AtomicU64,
    lost_frames: AtomicU64,
    seams: AtomicU64,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            running: AtomicBool::new(false),
            tempo: AtomicU64::new(120.0_f64.to_bits()),
            beat: AtomicU64::new(0),
            slot: AtomicU8::new(NONE),
            phase: AtomicU64::new(0),
            selected: AtomicU8::new(0),
            lost_facts: AtomicU64::new(0),
            lost_frames: AtomicU64::new(0),
            seams: AtomicU64::new(0),
        }
    }
}

/// What one block showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Now {
    /// Whether time runs: the host plays, or the player runs free.
    pub running: bool,
    /// Quarter notes a minute.
    pub tempo: f64,
    /// Song position in quarter notes.
    pub beat: f64,
    /// The slot that sounds, and how far into its take it is, in quarter notes.
    pub sounding: Option<(u8, f64)>,
    /// The slot that is selected.
    pub selected: u8,
}

impl Status {
    /// As of the last block.
    pub fn now(&self) -> Now {
        let float = |v: &AtomicU64| f64::from_bits(v.load(Relaxed));
        let slot = self.slot.load(Relaxed);
        Now {
            running: self.running.load(Relaxed),
            tempo: float(&self.tempo),
            beat: float(&self.beat),
            sounding: (slot != NONE).then(|| (slot, float(&self.phase))),
            selected: self.selected.load(Relaxed),
        }
    }

    /// Facts that there was no room for, ever.
    pub fn lost_facts(&self) -> u64 {
        self.lost_facts.load(Relaxed)
    }

    /// Frames of the input that a capture had no room for, ever.
    pub fn lost_frames(&self) -> u64 {
        self.lost_frames.load(Relaxed)
    }

    /// How often the song's line was broken: starts, seams, and differences that were taken up.
    pub fn seams(&self) -> u64 {
        self.seams.load(Relaxed)
    }

    /// # Realtime safety
    /// Stores only.
    pub(crate) fn show(&self, now: &Now, seams: u32) {
        self.running.store(now.running, Relaxed);
        self.tempo.store(now.tempo.to_bits(), Relaxed);
        self.beat.store(now.beat.to_bits(), Relaxed);
        self.slot.store(now.sounding.map_or(NONE, |s| s.0), Relaxed);
        self.phase.store(now.sounding.map_or(0.0, |s| s.1).to_bits(), Relaxed);
        self.selected.store(now.selected, Relaxed);
        self.seams.store(u64::from(seams), Relaxed);
    }

    /// # Realtime safety
    /// Wait-free on all machines with 64-bit atomics.
    pub(crate) fn lose_fact(&self) {
        self.lost_facts.fetch_add(1, Relaxed);
    }

    /// # Realtime safety
    /// Wait-free on all machines with 64-bit atomics.
    pub(crate) fn lose_frames(&self, frames: u64) {
        self.lost_frames.fetch_add(frames, Relaxed);
    }
}
