//! What goes out of the window.

use super::doing::sent;
use super::*;
use egui::Vec2;

#[test]
fn the_button_carries_the_take_that_is_dragged_and_no_file_from_before() {
    let mut snapshot = busy();
    snapshot.exported = Some("/music/before.wav".into());
    let mut harness = harness(snapshot, [900.0, 560.0]);
    harness.state_mut().outside.can_drag = true;
    let from = harness.get_by_label("Export").rect().center();
    harness.drag_at(from);
    harness.run_steps(1);
    for step in 1..4 {
        harness.hover_at(from - Vec2::new(0.0, 20.0 * step as f32));
        harness.run_steps(2);
    }
    assert_eq!(sent(&harness), [Command::Export(0)]);
    assert!(harness.state().outside.dragged.is_empty(), "it isn't written yet");
    harness.state_mut().snapshot.exported = Some("/music/now.wav".into());
    harness.run_steps(3);
    assert_eq!(harness.state().outside.dragged, [PathBuf::from("/music/now.wav")], "once");
    harness.drop_at(from - Vec2::new(0.0, 60.0));
    harness.run_steps(2);
    assert_eq!(sent(&harness).len(), 1);
}

#[test]
fn a_file_that_was_saved_is_shown_from_what_says_so() {
    let file = PathBuf::from("/music/beat.wav");
    let mut snapshot = busy();
    snapshot.messages = vec![Message { file: Some(file.clone()), ..message(Tone::Notice, Place::Files, "Saved /music/beat.wav") }];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    assert!(harness.query_by_label("Saved /music/beat.wav. Show it, and drag it from there into the host.").is_some());
    harness.get_by_label("Show").click();
    harness.run_steps(2);
    assert_eq!(harness.state().outside.revealed, [file]);
    harness.state_mut().outside.can_drag = true;
    harness.run_steps(2);
    assert!(harness.query_by_label("Saved /music/beat.wav").is_some());
}
