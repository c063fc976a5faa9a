//! The tempo of audio that was made for a tempo, but not by a clock.

use super::{Heard, grid, search};
use crate::onsets::Onset;
use inlay_music::SampleRate;

/// How far from the tempo asked for is looked.
pub const REACH: f64 = 0.06;
/// Less of what begins on sixteenths is no beat.
const CONFIDENCE: f32 = 0.6;
/// What the beats of a whole piece may slip by and still lie where they were asked for, in seconds.
const SLIP: f64 = 0.004;

/// What is heard in audio that was asked for at a tempo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Beats a minute.
    pub bpm: f64,
    /// Where the first bar begins, in seconds.
    pub downbeat: f64,
    /// Share of what begins that falls on sixteenths, 0 to 1.
    pub confidence: f32,
}

/// The tempo of one channel of audio that should be `asked` beats a minute, as far as it is within [`REACH`] of that, and its first downbeat.
/// Nothing where no beat is heard there. A tempo that can't be told from the one asked for is that.
pub fn near(mono: &[f32], rate: SampleRate, asked: f64) -> Option<Near> {
    let heard = Heard::new(mono, rate);
    let (first, last) = (heard.all.first()?, heard.all.last()?);
    let length = last.time - first.time;
    if heard.all.len() < 4 || length < 60.0 / asked {
        return None;
    }
    // so fine that sixteenths slip by a tenth over the whole length
    let step = 0.1 * 60.0 / (4.0 * asked * length.max(4.0));
    let count = (REACH / step).ceil();
    let bell = |deviation: f64| (-0.5 * (deviation / (0.5 * REACH)).powi(2)).exp();
    let tempos = (-count as i32..=count as i32).map(|k| f64::from(k) * REACH / count);
    let scored = tempos.map(|deviation| (search::score(&heard.all, asked * (1.0 + deviation)) * bell(deviation), deviation));
    let (_, deviation) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let found = placed(&heard.all, search::refined(&heard.all, asked * (1.0 + deviation)), asked, length);
    let beat = 60.0 / found;
    let downbeat = grid::downbeat(&heard, beat, false);
    let confidence = grid::on_sixteenths(&heard.all, beat, downbeat);
    let within = (found / asked - 1.0).abs() <= 1.05 * REACH;
    (confidence >= CONFIDENCE && within).then_some(Near { bpm: found, downbeat, confidence })
}

/// The tempo asked for, where what was found can't be told from it.
fn placed(onsets: &[Onset], found: f64, asked: f64, length: f64) -> f64 {
    let same = (found / asked - 1.0).abs() * length < SLIP;
    let better = search::score(onsets, found) > 1.02 * search::score(onsets, asked);
    if same || !better { asked } else { found }
}

#[cfg(test)]
mod test {
    use super::*;

    /// A click on each of the beats from `start`, the first of four louder and lower.
    fn clicks(bpm: f64, start: f64, seconds: f64) -> Vec<f32> {
        let mut audio = vec![0.0f32; (seconds * 44_100.0) as usize];
        let beats = ((seconds - start) * bpm / 60.0) as usize;
        for beat in 0..beats * 2 {
            let at = ((start + beat as f64 * 30.0 / bpm) * 44_100.0) as usize;
            let (level, pitch) = match beat % 8 {
                0 => (0.9, 60.0),
                4 => (0.6, 60.0),
                2 | 6 => (0.6, 900.0),
                _ => (0.2, 5000.0),
            };
            for i in 0..4000.min(audio.len().saturating_sub(at)) {
                let t = i as f32 / 44_100.0;
                audio[at + i] += level * (-t * 40.0).exp() * (std::f32::consts::TAU * pitch * t).sin();
            }
        }
        audio
    }

    #[test]
    fn a_tempo_that_is_a_little_off_is_measured() {
        for (asked, played) in [(92.0, 91.2), (120.0, 123.5), (174.0, 170.0), (70.0, 70.0), (140.0, 139.3)] {
            let heard = near(&clicks(played, 0.21, 12.0), SampleRate::CD, asked).unwrap();
            assert!((heard.bpm / played - 1.0).abs() < 1e-3, "{played} for {asked}: {heard:?}");
            let bar = 240.0 / played;
            let late = (heard.downbeat - 0.21).rem_euclid(bar);
            assert!(late.min(bar - late) < 0.012, "{played} for {asked}: {heard:?}");
        }
    }

    #[test]
    fn what_cannot_be_told_from_the_tempo_asked_for_is_that() {
        assert_eq!(near(&clicks(120.01, 0.0, 8.0), SampleRate::CD, 120.0).unwrap().bpm, 120.0);
    }

    #[test]
    fn without_a_beat_there_is_nothing_near() {
        let tone: Vec<f32> = (0..441_000).map(|i| (i as f32 * 0.03).sin() * 0.3).collect();
        assert_eq!(near(&tone, SampleRate::CD, 100.0), None);
        assert_eq!(near(&[], SampleRate::CD, 100.0), None);
        // hits where no grid is
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state) / f64::from(u32::MAX)
        };
        let mut audio = vec![0.0f32; 441_000];
        for _ in 0..40 {
            let at = (random() * 430_000.0) as usize;
            (0..2000).for_each(|i| audio[at + i] += 0.5 * (-(i as f32) / 300.0).exp() * if i % 2 == 0 { 1.0 } else { -1.0 });
        }
        assert_eq!(near(&audio, SampleRate::CD, 100.0), None);
    }
}
