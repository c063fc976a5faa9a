//! Jumps, loops, metres and pre-rolls of the host.

use crate::common::INLAY;
use crate::project::{held, noise, opened, take};
use inlay_host::Rig;

const RATE: u32 = 48_000;
/// Frames of a beat at 120 BPM.
const BEAT: i64 = 24_000;

fn rig(slots: u64) -> Rig {
    let takes: Vec<_> = (0..slots).map(|slot| take(&slot.to_string(), 4, 120.0, RATE, noise(slot))).collect();
    opened(INLAY, RATE, &takes)
}

/// Whether the take of a slot plays in these frames, the first of which is at frame `song` of the song.
fn plays(played: &[[f32; 2]], slot: u64, song: i64) -> bool {
    let sound = noise(slot);
    played.iter().enumerate().all(|(i, frame)| *frame == [held(sound((song + i as i64).rem_euclid(16 * BEAT) as usize)); 2])
}

#[test]
fn after_a_jump_the_new_place_plays_within_5_ms() {
    let mut rig = rig(1);
    for song in [40.25, 0.0, -3.5, 4000.0, 3999.0] {
        rig.song.go_to(song);
        let played = rig.play(5_000, 100).unwrap();
        assert!(plays(&played[240..], 0, (song * BEAT as f64) as i64 + 240), "at {song}");
    }
}

#[test]
fn a_pre_roll_is_in_phase() {
    let mut rig = rig(1);
    rig.song.go_to(-8.5);
    let played = rig.play(12 * BEAT as usize, 480).unwrap();
    assert!(plays(&played[24..], 0, -17 * BEAT / 2 + 24));
}

#[test]
fn a_loop_of_the_host_is_followed_with_its_attack() {
    let played = [17, 480, 4096].map(|size| {
        let mut rig = rig(1);
        rig.song.cycle = Some((5.0, 8.0));
        rig.song.go_to(5.0);
        rig.play(18 * BEAT as usize, size).unwrap()
    });
    assert!(played.iter().all(|p| *p == played[0]), "whatever the blocks");
    for pass in 1..6 {
        let start = pass * 3 * BEAT as usize;
        assert!(plays(&played[0][start..start + 3 * BEAT as usize - 240], 0, 5 * BEAT), "pass {pass}");
    }
}

#[test]
fn slots_change_at_the_bars_of_the_metre() {
    let mut rig = rig(2);
    rig.play_beats(4.0, 480).unwrap();
    rig.song.turn_to((3, 4));
    rig.play_beats(1.0, 480).unwrap();
    rig.set("Slot", 1.0, 0).unwrap();
    let played = rig.play_beats(4.0, 480).unwrap();
    // beat 5 on: the next bar of three is at 7
    assert!(plays(&played[..2 * BEAT as usize - 240], 0, 5 * BEAT));
    assert!(plays(&played[2 * BEAT as usize..], 1, 7 * BEAT));
}

#[test]
fn a_slot_that_is_automated_within_a_block_changes_at_its_boundary() {
    let mut rig = rig(2);
    rig.set("Switch at", 1.0, 0).unwrap();
    rig.play(1000, 1000).unwrap();
    rig.set("Slot", 1.0, 1234).unwrap();
    let played = rig.play_in(50_000, [4096].into_iter().cycle()).unwrap();
    let beat = BEAT as usize - 1000;
    assert!(plays(&played[..beat - 240], 0, 1000));
    assert!(plays(&played[beat..], 1, BEAT));
}

#[test]
fn next_and_previous_go_through_the_slots_that_hold_something() {
    let mut rig = rig(3);
    rig.set("Switch at", 0.0, 0).unwrap();
    rig.play(480, 480).unwrap();
    for (trigger, slot) in [("Next", 1), ("Next", 2), ("Next", 0), ("Previous", 2)] {
        rig.set(trigger, 1.0, 0).unwrap();
        rig.play(480, 480).unwrap();
        rig.set(trigger, 0.0, 0).unwrap();
        let song = (rig.song.beat * BEAT as f64).round() as i64;
        assert!(plays(&rig.play(480, 480).unwrap(), slot, song), "{trigger} leads to slot {slot}");
    }
}

#[test]
fn a_stopped_host_is_silent_after_5_ms() {
    let mut rig = rig(1);
    rig.play(10_000, 480).unwrap();
    rig.song.playing = false;
    let played = rig.play(10_000, 480).unwrap();
    assert!(played[240..].iter().flatten().all(|s| *s == 0.0));
}
