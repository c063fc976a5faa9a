//! Where the frames of a band stand on its circle.

use crate::circle::{self, hann, wrap};
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Places between two samples at which a window can begin.
const PLACES: usize = 16;

/// Frames on a circle that may have fewer samples than the loop. There the frames don't begin on whole samples, so each has the
/// window that is nearest to its place.
pub(crate) struct Grid {
    /// Samples of the circle.
    pub samples: usize,
    /// Samples of a frame.
    pub window: usize,
    /// First sample of each frame.
    pub starts: Vec<usize>,
    /// Which of `windows` each frame has.
    pub shapes: Vec<u8>,
    pub windows: Vec<Vec<f32>>,
    /// One over the summed squares of the windows at each sample, and over the length of the transform.
    pub weight: Vec<f32>,
    pub forward: Arc<dyn Fft<f32>>,
    pub inverse: Arc<dyn Fft<f32>>,
}

impl Grid {
    /// Frames at the loop's own rate, as [`circle::start`] has them.
    pub fn whole(frames: usize, samples: usize, window: usize) -> Self {
        let starts = (0..frames).map(|i| circle::start(i, samples, frames, window)).collect();
        Self::new(samples, window, starts, vec![0; frames], vec![hann(window)])
    }

    /// The same frames on a circle of `fewer` samples, for a window of `window` of them.
    pub fn decimated(frames: usize, samples: usize, fewer: usize, window: usize) -> Self {
        let places = (0..frames).map(|i| {
            let centre = circle::centre(i, samples, frames) as f64 * fewer as f64 / samples as f64;
            (centre * PLACES as f64).round() as usize
        });
        let start = |p: usize| wrap((p / PLACES) as i64 - (window / 2) as i64, fewer);
        let (starts, shapes) = places.map(|p| (start(p), (p % PLACES) as u8)).unzip();
        let shape = |place: usize| (0..window).map(|n| shifted_hann(n as f64 - place as f64 / PLACES as f64, window)).collect();
        Self::new(fewer, window, starts, shapes, (0..PLACES).map(shape).collect())
    }

    fn new(samples: usize, window: usize, starts: Vec<usize>, shapes: Vec<u8>, windows: Vec<Vec<f32>>) -> Self {
        let mut sum = vec![0.0f32; samples];
        for (start, shape) in starts.iter().zip(&shapes) {
            let mut at = *start;
            for w in &windows[usize::from(*shape)] {
                sum[at] += w * w;
                at = if at + 1 == samples { 0 } else { at + 1 };
            }
        }
        let weight = sum.iter().map(|w| 1.0 / (w.max(1e-4) * window as f32)).collect();
        let mut planner = FftPlanner::new();
        let (forward, backward) = (planner.plan_fft_forward(window), planner.plan_fft_inverse(window));
        Self { samples, window, starts, shapes, windows, weight, forward, inverse: backward }
    }

    /// Into how many places a sample is divided.
    pub fn places(&self) -> usize {
        self.windows.len()
    }

    /// Samples from the middle of one frame to that of the next, around the circle.
    pub fn distance(&self, from: usize, to: usize) -> f64 {
        let place = |i: usize| self.starts[i] as f64 + f64::from(self.shapes[i]) / self.places() as f64;
        (place(to) - place(from)).rem_euclid(self.samples as f64)
    }

    pub fn window_of(&self, frame: usize) -> &[f32] {
        &self.windows[usize::from(self.shapes[frame])]
    }
}

fn shifted_hann(at: f64, window: usize) -> f32 {
    let x = at / window as f64;
    if (0.0..1.0).contains(&x) { (0.5 - 0.5 * (TAU * x).cos()) as f32 } else { 0.0 }
}
