//! Features to audio.

use crate::circle::centre;
use crate::inpaint::touches;
use crate::phases::grid::Grid;
use crate::phases::{onsets, start};
use crate::phases::{Given, Task, solve};
use crate::{Features, HIGH_WINDOW, LOW_BINS, LOW_WINDOW, Magnitudes, denser, magnitudes, resample};
use realfft::num_complex::Complex;
use std::f32::consts::TAU;
use std::ops::Range;

/// How audio is made from features.
pub struct Synthesis<'a> {
    /// Threads to work on; the result doesn't depend on it.
    pub threads: usize,
    /// Random numbers in `[0, 1)`, by index: phases to begin with, where nothing better is known.
    pub turns: &'a (dyn Fn(u64) -> f32 + Sync),
    /// Asked in each iteration; `false` stops the work.
    pub proceed: &'a (dyn Fn() -> bool + Sync),
}

/// The work was stopped because it is no longer wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Stopped before the sound was finished.")]
pub struct Cancelled;

/// Samples of the long window on the smaller circle: 160 bins reach to 1.7 kHz, the highest in use is at 1.4 kHz.
const DECIMATED_WINDOW: usize = 320;

/// Samples of the smaller circle of a loop.
pub(crate) fn decimated(samples: usize) -> usize {
    ((samples * DECIMATED_WINDOW + LOW_WINDOW / 2) / LOW_WINDOW).max(1)
}

/// Log magnitudes to audio of exactly `samples` around the circle. No samples make none.
///
/// # Errors
/// [`Cancelled`] if `how` says so.
pub fn synthesise(features: &Features, samples: usize, how: &Synthesis) -> Result<Vec<f32>, Cancelled> {
    render(features, samples, None, how)
}

/// Audio with these features: all of it, or only some spans of a parent.
pub(crate) fn render(
    features: &Features,
    samples: usize,
    parent: Option<(&[f32], &[(usize, usize)])>,
    how: &Synthesis,
) -> Result<Vec<f32>, Cancelled> {
    if samples == 0 {
        return Ok(Vec::new());
    }
    let magnitudes = magnitudes(&denser(features, samples));
    let fewer = decimated(samples);
    let (mut given_low, mut given_high) = (None, None);
    if let Some((parent, spans)) = parent {
        let low = resample::down(parent, fewer);
        let high = parent.iter().zip(resample::up(&low, samples)).map(|(x, y)| x - y).collect();
        given_low = Some(Given { audio: low, made: mask(spans, samples, fewer) });
        given_high = Some(Given { audio: high, made: mask(spans, samples, samples) });
    }
    let active = |window: usize| -> Vec<usize> {
        let touched = |i: &usize| parent.is_none_or(|(_, s)| touches(centre(*i, samples, magnitudes.frames), s, samples, window));
        (0..magnitudes.frames).filter(touched).collect()
    };
    let high = Part {
        magnitudes: &magnitudes.high,
        bins: Magnitudes::HIGH_FROM..Magnitudes::HIGH_TO,
        active: active(HIGH_WINDOW),
        scale: 1.0,
        odd: 0,
    };
    let low = Part {
        magnitudes: &magnitudes.low,
        bins: 0..LOW_BINS,
        active: active(LOW_WINDOW + LOW_WINDOW / 64),
        scale: DECIMATED_WINDOW as f32 / LOW_WINDOW as f32,
        odd: 1,
    };
    let tasks = vec![
        high.task(Grid::whole(magnitudes.frames, samples, HIGH_WINDOW), given_high, how),
        low.task(Grid::decimated(magnitudes.frames, samples, fewer, DECIMATED_WINDOW), given_low, how),
    ];
    let mut made = solve(tasks, how)?.into_iter();
    let (mut audio, low) = (made.next().unwrap_or_default(), made.next().unwrap_or_default());
    audio.iter_mut().zip(resample::up(&low, samples)).for_each(|(x, y)| *x += y);
    Ok(audio)
}

/// 1 at the samples of a circle of `fewer` that lie in the spans of one of `samples`.
fn mask(spans: &[(usize, usize)], samples: usize, fewer: usize) -> Vec<f32> {
    let inside = |n: usize| spans.iter().any(|(start, length)| (n + samples - start) % samples < *length);
    (0..fewer).map(|m| if inside(((m as u64 * samples as u64) / fewer as u64) as usize) { 1.0 } else { 0.0 }).collect()
}

/// One of the two bands.
struct Part<'a> {
    magnitudes: &'a [f32],
    bins: Range<usize>,
    active: Vec<usize>,
    /// The transform's gain against the one that the magnitudes are for.
    scale: f32,
    /// Which half of the random numbers it uses.
    odd: u64,
}

impl Part<'_> {
    fn task(self, grid: Grid, given: Option<Given>, how: &Synthesis) -> Task {
        let width = self.bins.len();
        let of = |i: &usize| i * width..(i + 1) * width;
        let magnitudes: Vec<f32> = self.active.iter().flat_map(|i| &self.magnitudes[of(i)]).map(|m| m * self.scale).collect();
        let turn = |i: usize| TAU * (how.turns)(2 * i as u64 + self.odd);
        let t = std::time::Instant::now();
        let knob = |n: &str, d: usize| std::env::var(n).ok().and_then(|x| x.parse().ok()).unwrap_or(d);
        let phases = if knob("PGHI", 0) & (1 << self.odd) != 0 {
            let p = start::integrate(&grid, &self.active, self.bins.start, width, &magnitudes, |i| turn(i) / TAU);
            p.iter().map(|p| Complex::from_polar(1.0, *p)).collect()
        } else {
            self.active.iter().flat_map(of).map(|i| Complex::from_polar(1.0, turn(i))).collect()
        };
        if std::env::var("SHOW").is_ok() {
            eprintln!("start {:?}", t.elapsed());
        }
        let energies: Vec<f32> = self.magnitudes.chunks_exact(width).map(|f| f.iter().map(|m| (m * self.scale).powi(2)).sum()).collect();
        let onsets = if std::env::var("GATE").is_ok() { onsets::find(&grid, &energies) } else { Vec::new() };
        if std::env::var("SHOW").is_ok() {
            for o in &onsets {
                eprintln!("  onset at {:.1} of {}, before {:.1} dB", o.at * energies.len() as f64 / grid.samples as f64 * 344.53125, self.odd, 10.0 * o.before.log10());
            }
        }
        Task { grid, onsets, active: self.active, bins: self.bins, magnitudes, phases, given, iterations: if self.odd == 0 { knob("HI", 40) } else { knob("LO", 40) } }
    }
}

#[cfg(test)]
pub(crate) mod test;
