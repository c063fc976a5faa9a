//! Free audio on the grid.

use super::*;
use inlay_audio::onsets::{Listen, onsets};

const RATE: SampleRate = SampleRate::CD;

/// Kicks on one and three, noise on two and four, ticks between; `seconds` at `bpm` from `start` on.
fn played(bpm: f64, start: f64, seconds: f64) -> Stereo {
    let mut audio = vec![0.0f32; (seconds * 44_100.0) as usize];
    let mut state = 7u32;
    let mut noise = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state as f32 / u32::MAX as f32 * 2.0 - 1.0
    };
    for eighth in 0.. {
        let at = ((start + f64::from(eighth) * 30.0 / bpm) * 44_100.0) as usize;
        if at >= audio.len() {
            break;
        }
        let kick = eighth % 8 == 0 || eighth % 8 == 4;
        for i in 0..3000.min(audio.len() - at) {
            let t = i as f32 / 44_100.0;
            audio[at + i] += match eighth % 8 {
                _ if kick => 0.8 * (-t * 30.0).exp() * (std::f32::consts::TAU * 60.0 * t).sin(),
                2 | 6 => 0.4 * (-t * 60.0).exp() * noise(),
                _ => 0.1 * (-t * 200.0).exp() * noise(),
            };
        }
    }
    [audio.clone(), audio]
}

fn mid(audio: &Stereo) -> &[f32] {
    &audio[0]
}

#[test]
fn a_piece_that_is_off_its_tempo_lies_on_the_grid_afterwards() {
    for (asked, made, start) in [(92.0, 91.2, 0.13), (120.0, 123.0, 0.4), (174.0, 174.0, 0.02), (100.0, 100.08, 0.5)] {
        let bar = 240.0 / asked;
        let length = Frames((4.0 * bar * 44_100.0_f64).round() as usize);
        let (audio, report) = fit(&played(made, start, 5.0 * bar), RATE, asked, 4.0, length).unwrap();
        assert_eq!(audio.each_ref().map(Vec::len), [length.get(); 2]);
        let hits = onsets(mid(&audio), RATE, Listen { round: true, ..Listen::default() });
        assert!(hits.len() >= 24, "{} hits", hits.len());
        let eighth = 30.0 / asked;
        let off = |time: f64| ((time / eighth) - (time / eighth).round()).abs() * eighth;
        let strength = |late: f64| hits.iter().filter(|hit| off(hit.time) <= late).map(|hit| f64::from(hit.strength)).sum::<f64>();
        let share = strength(0.008) / strength(eighth);
        assert!(share > 0.9, "{made} for {asked}: {share} of it lies on the grid, {report}");
        let low = onsets(mid(&audio), RATE, Listen { below: Some(150.0), round: true });
        assert!(low.iter().any(|hit| hit.time < 0.012 || hit.time > 4.0 * bar - 0.012), "a kick on the first beat: {report}");
    }
}

#[test]
fn the_report_says_how_far_the_model_was_off() {
    let length = Frames(4 * 88_200);
    let said = |made: f64, start: f64| fit(&played(made, start, 10.0), RATE, 120.0, 4.0, length).unwrap().1.to_string();
    assert!(said(121.5, 0.1).contains("played 121.5 BPM (+1.25 %)"), "{}", said(121.5, 0.1));
    assert!(said(120.0, 0.0).contains("kept to 120 BPM"), "{}", said(120.0, 0.0));
    let tone: Vec<f32> = (0..441_000).map(|i| (i as f32 * 0.03).sin() * 0.3).collect();
    let report = fit(&[tone.clone(), tone], RATE, 120.0, 4.0, length).unwrap().1.to_string();
    assert!(report.contains("no beat"), "{report}");
}

#[test]
fn of_several_bars_those_are_taken_that_lead_back_to_their_start() {
    // silence in the last bar: a loop of it would begin loud and end quiet
    let mut audio = played(120.0, 0.0, 12.0);
    audio.iter_mut().for_each(|c| c[(8.0 * 44_100.0) as usize..].fill(0.0));
    let (_, report) = fit(&audio, RATE, 120.0, 2.0, Frames(4 * 44_100)).unwrap();
    assert!(report.start <= 4.0, "{report}");
}

#[test]
fn audio_shorter_than_the_loop_still_gives_one() {
    let (audio, _) = fit(&played(120.0, 0.3, 3.9), RATE, 120.0, 2.0, Frames(4 * 44_100)).unwrap();
    assert_eq!(audio[1].len(), 4 * 44_100);
}

#[test]
fn a_cut_ends_in_what_led_to_its_start() {
    let ramp: Vec<f32> = (0..100_000).map(|i| i as f32 * 1e-5).collect();
    let [left, _] = cut(&[ramp.clone(), ramp.clone()], 10_000, 50_000, RATE);
    assert_eq!(left[0], ramp[10_000]);
    assert_eq!(left[40_000], ramp[50_000]);
    assert!((left[49_999] - ramp[9_999]).abs() < 1e-3, "{}", left[49_999]);
}

#[test]
fn what_is_wrapped_begins_ahead_of_the_start() {
    let audio = [0.0, 1.0, 2.0, 3.0];
    assert_eq!(wrapped(&audio, 2, 7), [2.0, 3.0, 0.0, 1.0, 2.0, 3.0, 0.0]);
    assert_eq!(wrapped(&audio, 0, 2), [0.0, 1.0]);
    assert_eq!(wrapped(&audio, 9, 3), [3.0, 0.0, 1.0]);
}
