use super::*;
use inlay_music::Frames;
use std::f64::consts::TAU;

const RATE: SampleRate = SampleRate::CD;

fn tone(seconds: f64, hertz: f64, peak: f64) -> Vec<f32> {
    (0..(seconds * 44_100.0) as usize).map(|i| (peak * (TAU * hertz * i as f64 / 44_100.0).sin()) as f32).collect()
}

/// Two seconds with one hit every half, each dying away.
fn beats() -> Vec<f32> {
    let hit = |i: usize| (-((i % 22_050) as f64) / 3000.0).exp();
    tone(2.0, 441.0, 0.5).iter().enumerate().map(|(i, v)| v * hit(i) as f32).collect()
}

#[test]
fn the_reference_tone_of_ebu_tech_3341_reads_as_its_level() {
    // Tech 3341, case 1: 1 kHz at −23 dBFS on both channels is −23 LUFS, case 2 the same at −33.
    for level in [-23.0, -33.0] {
        let audio = tone(20.0, 1000.0, 10f64.powf(level / 20.0));
        let measured = loudness(&audio, RATE).unwrap();
        assert!((measured - level).abs() < 0.1, "{measured}");
    }
}

#[test]
fn turning_the_loop_leaves_its_loudness() {
    let audio = beats();
    let expected = loudness(&audio, RATE).unwrap();
    for turn in [1, 4410, 20_000, 55_555] {
        let mut turned = audio.clone();
        turned.rotate_left(turn);
        let measured = loudness(&turned, RATE).unwrap();
        assert!((measured - expected).abs() < 0.25, "{turn}: {measured} for {expected}");
    }
}

#[test]
fn a_loop_shorter_than_a_block_has_its_loudness_too() {
    let measured = loudness(&tone(0.01, 1000.0, 10f64.powf(-23.0 / 20.0)), RATE).unwrap();
    assert!((measured + 23.0).abs() < 0.1, "{measured}");
}

#[test]
fn the_gain_brings_a_take_to_minus_18() {
    for rate in [44_100, 96_000] {
        let rate = SampleRate::new(rate).unwrap();
        let audio: Vec<f32> = beats().iter().map(|v| v * 0.3).collect();
        let gain = level_gain(&audio, &[], 0.35, rate);
        let loud: Vec<f32> = audio.iter().map(|v| v * gain).collect();
        let measured = loudness(&loud, rate).unwrap();
        assert!((measured - TARGET).abs() < 0.02, "{measured}");
    }
}

#[test]
fn the_gain_stops_where_a_peak_would_pass_the_ceiling() {
    let mut audio = tone(2.0, 220.0, 0.01);
    audio[5000] = 0.7;
    let mut side = vec![0.0; audio.len()];
    side[5000] = -0.4;
    for width in [0.0, 0.35, 2.0] {
        let gain = level_gain(&audio, &side, width, RATE);
        let loudest = heard(&audio, &side, width).map(|v| v * gain).fold(0.0, f32::max);
        assert!(loudest <= CEILING && loudest > CEILING - 1e-6, "{loudest}");
    }
}

#[test]
fn silence_is_left_alone() {
    assert_eq!(level_gain(&[], &[], 1.0, RATE), 1.0);
    assert_eq!(level_gain(&[0.0; 50_000], &[], 1.0, RATE), 1.0);
    assert_eq!(level_gain(&tone(1.0, 1000.0, 1e-5), &[], 1.0, RATE), 1.0);
    assert_eq!(level_gain(&[f32::NAN; 50_000], &[], 1.0, RATE), 1.0);
}

fn span(start: usize, length: usize) -> Span {
    Span { start: Frames(start), length: Frames(length) }
}

#[test]
fn limiting_keeps_every_bit_outside_the_region_and_the_ceiling_inside() {
    let audio = tone(1.0, 100.0, 1.3);
    let n = audio.len();
    // In the middle, across the seam, as short as 1/8 beat at 240 BPM, and all of it.
    for (start, length) in [(10_000, 9000), (40_000, 12_000), (7, 1378), (44_000, 1)] {
        let mut limited = audio.clone();
        let heard: Vec<f32> = heard(&audio, &[], 0.0).collect();
        limit_regions(&mut [&mut limited], &heard, &[span(start, length)], CEILING, RATE);
        for i in 0..n {
            if (i + n - start) % n < length {
                assert!(limited[i].abs() <= CEILING, "{i}");
            } else {
                assert_eq!(limited[i].to_bits(), audio[i].to_bits(), "{i}");
            }
        }
    }
}

#[test]
fn limiting_is_smooth_and_ends_at_one_at_the_edges() {
    let mut audio = tone(1.0, 5.0, 0.0);
    audio.fill(0.5);
    audio[20_000] = 1.5;
    audio[30_100] = 1.0;
    let heard = audio.clone();
    let mut side = vec![0.25; audio.len()];
    limit_regions(&mut [&mut audio, &mut side], &heard, &[span(15_000, 15_200)], CEILING, RATE);
    let gains: Vec<f32> = side.iter().map(|s| s * 4.0).collect();
    assert!((gains[20_000] - CEILING / 1.5).abs() < 1e-5);
    assert!((gains[15_000], gains[30_199]) > (0.99, 0.97));
    // The first peak has its full ramp of 30 ms, the second the 100 frames that are left.
    let step = |range: std::ops::Range<usize>| range.map(|i| (gains[i + 1] - gains[i]).abs()).fold(0.0, f32::max);
    assert!(step(15_000..27_000) < 0.41 * 1.6 / 1323.0, "{}", step(15_000..27_000));
    assert!(step(27_000..30_199) < 0.11 * 1.6 / 50.0);
    // Mid and side go down together, so the picture stays.
    assert!((audio[19_000] / side[19_000] - 2.0).abs() < 1e-6);
}

#[test]
fn what_is_below_the_ceiling_isnt_limited() {
    let audio = tone(0.5, 100.0, 0.89);
    let mut limited = audio.clone();
    limit_regions(&mut [&mut limited], &audio, &[span(0, audio.len())], CEILING, RATE);
    assert_eq!(limited, audio);
}

#[test]
fn spans_beyond_the_loop_are_cut() {
    let heard = [2.0, 2.0];
    let mut audio = [2.0f32];
    limit_regions(&mut [&mut audio], &heard, &[span(7, 100)], CEILING, RATE);
    assert!(audio[0] <= CEILING);
    limit_regions(&mut [&mut audio], &[], &[span(7, 100)], CEILING, RATE);
}
