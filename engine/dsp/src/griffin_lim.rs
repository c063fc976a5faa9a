//! Plain fast Griffin-Lim, as the reference has it.

use crate::circle::{Spectrogram, istft, stft};
use realfft::num_complex::Complex;
use std::f32::consts::TAU;

/// Fast Griffin-Lim (Perraudin, Balazs and Søndergaard 2013, momentum 0.99) on the circle: audio whose spectra have `magnitudes`
/// (frame by frame, `window / 2 + 1` bins each), from the phases `turns` (as many, in turns). Slow: it is what
/// [`crate::synthesise`] is measured against.
#[must_use]
pub fn griffin_lim(magnitudes: &[f32], turns: &[f32], samples: usize, window: usize, iterations: usize) -> Vec<f32> {
    let frames = magnitudes.len() / (window / 2 + 1);
    let mut phases: Vec<Complex<f32>> = turns.iter().map(|t| Complex::from_polar(1.0, TAU * t)).collect();
    let mut previous = vec![Complex::new(0.0, 0.0); phases.len()];
    let audio = |phases: &[Complex<f32>]| {
        let data = phases.iter().zip(magnitudes).map(|(p, m)| p * m).collect();
        istft(&Spectrogram { window, data }, samples)
    };
    for _ in 0..iterations {
        let spectra = stft(&audio(&phases), frames, window).data;
        for ((phase, s), before) in phases.iter_mut().zip(&spectra).zip(&previous) {
            let t = s + (s - before) * 0.99;
            *phase = t / (t.norm() + 1e-9);
        }
        previous = spectra;
    }
    audio(&phases)
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::golden;

    /// `[bins, frames]` to frame by frame.
    fn transposed(x: &[f32], frames: usize) -> Vec<f32> {
        (0..frames).flat_map(|i| x.iter().skip(i).step_by(frames).copied()).collect()
    }

    #[test]
    fn three_iterations_are_the_references() {
        let golden = golden::load();
        let expected = golden.get("griffin_lim.audio");
        let magnitudes = transposed(&golden.get("griffin_lim.magnitudes"), 64);
        let turns = transposed(&golden.get("griffin_lim.turns"), 64);
        golden::assert_close(&griffin_lim(&magnitudes, &turns, expected.len(), 1024, 3), &expected, 1e-3);
    }
}
