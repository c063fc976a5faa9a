//! Sound that comes from outside, and goes there.

use super::*;

#[test]
fn a_capture_becomes_a_clip_that_replaces_the_track_where_it_was() {
    let mut rig = Rig::of(true);
    rig.activate();
    rig.ask(Command::Capture(Bars::new(1).unwrap()));
    assert_eq!(rig.session.snapshot().capture, crate::CaptureView::Armed);
    rig.beat = 2.0;
    rig.play_over(3.0, Some(0.25));
    assert!(matches!(rig.session.snapshot().capture, crate::CaptureView::Running { .. }));
    rig.play_over(4.0, Some(0.25));
    rig.settle();
    let entry = rig.entry(0).unwrap();
    assert_eq!(entry.clip, Some(4.0));
    let sound = &entry.own.unwrap().sound;
    assert_eq!((sound.rate.get(), sound.channels.len(), sound.frames().get()), (RATE, 2, 96_000));
    assert!(sound.channels.iter().all(|c| c.iter().all(|s| *s == 0.25)));
}

#[test]
fn an_instrument_has_nothing_to_capture() {
    let mut rig = Rig::new();
    rig.activate();
    rig.ask(Command::Capture(Bars::new(1).unwrap()));
    assert!(rig.said()[0].2.contains("Inlay FX"));
}

#[test]
fn a_capture_that_never_began_ends_without_a_word() {
    let mut rig = Rig::of(true);
    rig.activate();
    rig.ask(Command::Capture(Bars::new(1).unwrap()));
    rig.ask(Command::EndCapture);
    rig.play_over(1.0, Some(0.1));
    assert_eq!(rig.session.snapshot().capture, crate::CaptureView::Idle);
    assert!(rig.said().is_empty());
}

#[test]
fn a_capture_that_the_host_breaks_off_keeps_its_whole_bars() {
    let mut rig = Rig::of(true);
    rig.activate();
    rig.ask(Command::Capture(Bars::new(4).unwrap()));
    rig.play_over(9.0, Some(0.25));
    rig.session.deactivate(None);
    rig.player = None;
    rig.settle();
    let entry = rig.entry(0).unwrap();
    assert_eq!((entry.about.request.bars.get(), entry.clip), (2, Some(0.0)));
}

#[test]
fn the_end_of_an_older_capture_does_not_end_the_new_one() {
    let mut rig = Rig::of(true);
    rig.activate();
    // the host processes nothing meanwhile
    rig.ask(Command::Capture(Bars::new(4).unwrap()));
    rig.ask(Command::EndCapture);
    rig.ask(Command::Capture(Bars::new(1).unwrap()));
    rig.play_over(5.0, Some(0.25));
    rig.settle();
    assert_eq!(rig.said(), []);
    assert_eq!(rig.entry(0).unwrap().about.request.bars.get(), 1);
}

#[test]
fn the_same_sound_captured_elsewhere_plays_there() {
    let mut rig = Rig::of(true);
    rig.activate();
    for start in [0.0, 8.0] {
        rig.beat = start;
        rig.ask(Command::Capture(Bars::new(1).unwrap()));
        rig.play_over(5.0, Some(0.25));
        rig.settle();
        assert_eq!(rig.entry(0).unwrap().clip, Some(start));
    }
}

#[test]
fn an_exported_take_comes_back_when_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let first = rig.export(&folder.path().join("new"));
    let second = rig.export(&folder.path().join("new"));
    assert_ne!(first, second, "nothing is overwritten");
    let take = rig.entry(0).unwrap().own.unwrap();
    rig.ask(Command::Select(4));
    rig.ask(Command::Drop(first));
    rig.tick();
    let back = rig.entry(4).unwrap().own.unwrap();
    assert_eq!((&back.latents, back.about.request.seed), (&take.latents, take.about.request.seed));
    rig.ask(Command::Undo);
    assert_eq!(rig.filled(), [0]);
}

#[test]
fn another_file_waits_for_its_tempo_and_becomes_a_take() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my loop.wav");
    let clicks: Vec<f32> = (0..96_000).map(|i| if i % 12_000 < 400 { 0.5 * (1.0 - (i % 12_000) as f32 / 400.0) } else { 0.0 }).collect();
    let note = inlay_audio::file::Note::default();
    let sheet = inlay_audio::file::Sheet {
        bpm: Bpm::DEFAULT,
        beats: Bars::new(1).unwrap().beats(),
        root: None,
        key: "",
        title: "",
        looped: false,
        note: &note,
    };
    let rate = SampleRate::new(RATE).unwrap();
    inlay_audio::file::write(&path, inlay_audio::file::Format::Wav24, rate, &[clicks], &sheet, false).unwrap();
    let mut rig = Rig::new();
    rig.ask(Command::Drop(path));
    rig.tick();
    let file = rig.session.snapshot().file.unwrap();
    assert_eq!((file.name.as_str(), file.bpm), ("my loop.wav", 120.0));
    rig.ask(Command::Correct { bpm: 120.0, bars: Bars::new(1).unwrap(), start: 0.0 });
    rig.ask(Command::Accept);
    rig.settle();
    assert_eq!(rig.said(), []);
    let entry = rig.entry(0).unwrap();
    assert_eq!(entry.about.request.prompt.as_str(), "my loop");
    assert!(entry.about.from_audio);
    assert!(rig.session.snapshot().file.is_none());
    rig.ask(Command::Undo);
    assert!(rig.filled().is_empty());
}

#[test]
fn a_file_that_is_none_is_told_and_nothing_changes() {
    let mut rig = Rig::new();
    rig.ask(Command::Drop("/nowhere/at all.wav".into()));
    rig.tick();
    assert!(matches!(rig.said().as_slice(), [(Tone::Failure, Place::Files, text)] if text.contains("at all.wav")));
}

#[test]
fn a_folder_of_nowhere_is_refused_and_one_s_own_is_found() {
    let mut rig = Rig::new();
    rig.ask(Command::Folder("~/Loops".into()));
    let home = dirs::home_dir().unwrap();
    assert_eq!(rig.session.folder, Some(home.join("Loops")));
    rig.ask(Command::Folder("Loops".into()));
    assert_eq!(rig.session.folder, Some(home.join("Loops")));
    assert!(matches!(rig.said().as_slice(), [(Tone::Failure, Place::Files, _)]), "{:?}", rig.said());
}

#[test]
fn a_file_that_was_saved_can_be_shown_and_where_it_cannot_that_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let saved = rig.export(folder.path());
    assert_eq!(rig.session.messages.last().unwrap().file, Some(saved.clone()));
    rig.ask(Command::NotShown(saved));
    let said = rig.said();
    assert!(matches!(said.as_slice(), [(Tone::Failure, Place::Files, text)] if text.contains(folder.path().to_str().unwrap())), "{said:?}");
}
