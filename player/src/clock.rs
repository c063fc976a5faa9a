//! The player's own phase, anchored to the host's position.
//!
//! Hosts round their position: one that is followed block by block jitters. So the host's position sets the phase once, and is only
//! watched from then on. A small difference that stays is taken up at the next wrap ([`Clock::drift`]); a large one is a jump. While
//! the tempo changes, each block's rate is steered towards where the host will be at the block's end.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

mod drift;
mod position;
#[cfg(test)]
mod test;

use crate::line::Line;
use crate::transport::Transport;
use drift::Drift;
use position::Position;

/// A deviation that is a jump, in beats.
pub(crate) const JUMP: f64 = 1.0 / 480.0;
/// The most that a song's tempo glides, in BPM a second; what is faster is a step.
const GLIDE: f64 = 20.0;
/// Frames over which a deviation is steered away while the tempo changes: fewer would make a rounded position audible.
const STEERING: f64 = 2048.0;
/// A deviation that is taken up at once when the tempo has settled, in frames: more than that may be the host's rounding.
const NUDGE: f64 = 2.0;

/// Whether two tempos are the same but for the host's arithmetic.
pub(crate) fn same_tempo(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs()
}

/// Where the song is at each of the player's frames.
#[derive(Debug)]
pub(crate) struct Clock {
    rate: f64,
    /// The song's position over frames, valid from this block's start.
    pub line: Line,
    /// Whether time runs: the host plays, or the player runs free.
    pub running: bool,
    /// Counts the places where the line isn't continuous.
    pub revision: u32,
    /// Counts the starts and jumps.
    pub anchors: u32,
    /// Whether the tempo is the last block's, so that a rendition of this tempo can play as it is.
    pub settled: bool,
    /// Quarter notes a minute at the block's start: the host's, or the last known.
    pub tempo: f64,
    /// Song position of a bar's start.
    pub bar: f64,
    /// The start or jump since which the host's bars have been those.
    bar_of: u32,
    /// Quarter notes in one of the metre's beats, and of those in a bar.
    pub metre: (f64, u32),
    /// Start and end of the host's loop, while the host plays it.
    pub cycle: Option<(f64, f64)>,
    followed: bool,
    last_frames: i64,
    position: Position,
    drift: Drift,
}

impl Clock {
    /// A clock that stands still, for `rate` frames a second.
    pub fn new(rate: f64) -> Self {
        let tempo = 120.0;
        Self {
            rate,
            line: Line::new(0, 0.0, tempo, rate),
            running: false,
            revision: 0,
            anchors: 0,
            settled: true,
            tempo,
            bar: 0.0,
            bar_of: 0,
            metre: (1.0, 4),
            cycle: None,
            followed: false,
            last_frames: 0,
            position: Position::default(),
            drift: Drift::default(),
        }
    }

    /// Hears what the host says at frame `n`, the first of a block of `frames`. `free`: time runs also while the host is stopped.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn begin(&mut self, n: i64, frames: usize, host: &Transport, free: bool) {
        let last = self.tempo;
        self.tempo = host.sane_tempo().unwrap_or(last);
        let changed = !same_tempo(self.tempo, last);
        let metre = self.metre;
        self.metre = host.sane_metre().unwrap_or(metre);
        self.cycle = host.sane_cycle().filter(|_| host.playing);
        let own = self.line.beat_at(n);
        let frames = frames as i64;
        if host.playing {
            let fresh = !self.followed;
            let heard = self.position.hear(host, own, fresh, changed, self.line.per_beat, 60.0 * self.rate / self.tempo);
            let missing = if fresh && !self.running { 0.0 } else { own };
            let song = heard.unwrap_or(missing);
            if fresh || (song - own).abs() > JUMP {
                let exact = self.position.anchor(host, song, 60.0 * self.rate / self.tempo);
                self.anchor(n, exact);
            } else {
                self.follow(n, frames, song - own, last);
            }
            let bar = host.bar.filter(|b| b.abs() <= 1e8).unwrap_or(0.0);
            if self.bar_of != self.anchors || metre != self.metre || !self.is_made_up(bar) {
                (self.bar, self.bar_of) = (bar, self.anchors);
            }
        } else if free && !self.running {
            self.anchor(n, 0.0);
            self.bar = 0.0;
        } else if free {
            self.follow(n, frames, 0.0, last);
        } else if changed || !self.settled {
            // Notes play on while the song stands.
            self.anchor(n, own);
        }
        self.running = host.playing || free;
        self.followed = host.playing;
        self.position.pass(frames);
        self.last_frames = frames;
    }

    /// Whether a bar's start is only counted from the song's, where the host's own bars are known not to be: frameworks that split a
    /// block at an automated parameter make up the bar of its later parts.
    fn is_made_up(&self, bar: f64) -> bool {
        let length = self.metre.0 * f64::from(self.metre.1);
        let counted = |bar: f64| (bar / length - (bar / length).round()).abs() < 1e-6;
        counted(bar) && !counted(self.bar)
    }

    /// Forgets that the host played: its next block is a start.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn stop(&mut self) {
        (self.running, self.followed) = (false, false);
    }

    /// Starts the song at `beat`.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn anchor(&mut self, n: i64, beat: f64) {
        self.line = Line::new(n, beat, self.tempo, self.rate);
        self.settled = true;
        self.drift = Drift::default();
        self.revision = self.revision.wrapping_add(1);
        self.anchors = self.anchors.wrapping_add(1);
    }

    /// Goes on `beats` further ahead (or back), as the host is about to.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn leap(&mut self, beats: f64) {
        self.line = self.line.shifted(beats);
        self.revision = self.revision.wrapping_add(1);
        self.anchors = self.anchors.wrapping_add(1);
    }

    /// Goes on from the last block, where the host is `deviation` beats ahead.
    fn follow(&mut self, n: i64, frames: i64, deviation: f64, last: f64) {
        let own = self.line.beat_at(n);
        if !same_tempo(self.tempo, last) {
            let slope = if self.last_frames > 0 { (self.tempo - last) / self.last_frames as f64 } else { 0.0 };
            let slope = if slope.abs() * self.rate > GLIDE { 0.0 } else { slope };
            let frames = frames.max(1) as f64;
            let mean = (self.tempo + slope * frames / 2.0) / (60.0 * self.rate);
            // Never backwards, and never so fast that it is heard as more than the song's own change.
            let steered = (mean + deviation / frames.max(STEERING)).clamp(mean / 2.0, mean * 2.0);
            self.line = Line { n, beat: own, per_beat: 1.0 / steered };
            self.settled = false;
            self.drift = Drift::default();
        } else if !self.settled {
            let line = Line::new(n, own, self.tempo, self.rate);
            let nudge = if (deviation * line.per_beat).abs() < NUDGE { deviation } else { 0.0 };
            self.line = line.shifted(nudge);
            self.settled = true;
            self.revision = self.revision.wrapping_add(1);
        } else {
            self.drift.watch(deviation * self.line.per_beat, self.last_frames as f64 / self.rate);
        }
    }

    /// Whole frames that the host is ahead of this clock, as seen over many blocks: 0 where that can be its rounding.
    pub fn drift(&self) -> i64 {
        self.drift.frames()
    }

    /// Goes on `frames` further ahead.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn take_up(&mut self, frames: i64) {
        self.line = self.line.shifted(frames as f64 / self.line.per_beat);
        self.drift.restart();
        self.revision = self.revision.wrapping_add(1);
    }
}
