use super::*;
use crate::golden;

/// Every sixteenth frame of the full spectrum `[bins, frames / 16]`, as the reference stores it.
fn every_sixteenth(part: &[f32], from: usize, bins: usize, width: usize) -> Vec<f32> {
    let frames: Vec<&[f32]> = part.chunks_exact(width).step_by(16).collect();
    let bin = |k: usize, f: &[f32]| k.checked_sub(from).and_then(|k| f.get(k)).copied().unwrap_or(0.0);
    (0..bins).flat_map(|k| frames.iter().map(move |f| bin(k, f))).collect()
}

#[test]
fn magnitudes_are_the_references() {
    let golden = golden::load();
    let made = magnitudes(&golden.features(0));
    golden::assert_close(&every_sixteenth(&made.low, 0, 160, LOW_BINS), &golden.get("low"), 1e-4);
    let high = every_sixteenth(&made.high, Magnitudes::HIGH_FROM, HIGH_BINS, Magnitudes::HIGH_BINS);
    golden::assert_close(&high, &golden.get("high"), 1e-4);
}

#[test]
fn slow_tempos_get_the_references_frames_between() {
    let golden = golden::load();
    let made = magnitudes(&denser(&golden.features(0), golden::samples(70.0, 8)));
    assert_eq!(made.frames, 1024);
    let high = every_sixteenth(&made.high, Magnitudes::HIGH_FROM, HIGH_BINS, Magnitudes::HIGH_BINS);
    golden::assert_close(&high, &golden.get("slow.high"), 1e-4);
}

#[test]
fn no_bin_outside_of_the_high_range_is_in_a_band_that_sounds() {
    let f = |bin: usize| bin as f64 * f64::from(RATE) / HIGH_WINDOW as f64;
    let sounds = |k: usize| f(k) >= SPLIT - f64::from(RATE) / HIGH_WINDOW as f64 && bands().spread[k][0].1 > 0.0;
    assert_eq!((0..HIGH_BINS).find(|k| sounds(*k)), Some(Magnitudes::HIGH_FROM));
    assert_eq!((0..HIGH_BINS).rfind(|k| sounds(*k)), Some(Magnitudes::HIGH_TO - 1));
}
