//! MIDI notes 36 to 43 play the slots.

use crate::common::INLAY;
use crate::project::{held, noise, opened, take};
use inlay_host::Rig;

const RATE: u32 = 48_000;
const BAR: usize = 96_000;

fn rig(mode: f64) -> Rig {
    let takes: Vec<_> = (0..8).map(|slot| take(&slot.to_string(), 1, 120.0, RATE, noise(slot))).collect();
    let mut rig = opened(INLAY, RATE, &takes);
    rig.set("Notes", mode, 0).unwrap();
    rig.play(480, 480).unwrap();
    rig.song.go_to(0.0);
    rig
}

/// The take's sample at a frame.
fn at(slot: u64, frame: usize) -> f32 {
    held(noise(slot)(frame % BAR))
}

#[test]
fn a_note_selects_its_slot_at_the_next_bar() {
    let mut rig = rig(0.0);
    for slot in [7, 3, 0, 5] {
        rig.song.go_to(2.0);
        rig.note_on(36 + slot, 0.4, 100);
        rig.note_off(36 + slot, 200);
        let played = rig.play_beats(3.0, 480).unwrap();
        assert!((0..20_000).all(|i| played[BAR / 2 + i] == [at(slot.into(), i); 2]), "slot {slot}");
    }
}

#[test]
fn other_notes_are_nobodys() {
    let mut rig = rig(0.0);
    rig.note_on(35, 1.0, 0);
    rig.note_on(44, 1.0, 0);
    let played = rig.play_beats(8.0, 480).unwrap();
    assert!((300..BAR).all(|i| played[BAR + i] == [at(0, i); 2]));
}

#[test]
fn a_gate_plays_in_phase_while_the_note_is_held_at_its_velocity() {
    let mut rig = rig(1.0);
    rig.note_on(38, 0.5, 1000);
    let played = rig.play(30_000, 30_000).unwrap();
    assert!(played[..1000].iter().flatten().all(|s| *s == 0.0));
    assert!((1030..30_000).step_by(97).all(|i| (played[i][0] - 0.5 * at(2, i)).abs() < 1e-6));
    rig.note_off(38, 10);
    let played = rig.play(5_000, 480).unwrap();
    assert!(played[10 + 240..].iter().flatten().all(|s| *s == 0.0));
}

#[test]
fn a_one_shot_plays_from_the_first_beat_at_the_frame_of_its_note() {
    let mut rig = rig(2.0);
    rig.play(12_345, 480).unwrap();
    rig.note_on(41, 1.0, 321);
    rig.note_off(41, 400);
    let played = rig.play(BAR + 5_000, 480).unwrap();
    assert!(played[..321].iter().flatten().all(|s| *s == 0.0));
    // it ends with a fade of 5 ms
    assert!((24..BAR - 240).step_by(31).all(|i| played[321 + i][0] == at(5, i)));
    assert!(played[321 + BAR + 300..].iter().flatten().all(|s| *s == 0.0), "once");
}
