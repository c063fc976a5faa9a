//! Inlay FX: what happens to the track.

use crate::common::{INLAY, INLAY_FX};
use crate::project::{noise, opened, sound, take};
use inlay_host::Rig;

const RATE: u32 = 48_000;

/// An effect whose take is noise, over an input of 0.25.
fn rig() -> Rig {
    let mut rig = opened(INLAY_FX, RATE, &[take("noise", 1, 120.0, RATE, noise(3))]);
    rig.input = Some(Box::new(|| [0.25, -0.25]));
    rig
}

#[test]
fn a_take_replaces_the_input_as_far_as_the_mix_says() {
    let mut rig = rig();
    let take = take("noise", 1, 120.0, RATE, noise(3));
    let played = rig.play(5_000, 64).unwrap();
    assert!((30..5_000).all(|i| played[i] == [sound(&take)[i]; 2]));
    rig.set("Mix", 0.5, 0).unwrap();
    rig.play(5_000, 64).unwrap();
    let played = rig.play(5_000, 64).unwrap();
    assert!((0..5_000).all(|i| (played[i][0] - (0.5 * sound(&take)[10_000 + i] + 0.125)).abs() < 1e-6));
    rig.set("Mix", 0.0, 0).unwrap();
    rig.play(5_000, 64).unwrap();
    assert!(rig.play(5_000, 64).unwrap().iter().all(|frame| *frame == [0.25, -0.25]));
}

#[test]
fn a_bypassed_effect_lets_its_input_pass() {
    let mut rig = rig();
    rig.set("Bypass", 1.0, 0).unwrap();
    rig.play(5_000, 64).unwrap();
    assert!(rig.play(5_000, 64).unwrap().iter().all(|frame| *frame == [0.25, -0.25]));
}

#[test]
fn a_bypassed_instrument_is_silent_and_comes_back_in_phase() {
    let take = take("noise", 1, 120.0, RATE, noise(3));
    let mut rig = opened(INLAY, RATE, std::slice::from_ref(&take));
    rig.set("Bypass", 1.0, 0).unwrap();
    rig.play(5_000, 64).unwrap();
    assert!(rig.play(5_000, 64).unwrap().iter().all(|frame| *frame == [0.0; 2]));
    rig.set("Bypass", 0.0, 0).unwrap();
    rig.play(5_000, 64).unwrap();
    let played = rig.play(5_000, 64).unwrap();
    assert!((0..5_000).all(|i| played[i] == [sound(&take)[15_000 + i]; 2]));
}

#[test]
fn a_stopped_host_hears_its_track() {
    let mut rig = rig();
    rig.song.playing = false;
    assert!(rig.play(5_000, 64).unwrap().iter().all(|frame| *frame == [0.25, -0.25]));
}
