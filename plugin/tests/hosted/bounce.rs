//! What plays follows from the song, the parameters and what was saved: in every run the same.

use crate::common::INLAY;
use crate::project::{held, noise, opened, take};
use inlay_host::Rig;

const RATE: u32 = 48_000;
const BAR: usize = 96_000;

fn rig() -> Rig {
    let takes: Vec<_> = (0..8).map(|slot| take(&slot.to_string(), 1, 120.0, RATE, noise(slot))).collect();
    opened(INLAY, RATE, &takes)
}

/// Whether a slot plays in these frames, whose first is at `song`.
fn plays(played: &[[f32; 2]], slot: u64, from: usize, to: usize, song: usize) -> bool {
    (from..to).all(|i| played[i] == [held(noise(slot)((song + i) % BAR)); 2])
}

#[test]
fn the_first_block_of_a_bounce_hears_which_slot_is_automated() {
    let mut rig = rig();
    rig.set("Slot", 4.0, 0).unwrap();
    rig.play(2 * BAR, 480).unwrap();
    rig.deactivate();
    rig.activate(f64::from(RATE), 4096).unwrap();
    rig.song.go_to(0.0);
    rig.set("Slot", 0.0, 0).unwrap();
    let played = rig.play(BAR, 480).unwrap();
    assert!(plays(&played, 0, 300, BAR, 0));
}

#[test]
fn a_bounce_that_begins_within_a_bar_begins_with_the_slot_that_is_automated() {
    let mut rig = rig();
    rig.edit(|own| own["selected"] = 3.into()).unwrap();
    rig.activate(f64::from(RATE), 4096).unwrap();
    rig.song.go_to(2.5);
    rig.set("Slot", 6.0, 0).unwrap();
    let played = rig.play(20_000, 480).unwrap();
    assert!(plays(&played, 6, 300, 20_000, 60_000));
}

#[test]
fn a_switch_that_waits_for_its_boundary_outlives_the_activation() {
    let mut rig = rig();
    rig.set("Switch at", 3.0, 0).unwrap();
    rig.play(24_000, 480).unwrap();
    rig.set("Slot", 5.0, 0).unwrap();
    rig.play(4_800, 480).unwrap();
    rig.deactivate();
    rig.activate(f64::from(RATE), 4096).unwrap();
    rig.song.go_to(0.0);
    let played = rig.play(20_000, 480).unwrap();
    assert!(plays(&played, 5, 300, 20_000, 0));
}

#[test]
fn a_project_that_is_loaded_after_the_activation_plays_its_slot_from_the_first_block_on() {
    let mut first = rig();
    first.edit(|own| own["selected"] = 4.into()).unwrap();
    let project = first.save().unwrap();
    let mut rig = crate::common::rig(INLAY);
    rig.activate(f64::from(RATE), 4096).unwrap();
    rig.load(&project).unwrap();
    rig.song.go_to(2.5);
    let played = rig.play(20_000, 480).unwrap();
    assert!(plays(&played, 4, 300, 20_000, 60_000));
}

#[test]
fn an_instance_that_is_activated_within_a_bar_plays_its_slot_at_once() {
    let mut rig = rig();
    rig.edit(|own| own["selected"] = 3.into()).unwrap();
    rig.activate(f64::from(RATE), 4096).unwrap();
    rig.song.go_to(2.5);
    let played = rig.play(20_000, 480).unwrap();
    assert!(plays(&played, 3, 300, 20_000, 60_000));
}

#[test]
fn next_and_previous_act_in_the_block_that_says_so() {
    let bounce = || {
        let mut rig = rig();
        rig.offline(true);
        rig.set("Switch at", 0.0, 0).unwrap();
        let mut out = rig.play(4_800, 480).unwrap();
        for (trigger, up) in [("Next", 1.0), ("Next", 0.0), ("Next", 1.0), ("Previous", 1.0)] {
            rig.set(trigger, up, 0).unwrap();
            out.extend(rig.play(4_800, 480).unwrap());
        }
        out
    };
    let played = bounce();
    for (part, slot) in [0, 1, 1, 2, 1].into_iter().enumerate() {
        assert!(plays(&played, slot, part * 4_800 + 300, (part + 1) * 4_800, 0), "part {part}");
    }
    assert!(bounce() == played);
}

#[test]
fn a_project_that_is_loaded_while_it_plays_has_the_slot_that_was_saved() {
    let mut rig = rig();
    rig.set("Slot", 4.0, 0).unwrap();
    rig.play(2 * BAR, 480).unwrap();
    // chosen by hand, and saved while the parameter stands elsewhere
    rig.edit(|own| own["selected"] = 2.into()).unwrap();
    let project = rig.save().unwrap();
    rig.set("Slot", 6.0, 0).unwrap();
    rig.play(2 * BAR, 480).unwrap();
    rig.load(&project).unwrap();
    rig.play(2 * BAR, 480).unwrap();
    let start = (rig.song.beat * 24_000.0).round() as usize;
    assert!(plays(&rig.play(BAR, 480).unwrap(), 2, 0, BAR, start));
}
