//! MIDI notes 36 to 43 play slots.

#[path = "support/host.rs"]
mod host;

use host::{Rig, noise, steady, take};
use inlay_player::{Event, EventKind, Fact, PlayMode, Quantize, Transport};

const RATE: u32 = 48_000;
const LOOP: usize = 96_000;

fn rig(mode: PlayMode) -> Rig {
    let mut rig = Rig::new(RATE);
    for slot in 0..8 {
        let content = take(&slot.to_string(), 4.0, 120.0, RATE, |frames| noise(frames, u64::from(slot)));
        rig.controls.load(slot, content, Quantize::Now).unwrap();
    }
    rig.mode = mode;
    rig
}

fn on(at: u32, note: u8, velocity: f32) -> Event {
    Event { at, kind: EventKind::NoteOn { note, velocity } }
}

fn off(at: u32, note: u8) -> Event {
    Event { at, kind: EventKind::NoteOff { note } }
}

fn silent(rig: &Rig, frames: std::ops::Range<usize>) -> bool {
    rig.left[frames].iter().all(|s| *s == 0.0)
}

/// Whether a slot plays at these frames; `shift` frames before them it is at its first frame.
fn plays(rig: &Rig, slot: u64, gain: f32, frames: std::ops::Range<usize>, shift: usize) -> bool {
    let audio = noise(LOOP, slot);
    frames.clone().all(|i| rig.left[i] == audio[(i - frames.start + shift) % LOOP] * gain)
}

#[test]
fn a_note_switches_at_the_boundary_and_its_end_means_nothing() {
    let mut rig = rig(PlayMode::Switch);
    rig.block(60_000, &steady(0, 120.0, RATE), &[on(30_000, 39, 0.2), off(30_010, 39)]);
    rig.block(60_000, &steady(60_000, 120.0, RATE), &[]);
    assert!(plays(&rig, 0, 1.0, 24..95_760, 24));
    assert!(plays(&rig, 3, 1.0, 96_000..120_000, 0));
}

#[test]
fn a_gate_plays_in_phase_while_held_and_velocity_is_gain() {
    let mut rig = rig(PlayMode::Gate);
    rig.block(60_000, &steady(0, 120.0, RATE), &[on(10_000, 37, 0.5), off(40_000, 37)]);
    assert!(silent(&rig, 0..10_000));
    assert!(plays(&rig, 1, 0.5, 10_024..40_000, 10_024), "in phase with the song");
    assert!(silent(&rig, 40_240..60_000));
}

#[test]
fn a_gate_plays_also_while_the_song_stands() {
    let mut rig = rig(PlayMode::Gate);
    rig.stopped(5_000);
    rig.block(20_000, &Transport::default(), &[on(100, 40, 1.0)]);
    assert!(silent(&rig, 0..5_100));
    assert!(plays(&rig, 4, 1.0, 5_124..25_000, 24), "from the first beat");
}

#[test]
fn a_one_shot_plays_once_from_the_first_beat_at_once() {
    let mut rig = rig(PlayMode::OneShot);
    rig.block(150_000, &steady(7_777, 120.0, RATE), &[on(12_345, 38, 0.3), off(12_400, 38)]);
    assert!(silent(&rig, 0..12_345));
    assert!(plays(&rig, 2, 1.0, 12_369..12_345 + LOOP - 240, 24));
    assert!(silent(&rig, 12_345 + LOOP..150_000), "and falls silent at its end");
}

#[test]
fn a_one_shot_doesnt_follow_jumps_of_the_song() {
    let mut rig = rig(PlayMode::OneShot);
    rig.block(10_000, &steady(0, 120.0, RATE), &[on(0, 36, 1.0)]);
    rig.block(10_000, &steady(777_777, 120.0, RATE), &[]);
    rig.block(10_000, &Transport::default(), &[]);
    assert!(plays(&rig, 0, 1.0, 24..30_000, 24));
}

#[test]
fn a_second_one_shot_takes_over_within_2_ms() {
    let mut rig = rig(PlayMode::OneShot);
    rig.block(30_000, &steady(0, 120.0, RATE), &[on(0, 36, 1.0), on(10_000, 37, 1.0), on(20_000, 37, 1.0)]);
    assert!(plays(&rig, 0, 1.0, 24..10_000, 24));
    assert!(plays(&rig, 1, 1.0, 10_096..20_000, 96));
    assert!(plays(&rig, 1, 1.0, 20_096..30_000, 96));
}

#[test]
fn a_note_without_velocity_ends_it() {
    let mut rig = rig(PlayMode::Gate);
    rig.block(60_000, &steady(0, 120.0, RATE), &[on(10_000, 37, 1.0), on(40_000, 37, 0.0)]);
    assert!(plays(&rig, 1, 1.0, 10_024..40_000, 10_024));
    assert!(silent(&rig, 40_240..60_000));
}

#[test]
fn all_notes_can_end_at_once() {
    let mut rig = rig(PlayMode::Gate);
    let end = Event { at: 40_000, kind: EventKind::AllNotesOff };
    rig.block(60_000, &steady(0, 120.0, RATE), &[on(10_000, 37, 1.0), on(11_000, 38, 1.0), end]);
    assert!(silent(&rig, 40_240..60_000));
}

#[test]
fn both_ends_can_go_to_threads_of_their_own() {
    fn goes<T: Send>(_: &T) {}
    let rig = rig(PlayMode::Switch);
    goes(&rig.player);
    goes(&rig.controls);
}

#[test]
fn notes_that_were_played_are_told() {
    let mut rig = rig(PlayMode::Switch);
    rig.block(64, &Transport::default(), &[on(0, 35, 1.0), on(1, 43, 0.5), off(2, 43), on(3, 44, 1.0)]);
    assert_eq!(rig.controls.fact(), Some(Fact::Note { slot: 7, velocity: 0.5 }));
    assert!(matches!(rig.controls.fact(), Some(Fact::Selected { slot: 7 })));
    assert_eq!(rig.controls.fact(), Some(Fact::Note { slot: 7, velocity: 0.0 }));
    assert_eq!(rig.controls.fact(), None);
}

#[test]
fn facts_that_nobody_hears_are_counted() {
    let mut rig = rig(PlayMode::Gate);
    let many: Vec<Event> = (0..3000).map(|i| on(i, 36, 1.0)).collect();
    rig.block(3000, &Transport::default(), &many);
    let heard = std::iter::from_fn(|| rig.controls.fact()).count() as u64;
    assert_eq!(heard + rig.controls.status().lost_facts(), 3000);
    assert!(rig.controls.status().lost_facts() > 0);
}
