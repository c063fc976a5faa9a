//! The host hears what a project should be saved with, with no window open.

use crate::common::{INLAY, filled, library, prompt, quick, rig, takes, wait_for_takes};
use inlay_host::Rig;

/// What the plugin said since the last call, its main thread having had its turn.
fn dirty(rig: &mut Rig) -> bool {
    rig.idle();
    rig.is_dirty()
}

#[test]
fn a_take_made_by_automation_marks_the_project_dirty_without_a_window() {
    let mut rig = rig(INLAY);
    prompt(&mut rig, "house drums");
    quick(&mut rig, 0.0);
    rig.activate(48_000.0, 512).expect("it activates");
    rig.play(512, 512).expect("it plays");
    assert!(!dirty(&mut rig), "nothing was made yet");
    rig.set("Generate", 1.0, 0).expect("a parameter");
    rig.play(512, 512).expect("it plays");
    wait_for_takes(&mut rig, 1);
    assert!(dirty(&mut rig), "the take should be saved");
    assert!(!dirty(&mut rig), "once is enough");
}

#[test]
fn each_take_is_told_and_a_project_that_is_opened_is_not() {
    let mut rig = filled(INLAY, 48_000.0, 120.0);
    assert!(dirty(&mut rig));
    let saved = rig.save().expect("it saves");
    rig.set("Seed lock", 0.0, 0).expect("a parameter");
    rig.set("Generate", 1.0, 0).expect("a parameter");
    rig.play(512, 512).expect("it plays");
    wait_for_takes(&mut rig, 2);
    assert!(dirty(&mut rig), "the second take should be saved, too");

    let mut other = Rig::new(&library(), INLAY).expect("it is in the library");
    other.load(&saved).expect("it loads");
    other.activate(48_000.0, 512).expect("it activates");
    other.play(4800, 512).expect("it plays");
    assert_eq!(takes(&mut other), 1);
    assert!(!dirty(&mut other), "opening is no change");
}

#[test]
fn each_instance_marks_its_own_project() {
    let mut quiet = rig(INLAY);
    quiet.activate(48_000.0, 512).expect("it activates");
    quiet.play(512, 512).expect("it plays");
    let mut busy = filled(INLAY, 48_000.0, 120.0);
    quiet.play(512, 512).expect("it plays");
    assert!(dirty(&mut busy));
    assert!(!dirty(&mut quiet));
}
