//! Musical time as a straight line over the player's own count of frames.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

/// Rounds to the nearest whole frame, halves up. The little that is added keeps places that are halves in truth (a bar of 128 BPM
/// at 44.1 kHz has 82 687.5 frames) from falling to either side by the error of the arithmetic.
pub(crate) fn round(frames: f64) -> i64 {
    (frames + (0.5 + 1e-6)).floor() as i64
}

/// Beats over frames: `beat` at frame `n`, and on at one tempo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    /// The player's frame that `beat` is at.
    pub n: i64,
    /// Song position there, in quarter notes; negative before bar 1.
    pub beat: f64,
    /// Frames of one beat, not whole.
    pub per_beat: f64,
}

impl Line {
    /// Through `beat` at frame `n`, at `bpm`.
    pub fn new(n: i64, beat: f64, bpm: f64, rate: f64) -> Self {
        Self { n, beat, per_beat: 60.0 * rate / bpm }
    }

    /// The beat at frame `n`.
    pub fn beat_at(&self, n: i64) -> f64 {
        self.beat + (n - self.n) as f64 / self.per_beat
    }

    /// The frame at which `beat` starts.
    pub fn frame_at(&self, beat: f64) -> i64 {
        self.n.saturating_add(round((beat - self.beat) * self.per_beat))
    }

    /// The same line in a song that starts `beats` earlier.
    pub fn shifted(self, beats: f64) -> Self {
        Self { beat: self.beat + beats, ..self }
    }

    /// Start, number and end of the pass of a loop of `beats` that frame `n` is in: pass k starts at round(origin + k · exact length).
    pub fn pass(&self, n: i64, beats: f64) -> Pass {
        let start = |k: f64| self.frame_at(k * beats);
        let mut k = (self.beat_at(n) / beats).floor();
        // By rounding, a pass starts up to a frame before or after the exact place.
        if start(k + 1.0) <= n {
            k += 1.0;
        } else if start(k) > n {
            k -= 1.0;
        }
        Pass { start: start(k), end: start(k + 1.0) }
    }
}

/// One pass of a loop, in the player's frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pass {
    /// Its first frame.
    pub start: i64,
    /// The next pass's first frame.
    pub end: i64,
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn halves_of_a_frame_never_add_up_at_128_bpm() {
        let line = Line::new(0, 0.0, 128.0, 44_100.0);
        for k in 0..400_i64 {
            let pass = line.pass((k * 165_375 + 1) / 2, 4.0);
            assert_eq!(pass, Pass { start: (k * 165_375 + 1) / 2, end: ((k + 1) * 165_375 + 1) / 2 });
        }
    }

    #[test]
    fn passes_before_bar_1_line_up_with_those_after_it() {
        let line = Line::new(1000, -8.0, 120.0, 48_000.0);
        assert_eq!(line.pass(1000, 16.0), Pass { start: 1000 - 192_000, end: 1000 + 192_000 });
    }

    #[test]
    fn every_frame_is_in_the_pass_that_is_found_for_it() {
        let line = Line::new(17, 3.21, 93.7, 44_100.0);
        for n in -200_000..200_000 {
            let pass = line.pass(n, 1.0);
            assert!(pass.start <= n && n < pass.end);
        }
    }
}
