use super::*;
use std::f64::consts::TAU;

const RATE: SampleRate = SampleRate::CD;
const RATIOS: [f64; 8] = [0.5, 0.66, 0.8, 0.93, 1.07, 1.25, 1.51, 2.0];

/// Two seconds of a sine that closes on itself.
fn sine(hertz: usize) -> Vec<f32> {
    (0..88_200).map(|i| (0.5 * (TAU * (i * hertz % 44_100) as f64 / 44_100.0).sin()) as f32).collect()
}

/// Hits of noise that die away, at `places`, in a loop of `length`.
fn hits(length: usize, places: &[usize]) -> Vec<f32> {
    let mut audio = vec![0.0f32; length];
    let mut state = 1u32;
    for place in places {
        for i in 0..4000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 8) as f32 / (1 << 23) as f32 - 1.0;
            audio[(place + i) % length] += 0.5 * noise * (-(i as f32) / 700.0).exp();
        }
    }
    audio
}

/// Where the energy of a millisecond rises most within 30 ms of `near`.
fn rise(audio: &[f32], near: usize) -> usize {
    let n = audio.len();
    let energy = |from: usize| (from..from + 44).map(|i| audio[i % n].powi(2)).sum::<f32>();
    let score = |at: usize| energy(at) / (energy(at + n - 44) + 1e-2);
    (near + n - 1323..near + n + 1323).max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap() % n
}

fn power(audio: &[f32]) -> f64 {
    audio.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / audio.len() as f64
}

/// Share of the energy of a sine's loop that isn't at `hertz` ± 3 cents, in dB, in half a second of it.
fn impurity(audio: &[f32], hertz: f64) -> f64 {
    let inner = &audio[10_000..32_050];
    let n = inner.len() as f64;
    let pure = |hertz: f64| {
        let (mut re, mut im, mut all) = (0.0, 0.0, 0.0);
        for (i, &v) in inner.iter().enumerate() {
            // A Hann window, so that what lies apart doesn't leak.
            let v = f64::from(v) * (0.5 - 0.5 * (TAU * (i as f64 + 0.5) / n).cos());
            let (sin, cos) = (TAU * hertz * i as f64 / 44_100.0).sin_cos();
            (re, im, all) = (re + v * cos, im + v * sin, all + v * v);
        }
        // A windowed sine of amplitude 1 has sums of n/4 and an energy of 3n/16.
        1.0 - (re * re + im * im) * 16.0 / (n * n) * (3.0 * n / 16.0) / all
    };
    let best = (-50..=50).map(|k| pure(hertz * (1.0 + f64::from(k) * 5e-5))).fold(1.0, f64::min);
    10.0 * best.max(1e-12).log10()
}

#[test]
fn the_same_length_is_the_same_loop_bit_for_bit() {
    let audio = sine(440);
    assert_eq!(stretch_loop(&[&audio], Frames(audio.len()), RATE).unwrap(), [audio]);
}

#[test]
fn a_sine_stays_that_sine_at_any_length() {
    for ratio in [0.5, 0.8, 1.07, 1.25, 2.0] {
        for hertz in [55, 440, 3000] {
            let audio = sine(hertz);
            let length = (88_200.0 * ratio) as usize;
            let out = stretch_loop(&[&audio], Frames(length), RATE).unwrap().remove(0);
            assert_eq!(out.len(), length);
            let impure = impurity(&out, hertz as f64);
            assert!(impure < -25.0, "{hertz} Hz x {ratio}: {impure:.1} dB");
            let level = 10.0 * (power(&out) / 0.125).log10();
            assert!(level.abs() < 0.2, "{hertz} Hz x {ratio}: {level:.2} dB");
        }
    }
}

#[test]
fn hits_keep_their_places_in_the_music() {
    let places: Vec<usize> = (0..8).map(|k| k * 11_025).collect();
    let audio = hits(88_200, &places);
    for ratio in RATIOS {
        let length = (88_200.0 * ratio) as usize;
        let out = stretch_loop(&[&audio], Frames(length), RATE).unwrap().remove(0);
        for place in &places {
            let expected = (*place as f64 * ratio) as usize;
            let away = (rise(&out, expected) + length / 2 + length - expected) % length;
            let away = (away as f64 - (length / 2) as f64) / 44.1;
            assert!(away.abs() < 5.0, "hit at {place} x {ratio}: {away:.1} ms off");
        }
    }
}

#[test]
fn the_seam_has_no_step() {
    for ratio in RATIOS {
        let audio = sine(441);
        let out = stretch_loop(&[&audio], Frames((88_200.0 * ratio) as usize), RATE).unwrap().remove(0);
        let n = out.len();
        let bend = |i: usize| (out[i % n] - 2.0 * out[(i + 1) % n] + out[(i + 2) % n]).abs();
        let inside = (1000..n - 3000).map(bend).fold(0.0, f32::max);
        let seam = (n - 2000..n + 1000).map(bend).fold(0.0, f32::max);
        assert!(seam < 1.5 * inside, "x {ratio}: {seam} for {inside}");
    }
}

#[test]
fn both_channels_stay_together() {
    let left = hits(88_200, &[0, 30_000, 60_000]);
    let right: Vec<f32> = left.iter().map(|v| -0.5 * v).collect();
    let out = stretch_loop(&[&left, &right], Frames(100_000), RATE).unwrap();
    let apart: Vec<f32> = out[0].iter().zip(&out[1]).map(|(l, r)| l + 2.0 * r).collect();
    assert!(power(&apart) < 1e-6 * power(&out[0]));
}

#[test]
fn every_rate_can_be_stretched() {
    for hertz in [8000, 22_050, 32_000, 48_000, 88_200, 96_000, 192_000] {
        let rate = SampleRate::new(hertz).unwrap();
        let n = hertz as usize;
        let audio: Vec<f32> = (0..n).map(|i| (0.5 * (TAU * (i * 440 % n) as f64 / n as f64).sin()) as f32).collect();
        let out = stretch_loop(&[&audio], Frames(n * 5 / 4), rate).unwrap().remove(0);
        assert_eq!(out.len(), n * 5 / 4);
        let level = 10.0 * (power(&out) / 0.125).log10();
        assert!(level.abs() < 0.3, "{hertz}: {level:.2} dB");
        // 440 Hz crosses zero 440 times upwards a second.
        let ups = out.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        assert!(ups.abs_diff(550) <= 3, "{hertz}: {ups}");
    }
}

#[test]
fn what_cannot_be_stretched_gets_a_sentence() {
    let audio = vec![0.1; 44_100];
    let far = stretch_loop(&[&audio], Frames(10_000), RATE).unwrap_err();
    assert!(far.to_string().contains("double or half"));
    assert_eq!(stretch_loop(&[&audio, &audio[1..]], Frames(50_000), RATE), Err(StretchError::Channels));
    assert_eq!(stretch_loop(&[], Frames(50_000), RATE), Err(StretchError::Channels));
    let nan = vec![f32::NAN; 44_100];
    assert!(matches!(stretch_loop(&[&nan], Frames(50_000), RATE), Err(StretchError::Failed(_))));
    assert_eq!(stretch_loop(&[&[]], Frames(3), RATE).unwrap(), [[0.0; 3]]);
}

#[test]
fn a_very_short_loop_is_stretched_too() {
    let out = stretch_loop(&[&sine(440)[..300]], Frames(400), RATE).unwrap();
    assert_eq!(out[0].len(), 400);
    assert!(out[0].iter().all(|v| v.is_finite()));
}
