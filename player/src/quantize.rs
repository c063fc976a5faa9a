//! When a change happens.
//!
//! # Realtime safety
//! Arithmetic and copies only: all of it may run on the audio thread.

use crate::clock::Clock;

/// The boundary that a change waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quantize {
    /// At once.
    Now,
    /// The metre's next beat.
    Beat,
    /// The next bar, as the host counts them.
    #[default]
    Bar,
    /// Where the loop that plays begins again; the next bar where none does.
    Loop,
}

/// The first boundary at or after song position `from`, as a song position; None for "at once". `playing`: the beats of the loop that
/// plays, and where in the song it starts.
pub(crate) fn boundary(when: Quantize, from: f64, clock: &Clock, playing: Option<(f64, f64)>) -> Option<f64> {
    let (beat, count) = clock.metre;
    let (start, step) = match (when, playing) {
        (Quantize::Now, _) => return None,
        (Quantize::Beat, _) => (clock.bar, beat),
        (Quantize::Loop, Some((beats, start))) => (start, beats),
        (Quantize::Bar | Quantize::Loop, _) => (clock.bar, beat * f64::from(count)),
    };
    // A host's position that misses a boundary by its rounding is on it.
    Some(start + ((from - start) / step - 1e-6).ceil() * step)
}

#[cfg(test)]
mod test {
    use super::*;

    fn clock(bar: f64, metre: (f64, u32)) -> Clock {
        let mut clock = Clock::new(48_000.0);
        (clock.bar, clock.metre) = (bar, metre);
        clock
    }

    #[test]
    fn bars_are_the_host_s() {
        let waltz = clock(8.0, (1.0, 3));
        assert_eq!(boundary(Quantize::Bar, 9.5, &waltz, None), Some(11.0));
        assert_eq!(boundary(Quantize::Beat, 9.5, &waltz, None), Some(10.0));
        assert_eq!(boundary(Quantize::Bar, 11.0, &waltz, None), Some(11.0));
    }

    #[test]
    fn seven_eighths_have_beats_of_half_a_quarter_note() {
        let seven = clock(7.0, (0.5, 7));
        assert_eq!(boundary(Quantize::Beat, 7.1, &seven, None), Some(7.5));
        assert_eq!(boundary(Quantize::Bar, 7.1, &seven, None), Some(10.5));
    }

    #[test]
    fn a_loop_ends_where_it_begins_again_also_before_bar_1() {
        let clock = clock(0.0, (1.0, 4));
        assert_eq!(boundary(Quantize::Loop, 17.0, &clock, Some((16.0, 0.0))), Some(32.0));
        assert_eq!(boundary(Quantize::Loop, -17.0, &clock, Some((16.0, 0.0))), Some(-16.0));
        assert_eq!(boundary(Quantize::Loop, 1.0, &clock, None), Some(4.0));
        assert_eq!(boundary(Quantize::Now, 1.0, &clock, None), None);
    }
}
