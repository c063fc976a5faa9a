//! Whatever the host does, nothing clicks.

use crate::common::INLAY;
use crate::ears::{left, splatter, step, step_of_loop};
use crate::project::{opened, sound, take, tone};
use inlay_host::Rig;

const RATE: u32 = 44_100;
/// RMS of the tones.
const RMS: f64 = 0.353_553;

/// A rig with tones of these frequencies in its slots, 4 beats at 120 BPM.
fn rig(tones: &[f64]) -> Rig {
    let frames = 2 * RATE as usize;
    let takes: Vec<_> = tones.iter().map(|hertz| take(&hertz.to_string(), 1, 120.0, RATE, tone(frames, RATE, *hertz))).collect();
    opened(INLAY, RATE, &takes)
}

/// The loudest that is above 4 kHz, without the start out of silence.
fn high(played: &[[f32; 2]]) -> f64 {
    splatter(&left(played)[2_000..], RATE, RMS)
}

#[test]
fn the_measure_is_quiet_where_nothing_happens() {
    let played = rig(&[990.0]).play(100_000, 480).unwrap();
    assert!(high(&played) < -85.0);
}

#[test]
fn ramps_of_15_bpm_a_second_put_nothing_above_4_khz() {
    for size in [64, 480] {
        let mut rig = rig(&[700.0]);
        let own = step_of_loop(sound(&take("", 1, 120.0, RATE, tone(88_200, RATE, 700.0))));
        let mut played = rig.play(RATE as usize, size).unwrap();
        for ramp in [15.0, 0.0, -15.0, 0.0] {
            rig.song.ramp = ramp;
            played.extend(rig.play(2 * RATE as usize, size).unwrap());
        }
        assert!(high(&played) < -60.0, "{} dB in blocks of {size}", high(&played));
        // at 150 BPM the tone is a quarter faster
        let most = step(&left(&played));
        assert!(most <= own * 1.27, "a step of {most}, the take's own are {own}");
    }
}

#[test]
fn positions_rounded_to_a_1920th_of_a_beat_make_no_step_beyond_the_takes_own() {
    for size in [64, 441] {
        let mut rig = rig(&[700.0]);
        let own = step_of_loop(sound(&take("", 1, 120.0, RATE, tone(88_200, RATE, 700.0))));
        rig.song.rounding = 1920.0;
        let played = rig.play(700_000, size).unwrap();
        let most = step(&left(&played)[30..]);
        assert!(most <= own, "a step of {most}, the take's own are {own}");
    }
}

#[test]
fn jumps_loops_and_metres_put_nothing_above_4_khz() {
    for hertz in [50.0, 440.0, 990.0] {
        let mut rig = rig(&[hertz]);
        let mut played = rig.play(30_000, 480).unwrap();
        for song in [17.3, -2.2, 0.0] {
            rig.song.go_to(song);
            played.extend(rig.play(30_000, 480).unwrap());
        }
        rig.song.cycle = Some((1.0, 2.3));
        rig.song.go_to(1.0);
        played.extend(rig.play(150_000, 480).unwrap());
        rig.song.cycle = None;
        rig.song.turn_to((7, 8));
        played.extend(rig.play(50_000, 480).unwrap());
        assert!(high(&played) < -60.0, "{} dB at {hertz} Hz", high(&played));
    }
}

#[test]
fn switches_put_nothing_above_4_khz() {
    for when in 0..4 {
        let mut rig = rig(&[990.0, 330.0, 40.0]);
        rig.set("Switch at", f64::from(when), 0).unwrap();
        let mut played = rig.play(20_000, 480).unwrap();
        for slot in [1, 2, 0, 5, 1] {
            rig.set("Slot", f64::from(slot), 77).unwrap();
            played.extend(rig.play(90_000, 480).unwrap());
        }
        // slot 6 is empty: what follows it starts out of silence
        assert!(high(&played[..330_000]) < -60.0, "{} dB", high(&played[..330_000]));
        assert!(high(&played) < -40.0, "{} dB", high(&played));
    }
}

#[test]
fn level_width_and_bypass_put_nothing_above_4_khz() {
    let mut rig = rig(&[700.0]);
    let mut played = rig.play(20_000, 480).unwrap();
    for (name, value) in [("Gain", 0.1), ("Gain", 0.6), ("Width", 0.0), ("Width", 1.0), ("Bypass", 1.0), ("Bypass", 0.0)] {
        rig.set(name, value, 100).unwrap();
        played.extend(rig.play(10_000, 480).unwrap());
    }
    assert!(high(&played) < -60.0, "{} dB", high(&played));
}
