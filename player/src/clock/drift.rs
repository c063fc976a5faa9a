//! A difference between the host's position and the player's that stays.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

/// Blocks that are looked at together, at least.
const BLOCKS: u32 = 8;
/// Seconds that are looked at together, at least: short enough that a real drift hardly moves in them.
const SECONDS: f64 = 0.5;
/// A difference that is left alone, in frames.
const LEAST: f64 = 0.75;

/// Deviations of the host's position, in frames.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Drift {
    blocks: u32,
    seconds: f64,
    sum: f64,
    least: f64,
    most: f64,
    /// The mean of the last window.
    mean: f64,
    /// How far the host's own rounding reaches: the widest spread in any window since the start.
    spread: f64,
}

impl Drift {
    /// Takes the deviation of a block in that comes `seconds` after the last.
    pub fn watch(&mut self, frames: f64, seconds: f64) {
        if self.blocks == 0 {
            (self.seconds, self.sum, self.least, self.most) = (0.0, 0.0, frames, frames);
        }
        self.blocks += 1;
        self.seconds += seconds;
        self.sum += frames;
        self.least = self.least.min(frames);
        self.most = self.most.max(frames);
        if self.blocks >= BLOCKS && self.seconds >= SECONDS {
            self.mean = self.sum / f64::from(self.blocks);
            self.spread = self.spread.max(self.most - self.least);
            self.blocks = 0;
        }
    }

    /// Whole frames to take up. What is no more than the host's own rounding is none.
    pub fn frames(&self) -> i64 {
        if self.mean.abs() <= self.spread.max(LEAST) { 0 } else { self.mean.round() as i64 }
    }

    /// Starts to look again after it was taken up.
    pub fn restart(&mut self) {
        *self = Self { spread: self.spread, ..Self::default() };
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn after(deviations: impl Iterator<Item = f64>) -> i64 {
        let mut drift = Drift::default();
        deviations.for_each(|d| drift.watch(d, 0.01));
        drift.frames()
    }

    #[test]
    fn takes_up_what_stays() {
        assert_eq!(after((0..100).map(|_| 7.3)), 7);
        assert_eq!(after((0..100).map(|i| -20.0 - f64::from(i % 10))), -25);
    }

    #[test]
    fn takes_up_what_grows() {
        assert_eq!(after((0..1000).map(|i| f64::from(i) * 0.01)), 10);
    }

    #[test]
    fn leaves_the_rounding_of_hosts_alone() {
        assert_eq!(after((0..100).map(|i| f64::from(i * 7 % 13))), 0);
        assert_eq!(after((0..100).map(|_| 1e-7)), 0);
        assert_eq!(after((0..3).map(|_| 9.0)), 0);
    }
}
