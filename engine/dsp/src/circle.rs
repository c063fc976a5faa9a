//! Short-time Fourier transforms around the circle of a loop.

use crate::{RATE, SPLIT};
use realfft::RealFftPlanner;
use realfft::num_complex::Complex;
use std::f64::consts::TAU;

/// Centre of frame `i` of `frames` on a circle of `samples`: `i * samples / frames`, rounded (halves up), so the hop need not be whole.
#[must_use]
pub fn centre(i: usize, samples: usize, frames: usize) -> usize {
    let (i, samples, frames) = (i as u128, samples as u128, frames as u128);
    ((2 * i * samples + frames) / (2 * frames).max(1)) as usize
}

/// First sample of frame `i` on the circle.
#[must_use]
pub fn start(i: usize, samples: usize, frames: usize, window: usize) -> usize {
    wrap(centre(i, samples, frames) as i64 - (window / 2) as i64, samples)
}

/// `position` brought into `0..samples`.
pub(crate) fn wrap(position: i64, samples: usize) -> usize {
    position.rem_euclid(samples as i64) as usize
}

/// The periodic Hann window.
#[must_use]
pub fn hann(window: usize) -> Vec<f32> {
    (0..window).map(|n| (0.5 - 0.5 * (TAU * n as f64 / window as f64).cos()) as f32).collect()
}

/// Spectra of frames, frame by frame, `window / 2 + 1` bins each.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrogram {
    /// Samples of the window.
    pub window: usize,
    /// Bins of all frames.
    pub data: Vec<Complex<f32>>,
}

impl Spectrogram {
    /// Bins of a frame.
    #[must_use]
    pub fn bins(&self) -> usize {
        self.window / 2 + 1
    }

    /// Frames around the circle.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.data.len() / self.bins()
    }
}

/// Copies `into.len()` samples from `at` on, around the circle.
pub(crate) fn read(audio: &[f32], at: usize, into: &mut [f32]) {
    let (mut at, mut done) = (at, 0);
    while done < into.len() {
        let n = (audio.len() - at).min(into.len() - done);
        into[done..done + n].copy_from_slice(&audio[at..at + n]);
        (at, done) = (0, done + n);
    }
}

/// Calls `each` with the spectrum of every frame. Nothing is called for an empty circle.
pub(crate) fn each_frame(audio: &[f32], frames: usize, window: usize, mut each: impl FnMut(usize, &[Complex<f32>])) {
    if audio.is_empty() {
        return;
    }
    let plan = RealFftPlanner::new().plan_fft_forward(window);
    let (mut frame, mut spectrum, mut scratch) = (plan.make_input_vec(), plan.make_output_vec(), plan.make_scratch_vec());
    let hann = hann(window);
    for i in 0..frames {
        read(audio, start(i, audio.len(), frames, window), &mut frame);
        frame.iter_mut().zip(&hann).for_each(|(x, w)| *x *= w);
        if plan.process_with_scratch(&mut frame, &mut spectrum, &mut scratch).is_ok() {
            each(i, &spectrum);
        }
    }
}

/// Spectra of `frames` Hann-windowed frames around the circle.
#[must_use]
pub fn stft(audio: &[f32], frames: usize, window: usize) -> Spectrogram {
    let mut data = Vec::with_capacity(frames * (window / 2 + 1));
    each_frame(audio, frames, window, |_, spectrum| data.extend_from_slice(spectrum));
    Spectrogram { window, data }
}

/// The audio whose spectra are nearest to these: overlap-add of windowed frames over the summed squares of the windows.
#[must_use]
pub fn istft(spectra: &Spectrogram, samples: usize) -> Vec<f32> {
    let (window, frames) = (spectra.window, spectra.frames());
    let plan = RealFftPlanner::new().plan_fft_inverse(window);
    let (mut spectrum, mut frame, mut scratch) = (plan.make_input_vec(), plan.make_output_vec(), plan.make_scratch_vec());
    let hann = hann(window);
    let (mut audio, mut weight) = (vec![0.0f32; samples], vec![0.0f32; samples]);
    for (i, bins) in spectra.data.chunks_exact(spectra.bins()).enumerate() {
        spectrum.copy_from_slice(bins);
        make_real(&mut spectrum);
        if samples == 0 || plan.process_with_scratch(&mut spectrum, &mut frame, &mut scratch).is_err() {
            continue;
        }
        let mut at = start(i, samples, frames, window);
        for (x, w) in frame.iter().zip(&hann) {
            audio[at] += x * w / window as f32;
            weight[at] += w * w;
            at = if at + 1 == samples { 0 } else { at + 1 };
        }
    }
    audio.iter_mut().zip(&weight).for_each(|(x, w)| *x /= w.max(1e-4));
    audio
}

/// The ends of a real signal's spectrum are real; the inverse transform refuses anything else.
pub(crate) fn make_real(spectrum: &mut [Complex<f32>]) {
    if let Some(first) = spectrum.first_mut() {
        first.im = 0.0;
    }
    if let Some(last) = spectrum.last_mut() {
        last.im = 0.0;
    }
}

/// What lies below [`SPLIT`], and the rest: exactly, on the circle. One transform of the whole loop each way.
#[must_use]
pub fn split_bands(audio: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let n = audio.len();
    if n == 0 {
        return (Vec::new(), Vec::new());
    }
    let mut planner = RealFftPlanner::new();
    let (forward, inverse) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
    let mut low = audio.to_vec();
    let mut spectrum = forward.make_output_vec();
    let kept = (0..spectrum.len()).take_while(|&k| k as f64 * f64::from(RATE) / (n as f64) < SPLIT).count();
    let mut done = forward.process(&mut low, &mut spectrum).is_ok();
    spectrum[kept..].fill(Complex::new(0.0, 0.0));
    spectrum.iter_mut().for_each(|x| *x /= n as f32);
    spectrum[0].im = 0.0;
    if n.is_multiple_of(2) {
        make_real(&mut spectrum);
    }
    done &= inverse.process(&mut spectrum, &mut low).is_ok();
    debug_assert!(done, "buffers come from the plans themselves");
    let high = audio.iter().zip(&low).map(|(x, l)| x - l).collect();
    (low, high)
}

#[cfg(test)]
mod test;
