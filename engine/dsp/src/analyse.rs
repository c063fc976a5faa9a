//! Audio to features.

use crate::bands::{bands, frames_of};
use crate::circle::each_frame;
use crate::{FLOOR, Features, HIGH_WINDOW, LOW_BINS, LOW_WINDOW, MEL_BANDS};

/// Features of a loop of `beats`: the lowest bins of the long window, then the root mean square of the bands of the short one.
/// `audio` is one loop at 44.1 kHz; silence where it is empty.
#[must_use]
pub fn analyse(audio: &[f32], beats: usize) -> Features {
    let frames = frames_of(beats);
    let mut data = vec![FLOOR.ln(); Features::BANDS * frames];
    each_frame(audio, frames, LOW_WINDOW, |i, spectrum| {
        for (bin, s) in spectrum[..LOW_BINS].iter().enumerate() {
            data[bin * frames + i] = (s.norm() / (LOW_WINDOW / 4) as f32 + FLOOR).ln();
        }
    });
    let mut power = [0.0f32; HIGH_WINDOW / 2 + 1];
    each_frame(audio, frames, HIGH_WINDOW, |i, spectrum| {
        power.iter_mut().zip(spectrum).for_each(|(p, s)| *p = s.norm_sqr());
        for band in 0..MEL_BANDS {
            let mean: f32 = bands().gather(band).map(|(bin, weight)| weight * power[bin]).sum();
            data[(LOW_BINS + band) * frames + i] = (mean.sqrt() / (HIGH_WINDOW / 4) as f32 + FLOOR).ln();
        }
    });
    Features::trusted(frames, data)
}

/// How far audio is from the log magnitudes it was made from: the mean absolute difference in dB over all bins and frames.
#[must_use]
pub fn distance(audio: &[f32], features: &Features, beats: usize) -> f32 {
    let made = analyse(audio, beats);
    let pairs = made.data().iter().zip(features.data());
    let sum: f64 = pairs.map(|(a, b)| f64::from((a - b).abs())).sum();
    (20.0 / std::f64::consts::LN_10 * sum / made.data().len().min(features.data().len()).max(1) as f64) as f32
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::golden;

    #[test]
    fn features_are_the_references() {
        let golden = golden::load();
        let made = analyse(&golden.get("audio"), 8);
        golden::assert_close(made.data(), &golden.get("audio.features"), 1e-4);
    }

    #[test]
    fn a_loop_is_as_far_from_features_as_they_are_apart() {
        let silence = analyse(&[0.0; 22_050], 1);
        let louder = Features::new(64, silence.data().iter().map(|x| x + std::f32::consts::LN_10 / 20.0).collect()).unwrap();
        assert!((distance(&[0.0; 22_050], &louder, 1) - 1.0).abs() < 1e-4);
    }
}
