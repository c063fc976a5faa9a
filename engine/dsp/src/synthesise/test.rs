use super::*;
use crate::golden::{self, load};
use crate::{analyse, distance};
use std::f32::consts::TAU;

/// A splitmix turn by index: as good as any other for where to begin.
pub(crate) fn turn(index: u64) -> f32 {
    let mut z = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
}

fn how(threads: usize) -> Synthesis<'static> {
    Synthesis { threads, turns: &turn, proceed: &|| true, stretch: 1.0 }
}

#[test]
fn sounds_as_near_to_its_features_as_the_references() {
    let golden = load();
    for (name, bpm) in [("audio.distance", 92.0), ("slow.distance", 70.0)] {
        for case in 0..2 {
            let features = golden.features(case);
            let audio = synthesise(&features, golden::samples(bpm, 8), &how(2)).unwrap();
            let (off, allowed) = (distance(&audio, &features, 8), golden.get(name)[case] + 0.1);
            assert!(off <= allowed, "{name} of case {case} is {off}, allowed are {allowed}");
        }
    }
}

#[test]
fn any_number_of_threads_makes_the_same_samples() {
    let features = load().features(0);
    let one = synthesise(&features, 50_001, &how(1)).unwrap();
    for threads in [0, 2, 5] {
        assert!(synthesise(&features, 50_001, &how(threads)).unwrap() == one, "{threads} threads");
    }
}

#[test]
fn stops_when_it_is_no_longer_wanted() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let proceed = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 3;
    let how = Synthesis { threads: 2, turns: &turn, proceed: &proceed, stretch: 1.0 };
    assert_eq!(synthesise(&load().features(0), 50_000, &how), Err(Cancelled));
    assert_eq!(asked.into_inner(), 4);
}

const HIT_AT: usize = 33_075;

/// Energy of a stretch of a loop.
fn energy(audio: &[f32], from: usize, to: usize) -> f32 {
    audio[from..to].iter().map(|x| x * x).sum::<f32>() + 1e-12
}

fn decibels(ratio: f32) -> f32 {
    10.0 * ratio.log10()
}

/// Of a hit (0 a kick, 1 a snare, 2 a hat) that begins at `at` in a bar at 120 BPM, in dB: energy in the 20 ms before it against that
/// in the 20 ms after it; the peak, and the energy of the first 5 ms, against what went in.
fn hit(which: usize, at: usize) -> (f32, f32, f32) {
    let mut bar = vec![0.0; 88_200];
    bar[at..at + 22_050].copy_from_slice(&load().get("hits")[which * 22_050..][..22_050]);
    let audio = synthesise(&analyse(&bar, 4), bar.len(), &how(2)).unwrap();
    let peak = |x: &[f32]| x.iter().fold(0.0f32, |m, x| m.max(x.abs()));
    (
        decibels(energy(&audio, at - 882, at) / energy(&audio, at, at + 882)),
        2.0 * decibels(peak(&audio) / peak(&bar)),
        decibels(energy(&audio, at, at + 220) / energy(&bar, at, at + 220)),
    )
}

#[test]
fn attacks_are_sharper_than_the_references_and_not_dulled() {
    let reference = load().get("hits.before_after_db");
    for (which, aim) in [(0, -20.0), (1, -20.0), (2, -15.0f32)] {
        let (before, peak, first) = hit(which, HIT_AT);
        assert!(before < aim.min(reference[which]), "hit {which}: {before} dB before it");
        assert!(peak.abs() < 1.0 && first.abs() < 1.5, "hit {which}: peak {peak} dB, first 5 ms {first} dB");
    }
}

#[test]
fn attacks_between_frames_are_sharp_too() {
    for (which, after) in [(0, 115), (1, 172), (2, 115)] {
        let (before, _, first) = hit(which, HIT_AT + after);
        assert!(before < -15.0, "hit {which}, {after} samples after a frame: {before} dB before it");
        assert!(first.abs() < 2.0, "hit {which}, {after} samples after a frame: first 5 ms {first} dB");
    }
}

#[test]
fn a_pad_that_swells_does_not_pump() {
    // A minor chord whose turns are whole in a second, which swells by 12 dB and back.
    let level = |t: f32| 10f32.powf(-0.3 * (TAU * t).cos());
    let chord = |t: f32| [220.0f32, 262.0, 330.0, 1760.0, 2640.0].iter().map(|hz| (TAU * hz * t).sin()).sum::<f32>();
    let pad: Vec<f32> = (0..44_100).map(|n| n as f32 / 44_100.0).map(|t| 0.1 * level(t) * chord(t)).collect();
    let audio = synthesise(&analyse(&pad, 2), pad.len(), &how(2)).unwrap();
    for from in (0..44_100).step_by(2205) {
        let off = decibels(energy(&audio, from, from + 2205) / energy(&pad, from, from + 2205));
        assert!(off.abs() < 1.0, "{off} dB off from sample {from} on");
    }
}

#[test]
fn silence_stays_silent_and_what_is_too_short_is_silent() {
    let silence = analyse(&vec![0.0; 22_050], 1);
    assert_eq!(synthesise(&silence, 22_050, &how(2)), Ok(vec![0.0; 22_050]));
    assert_eq!(synthesise(&load().features(0), 4095, &how(2)), Ok(vec![0.0; 4095]));
}
