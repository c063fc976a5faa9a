use super::*;
use std::f64::consts::TAU;

/// A loop with something at every frequency; the same for everybody.
fn noise(length: usize) -> Vec<f32> {
    let mut state = 7u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// Gain in dB from mid to side at a frequency, measured with a sine that closes on itself in a second.
fn response(hertz: usize) -> f64 {
    let mid: Vec<f32> = (0..44_100).map(|i| (TAU * (i * hertz % 44_100) as f64 / 44_100.0).sin() as f32).collect();
    let power = side_of(&mid).iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / 22_050.0;
    10.0 * power.max(1e-12).log10()
}

fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn the_mono_sum_is_twice_mid() {
    let mid = noise(30_000);
    let (left, right) = widen(&mid, &side_of(&mid), OwnWidth::Made.factor());
    for ((l, r), m) in left.iter().zip(&right).zip(&mid) {
        assert!((l + r - 2.0 * m).abs() < 3e-7);
    }
}

#[test]
fn no_width_is_mono() {
    let mid = noise(1000);
    let (left, right) = widen(&mid, &side_of(&mid), Width::MONO.get());
    assert_eq!((&left, &right), (&mid, &mid));
}

#[test]
fn wider_is_less_correlated() {
    let mid = noise(88_200);
    let side = side_of(&mid);
    let at = |weight| {
        let (left, right) = widen(&mid, &side, weight);
        correlation(&left, &right)
    };
    // (1 − w²) / (1 + w²) for a side that has nothing in common with mid.
    for weight in [0.15f32, 0.35, 0.7] {
        let expected = (1.0 - weight.powi(2)) / (1.0 + weight.powi(2));
        assert!((at(weight) - f64::from(expected)).abs() < 0.04, "{weight}: {}", at(weight));
    }
    assert!(correlation(&mid, &side).abs() < 0.05);
}

#[test]
fn side_is_flat_above_400_hz_and_gone_in_the_bass() {
    for third in 0..17 {
        let centre = 400.0 * 2f64.powf(f64::from(third) / 3.0);
        let of = |k: i32| response((centre * 2f64.powf(f64::from(k) / 30.0)).round() as usize);
        let power = (-4..=4).map(|k| 10f64.powf(of(k) / 10.0)).sum::<f64>() / 9.0;
        let level = 10.0 * power.log10();
        assert!(level.abs() < 3.0, "{centre:.0} Hz: {level:.1} dB");
    }
    for (hertz, most) in [(30, -60.0), (60, -40.0), (100, -20.0), (125, -15.0)] {
        assert!(response(hertz) < most, "{hertz} Hz: {}", response(hertz));
    }
}

#[test]
fn turning_mid_turns_side() {
    for length in [100_003, 700] {
        let mid = noise(length);
        let mut turned = mid.clone();
        turned.rotate_left(length / 3);
        let mut expected = side_of(&mid);
        expected.rotate_left(length / 3);
        for (a, b) in side_of(&turned).iter().zip(&expected) {
            assert!((a - b).abs() < 1e-6);
        }
    }
}

#[test]
fn side_follows_a_hit_and_never_precedes_it() {
    let mut mid = vec![0.0; 44_100];
    mid[20_000] = 1.0;
    let side = side_of(&mid);
    let energy = |range: std::ops::Range<usize>| side[range].iter().map(|v| v * v).sum::<f32>();
    assert!(energy(0..20_000) < 1e-12);
    assert!((energy(0..44_100) - 1.0).abs() < 0.1);
    assert!(energy(20_000 + 882..44_100) < 0.05);
}

#[test]
fn two_channels_come_back_from_mid_and_side() {
    let (left, right) = (noise(100), noise(200)[100..].to_vec());
    let (mid, side) = mid_side(&left, &right);
    let (l, r) = widen(&mid, &side, Width::NEUTRAL.get());
    for i in 0..100 {
        assert!((l[i] - left[i]).abs() < 1e-6 && (r[i] - right[i]).abs() < 1e-6);
    }
}

#[test]
fn a_width_is_from_0_to_2() {
    assert!(Width::new(2.0).is_ok());
    for bad in [-0.1, 2.1, f32::NAN] {
        assert!(Width::new(bad).is_err());
    }
    assert!(side_of(&[]).is_empty());
}

#[test]
fn side_stays_the_same_for_ever() {
    let mid: Vec<f32> = (0..20_000u32).map(|i| (i.wrapping_mul(2_654_435_769) >> 8) as f32 / 16_777_216.0 - 0.5).collect();
    let bytes = side_of(&mid).into_iter().flat_map(f32::to_le_bytes);
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    assert_eq!(hash, 0x3698_827d_6df8_85f0, "{hash:#x}");
}
