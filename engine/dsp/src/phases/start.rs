//! Phases to begin with, integrated from the magnitudes.
//!
//! Phase gradient heap integration (Průša, Balazs and Søndergaard 2017): for a Gaussian window the derivatives of the phase follow
//! from those of the log magnitude, and Hann's is near enough to one. From the loudest bins outwards the phase of each bin is
//! integrated from the neighbour that is already known. Instead of a heap there are buckets of a decibel.

use super::grid::Grid;
use std::f32::consts::{LN_2, PI};

/// Width of the Gaussian that is nearest to Hann's window, in squared windows.
const GAMMA: f32 = 0.256_45;
/// Below this part of the loudest bin phases are not worth integrating (-120 dB).
const SILENT: f32 = 1e-6;
/// Buckets per doubling of magnitude.
const FINE: f32 = 6.0;

/// Magnitudes of neighbouring frames, and what follows from them.
struct Surface<'a> {
    width: usize,
    /// Which of the next frames follows each, and how many samples later.
    next: Vec<Option<usize>>,
    last: Vec<Option<usize>>,
    hops: Vec<f32>,
    log: &'a [f32],
    /// Lowest of `log`.
    silent: f32,
    /// Turns per sample, and turns per bin.
    in_time: Vec<f32>,
    in_frequency: Vec<f32>,
}

/// Phases in turns of each of `frames` and each of `width` bins from `first` on, frame by frame. Bins that are silent, and where the
/// integration begins, take `random`.
pub(crate) fn integrate(grid: &Grid, frames: &[usize], first: usize, magnitudes: &[f32], random: impl Fn(usize) -> f32) -> Vec<f32> {
    if frames.is_empty() {
        return Vec::new();
    }
    let width = magnitudes.len() / frames.len();
    let most = magnitudes.iter().copied().fold(0.0, f32::max);
    let silent = (most * SILENT).max(1e-12);
    let log: Vec<f32> = magnitudes.iter().map(|m| m.max(silent).ln()).collect();
    let mut turns: Vec<f32> = (0..magnitudes.len()).map(random).collect();
    Surface::new(grid, frames, first, width, &log, silent.ln()).spread(&mut turns);
    // From the middle of the frame to its first sample, where the transform counts from.
    for (row, frame) in turns.chunks_exact_mut(width).zip(frames) {
        let half = 0.5 + f32::from(grid.shapes[*frame]) / (grid.places() * grid.window) as f32;
        row.iter_mut().enumerate().for_each(|(k, turn)| *turn -= (first + k) as f32 * half);
    }
    turns
}

impl<'a> Surface<'a> {
    fn new(grid: &Grid, frames: &[usize], first: usize, width: usize, log: &'a [f32], silent: f32) -> Self {
        let (count, all, window) = (frames.len(), grid.starts.len(), grid.window as f32);
        let follows = |i: usize, j: usize| (frames[i] + 1) % all == frames[j];
        let next: Vec<_> = (0..count).map(|i| Some((i + 1) % count).filter(|j| follows(i, *j))).collect();
        let last: Vec<_> = (0..count).map(|i| Some((i + count - 1) % count).filter(|j| follows(*j, i))).collect();
        let hops: Vec<f32> = (0..count).map(|i| grid.distance(frames[i], (frames[i] + 1) % all) as f32).collect();
        let (mut in_time, mut in_frequency) = (vec![0.0; log.len()], vec![0.0; log.len()]);
        // One bin is 1 / window turns per sample; gamma is GAMMA * window^2.
        let along = 1.0 / (2.0 * PI * GAMMA * window);
        let across = GAMMA * window / (2.0 * PI);
        for i in 0..count {
            let row = &log[i * width..(i + 1) * width];
            let (a, b) = (last[i].unwrap_or(i), next[i].unwrap_or(i));
            let span = if a == i { 0.0 } else { hops[a] } + if b == i { 0.0 } else { hops[i] };
            let (before, after) = (&log[a * width..(a + 1) * width], &log[b * width..(b + 1) * width]);
            for k in 0..width {
                let (low, high) = (k.saturating_sub(1), (k + 1).min(width - 1));
                let slope = (row[high] - row[low]) / (high - low).max(1) as f32;
                in_time[i * width + k] = (first + k) as f32 / window + along * slope;
                in_frequency[i * width + k] = -across * (after[k] - before[k]) / span.max(1.0);
            }
        }
        Self { width, next, last, hops, log, silent, in_time, in_frequency }
    }

    fn bucket(&self, j: usize) -> usize {
        ((self.log[j] - self.silent) * (FINE / LN_2)) as usize
    }

    /// From the loudest bins, which keep what `turns` says, to all others.
    fn spread(&self, turns: &mut [f32]) {
        let top = (0..self.log.len()).map(|j| self.bucket(j)).max().unwrap_or(0);
        let mut seeds: Vec<Vec<u32>> = vec![Vec::new(); top + 1];
        let mut known = vec![false; self.log.len()];
        for (j, known) in known.iter_mut().enumerate() {
            *known = self.log[j] <= self.silent;
            if !*known {
                seeds[self.bucket(j)].push(j as u32);
            }
        }
        let mut front: Vec<Vec<u32>> = vec![Vec::new(); top + 1];
        for seed in seeds.into_iter().rev().flatten() {
            if std::mem::replace(&mut known[seed as usize], true) {
                continue;
            }
            let mut level = self.bucket(seed as usize);
            front[level].push(seed);
            // Always the loudest that is known next.
            loop {
                let Some(j) = front[level].pop() else {
                    if level == 0 {
                        break;
                    }
                    level -= 1;
                    continue;
                };
                for (to, turn) in self.around(j as usize, turns[j as usize]).into_iter().flatten() {
                    if !known[to] {
                        known[to] = true;
                        turns[to] = turn - turn.floor();
                        let at = self.bucket(to);
                        front[at].push(to as u32);
                        level = level.max(at);
                    }
                }
            }
        }
    }

    /// The neighbours of bin `j`, which is at `turn`, and what follows for them.
    fn around(&self, j: usize, turn: f32) -> [Option<(usize, f32)>; 4] {
        let (i, k) = (j / self.width, j % self.width);
        let time = |to: usize| 0.5 * (self.in_time[j] + self.in_time[to]);
        let frequency = |to: usize| 0.5 * (self.in_frequency[j] + self.in_frequency[to]);
        [
            self.next[i].map(|n| n * self.width + k).map(|to| (to, turn + self.hops[i] * time(to))),
            self.last[i].map(|n| (n, n * self.width + k)).map(|(n, to)| (to, turn - self.hops[n] * time(to))),
            (k + 1 < self.width).then(|| (j + 1, turn + frequency(j + 1))),
            (k > 0).then(|| (j - 1, turn - frequency(j - 1))),
        ]
    }
}
