//! What the interface looks like in its states.

use super::*;
use image::RgbaImage;
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
    let mut silent = busy();
    silent.history[3].peaks = None;
    silent.messages = vec![Message {
        file: Some("/home/me/Music/Inlay/dusty-boom-bap-drums_92bpm_seed7.wav".into()),
        ..message(Tone::Notice, Place::Files, "Saved /home/me/Music/Inlay/dusty-boom-bap-drums_92bpm_seed7.wav")
    }];
    all.push(("silent", silent));
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
const SIZES: [([f32; 2], f32); 5] =
    [([900.0, 560.0], 1.0), ([640.0, 400.0], 1.0), ([1600.0, 1000.0], 1.0), ([900.0, 560.0], 2.0), ([640.0, 400.0], 3.0)];

const SIDES: [frame::Side; 4] = [frame::Side::Closed, frame::Side::Details, frame::Side::History, frame::Side::Help];

#[test]
fn everything_stays_inside_the_window_and_above_the_slots_at_every_size() {
    for (name, mut snapshot) in states() {
        if name == "busy" {
            snapshot.jobs = (0..5).map(|n| JobView { id: JobId(n), ..job("vary", 0) }).collect();
        }
        for (size, scale) in SIZES {
            for side in SIDES {
                let mut harness = scaled(snapshot.clone(), size, scale);
                harness.state_mut().editor.side = side;
                harness.run_steps(3);
                let state = format!("{name} at {size:?}, scale {scale}, {side:?}");
                let mut slots = f32::INFINITY;
                for slot in 1..=8 {
                    let rect = harness.get_by_label_contains(&format!("Slot {slot}, ")).rect();
                    assert!(rect.right() <= size[0] && rect.bottom() <= size[1], "{state}: slot {slot} at {rect:?}");
                    assert!(rect.width() >= 60.0, "{state}: {rect:?}");
                    slots = slots.min(rect.top());
                }
                let above = |label: &str, rect: egui::Rect| {
                    assert!(rect.left() >= 0.0 && rect.right() <= size[0] && rect.bottom() <= slots, "{state}, {label}: {rect:?}");
                };
                for label in ["Inpaint", "Vary", "Export", "Export settings", "Generate"] {
                    above(label, harness.get_by_role_and_label(egui::Role::Button, label).rect());
                }
                above("Prompt", harness.get_by_label("Prompt").rect());
                let waited = snapshot.jobs.iter().filter(|j| !j.ahead).count();
                assert_eq!(harness.query_all_by_label("Cancel").count(), waited.min(1), "{state}");
                for row in harness.query_all_by_label("Cancel").chain(harness.query_all_by_role(egui::Role::ProgressIndicator)) {
                    above("a job", row.rect());
                }
            }
        }
    }
}

#[test]
fn a_row_that_appears_has_its_place_in_the_same_frame() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.state_mut().snapshot.jobs = vec![job("vary", 0)];
    harness.step();
    let (row, slot) = (harness.get_by_label("Cancel").rect(), harness.get_by_label_contains("Slot 1, ").rect());
    let inpaint = harness.get_by_label("Inpaint").rect();
    assert!(row.bottom() <= inpaint.top() && inpaint.bottom() <= slot.top(), "{row:?}, {inpaint:?}, {slot:?}");
}

fn draw(snapshot: &Snapshot, (size, scale): ([f32; 2], f32), side: frame::Side) -> RgbaImage {
    let mut harness = scaled(snapshot.clone(), size, scale);
    harness.state_mut().editor.side = side;
    harness.run_steps(4);
    harness.render().expect("a picture")
}

fn folder() -> Option<PathBuf> {
    std::env::var_os("INLAY_PICTURES").map(PathBuf::from)
}

/// The pictures in `plugin/editor/pictures` are what it looks like. Where it shall look different, look at the new ones, too: this test
/// writes them where `INLAY_PICTURES` says.
#[test]
fn it_looks_as_it_did() {
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("pictures");
    let (small, usual) = (SIZES[1], SIZES[0]);
    let mut pictures: Vec<_> =
        states().into_iter().map(|(name, snapshot)| (name.to_owned(), draw(&snapshot, usual, frame::Side::Closed))).collect();
    for side in [frame::Side::Details, frame::Side::History, frame::Side::Help] {
        pictures.push((format!("{side:?}").to_lowercase(), draw(&busy(), usual, side)));
    }
    pictures.push(("small".into(), draw(&busy(), small, frame::Side::Closed)));
    for (name, found) in pictures {
        let file = format!("{name}.png");
        if let Some(folder) = folder() {
            found.save(folder.join(file)).expect("saved");
            continue;
        }
        let wanted = image::open(kept.join(&file)).unwrap_or_else(|e| panic!("{file}: {e}")).to_rgba8();
        assert_eq!(found.dimensions(), wanted.dimensions(), "{name}");
        // other processors round the edges of letters otherwise
        let differ = |(a, b): (&image::Rgba<u8>, &image::Rgba<u8>)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 24);
        let wrong = found.pixels().zip(wanted.pixels()).filter(|pair| differ(*pair)).count();
        let all = found.pixels().len();
        assert!(wrong * 1000 <= all, "{name}: {wrong} of {all} pixels look different");
    }
}

#[test]
#[ignore = "draws pictures of all states and sizes for people to look at, where `INLAY_PICTURES` says"]
fn pictures() {
    let folder = folder().expect("a folder");
    for (name, snapshot) in states() {
        for (size, scale) in SIZES {
            for side in SIDES {
                if side != frame::Side::Closed && (name != "busy" || scale != 1.0) {
                    continue;
                }
                let [width, height] = size;
                let file = folder.join(format!("{name}-{side:?}-{width}x{height}@{scale}.png"));
                draw(&snapshot, (size, scale), side).save(file).expect("saved");
            }
        }
    }
}
