//! What a project keeps, and how it comes back.

use super::*;

/// A rig with takes in two slots, one of them retimed, and one in the history.
fn evening() -> Rig {
    let mut rig = Rig::with("house drums");
    rig.activate();
    rig.play(0.1);
    for (slot, seed) in [(0, 1), (0, 2), (3, 3)] {
        rig.ask(Command::Select(slot));
        rig.ask(Command::Seed(Seed(seed)));
        rig.ask(Command::Generate);
        rig.settle();
    }
    rig.ask(Command::Select(0));
    rig.tempo = 113.0;
    rig.play(0.1);
    for _ in 0..3 {
        rig.now += Duration::from_secs(3);
        rig.play(0.05);
        rig.settle();
    }
    rig.ask(Command::Prompt("warm bass".into()));
    rig.ask(Command::Regions(vec![Rig::region(1.0, 2.0)]));
    rig.ask(Command::Chords("Am".into()));
    rig.ask(Command::Pin { slot: 3, pinned: true });
    rig
}

fn reopened(json: &str) -> Rig {
    let mut rig = Rig::new();
    rig.session.load(json);
    rig
}

#[test]
fn an_instance_comes_back_as_it_was() {
    let mut rig = evening();
    let json = rig.session.save();
    let back = reopened(&json);
    assert_eq!(back.said(), []);
    let (a, b) = (rig.session.snapshot(), back.session.snapshot());
    assert_eq!((a.desk.prompt, a.desk.regions, a.desk.chords, a.desk.seed), (b.desk.prompt, b.desk.regions, b.desk.chords, b.desk.seed));
    assert_eq!((a.selected, a.prompts, a.slots), (b.selected, b.prompts, b.slots));
    let ids = |s: &[crate::EntryView]| s.iter().map(|e| (e.take.clone(), e.parent.clone(), e.favourite)).collect::<Vec<_>>();
    assert_eq!(ids(&a.history), ids(&b.history));
    for slot in [0, 3] {
        let (a, b) = (rig.entry(slot).unwrap(), back.entry(slot).unwrap());
        assert_eq!(a.own, b.own);
        let voices = |e: &crate::entry::Entry| e.voices.clone().map(|v| v.map(|v| (v.bpm().get(), v.take.sound.clone())));
        assert_eq!(voices(&a), voices(&b));
        assert_eq!(voices(&a)[0].as_ref().map(|v| v.0), Some(113.0));
    }
    assert!(back.entry(0).unwrap().own.is_some());
}

#[test]
fn saving_what_was_loaded_gives_the_same_text() {
    let json = evening().session.save();
    assert_eq!(reopened(&json).session.save(), json);
}

#[test]
fn it_plays_the_same_samples() {
    let mut rig = evening();
    let json = rig.session.save();
    let sound = |rig: &mut Rig| {
        rig.activate();
        (rig.beat, rig.tempo) = (0.0, 113.0);
        rig.play(8.0)
    };
    assert!(sound(&mut rig) == sound(&mut reopened(&json)));
}

#[test]
fn loading_while_it_plays_changes_what_plays() {
    let json = evening().session.save();
    let mut rig = Rig::new();
    rig.activate();
    assert!(!loud(&rig.play(1.0)));
    rig.session.load(&json);
    rig.tempo = 113.0;
    assert!(loud(&rig.play(8.0)));
}

#[test]
fn until_the_host_says_its_tempo_the_last_one_counts() {
    let mut rig = Rig::with("house drums");
    rig.activate();
    rig.tempo = 97.0;
    rig.play(0.1);
    rig.tick();
    let json = rig.session.save();
    let mut back = reopened(&json);
    back.ask(Command::Generate);
    back.settle();
    assert_eq!(back.entry(0).unwrap().about.request.bpm.get(), 97.0);
    back.activate();
    back.tempo = 101.0;
    back.play(0.1);
    back.tick();
    back.session.load(&json);
    assert_eq!(back.session.snapshot().desk.tempo.get(), 101.0);
}

#[test]
fn a_take_of_the_history_is_made_again_after_loading() {
    let mut rig = evening();
    let old = rig.session.history.iter().next().unwrap().clone();
    let mut back = reopened(&rig.session.save());
    let kept = back.session.history.get(&old.id).unwrap();
    assert!(!kept.sounds() && kept.peaks.is_none());
    back.tick();
    back.ask(Command::Put { take: old.id.clone(), slot: Some(5) });
    back.settle();
    assert_eq!(back.said(), []);
    assert_eq!(back.entry(5).unwrap().own.unwrap().sound, old.own.unwrap().sound);
}

#[test]
fn an_inpainted_take_of_the_history_keeps_its_sound() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    rig.ask(Command::Regions(vec![Rig::region(1.0, 1.0)]));
    rig.ask(Command::Inpaint);
    rig.settle();
    let inpainted = rig.entry(0).unwrap();
    rig.ask(Command::Clear(0));
    let mut back = reopened(&rig.session.save());
    back.ask(Command::Put { take: inpainted.id.clone(), slot: Some(1) });
    assert_eq!(back.entry(1).unwrap().own, inpainted.own);
}

#[test]
fn a_take_that_came_from_a_file_keeps_the_file_s_sound() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let file = rig.export(folder.path());
    // elsewhere, where the take that it was made of is not
    let mut rig = Rig::new();
    rig.ask(Command::Drop(file));
    rig.tick();
    let dropped = rig.entry(0).unwrap();
    rig.ask(Command::Clear(0));
    let mut back = reopened(&rig.session.save());
    back.ask(Command::Put { take: dropped.id.clone(), slot: Some(1) });
    back.settle();
    assert_eq!(back.entry(1).unwrap().own, dropped.own);
}

#[test]
fn what_is_damaged_is_told_and_made_again_where_that_can_be_done() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let whole = rig.entry(0).unwrap();
    let json = rig.session.save();
    // the longest run of base64 is the sound
    let at = json
        .match_indices('"')
        .map(|(i, _)| i)
        .collect::<Vec<_>>()
        .windows(2)
        .max_by_key(|w| w[1] - w[0])
        .map(|w| (w[0] + w[1]) / 2)
        .unwrap();
    let mut bytes = json.into_bytes();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    let mut back = reopened(&String::from_utf8(bytes).unwrap());
    assert!(back.said().iter().any(|(tone, place, _)| (*tone, *place) == (Tone::Failure, Place::Instance)), "{:?}", back.said());
    back.settle();
    assert_eq!(back.entry(0).unwrap().own.unwrap().sound, whole.own.unwrap().sound);
}

#[test]
fn the_key_of_another_project_in_the_same_process_is_not_this_one_s() {
    let json = Rig::with("house drums").session.save();
    let mut other = Rig::new();
    other.ask(Command::ProjectKey(Some("F#m".parse().unwrap())));
    let mut back = reopened(&json);
    back.tick();
    assert_eq!(back.session.snapshot().desk.project_key, None);
    other.ask(Command::ProjectKey(None));
}

#[test]
fn what_is_no_state_changes_nothing() {
    let mut rig = evening();
    let before = rig.session.snapshot().slots;
    rig.session.load("no state at all");
    assert_eq!(rig.session.snapshot().slots, before);
    assert!(rig.said().iter().any(|(tone, ..)| *tone == Tone::Failure));
}
