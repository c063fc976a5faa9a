//! How rough audio is at one place of a circle.

use realfft::RealFftPlanner;
use std::f64::consts::TAU;

/// Samples of a frame: 23 ms.
const WINDOW: usize = 1024;
/// Samples from frame to frame: 3 ms.
const HOP: usize = 128;
/// Frames on either side of the place that hold it near their middle.
const REACH: isize = 3;
/// Samples on either side of the place in which the largest second difference counts: 1.5 ms. A click is there, wherever an attack's
/// own phases put it.
const NEAR: isize = 64;

/// Roughness at a place, or the ratio of two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Roughness {
    /// Spectral flux: the most that comes into the magnitudes from one frame to the next while the place runs through their middle.
    pub flux: f64,
    /// The largest |x`[n+1]` − 2x`[n]` + x`[n−1]`| near the place.
    pub bend: f64,
    /// What of both is lost beside the rest of this loop: −60 dB of its own level.
    floor: (f64, f64),
}

impl Roughness {
    /// Around sample `place` of a loop; before its first sample comes its last.
    pub fn at(audio: &[f32], place: usize) -> Self {
        let rms = (audio.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / audio.len().max(1) as f64).sqrt();
        let floor = (rms * 0.001 * (WINDOW as f64).sqrt() * (WINDOW as f64 / 8.0), rms * 0.001);
        Self { flux: flux(audio, place), bend: bend(audio, place), floor }
    }

    /// This relative to another; what lies below the other's floor counts as the floor.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        let ratio = |a: f64, b: f64, floor: f64| a / b.max(floor).max(1e-9);
        let (flux, bend) = other.floor;
        Self { flux: ratio(self.flux, other.flux, flux), bend: ratio(self.bend, other.bend, bend), floor: (0.0, 0.0) }
    }

    /// The mean of several; nothing of none.
    pub fn mean(all: &[Self]) -> Self {
        let of = |f: fn(&Self) -> f64| all.iter().map(f).sum::<f64>() / all.len().max(1) as f64;
        Self { flux: of(|r| r.flux), bend: of(|r| r.bend), floor: (of(|r| r.floor.0), of(|r| r.floor.1)) }
    }

    /// The larger of both, each by itself.
    #[must_use]
    pub fn rougher(self, other: Self) -> Self {
        Self { flux: self.flux.max(other.flux), bend: self.bend.max(other.bend), ..self }
    }
}

fn bend(audio: &[f32], place: usize) -> f64 {
    let at = |i: isize| f64::from(audio[(place as isize + i).rem_euclid(audio.len() as isize) as usize]);
    (-NEAR..=NEAR).map(|i| (at(i + 1) - 2.0 * at(i) + at(i - 1)).abs()).fold(0.0, f64::max)
}

fn flux(audio: &[f32], place: usize) -> f64 {
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(WINDOW);
    let hann: Vec<f64> = (0..WINDOW).map(|i| 0.5 - 0.5 * (TAU * (i as f64 + 0.5) / WINDOW as f64).cos()).collect();
    let magnitudes = |k: isize| -> Vec<f64> {
        let from = place as isize + k * HOP as isize - WINDOW as isize / 2;
        let at = |i: usize| f64::from(audio[(from + i as isize).rem_euclid(audio.len() as isize) as usize]);
        let mut frame: Vec<f64> = (0..WINDOW).map(|i| at(i) * hann[i]).collect();
        let mut spectrum = fft.make_output_vec();
        // the lengths are those of the plan
        if fft.process(&mut frame, &mut spectrum).is_err() {
            return vec![];
        }
        spectrum.iter().map(|c| c.norm()).collect()
    };
    let frames: Vec<Vec<f64>> = (-REACH - 1..=REACH).map(magnitudes).collect();
    let rises = frames.windows(2).map(|w| w[1].iter().zip(&w[0]).map(|(b, a)| (b - a).max(0.0)).sum::<f64>());
    rises.fold(0.0, f64::max)
}

#[cfg(test)]
mod test {
    use super::*;

    fn tone(cycles: f64) -> Vec<f32> {
        (0..44_100).map(|i| (0.3 * (TAU * cycles * f64::from(i) / 44_100.0).sin()) as f32).collect()
    }

    #[test]
    fn a_tone_that_closes_on_itself_has_no_seam() {
        let audio = tone(220.0);
        let ratio = Roughness::at(&audio, 0).over(Roughness::at(&audio, 22_050));
        assert!(ratio.flux < 1.2 && (ratio.bend - 1.0).abs() < 0.2, "{ratio:?}");
    }

    #[test]
    fn a_tone_that_does_not_close_has_one() {
        let audio = tone(220.4);
        let ratio = Roughness::at(&audio, 0).over(Roughness::at(&audio, 22_050));
        assert!(ratio.flux > 1.5 && ratio.bend > 1.5, "{ratio:?}");
    }

    #[test]
    fn what_is_lost_in_silence_is_no_seam() {
        let mut audio = tone(220.0);
        audio[40_000..].fill(0.0);
        audio[..4000].fill(0.0);
        audio[0] = 1e-6;
        audio[20_000..24_000].fill(0.0);
        let ratio = Roughness::at(&audio, 0).over(Roughness::at(&audio, 22_050));
        assert!(ratio.flux < 0.1 && ratio.bend < 0.1, "{ratio:?}");
    }
}
