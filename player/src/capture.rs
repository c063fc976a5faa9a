//! The input, caught in time with the song.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

use crate::clock::Clock;
use crate::control::{Fact, Spent, Status};
use crate::quantize::{Quantize, boundary};
use rtrb::Producer;

/// What a capture is doing.
#[derive(Debug, Clone, Copy)]
enum State {
    /// Nothing; a ring that is still here goes back.
    Idle,
    /// It waits for the boundary at or after `from`.
    Armed { from: f64, anchors: u32 },
    /// It runs until song position `end`.
    Running { end: f64, anchors: u32, frames: u64, lost: u64 },
}

/// One capture at most. Its ring was allocated when it was armed.
#[derive(Debug)]
pub(crate) struct Capture {
    id: u32,
    ring: Option<Producer<[f32; 2]>>,
    beats: f64,
    when: Quantize,
    state: State,
}

impl Capture {
    /// None.
    pub fn new() -> Self {
        Self { id: 0, ring: None, beats: 0.0, when: Quantize::Now, state: State::Idle }
    }

    /// Whether another one can be armed: the last one's ring is on its way back.
    pub fn is_free(&self) -> bool {
        self.ring.is_none()
    }

    /// Takes a ring. Ask [`Capture::is_free`] first.
    ///
    /// # Realtime safety
    /// Moves the ring only: there is none that it could replace.
    pub fn arm(&mut self, id: u32, ring: Producer<[f32; 2]>, beats: f64, when: Quantize, n: i64, clock: &Clock) {
        debug_assert!(self.ring.is_none());
        (self.id, self.ring) = (id, Some(ring));
        (self.beats, self.when) = (beats, when);
        self.state = State::Armed { from: clock.line.beat_at(n), anchors: clock.anchors };
    }

    /// Begins and ends where it is time at frame `n`; returns what there is to tell.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn advance(&mut self, n: i64, clock: &Clock) -> Option<Fact> {
        if let State::Armed { from, anchors } = &mut self.state
            && *anchors != clock.anchors
        {
            (*from, *anchors) = (clock.line.beat_at(n), clock.anchors);
        }
        match self.state {
            State::Armed { .. } if clock.running && self.edge(n, clock).is_some_and(|at| n >= at) => {
                // Its song position is the boundary's own, not the rounded one of the frame.
                let beat = self.start(clock).unwrap_or(clock.line.beat_at(n));
                self.state = State::Running { end: beat + self.beats, anchors: clock.anchors, frames: 0, lost: 0 };
                Some(Fact::CaptureBegan { capture: self.id, beat, bpm: clock.tempo })
            }
            State::Running { anchors, .. } if !clock.running || anchors != clock.anchors => self.end(false),
            State::Running { end, .. } if n >= clock.line.frame_at(end) => self.end(true),
            _ => None,
        }
    }

    /// Ends it, `whole` where all that was asked for was heard; returns what there is to tell.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn end(&mut self, whole: bool) -> Option<Fact> {
        let (frames, lost) = match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => return None,
            State::Armed { .. } => (0, 0),
            State::Running { frames, lost, .. } => (frames, lost),
        };
        Some(Fact::CaptureEnded { capture: self.id, frames, lost, whole })
    }

    /// The frame at which [`Capture::advance`] has to be asked next, as far as it is known.
    pub fn edge(&self, n: i64, clock: &Clock) -> Option<i64> {
        match self.state {
            State::Armed { .. } if clock.running => Some(self.start(clock).map_or(n, |beat| clock.line.frame_at(beat))),
            State::Running { end, .. } => Some(clock.line.frame_at(end)),
            _ => None,
        }
    }

    /// The song position that an armed one starts at; None for "at once".
    fn start(&self, clock: &Clock) -> Option<f64> {
        let State::Armed { from, .. } = self.state else { return None };
        boundary(self.when, from, clock, None)
    }

    /// Takes frames of the input in. Where the ring is full they are counted and lost.
    ///
    /// # Realtime safety
    /// Copies into the ring; never waits.
    pub fn hear(&mut self, left: &[f32], right: &[f32], status: &Status) {
        let (State::Running { frames, lost, .. }, Some(ring)) = (&mut self.state, &mut self.ring) else { return };
        let before = *lost;
        for frame in left.iter().zip(right).map(|(l, r)| [*l, *r]) {
            match ring.push(frame) {
                Ok(()) => *frames += 1,
                Err(_) => *lost += 1,
            }
        }
        if *lost > before {
            status.lose_frames(*lost - before);
        }
    }

    /// Gives the ring back once it is done, when there is room.
    ///
    /// # Realtime safety
    /// Moves the ring only.
    pub fn give_back(&mut self, back: &mut Producer<Spent>) {
        if matches!(self.state, State::Idle)
            && !back.is_full()
            && let Some(ring) = self.ring.take()
        {
            let pushed = back.push(Spent::Capture(ring));
            debug_assert!(pushed.is_ok());
        }
    }
}
