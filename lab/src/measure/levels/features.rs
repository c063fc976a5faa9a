//! Comparisons of log magnitudes.

use inlay_dsp::{Features, analyse};

/// Log magnitudes of a channel.
pub fn of(mono: &[f32], beats: usize) -> Features {
    analyse(mono, beats)
}

/// Mean absolute difference (natural logarithms).
pub fn distance(a: &Features, b: &Features) -> f64 {
    let sum: f64 = a.data().iter().zip(b.data()).map(|(a, b)| f64::from((a - b).abs())).sum();
    sum / a.data().len() as f64
}

/// Mean absolute difference between a frame and the one before it, over all bands, around the circle.
pub fn jump(features: &Features, frame: usize) -> f64 {
    let frames = features.frames();
    let (now, before) = (frame % frames, (frame + frames - 1) % frames);
    let sum: f64 = features.data().chunks_exact(frames).map(|band| f64::from((band[now] - band[before]).abs())).sum();
    sum / Features::BANDS as f64
}

/// Mean log magnitude of frames, as decibels.
pub fn level(features: &Features, range: std::ops::Range<usize>) -> f64 {
    let rows = features.data().chunks_exact(features.frames());
    let sum: f64 = rows.map(|band| band[range.clone()].iter().map(|v| f64::from(*v)).sum::<f64>()).sum();
    8.686 * sum / (Features::BANDS * range.len()) as f64
}
