//! One sounding rendition: from the player's frames to the rendition's.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

use crate::fade::{Fade, SLIP};
use crate::line::Line;
use crate::shelf::{Place, Standing};
use crate::sinc::{BEFORE, POINTS, Sinc};

/// What a voice's time comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Lead {
    /// The song: the clock's line of this revision, `ahead` beats further.
    Song {
        /// Of the clock's line.
        revision: u32,
        /// Beats.
        ahead: f64,
    },
    /// A note: the one-shot of this number.
    Shot {
        /// Which one.
        id: u32,
        /// Of its line.
        revision: u32,
    },
}

/// A rendition that sounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Voice {
    /// The slot that it came from.
    pub slot: u8,
    /// Where its rendition stands.
    pub place: Place,
    /// Quarter notes of the loop.
    pub beats: f64,
    /// Where the loop is: its first frame is at multiples of `beats`.
    pub line: Line,
    /// Whether frames are played as they are: the rendition is of the line's tempo.
    pub exact: bool,
    /// Loudness.
    pub gain: f32,
    /// What leads it.
    pub lead: Lead,
}

impl Voice {
    /// Quarter notes since the loop's start, at frame `n`.
    pub fn phase(&self, n: i64) -> f64 {
        self.line.beat_at(n).rem_euclid(self.beats)
    }

    /// Whether `other` sounds the same from now on, given that each follows its lead.
    pub fn is(&self, other: &Voice) -> bool {
        self.place == other.place && self.exact == other.exact && self.gain == other.gain && self.lead == other.lead
    }

    /// How far `other` is from this voice, in frames of the song, the shorter way around the loop.
    pub fn distance(&self, other: &Voice, n: i64) -> f64 {
        let beats = self.line.beat_at(n) - other.line.beat_at(n);
        let around = beats - (beats / self.beats).round() * self.beats;
        around.abs() * self.line.per_beat
    }

    /// Writes what sounds from frame `n` on, without the gain. Both outputs have the same length.
    ///
    /// # Realtime safety
    /// Arithmetic and copies only.
    pub fn read(&self, standing: &Standing, sinc: &Sinc, n: i64, left: &mut [f32], right: &mut [f32]) {
        let (l, r) = (&*standing.rendition.left, &*standing.rendition.right);
        if self.exact { self.copy(l, r, n, left, right) } else { self.vary(l, r, sinc, n, left, right) }
    }

    /// Frame by frame. A pass that is a frame longer or shorter than the rendition slips just before the wrap.
    fn copy(&self, l: &[f32], r: &[f32], n: i64, left: &mut [f32], right: &mut [f32]) {
        let len = l.len();
        let mut at = 0;
        while at < left.len() {
            let m = n + at as i64;
            let pass = self.line.pass(m, self.beats);
            let slips = pass.end - pass.start != len as i64;
            let plain = if slips { pass.end - SLIP } else { pass.end };
            let i = (m - pass.start) as usize % len;
            if m < plain {
                let run = ((plain - m) as usize).min(len - i).min(left.len() - at);
                left[at..at + run].copy_from_slice(&l[i..i + run]);
                right[at..at + run].copy_from_slice(&r[i..i + run]);
                at += run;
            } else {
                // Into what the next pass has before its start.
                let j = (m - pass.end).rem_euclid(len as i64) as usize;
                let w = Fade { start: plain, end: pass.end }.weight(m);
                left[at] = l[i] + w * (l[j] - l[i]);
                right[at] = r[i] + w * (r[j] - r[i]);
                at += 1;
            }
        }
    }

    /// Between frames, at the line's speed.
    fn vary(&self, l: &[f32], r: &[f32], sinc: &Sinc, n: i64, left: &mut [f32], right: &mut [f32]) {
        let len = l.len();
        // Of the frame's number alone, so that blocks make no difference.
        let (origin, step) = (self.line.beat / self.beats, 1.0 / (self.line.per_beat * self.beats));
        let first = n - self.line.n;
        for (k, (left, right)) in (first..).zip(left.iter_mut().zip(right)) {
            let turns = origin + k as f64 * step;
            // Cheaper than floor(), which is a call on the oldest machines.
            let whole = turns as i64 - i64::from(turns < 0.0);
            let place = (turns - whole as f64) * len as f64;
            let i = (place as usize).min(len - 1);
            let weights = sinc.weights(place - i as f64);
            (*left, *right) = (dot(&weights, &around(l, i)), dot(&weights, &around(r, i)));
        }
    }
}

/// The points around frame `i` of a loop.
fn around(samples: &[f32], i: usize) -> [f32; POINTS] {
    let inside = i.checked_sub(BEFORE - 1).and_then(|first| samples.get(first..first + POINTS)?.try_into().ok());
    inside.unwrap_or_else(|| std::array::from_fn(|k| samples[(i + samples.len() + k - (BEFORE - 1)) % samples.len()]))
}

/// Sum of products: four sums beside each other, in one order whatever the machine.
fn dot(weights: &[f32; POINTS], samples: &[f32; POINTS]) -> f32 {
    let mut sums = [0.0_f32; 4];
    for (w, s) in weights.chunks_exact(4).zip(samples.chunks_exact(4)) {
        for lane in 0..4 {
            sums[lane] += w[lane] * s[lane];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}
