//! When the low hits of a loop are, in milliseconds.

use inlay_audio::onsets::{Listen, onsets};
use inlay_music::SampleRate;

/// Two onsets nearer than this are one hit, in milliseconds: less than a sixteenth at 174 BPM.
const ONE: f64 = 70.0;

/// Onsets of what lies below 150 Hz, and of nothing else.
pub fn low(mono: &[f32]) -> Vec<f64> {
    heard(mono, 150.0)
}

/// The attacks of hits with something below 150 Hz: onsets below 1 kHz that no other is shortly before, if one below 150 Hz comes with
/// them or shortly after.
pub fn attacks(mono: &[f32]) -> Vec<f64> {
    let length = mono.len() as f64 / 44.1;
    let (low, wide) = (heard(mono, 150.0), heard(mono, 1000.0));
    let after = |from: f64, to: f64| (to - from).rem_euclid(length);
    let first = |at: f64| !wide.iter().any(|o| (1.0..ONE).contains(&after(*o, at)));
    let deep = |at: f64| low.iter().any(|o| after(at - 15.0, *o) < 15.0 + ONE);
    wide.iter().copied().filter(|at| first(*at) && deep(*at)).collect()
}

/// How long after the nearest sixteenth each of `times` is (before: negative).
pub fn off_grid(times: &[f64], bpm: f64) -> Vec<f64> {
    let sixteenth = 15_000.0 / bpm;
    times.iter().map(|t| t - (t / sixteenth).round() * sixteenth).collect()
}

/// Which part of the beats has one of `times` within 30 ms.
pub fn beats_hit(times: &[f64], bpm: f64, beats: usize) -> f64 {
    let beat = 60_000.0 / bpm;
    let length = beat * beats as f64;
    let hit = |k: usize| times.iter().any(|t| (t - k as f64 * beat + 30.0).rem_euclid(length) < 60.0);
    (0..beats).filter(|k| hit(*k)).count() as f64 / beats as f64
}

fn heard(mono: &[f32], below: f64) -> Vec<f64> {
    onsets(mono, SampleRate::CD, Listen { below: Some(below), round: true }).iter().map(|o| 1000.0 * o.time).collect()
}

#[cfg(test)]
mod test {
    use super::super::kicks;
    use super::*;

    #[test]
    fn kicks_on_beats_are_on_sixteenths_and_late_ones_are_late() {
        let input = kicks::on_beats(&kicks::ALL[0], 120.0, 4 * 44_100);
        let mut late = input.clone();
        late.rotate_right(882);
        for times in [low, attacks] {
            let (on, off) = (off_grid(&times(&input), 120.0), off_grid(&times(&late), 120.0));
            assert_eq!((on.len(), off.len()), (8, 8));
            assert!(on.iter().all(|v| v.abs() < 3.0), "{on:?}");
            assert!(off.iter().all(|v| (v - 20.0).abs() < 3.0), "{off:?}");
        }
    }

    #[test]
    fn a_kick_that_falls_from_high_up_is_one_hit_where_it_is_struck() {
        let falling = kicks::Kick { name: "", pitch: 50.0, above: 5.0, fall: 0.03, tail: 0.1, sure: true };
        let input = kicks::on_beats(&falling, 120.0, 4 * 44_100);
        let found = off_grid(&attacks(&input), 120.0);
        assert_eq!(found.len(), 8, "{:?} {found:?}", low(&input));
        assert!(found.iter().all(|v| v.abs() < 5.0), "{found:?}");
    }

    #[test]
    fn a_beat_without_a_kick_is_missed() {
        assert_eq!(beats_hit(&[0.0, 490.0, 1990.0], 120.0, 4), 0.5);
    }
}
