//! Where sounds begin, read off the energies of frames.
//!
//! By Parseval the energy of a frame is the instantaneous power of the audio seen through the squared window. A sound that begins at
//! once makes it rise along a known curve, so the beginning can be told to a fraction of the hop, although the window is far longer.

use super::grid::Grid;
use std::f64::consts::PI;
use std::sync::OnceLock;

/// A sound begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Onset {
    /// Where on the circle, in samples.
    pub at: f64,
    /// Mean power of a sample before it.
    pub before: f32,
    /// It goes on for longer than a click.
    pub lasts: bool,
}

/// Power must rise this much within a window: 6 dB.
const RISE: f64 = 4.0;
/// Mean squared error of the log power from which on a rise isn't that of a beginning, but a swell: 6 dB.
const SWELL: f64 = 2.0;
/// Steps of the search for the place within a hop: first, and around the best of those.
const STEPS: (i64, i64) = (4, 16);
/// Lengths of decay that are tried, in windows.
const DECAYS: [f64; 5] = [1e9, 2.0, 0.7, 0.25, 0.1];
/// What is quieter than the loudest frame by this (60 dB) counts as silence.
const SILENT: f64 = 1e-6;
/// A decay that is shorter (in windows) is a click.
const CLICK: f64 = 0.2;

/// Energy that a frame sees of a sound which begins at 0 with power 1 and decays, against a steady one: by the frame's centre, from -1/2 to
/// 3/2 windows.
struct Curve([f64; 2 * Curve::STEPS + 1]);

impl Curve {
    /// Entries per window.
    const STEPS: usize = 64;

    fn new(decay: f64) -> Self {
        let squared = |x: f64| if x.abs() < 0.5 { (PI * x).cos().powi(4) } else { 0.0 };
        let steps = Self::STEPS as f64;
        // The window's mean square is 3/8.
        let seen = |centre: f64, s: f64| squared(s - centre) * (-s / decay).exp() / steps / 0.375;
        let times = || (0..2 * Self::STEPS).map(|s| (s as f64 + 0.5) / steps);
        Self(std::array::from_fn(|i| times().map(|s| seen(i as f64 / steps - 0.5, s)).sum()))
    }

    fn at(&self, windows: f64) -> f64 {
        let x = (windows + 0.5) * Self::STEPS as f64;
        if x <= 0.0 {
            return 0.0;
        }
        let i = (x as usize).min(self.0.len() - 2);
        self.0[i] + (x - i as f64).min(1.0) * (self.0[i + 1] - self.0[i])
    }
}

/// Powers of the frames of a band around the circle.
struct Powers {
    /// Of a sample, by frame; never 0.
    of: Vec<f64>,
    /// Samples from frame to frame.
    hop: f64,
    window: f64,
    /// Frames of half a window, at least 2.
    reach: i64,
}

/// Onsets of a band whose frames, all around the circle, have these sums of squared magnitudes.
/// They were seen through windows `stretch` times as long as the grid's.
pub(crate) fn find(grid: &Grid, energies: &[f32], stretch: f64) -> Vec<Onset> {
    let powers = Powers::new(grid, energies, stretch);
    let count = energies.len() as i64;
    if count < 4 * powers.reach {
        return Vec::new();
    }
    let rises: Vec<f64> = (0..count).map(|i| powers.at(i + powers.reach) / powers.at(i - powers.reach)).collect();
    let rise = |i: i64| rises[i.rem_euclid(count) as usize];
    let steepest = |i: &i64| rise(*i) >= RISE && (1..=powers.reach).all(|d| rise(i - d) < rise(*i) && rise(i + d) <= rise(*i));
    let placed = (0..count).filter(steepest).filter_map(|i| powers.fit(i));
    placed.map(|onset| Onset { at: onset.at.rem_euclid(grid.samples as f64), ..onset }).collect()
}

impl Powers {
    fn new(grid: &Grid, energies: &[f32], stretch: f64) -> Self {
        let (window, hop) = (grid.window as f64 * stretch, grid.samples as f64 / energies.len().max(1) as f64);
        // One side of the spectrum; the transform's gain and the window's.
        let scale = 2.0 / (grid.window as f64 * grid.window as f64 * 0.375);
        let floor = energies.iter().map(|e| f64::from(*e)).fold(0.0, f64::max) * scale * SILENT + 1e-12;
        let of = energies.iter().map(|e| f64::from(*e) * scale + floor).collect();
        Self { of, hop, window, reach: ((window / 2.0 / hop).round() as i64).max(2) }
    }

    fn at(&self, frame: i64) -> f64 {
        self.of[frame.rem_euclid(self.of.len() as i64) as usize]
    }

    /// The place near a frame from which the rise around it is explained best.
    fn fit(&self, frame: i64) -> Option<Onset> {
        static CURVES: OnceLock<[Curve; DECAYS.len()]> = OnceLock::new();
        let curves = CURVES.get_or_init(|| DECAYS.map(Curve::new));
        let nearest = |places: &mut dyn Iterator<Item = f64>| {
            let tried = places.flat_map(|at| curves.iter().zip(DECAYS).map(move |(c, d)| (self.error(frame, at, c), at, d)));
            tried.min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let (coarse, fine) = STEPS;
        let far = coarse * self.reach;
        let (_, best, _) = nearest(&mut (-far..=far).map(|s| frame as f64 + s as f64 / coarse as f64))?;
        let near = fine / coarse;
        let (error, at, decay) = nearest(&mut (-near..=near).map(|s| best + s as f64 / fine as f64))?;
        (error < SWELL).then(|| Onset { at: at * self.hop, before: self.before(frame, at) as f32, lasts: decay > CLICK })
    }

    /// Power before a sound that begins at `at` (in frames): of the last frame that doesn't see it.
    fn before(&self, frame: i64, at: f64) -> f64 {
        let unaware = (at - self.window / 2.0 / self.hop).floor() as i64;
        self.at(unaware.max(frame - self.reach - 3))
    }

    /// Mean squared error of the log power around `frame`, if a sound begins at `at` and decays by a curve.
    fn error(&self, frame: i64, at: f64, curve: &Curve) -> f64 {
        let before = self.before(frame, at);
        let frames = frame - self.reach - 1..=frame + self.reach + 1;
        let seen = |k: i64| curve.at((k as f64 - at) * self.hop / self.window);
        // Its level by least squares, in which each frame weighs one over what it has.
        let (mut top, mut bottom) = (0.0, 0.0);
        for k in frames.clone() {
            let (h, e) = (seen(k), self.at(k));
            top += h * (e - before) / (e * e);
            bottom += h * h / (e * e);
        }
        let level = if bottom > 0.0 { (top / bottom).max(0.0) } else { 0.0 };
        let count = (2 * self.reach + 3) as f64;
        frames.map(|k| ((before + level * seen(k)) / self.at(k)).ln().powi(2)).sum::<f64>() / count
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::HIGH_WINDOW;
    use crate::circle::stft;

    /// Noise that begins at `at`, over `quiet` times as much everywhere, in a second of 128 frames.
    fn onsets(at: usize, quiet: f32) -> Vec<Onset> {
        let noise = |n: usize| crate::synthesise::test::turn(n as u64) - 0.5;
        let loud = |n: usize| if (at..at + 22_050).contains(&n) { (-((n - at) as f32) / 4000.0).exp() } else { 0.0 };
        let level = |n: usize| loud(n).max(quiet);
        let audio: Vec<f32> = (0..44_100).map(|n| noise(n) * level(n)).collect();
        let energies: Vec<f32> =
            stft(&audio, 128, HIGH_WINDOW).data.chunks_exact(513).map(|f| f.iter().map(|s| s.norm_sqr()).sum()).collect();
        find(&Grid::whole(128, 44_100, HIGH_WINDOW), &energies, 1.0)
    }

    #[test]
    fn a_beginning_is_told_to_a_fraction_of_the_hop() {
        for at in [0, 100, 20_000, 20_111, 20_222, 43_000] {
            let found = onsets(at, 0.03);
            let [onset] = found[..] else { panic!("{found:?}") };
            let off = (onset.at - at as f64 + 22_050.0).rem_euclid(44_100.0) - 22_050.0;
            assert!(off.abs() < 80.0, "{off} samples off {at}");
            let before = 10.0 * (f64::from(onset.before) / (0.03 * 0.03 / 12.0)).log10();
            assert!(before.abs() < 2.0, "{before} dB off the level before");
        }
    }

    #[test]
    fn nothing_begins_where_it_is_steady_or_silent() {
        assert_eq!(onsets(20_000, 1.0), []);
        assert_eq!(find(&Grid::whole(128, 44_100, HIGH_WINDOW), &[0.0; 128], 1.0), []);
        assert_eq!(find(&Grid::whole(2, 44_100, HIGH_WINDOW), &[0.0, 1.0], 1.0), []);
    }
}
