//! How sounds come and go.
//!
//! All fades weigh the two sounds so that the weights add up to 1: no fade is louder than the louder of the two, and two takes of
//! one origin pass into each other unheard. The curve is a polynomial (so that it is the same on every machine) whose slope and
//! bend are 0 at both ends: a fade puts next to nothing above 4 kHz.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

/// Frames before the wrap over which a slip is cross-faded.
pub(crate) const SLIP: i64 = 64;

/// Frames of the fades at one sample rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lengths {
    /// Out of silence: at most 0.5 ms.
    pub start: i64,
    /// Between two sounds, and into silence: 5 ms.
    pub long: i64,
    /// Between two sounds where little time is left: 2 ms.
    pub short: i64,
}

impl Lengths {
    /// At `rate` frames a second.
    pub fn new(rate: f64) -> Self {
        Self { start: (rate * 0.0005) as i64, long: (rate * 0.005).round() as i64, short: (rate * 0.002).round() as i64 }
    }
}

/// From the old sound to the new: in [`Fade::start`]..[`Fade::end`], so that the new one is alone at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fade {
    /// First frame.
    pub start: i64,
    /// The frame after the last.
    pub end: i64,
}

impl Fade {
    /// Weight of the new sound at frame `n`; that of the old one is what lacks to 1.
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn weight(&self, n: i64) -> f32 {
        let t = ((n - self.start) as f32 + 0.5) / (self.end - self.start).max(1) as f32;
        let t = t.clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn weights_rise_from_nothing_to_all() {
        let fade = Fade { start: -10, end: 30 };
        let weights: Vec<f32> = (-12..32).map(|n| fade.weight(n)).collect();
        assert!(weights.windows(2).all(|w| w[0] <= w[1]));
        assert_eq!((weights[0], weights[43]), (0.0, 1.0));
        assert!(weights[2] < 0.001 && weights[41] > 0.999);
    }

    #[test]
    fn a_start_takes_no_more_than_half_a_millisecond() {
        for rate in [44_100.0, 48_000.0, 88_200.0, 96_000.0, 176_400.0, 192_000.0] {
            assert!(Lengths::new(rate).start as f64 <= rate * 0.0005);
        }
    }
}
