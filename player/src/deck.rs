//! What sounds now, and what it passes into: never more than one fade at a time.
//!
//! A change that comes during a fade waits for its end (5 ms at most): the newest one wins then.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

use crate::fade::{Fade, Lengths, SLIP};
use crate::line::Line;
use crate::shelf::Shelf;
use crate::sinc::Sinc;
use crate::slots::bit;
use crate::voice::{Lead, Voice};

/// Frames that are rendered at a time.
pub(crate) const CHUNK: usize = 256;

/// Two voices are at the same place when they are nearer than this, in frames: less than 24 bits can tell.
const SAME: f64 = 1e-3;

/// What is rendered in one go.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// Left and right of the takes.
    pub take: [[f32; CHUNK]; 2],
    /// How much a take is there, 0 to 1: the input gives way to it.
    pub presence: [f32; CHUNK],
}

impl Chunk {
    /// Silence.
    pub fn new() -> Self {
        Self { take: [[0.0; CHUNK]; 2], presence: [0.0; CHUNK] }
    }
}

/// One voice, or two and a fade.
#[derive(Debug)]
pub(crate) struct Deck {
    now: Option<Voice>,
    next: Option<Voice>,
    fade: Option<Fade>,
    lengths: Lengths,
    scratch: [[f32; CHUNK]; 2],
}

impl Deck {
    /// Silence, at `rate` frames a second.
    pub fn new(rate: f64) -> Self {
        Self { now: None, next: None, fade: None, lengths: Lengths::new(rate), scratch: [[0.0; CHUNK]; 2] }
    }

    /// The fade that runs, if one does.
    pub fn fade(&self) -> Option<Fade> {
        self.fade
    }

    /// What sounds, or will when the fade is over.
    pub fn heard(&self) -> Option<Voice> {
        if self.fade.is_some() { self.next } else { self.now }
    }

    /// Whether a slot sounds.
    pub fn sounds(&self, slot: u8) -> bool {
        [self.now, self.next].iter().flatten().any(|v| v.slot == slot)
    }

    /// The bits of the places that voices name.
    pub fn named(&self) -> u64 {
        [self.now, self.next].iter().flatten().fold(0, |bits, v| bits | bit(v.place))
    }

    /// Keeps the voices between frames on the lines that lead them; those that lost their lead go on as they were.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn follow(&mut self, line: impl Fn(&Lead) -> Option<Line>) {
        for voice in [&mut self.now, &mut self.next].into_iter().flatten().filter(|v| !v.exact) {
            voice.line = line(&voice.lead).unwrap_or(voice.line);
        }
    }

    /// Frames that a fade to `want` takes when it can start now.
    pub fn length(&self, want: Option<&Voice>, n: i64) -> i64 {
        match (&self.now, want) {
            (None, _) => self.lengths.start,
            (Some(_), None) => self.lengths.long,
            (Some(a), Some(b)) if a.place == b.place && a.gain == b.gain && a.distance(b, n) < a.line.per_beat / 480.0 => SLIP,
            (Some(_), Some(Voice { lead: Lead::Shot { .. }, .. })) => self.lengths.short,
            _ => self.lengths.long,
        }
    }

    /// The fewest frames that a fade takes when it comes late.
    pub fn least(&self) -> i64 {
        if self.now.is_none() { self.lengths.start } else { self.lengths.short }
    }

    /// Frames that a fade takes which has all the time it wants.
    pub fn longest(&self) -> i64 {
        if self.now.is_none() { self.lengths.start } else { self.lengths.long }
    }

    /// Frames of a fade into silence.
    pub fn tail(&self) -> i64 {
        self.lengths.long
    }

    /// Ends a fade that is over at frame `n`.
    ///
    /// # Realtime safety
    /// Copies only.
    pub fn finish(&mut self, n: i64) {
        if self.fade.is_some_and(|f| n >= f.end) {
            self.now = self.next.take();
            self.fade = None;
        }
    }

    /// Goes over to `want` from frame `n` on, if it isn't what sounds already and no fade runs. `until`: where the fade shall end.
    ///
    /// # Realtime safety
    /// Arithmetic and copies only.
    pub fn turn(&mut self, n: i64, want: Option<Voice>, until: Option<i64>) {
        if self.fade.is_some() {
            return;
        }
        match (&mut self.now, &want) {
            (None, None) => return,
            (Some(a), Some(b)) if a.is(b) => {
                a.slot = b.slot;
                return;
            }
            (Some(a), Some(b)) if a.place == b.place && a.exact == b.exact && a.gain == b.gain && a.distance(b, n) < SAME => {
                *a = *b;
                return;
            }
            _ => {}
        }
        let end = until.unwrap_or_else(|| n + self.length(want.as_ref(), n));
        self.fade = Some(Fade { start: n, end: end.max(n + 1) });
        self.next = want;
    }

    /// Stops at once.
    pub fn silence(&mut self) {
        (self.now, self.next, self.fade) = (None, None, None);
    }

    /// Writes `frames` from frame `n` on, at most [`CHUNK`].
    ///
    /// # Realtime safety
    /// Arithmetic and copies only.
    pub fn render(&mut self, shelf: &Shelf, sinc: &Sinc, n: i64, frames: usize, out: &mut Chunk) {
        let [left, right] = &mut out.take;
        let (left, right) = (&mut left[..frames], &mut right[..frames]);
        let presence = &mut out.presence[..frames];
        presence.fill(if read(self.now, shelf, sinc, n, left, right) { 1.0 } else { 0.0 });
        if let Some(fade) = self.fade {
            let [l, r] = &mut self.scratch;
            let (l, r) = (&mut l[..frames], &mut r[..frames]);
            let new = if read(self.next, shelf, sinc, n, l, r) { 1.0 } else { 0.0 };
            for i in 0..frames {
                let w = fade.weight(n + i as i64);
                left[i] += w * (l[i] - left[i]);
                right[i] += w * (r[i] - right[i]);
                presence[i] += w * (new - presence[i]);
            }
        }
    }
}

/// Writes what a voice sounds like; says whether it is there at all.
fn read(voice: Option<Voice>, shelf: &Shelf, sinc: &Sinc, n: i64, left: &mut [f32], right: &mut [f32]) -> bool {
    let found = voice.and_then(|v| Some((v, shelf.get(v.place)?)));
    let Some((voice, standing)) = found else {
        left.fill(0.0);
        right.fill(0.0);
        return false;
    };
    voice.read(standing, sinc, n, left, right);
    if voice.gain != 1.0 {
        left.iter_mut().chain(right).for_each(|s| *s *= voice.gain);
    }
    true
}
