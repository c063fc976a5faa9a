//! The tempo that onsets speak for.

use crate::onsets::Onset;
use inlay_music::Bpm;
use std::f64::consts::TAU;

/// How much of the onsets' strength turns in step `rate` times a second, 0 to 1.
fn in_step(onsets: &[Onset], rate: f64) -> f64 {
    let (mut re, mut im, mut all) = (0.0, 0.0, 1e-12);
    for o in onsets {
        let (sin, cos) = (TAU * rate * o.time).sin_cos();
        let weight = f64::from(o.strength);
        (re, im, all) = (re + weight * cos, im + weight * sin, all + weight);
    }
    (re * re + im * im).sqrt() / all
}

/// Beats, eighths and sixteenths in step. Beats count most: else any tempo whose sixteenths are the right one's would do.
pub(super) fn score(onsets: &[Onset], bpm: f64) -> f64 {
    let beat = bpm / 60.0;
    in_step(onsets, beat) + 0.8 * in_step(onsets, 2.0 * beat) + 0.6 * in_step(onsets, 4.0 * beat)
}

/// What tempos music has: a bell over octaves around 115 BPM (as Ellis 2007, a little narrower).
fn prior(bpm: f64) -> f64 {
    (-0.5 * ((bpm / 115.0).log2() / 0.7).powi(2)).exp()
}

/// Of a tempo, its half and its double the one that is counted. Kicks tell: between snares they come every other beat, else on
/// every one; `low` are the onsets below 150 Hz.
fn counted(all: &[Onset], low: &[Onset], bpm: f64) -> f64 {
    let likely = |bpm: &f64| {
        let beat = bpm / 60.0;
        let kicks = in_step(low, beat / 2.0).max(0.6 * in_step(low, beat));
        prior(*bpm) * (0.5 + 0.3 * in_step(all, beat) + kicks)
    };
    let octaves = [bpm, bpm / 2.0, bpm * 2.0].into_iter().filter(|b| (Bpm::MIN..=Bpm::MAX).contains(b));
    octaves.max_by(|a, b| likely(a).total_cmp(&likely(b))).unwrap_or(bpm)
}

/// The likeliest tempo from 40 to 240 BPM, to about a tenth of a percent. `None` where onsets don't repeat at all.
pub(super) fn tempo(onsets: &[Onset], low: &[Onset]) -> Option<f64> {
    let length = onsets.last()?.time - onsets.first()?.time;
    // Fine enough that sixteenths at 240 BPM slip by no more than a fifth over the whole length.
    let step = 1.0 + 0.2 * 60.0 / (4.0 * Bpm::MAX * length.max(6.0));
    let all = std::iter::successors(Some(Bpm::MIN), |b| Some(b * step)).take_while(|&b| b <= Bpm::MAX);
    let best = all.map(|b| (score(onsets, b) * prior(b).sqrt(), b)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.2).then(|| counted(onsets, low, best.1))
}

/// A tempo near `rough` by a line of least squares through the onsets that lie on its sixteenths.
pub(super) fn refined(onsets: &[Onset], rough: f64) -> f64 {
    // First the best step nearby, then the line.
    let near = (-20..=20).map(|k| rough * (1.0 + f64::from(k) * 1e-4));
    let best = near.map(|b| (score(onsets, b), b)).max_by(|a, b| a.0.total_cmp(&b.0)).map_or(rough, |b| b.1);

    let mut beat = 60.0 / best;
    let mut start = super::grid::phase(onsets, beat);
    for tolerance in [0.12, 0.08, 0.05] {
        let (mut w, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for o in onsets {
            // Eighths, as sixteenths swing.
            let place = (o.time - start) / beat * 2.0;
            let n = place.round();
            if (place - n).abs() < 2.0 * tolerance {
                let weight = f64::from(o.strength);
                w += weight;
                x += weight * n;
                y += weight * o.time;
                xx += weight * n * n;
                xy += weight * n * o.time;
            }
        }
        let spread = w * xx - x * x;
        if spread <= 1e-9 {
            break;
        }
        let slope = (w * xy - x * y) / spread;
        // A line that leaves the tempo it began with has been led astray.
        if (slope * 2.0 / beat - 1.0).abs() > 0.01 {
            break;
        }
        start = (y - slope * x) / w;
        beat = 2.0 * slope;
    }
    let bpm = 60.0 / beat;
    // Music is made at whole tempos: where the measured one can't be told from a whole one, it is that.
    let whole = bpm.round();
    let length = onsets.last().map_or(0.0, |o| o.time) - onsets.first().map_or(0.0, |o| o.time);
    if (bpm - whole).abs() / bpm * length < 0.004 { whole } else { bpm }
}
