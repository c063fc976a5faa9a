//! Measures of what was played.

use std::f64::consts::{PI, TAU};

/// The largest step from one sample to the next.
pub fn step(sound: &[f32]) -> f32 {
    sound.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max)
}

/// The same of a loop, which goes on with its first frame.
pub fn step_of_loop(sound: &[f32]) -> f32 {
    step(sound).max((sound[0] - sound[sound.len() - 1]).abs())
}

/// One side of what was played.
pub fn left(played: &[[f32; 2]]) -> Vec<f32> {
    played.iter().map(|frame| frame[0]).collect()
}

/// What is above 4 kHz in the loudest 10 ms, in dB re an RMS. The edges of the sound, 5 ms each, are left out.
pub fn splatter(sound: &[f32], rate: u32, rms: f64) -> f64 {
    let high = high_pass(sound, f64::from(rate));
    let window = (rate / 100) as usize;
    let mut sums = vec![0.0];
    for value in &high {
        sums.push(sums[sums.len() - 1] + value * value);
    }
    let power = sums.windows(window + 1).map(|w| (w[window] - w[0]) / window as f64).fold(0.0, f64::max);
    10.0 * power.max(1e-30).log10() - 20.0 * rms.log10()
}

/// A high pass: −90 dB below 3.5 kHz, all above 4 kHz (at 44.1 kHz).
fn high_pass(sound: &[f32], rate: f64) -> Vec<f64> {
    let half = (200.0 * rate / 44_100.0).round() as i32;
    let cut = 3750.0 / rate;
    let taps: Vec<f64> = (-half..=half)
        .map(|i| {
            let u = PI * f64::from(i) / f64::from(half);
            let window = 0.35875 + 0.48829 * u.cos() + 0.14128 * (2.0 * u).cos() + 0.01168 * (3.0 * u).cos();
            let low = if i == 0 { 2.0 * cut } else { (TAU * cut * f64::from(i)).sin() / (PI * f64::from(i)) };
            (if i == 0 { 1.0 } else { 0.0 }) - low * window
        })
        .collect();
    sound.windows(taps.len()).map(|w| w.iter().zip(&taps).map(|(s, t)| f64::from(*s) * t).sum()).collect()
}
