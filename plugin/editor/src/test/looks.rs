//! What the interface looks like in its states. Set `INLAY_PICTURES` to a folder to get the pictures.

use super::*;
use inlay_engine::{Progress, Stage};
use inlay_session::{CaptureView, FileView};
use std::time::Duration;

/// The states that a producer may see, each with its name.
fn states() -> Vec<(&'static str, Snapshot)> {
    let mut all = vec![("empty", fresh()), ("busy", busy())];
    let mut making = busy();
    making.jobs = vec![job("inpaint", 0)];
    making.jobs[0].progress = Some(Progress { stage: Stage::Sampling, done: 0.4, left: Duration::from_millis(2300) });
    making.slots[0].coming = Some(making.jobs[0].id);
    all.push(("making", making));
    let mut failed = busy();
    failed.messages = vec![
        message(
            Tone::Failure,
            Place::Prompt,
            "This needs about 900 MB of memory and 300 MB are free: close other programs, or make fewer bars.",
        ),
        message(Tone::Notice, Place::Take, "All slots are pinned or playing: the new take is in the history."),
    ];
    failed.desk.chords = "Am | H#".into();
    failed.desk.chords_error = Some("\"H#\" isn't a chord: write a note from A to G, such as F#m7".into());
    failed.compare = Some([0, 2]);
    all.push(("failed", failed));
    let mut dropped = busy();
    dropped.effect = true;
    dropped.capture = CaptureView::Running { done: 5.5, beats: 16.0 };
    dropped.file = Some(FileView {
        name: "my old loop from 2019.wav".into(),
        seconds: 20.0,
        bpm: 93.4,
        bars: Bars::new(4).unwrap(),
        start: 0.48,
        peaks: busy().history[0].peaks.clone().unwrap(),
    });
    all.push(("dropped", dropped));
    all
}

/// Sizes and scales that it must work at.
const SIZES: [([f32; 2], f32); 4] = [([900.0, 560.0], 1.0), ([640.0, 400.0], 1.0), ([1600.0, 1000.0], 1.0), ([900.0, 560.0], 2.0)];

#[test]
fn everything_stays_inside_the_window_at_every_size() {
    for (name, snapshot) in states() {
        for (size, _) in SIZES {
            for side in [frame::Side::Closed, frame::Side::Details, frame::Side::History, frame::Side::Help] {
                let mut harness = harness(snapshot.clone(), size);
                harness.state_mut().editor.side = side;
                harness.run_steps(3);
                for slot in 1..=8 {
                    let rect = harness.get_by_label_contains(&format!("Slot {slot}, ")).rect();
                    assert!(rect.right() <= size[0] && rect.bottom() <= size[1], "{name} at {size:?}: slot {slot} at {rect:?}");
                    assert!(rect.width() >= 60.0, "{name} at {size:?}: {rect:?}");
                }
                for (role, label) in [(egui::Role::TextInput, "Prompt"), (egui::Role::Button, "Vary")] {
                    let rect = harness.get_by_role_and_label(role, label).rect();
                    assert!(rect.left() >= 0.0 && rect.right() <= size[0] && rect.bottom() <= size[1], "{name}, {label}: {rect:?}");
                }
            }
        }
    }
}

#[test]
#[ignore = "draws pictures for people to look at"]
fn pictures() {
    let folder = PathBuf::from(std::env::var("INLAY_PICTURES").expect("a folder"));
    for (name, snapshot) in states() {
        for (size, scale) in SIZES {
            for side in [frame::Side::Closed, frame::Side::Details, frame::Side::History, frame::Side::Help] {
                if side != frame::Side::Closed && (name != "busy" || scale != 1.0) {
                    continue;
                }
                let mut harness = harness(snapshot.clone(), size);
                harness.set_pixels_per_point(scale);
                harness.state_mut().editor.side = side;
                harness.run_steps(4);
                let picture = harness.render().expect("a picture");
                let [width, height] = size;
                picture.save(folder.join(format!("{name}-{side:?}-{width}x{height}@{scale}.png"))).expect("saved");
            }
        }
    }
}
