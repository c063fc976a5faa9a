//! The two bands of a loop, made ready for their phases to be found.

use crate::phases::grid::Grid;
use crate::phases::onsets::{self, Onset};
use crate::phases::{Given, Task, start};
use crate::synthesise::Synthesis;
use crate::{HIGH_WINDOW, LOW_BINS, LOW_WINDOW, Magnitudes, RATE};
use std::ops::Range;

/// Samples of the long window on the smaller circle of the low band: 160 bins reach to 1.7 kHz, the highest in use is at 1.4 kHz.
const DECIMATED_WINDOW: usize = 320;
/// Iterations of the high band, which come near to what is possible from any phases.
const HIGH_ITERATIONS: usize = 24;
/// Iterations of the low band: more, they cost a third.
const LOW_ITERATIONS: usize = 40;
/// Seconds by which the low part of a sound lags behind the high one: less is told better by its own rise, more is another sound.
const LAG: (f64, f64) = (0.003, 0.012);
/// In stretched features a low onset may seem to lead the high one by this, in seconds.
const LEAD: f64 = 0.025;

/// One of the two bands.
pub(crate) struct Part {
    grid: Grid,
    bins: Range<usize>,
    /// Of each frame and each of `bins`, as the grid's transform has them.
    magnitudes: Vec<f32>,
    onsets: Vec<Onset>,
    iterations: usize,
    /// Phases to begin with are integrated rather than random.
    integrated: bool,
    /// Which half of the random numbers it uses.
    odd: u64,
}

/// Samples of the smaller circle of a loop.
pub(crate) fn decimated(samples: usize) -> usize {
    ((samples * DECIMATED_WINDOW + LOW_WINDOW / 2) / LOW_WINDOW).max(1)
}

/// Runs both, at once if there are threads for it.
pub(crate) fn both<A: Send, B: Send>(threads: usize, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    if threads < 2 {
        return (a(), b());
    }
    rayon::join(a, b)
}

/// The high band and the low one of a loop of `samples`. Every `times`-th frame is true, those between are interpolated.
pub(crate) fn parts(magnitudes: Magnitudes, times: usize, samples: usize, how: &Synthesis) -> (Part, Part) {
    let Magnitudes { frames, high, mut low } = magnitudes;
    let high = || {
        let grid = Grid::whole(frames, samples, HIGH_WINDOW);
        // The bands of the codec blur magnitudes over frequency so far that phases integrated from them are worse than random ones.
        Part::new(grid, Magnitudes::HIGH_FROM..Magnitudes::HIGH_TO, high, (times, how.stretch), HIGH_ITERATIONS, false)
    };
    let low = || {
        let scale = DECIMATED_WINDOW as f32 / LOW_WINDOW as f32;
        low.iter_mut().for_each(|m| *m *= scale);
        let grid = Grid::decimated(frames, samples, decimated(samples), DECIMATED_WINDOW);
        Part::new(grid, 0..LOW_BINS, low, (times, how.stretch), LOW_ITERATIONS, true)
    };
    let (high, mut low) = both(how.threads, high, low);
    low.begin_with(&high, how.stretch);
    (high, low)
}

impl Part {
    fn new(
        grid: Grid,
        bins: Range<usize>,
        magnitudes: Vec<f32>,
        (times, stretch): (usize, f64),
        iterations: usize,
        integrated: bool,
    ) -> Self {
        // a frame that is interpolated rises before the sound does
        let true_frames = magnitudes.chunks_exact(bins.len()).step_by(times.max(1));
        let energies: Vec<f32> = true_frames.map(|f| f.iter().map(|m| m * m).sum()).collect();
        let onsets = onsets::find(&grid, &energies, stretch);
        Self { grid, bins, magnitudes, onsets, iterations, integrated, odd: u64::from(integrated) }
    }

    /// Onsets that follow closely on one of `other` begin with it: the short window tells the place better, and an early gate dulls nothing.
    /// In stretched features low onsets may seem to lead as well.
    fn begin_with(&mut self, other: &Part, stretch: f64) {
        let (samples, others) = (self.grid.samples as f64, other.grid.samples as f64);
        let lag = |seconds: f64| seconds * f64::from(RATE) * samples / others;
        for onset in &mut self.onsets {
            let places = other.onsets.iter().map(|o| o.at * samples / others);
            let early = if stretch > 1.0 { lag(LEAD) } else { 0.0 };
            let close = |at: f64| {
                let behind = (onset.at - at).rem_euclid(samples);
                let ahead = samples - behind;
                if (lag(LAG.0)..lag(LAG.1)).contains(&behind) { Some((behind, at)) } else { (ahead < early).then_some((ahead, at)) }
            };
            if let Some((_, at)) = places.filter_map(close).min_by(|a, b| a.0.total_cmp(&b.0)) {
                onset.at = at;
            }
        }
    }

    /// What is to be done for the frames of `active`.
    pub fn task(self, active: Vec<usize>, given: Option<Given>, how: &Synthesis) -> Task {
        let width = self.bins.len();
        let of = |i: &usize| i * width..(i + 1) * width;
        let magnitudes: Vec<f32> = active.iter().flat_map(|i| &self.magnitudes[of(i)]).copied().collect();
        let random = |i: usize| (how.turns)(2 * i as u64 + self.odd);
        let turns = if self.integrated {
            start::integrate(&self.grid, &active, self.bins.start, &magnitudes, random)
        } else {
            active.iter().flat_map(of).map(random).collect()
        };
        let Self { grid, bins, onsets, iterations, .. } = self;
        Task { grid, active, bins, magnitudes, turns, given, onsets, iterations }
    }
}
