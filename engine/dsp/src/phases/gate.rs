//! Sharp beginnings.
//!
//! A window that reaches over an onset hears it, and without further knowledge its energy ends up on both sides. What exceeds the level
//! from before is taken out in every iteration, so that the phases come to agree with a sharp beginning. After it, random phases now and then
//! agree on a spike which neither the magnitudes nor the ear asked for: in a sound that lasts it is cut back to what noise has.

use super::grid::Grid;
use super::onsets::Onset;
use crate::circle::{read, wrap};

/// Power above the level from before that is left alone: the power of a tone sways, and what sounded before may have grown.
const HEADROOM: f32 = 4.0;
/// Power of a sample above the mean around it (which it is part of) that is a spike.
const SPIKE: f32 = 8.0;
/// Samples of the longest stretch on one side of an onset: three quarters of the longest window there is, and some.
const LONGEST: usize = 1024;

/// The surroundings of an onset in a stretch of audio.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate {
    onset: Onset,
    /// Where the onset is in the stretch; may lie outside.
    at: f64,
    /// Samples before it that are kept quiet.
    reach: f64,
    /// Samples after it that have no spikes.
    calm: f64,
    /// Samples over which power is measured, to either side, and over which the gate opens.
    blur: usize,
}

impl Gate {
    fn new(grid: &Grid, onset: &Onset, at: f64) -> Self {
        let window = grid.window as f64;
        let calm = if onset.lasts { window / 2.0 } else { 0.0 };
        Self { onset: *onset, at, reach: window * 0.75, calm, blur: (grid.window / 48).max(4) }
    }

    /// Takes out what is louder than it was before, and spikes after.
    pub fn close(&self, audio: &mut [f32]) {
        let index = |at: f64| (at.ceil().max(0.0) as usize).min(audio.len());
        let (from, at, to) = (index(self.at - self.reach), index(self.at), index(self.at + self.calm));
        let left = |i: usize| (self.at - (from + i) as f64) as f32;
        around(&mut audio[from..at], self.blur, |i, x, mean| {
            let gain = (HEADROOM * self.onset.before / (mean + 1e-20)).sqrt().min(1.0);
            let open = (1.0 - left(i) / self.blur as f32).clamp(0.0, 1.0);
            *x *= gain + (1.0 - gain) * open * open;
        });
        around(&mut audio[at.saturating_sub(self.blur).max(from)..to.max(at)], self.blur, |_, x, mean| {
            let most = (SPIKE * mean).sqrt();
            *x = x.clamp(-most, most);
        });
    }
}

/// Calls `each` with every sample's place, the sample and the mean power around it.
#[inline(always)]
fn around(audio: &mut [f32], half: usize, each: impl Fn(usize, &mut f32, f32)) {
    let mut powers = [0.0f32; LONGEST];
    let length = audio.len().min(LONGEST);
    let (audio, powers) = (&mut audio[..length], &mut powers[..length]);
    powers.iter_mut().zip(&*audio).for_each(|(p, x)| *p = x * x);
    let mut sum: f32 = powers.iter().take(half).sum();
    for (i, x) in audio.iter_mut().enumerate() {
        sum += powers.get(i + half).copied().unwrap_or(0.0);
        if let Some(left) = i.checked_sub(half + 1) {
            sum -= powers[left];
        }
        let count = (i + half + 1).min(length) - i.saturating_sub(half);
        each(i, x, sum.max(0.0) / count as f32);
    }
}

/// Gates that reach into `length` samples from `at` on.
pub(crate) fn along(grid: &Grid, at: usize, length: usize, onsets: &[Onset]) -> Vec<Gate> {
    let mut gates = Vec::new();
    for onset in onsets {
        // What lies behind the stretch's beginning still matters by what follows it.
        let mut gate = Gate::new(grid, onset, (onset.at - at as f64).rem_euclid(grid.samples as f64) - grid.samples as f64);
        while gate.at - gate.reach < length as f64 {
            if gate.at + gate.calm > 0.0 {
                gates.push(gate);
            }
            gate.at += grid.samples as f64;
        }
    }
    gates
}

/// Closes all gates of a circle.
pub(crate) fn close_all(grid: &Grid, audio: &mut [f32], onsets: &[Onset]) {
    let mut part = vec![0.0; (2 * grid.window).min(grid.samples)];
    for onset in onsets {
        let first = wrap(onset.at as i64 - (part.len() / 2) as i64, grid.samples);
        read(audio, first, &mut part);
        Gate::new(grid, onset, onset.at.fract() + (part.len() / 2) as f64).close(&mut part);
        part.iter().enumerate().for_each(|(i, x)| audio[(first + i) % grid.samples] = *x);
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn it_is_as_quiet_before_an_onset_as_it_was_and_has_no_spikes_after_it() {
        let grid = Grid::whole(64, 22_050, 1024);
        let onset = |at| Onset { at, before: 0.01, lasts: true };
        for at in [11_025.0, 100.5] {
            let place = |n: i64| wrap(at as i64 + n, 22_050);
            let mut audio: Vec<f32> = (0..22_050).map(|n| if n % 2 == 0 { 1.0 } else { -1.0 }).collect();
            audio[place(200)] = 20.0;
            close_all(&grid, &mut audio, &[onset(at)]);
            for n in [-700, -300, -30] {
                assert!((audio[place(n)].abs() - 0.2).abs() < 1e-3, "{n}: {}", audio[place(n)]);
            }
            for n in [-900, 1, 190, 600] {
                assert_eq!(audio[place(n)].abs(), 1.0, "{n}");
            }
            assert!(audio[place(200)] < 10.0);
        }
    }

    #[test]
    fn a_stretch_is_treated_as_the_circle_is() {
        let grid = Grid::whole(64, 22_050, 1024);
        let onsets = [0.0, 300.25, 9000.0, 22_000.0].map(|at| Onset { at, before: 0.01, lasts: true });
        let audio: Vec<f32> = (0..22_050).map(|n| (n as f32 * 0.7).sin() + if n % 900 == 0 { 9.0 } else { 0.0 }).collect();
        let mut circle = audio.clone();
        close_all(&grid, &mut circle, &onsets);
        let (mut stretch, mut expected) = (vec![0.0; 22_050], vec![0.0; 22_050]);
        read(&audio, 5000, &mut stretch);
        read(&circle, 5000, &mut expected);
        along(&grid, 5000, 22_050, &onsets).iter().for_each(|g| g.close(&mut stretch));
        let apart = stretch.iter().zip(&expected).skip(2000).take(18_000).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-3, "{apart}");
    }
}
