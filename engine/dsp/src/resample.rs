//! Between the loop's circle and one with fewer samples, which holds only what is low.

use std::f64::consts::PI;

/// Samples of the smaller circle to either side that a sample is made from.
const REACH: usize = 16;
/// Places between two samples for which the kernel is tabulated; between them it is interpolated.
const PLACES: usize = 256;
/// Kaiser's beta: 80 dB.
const BETA: f64 = 8.0;

/// sinc times a Kaiser window over ±[`REACH`], at `t` samples from the middle.
fn kernel(t: f64) -> f64 {
    let x = t / REACH as f64;
    if x.abs() >= 1.0 {
        return 0.0;
    }
    let sinc = if t.abs() < 1e-9 { 1.0 } else { (PI * t).sin() / (PI * t) };
    sinc * bessel(BETA * (1.0 - x * x).sqrt()) / bessel(BETA)
}

/// The modified Bessel function I0.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / (2.0 * f64::from(k))).powi(2);
        sum += term;
    }
    sum
}

/// `small` around a circle of `samples`, by windowed sinc.
pub(crate) fn up(small: &[f32], samples: usize) -> Vec<f32> {
    const TAPS: usize = 2 * REACH;
    let m = small.len();
    // Tap `k` of a place stands `k + 1 - REACH` samples after the one at or before it.
    let table: Vec<[f32; TAPS]> = (0..=PLACES)
        .map(|place| std::array::from_fn(|k| kernel(k as f64 + 1.0 - REACH as f64 - place as f64 / PLACES as f64) as f32))
        .collect();
    let padded: Vec<f32> = (0..m + TAPS).map(|i| small[(i + m * TAPS - (REACH - 1)) % m]).collect();
    let one = |n: usize| {
        let at = (n as u64 * m as u64) / samples as u64;
        let rest = (n as u64 * m as u64 - at * samples as u64) as f32 / samples as f32 * PLACES as f32;
        let place = (rest as usize).min(PLACES - 1);
        let (a, b, t) = (&table[place], &table[place + 1], rest - place as f32);
        let x = &padded[at as usize..at as usize + TAPS];
        let mut sum = [0.0f32; 8];
        for k in 0..TAPS {
            sum[k % 8] += x[k] * (a[k] + t * (b[k] - a[k]));
        }
        sum.iter().sum()
    };
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || (0..samples).map(one).collect(),
    )
}

/// What is low in `audio`, on a circle of `fewer` samples.
pub(crate) fn down(audio: &[f32], fewer: usize) -> Vec<f32> {
    let samples = audio.len();
    let ratio = samples as f64 / fewer as f64;
    let reach = (REACH as f64 * ratio).ceil() as i64;
    let table: Vec<f32> = (0..=REACH * PLACES + 1).map(|i| (kernel(i as f64 / PLACES as f64) / ratio) as f32).collect();
    let one = |m: usize| {
        let centre = m as f64 * ratio;
        let first = centre.ceil() as i64 - reach;
        let mut at = crate::circle::wrap(first, samples);
        let mut sum = 0.0f32;
        for k in 0..2 * reach {
            let t = ((first + k) as f64 - centre).abs() / ratio * PLACES as f64;
            let place = (t as usize).min(REACH * PLACES);
            let (a, b) = (table[place], table[place + 1]);
            sum += audio[at] * (a + (t - place as f64) as f32 * (b - a));
            at = if at + 1 == samples { 0 } else { at + 1 };
        }
        sum
    };
    (0..fewer).map(one).collect()
}

#[cfg(test)]
mod test {
    use super::*;

    fn tone(turns: usize, samples: usize) -> Vec<f32> {
        (0..samples).map(|n| (2.0 * PI * turns as f64 * n as f64 / samples as f64).sin() as f32).collect()
    }

    fn apart(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn low_tones_pass_both_ways_and_high_ones_are_kept_out() {
        // A second: turns are Hz. The smaller circle has 3445 samples.
        let fewer = 3445;
        for hz in [0, 50, 700, 1390] {
            assert!(apart(&up(&tone(hz, fewer), 44_100), &tone(hz, 44_100)) < 1e-3, "{hz} Hz up");
            assert!(apart(&down(&tone(hz, 44_100), fewer), &tone(hz, fewer)) < 1e-3, "{hz} Hz down");
        }
        assert!(apart(&down(&tone(2100, 44_100), fewer), &vec![0.0; fewer]) < 1e-3);
    }
}
