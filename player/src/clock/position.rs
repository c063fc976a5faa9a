//! Which of the host's two positions holds.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

use crate::transport::Transport;

/// How far the position in frames may be from the one in beats to be the same place, rounded: in beats.
const AGREES: f64 = 1.0 / 960.0;

/// Reads the host's song position, block after block.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Position {
    /// Whether the position in frames has agreed since the anchor, at one tempo.
    by_frames: bool,
    /// The position in frames that the next block has if the song goes on.
    expected: Option<i64>,
}

impl Position {
    /// The song's beat at the block's start, where the host says one. `own`: where the player is; `per_beat`: frames of a beat that
    /// the player's last block ran at, `now`: at the host's tempo of this block.
    pub fn hear(&mut self, host: &Transport, own: f64, fresh: bool, changed: bool, per_beat: f64, now: f64) -> Option<f64> {
        let frames = host.sane_frames();
        let expected = std::mem::replace(&mut self.expected, frames);
        match (host.sane_beats(), frames) {
            (Some(beats), Some(frames)) => {
                let exact = frames as f64 / now;
                self.by_frames &= !changed && (exact - beats).abs() <= AGREES;
                Some(if self.by_frames { exact } else { beats })
            }
            (Some(beats), None) => {
                self.by_frames = false;
                Some(beats)
            }
            // Without beats, frames tell of jumps; under a changing tempo they tell no place.
            (None, Some(frames)) => Some(match expected {
                Some(expected) if !fresh => {
                    let ahead = (frames - expected) as f64;
                    if ahead.abs() > per_beat / 480.0 { frames as f64 / now } else { own + ahead / per_beat }
                }
                _ => frames as f64 / now,
            }),
            (None, None) => None,
        }
    }

    /// The place to start from, given the one that was heard; from now on frames hold where they agree.
    pub fn anchor(&mut self, host: &Transport, heard: f64, now: f64) -> f64 {
        let exact = host.sane_frames().map(|f| f as f64 / now);
        let exact = exact.filter(|e| (e - host.sane_beats().unwrap_or(*e)).abs() <= AGREES);
        self.by_frames = exact.is_some();
        exact.unwrap_or(heard)
    }

    /// A block of `frames` has passed.
    pub fn pass(&mut self, frames: i64) {
        self.expected = self.expected.map(|e| e + frames);
    }
}
