//! When the low hits of a loop are, read off its log magnitudes alone: before any phase is found.

use super::hits::ONE;
use inlay_dsp::{FLOOR, FRAMES_PER_BEAT, Features, LOW_WINDOW, RATE};

/// Up to here, in Hz.
const BELOW: f64 = 150.0;
/// Rises that are smaller than this part of the largest are none.
const LEAST: f64 = 0.02;

/// Where the energy below 150 Hz rises most, in milliseconds at `bpm`.
///
/// A tone that begins comes into the long window as that slides over it: fastest where the window's middle, which counts most, is at
/// the beginning. So the rise is as wide as the window, and its peak lies where the tone begins.
pub fn low(features: &Features, bpm: f64) -> Vec<f64> {
    let frames = features.frames();
    let energies: Vec<f64> = (0..frames).map(|f| energy(features, f)).collect();
    let rises: Vec<f64> = (0..frames).map(|f| energies[(f + 1) % frames] - energies[(f + frames - 1) % frames]).collect();
    let most = rises.iter().copied().fold(0.0, f64::max);
    let hop = 60_000.0 / bpm / FRAMES_PER_BEAT as f64;
    let reach = (ONE / hop / 2.0).round().max(1.0) as usize;
    let peak = |f: &usize| {
        let near = (1..=reach).all(|d| rises[(f + frames - d) % frames] < rises[*f] && rises[(f + d) % frames] <= rises[*f]);
        near && rises[*f] > LEAST * most
    };
    (0..frames).filter(peak).map(|f| (f as f64 + between(&rises, f)) * hop).collect()
}

fn energy(features: &Features, frame: usize) -> f64 {
    let bins = 1..=(BELOW * LOW_WINDOW as f64 / f64::from(RATE)) as usize;
    bins.map(|k| f64::from((features.data()[k * features.frames() + frame].exp() - FLOOR).max(0.0)).powi(2)).sum()
}

/// How far from frame `f` the parabola through it and its neighbours has its peak, in frames.
fn between(rises: &[f64], f: usize) -> f64 {
    let n = rises.len();
    let (a, b, c) = (rises[(f + n - 1) % n], rises[f], rises[(f + 1) % n]);
    let bend = a - 2.0 * b + c;
    if bend < 0.0 { (0.5 * (a - c) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

#[cfg(test)]
mod test {
    use super::super::{hits::off_grid, kicks};
    use super::*;
    use inlay_dsp::analyse;

    #[test]
    fn kicks_on_beats_are_on_sixteenths_in_their_magnitudes_too_and_late_ones_are_late() {
        for kick in kicks::ALL.iter().filter(|k| k.sure) {
            let input = kicks::on_beats(kick, 120.0, 4 * 44_100);
            let mut late = input.clone();
            late.rotate_right(882);
            let find = |audio: &[f32]| off_grid(&low(&analyse(audio, 8), 120.0), 120.0);
            let (on, off) = (find(&input), find(&late));
            assert_eq!((on.len(), off.len()), (8, 8), "{} {on:?}", kick.name);
            assert!(on.iter().all(|v| v.abs() < 8.0), "{} {on:?}", kick.name);
            assert!(on.iter().zip(&off).all(|(a, b)| (b - a - 20.0).abs() < 3.0), "{} {on:?} {off:?}", kick.name);
        }
    }
}
