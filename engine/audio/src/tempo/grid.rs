//! Beats and bars under a known tempo.

use super::Heard;
use crate::onsets::Onset;
use inlay_music::{Bars, Bpm};
use std::f64::consts::TAU;

/// The tempo near `measured` at which `seconds` are 1, 2, 4, 8 or 16 bars: a whole number (to 0.02) within 0.5 %, any other within
/// 0.15 %, as a file of any length is nearly whole bars at some tempo.
pub(super) fn whole_bars(seconds: f64, measured: f64) -> Option<f64> {
    let at = |bars: Bars| 60.0 * f64::from(bars.beat_count()) / seconds;
    let near = |exact: f64| {
        let whole = (exact - exact.round()).abs() < 0.02;
        let bpm = if whole { exact.round() } else { exact };
        let close = (bpm / measured - 1.0).abs() < if whole { 0.005 } else { 0.0015 };
        (close && (Bpm::MIN..=Bpm::MAX).contains(&bpm)).then_some(bpm)
    };
    Bars::ALL.into_iter().map(at).find_map(near)
}

/// Where in a beat the sixteenths lie, in seconds: the mean phase of the onsets at eighths (sixteenths swing).
pub(super) fn phase(onsets: &[Onset], beat: f64) -> f64 {
    let (mut re, mut im) = (0.0, 0.0);
    for o in onsets {
        let (sin, cos) = (TAU * 2.0 * o.time / beat).sin_cos();
        (re, im) = (re + f64::from(o.strength) * cos, im + f64::from(o.strength) * sin);
    }
    (im.atan2(re) / TAU).rem_euclid(1.0) * beat / 2.0
}

/// How much an onset belongs on a sixteenth of the bar: everything, and what lies below 150 Hz (kicks on one and three, snares on two
/// and four have little bass).
const ALL: [f64; 16] = [1.0, 0.0, 0.2, 0.0, 0.7, 0.0, 0.2, 0.0, 0.8, 0.0, 0.2, 0.0, 0.7, 0.0, 0.2, 0.0];
const LOW: [f64; 16] = [1.0, 0.0, 0.1, 0.1, 0.3, 0.0, 0.3, 0.1, 0.7, 0.0, 0.4, 0.1, 0.3, 0.0, 0.2, 0.0];

/// Where the first bar begins, in seconds, 0 or later: of all places in the first bar the one under which the onsets are most at
/// home. `whole` says that the file is whole bars, and so begins with one.
pub(super) fn downbeat(heard: &Heard, beat: f64, whole: bool) -> f64 {
    let Some(first) = heard.all.first() else { return 0.0 };
    let bar = 4.0 * beat;
    // Phases of eighths and, where those are in the gaps (an offbeat), sixteenths.
    let fine = phase(&heard.all, beat);
    let sum = |onsets: &[Onset], table: &[f64; 16], start: f64| {
        let all: f64 = onsets.iter().map(|o| f64::from(o.strength)).sum();
        let at_home = |o: &Onset| {
            let place = (o.time - start).rem_euclid(bar) / bar * 16.0;
            let away = (place - place.round()) * bar / 16.0;
            f64::from(o.strength) * table[place.round() as usize % 16] * (-(away / 0.02).powi(2)).exp()
        };
        onsets.iter().map(at_home).sum::<f64>() / all.max(1e-9)
    };
    let score = |start: f64| {
        let from_file = (start / bar - (start / bar).round()).abs() * bar;
        let from_first = ((start - first.time) / bar - ((start - first.time) / bar).round()).abs() * bar;
        let near = |seconds: f64| (-(seconds / 0.02).powi(2)).exp();
        sum(&heard.all, &ALL, start)
            + sum(&heard.low, &LOW, start)
            + 0.1 * near(from_first)
            + if whole { 1.0 } else { 0.05 } * near(from_file)
    };
    let mut candidates: Vec<f64> = (0..16).map(|k| (fine + f64::from(k) * beat / 4.0).rem_euclid(bar)).collect();
    candidates.extend([0.0, first.time.rem_euclid(bar)]);
    let best = candidates.into_iter().map(|s| (score(s), s)).max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |b| b.1);
    // Nearly a bar late is a file cut a hair behind its first beat; silence before the music is no bar of it.
    if bar - best < 0.03 {
        return 0.0;
    }
    let silent = ((first.time + 0.03 - best) / bar).floor().max(0.0);
    let start = best + silent * bar;
    // The line through all onsets is steadier than one; but a file that begins with its first hit begins there.
    if start < 0.02 { 0.0 } else { start }
}

/// Share of the onsets' strength that lies within a fifth of a sixteenth or 12 ms of one.
pub(super) fn on_sixteenths(onsets: &[Onset], beat: f64, start: f64) -> f32 {
    let step = beat / 4.0;
    let tolerance = (0.2 * step).max(0.012);
    let (mut on, mut all) = (0.0, 0.0);
    for o in onsets {
        let place = (o.time - start) / step;
        all += o.strength;
        if (place - place.round()).abs() * step < tolerance {
            on += o.strength;
        }
    }
    if all > 0.0 { on / all } else { 0.0 }
}
