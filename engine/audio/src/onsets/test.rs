use super::*;
use std::f64::consts::TAU;

/// A loop of `seconds` with kicks (60 Hz) and hats (noise) at given times.
fn drums(seconds: f64, kicks: &[f64], hats: &[f64]) -> Vec<f32> {
    let n = (seconds * 44_100.0) as usize;
    let mut audio = vec![0.0f32; n];
    let mut state = 1u32;
    for &time in kicks {
        for i in 0..8000 {
            let t = i as f64 / 44_100.0;
            audio[((time * 44_100.0) as usize + i) % n] += (0.7 * (TAU * 60.0 * t).sin() * (-t / 0.06).exp()) as f32;
        }
    }
    for &time in hats {
        for i in 0..3000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 8) as f32 / (1 << 23) as f32 - 1.0;
            audio[((time * 44_100.0) as usize + i) % n] += 0.3 * noise * (-(i as f32) / 900.0).exp();
        }
    }
    audio
}

fn times(audio: &[f32], below: Option<f64>, round: bool) -> Vec<f64> {
    onsets(audio, SampleRate::CD, Listen { below, round }).iter().map(|o| o.time).collect()
}

fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?} for {expected:?}");
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance, "{found:?} for {expected:?}");
    }
}

#[test]
fn finds_every_hit_within_3_ms() {
    let hats = [0.1, 0.35, 0.6, 0.85, 1.1, 1.45, 1.7];
    assert_near(&times(&drums(2.0, &[], &hats), None, false), &hats, 0.003);
}

#[test]
fn hears_kicks_alone_below_150_hz() {
    let kicks = [0.1, 0.6, 1.1, 1.35];
    let hats: Vec<f64> = (0..16).map(|k| 0.1 + f64::from(k) * 0.117).collect();
    assert_near(&times(&drums(2.0, &kicks, &hats), Some(150.0), true), &kicks, 0.010);
}

#[test]
fn a_hit_on_the_seam_of_a_loop_is_one_hit() {
    let found = times(&drums(2.0, &[0.0, 1.0], &[0.5]), None, true);
    let turned: Vec<f64> = found.iter().map(|t| (t + 0.1) % 2.0).collect();
    let mut sorted = turned.clone();
    sorted.sort_by(f64::total_cmp);
    assert_near(&sorted, &[0.1, 0.6, 1.1], 0.006);
}

#[test]
fn a_file_that_begins_with_a_hit_has_it() {
    assert_near(&times(&drums(1.0, &[], &[0.0, 0.5]), None, false), &[0.0, 0.5], 0.003);
}

#[test]
fn silence_and_a_steady_tone_have_none() {
    assert!(times(&[0.0; 44_100], None, true).is_empty());
    assert!(times(&[], None, true).is_empty());
    assert!(times(&[f32::NAN; 4410], None, false).is_empty());
    let tone: Vec<f32> = (0..44_100).map(|i| (0.5 * (TAU * 220.0 * f64::from(i) / 44_100.0).sin()) as f32).collect();
    assert!(times(&tone, None, true).is_empty());
}
