//! Taking changes back, and what no change may lose.

use super::*;

/// Four clicks at 120 BPM that nobody wrote a tempo into.
fn clicks(folder: &std::path::Path) -> std::path::PathBuf {
    let path = folder.join("my loop.wav");
    let clicks: Vec<f32> = (0..96_000).map(|i| if i % 12_000 < 400 { 0.5 * (1.0 - (i % 12_000) as f32 / 400.0) } else { 0.0 }).collect();
    let note = inlay_audio::file::Note::default();
    let beats = Bars::new(1).unwrap().beats();
    let sheet = inlay_audio::file::Sheet { bpm: Bpm::DEFAULT, beats, root: None, key: "", title: "", looped: false, note: &note };
    let rate = SampleRate::new(RATE).unwrap();
    inlay_audio::file::write(&path, inlay_audio::file::Format::Wav24, rate, &[clicks], &sheet, false).unwrap();
    path
}

#[test]
fn marks_are_taken_back_and_moving_one_in_small_steps_is_one_change() {
    let mut rig = Rig::new();
    let (a, b) = (Rig::region(0.0, 1.0), Rig::region(2.0, 1.0));
    rig.ask(Command::Regions(vec![a]));
    rig.ask(Command::Regions(vec![a, b]));
    for step in 1..40 {
        rig.ask(Command::Regions(vec![a, Rig::region(2.0 + f64::from(step) / 64.0, 1.0)]));
    }
    rig.ask(Command::Regions(vec![]));
    assert_eq!(rig.session.undo.back(), Some("marks"));
    let mut seen = vec![];
    while rig.session.undo.back().is_some() {
        rig.ask(Command::Undo);
        seen.push(rig.session.desk.regions.len());
    }
    assert_eq!(seen, [2, 2, 1, 0]);
    rig.ask(Command::Redo);
    rig.ask(Command::Redo);
    assert_eq!(rig.session.desk.regions, [a, b]);
}

#[test]
fn chords_typed_in_one_go_are_one_change_and_clearing_them_another() {
    let mut rig = Rig::new();
    for text in ["A", "Am", "Am |", "Am | F"] {
        rig.ask(Command::Chords(text.into()));
    }
    rig.ask(Command::Chords(String::new()));
    let chords = |rig: &Rig| rig.session.snapshot().desk.chords;
    rig.ask(Command::Undo);
    assert_eq!(chords(&rig), "Am | F");
    rig.ask(Command::Undo);
    assert_eq!(chords(&rig), "");
    rig.ask(Command::Redo);
    assert_eq!(chords(&rig), "Am | F");
    assert!(rig.session.desk.chords_error.is_some(), "two bars of chords in one bar");
    // what is typed after something was taken back is a change of its own
    rig.ask(Command::Undo);
    rig.ask(Command::Chords("G".into()));
    assert_eq!(rig.session.undo.forth(), None);
}

#[test]
fn undo_leaves_what_was_made_ahead_in_its_slot() {
    let mut rig = Rig::with("house drums");
    rig.activate();
    rig.ask(Command::Generate);
    rig.settle();
    rig.ask(Command::Pin { slot: 5, pinned: true });
    rig.ask(Command::Ahead(true));
    rig.play(1.0);
    rig.settle();
    assert!(rig.filled().contains(&1), "a variation was made ahead");
    rig.ask(Command::Ahead(false));
    rig.ask(Command::Undo);
    assert!(rig.filled().contains(&1), "{:?}", rig.filled());
    rig.ask(Command::Redo);
    assert!(rig.filled().contains(&1));
}

#[test]
fn a_file_comes_back_after_it_was_transformed_or_corrected() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Drop(clicks(folder.path())));
    rig.tick();
    let heard = rig.session.snapshot().file.unwrap();
    rig.ask(Command::Correct { bpm: 60.0, bars: heard.bars, start: 0.0 });
    rig.ask(Command::Undo);
    assert_eq!(rig.session.snapshot().file.unwrap().bpm, heard.bpm);
    rig.ask(Command::Transform);
    assert!(rig.session.snapshot().file.is_none());
    rig.settle();
    assert_eq!(rig.filled(), [0]);
    rig.ask(Command::Undo);
    rig.ask(Command::Undo);
    assert_eq!((rig.filled(), rig.session.snapshot().file.map(|f| f.name)), (vec![], Some(heard.name)));
}

#[test]
fn a_file_that_nothing_came_of_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::new();
    rig.ask(Command::Drop(clicks(folder.path())));
    rig.tick();
    rig.ask(Command::Transform);
    assert!(rig.session.jobs.is_empty(), "there are no words yet");
    assert!(rig.session.snapshot().file.is_some());
}

#[test]
fn without_a_file_nothing_is_transformed_and_that_is_told() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    rig.ask(Command::Transform);
    assert!(rig.session.jobs.is_empty());
    assert!(matches!(rig.said().as_slice(), [(Tone::Failure, Place::Files, text)] if text.contains("drop a file")), "{:?}", rig.said());
}
