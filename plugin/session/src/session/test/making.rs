//! Asking for takes, and where they go.

use super::*;

#[test]
fn words_become_a_take_in_the_selected_slot() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Select(2));
    rig.ask(Command::Generate);
    assert_eq!(rig.session.snapshot().slots[2].coming, Some(rig.session.snapshot().jobs[0].id));
    rig.settle();
    let entry = rig.entry(2).unwrap();
    assert_eq!(rig.filled(), [2]);
    assert_eq!(entry.about.request.prompt.as_str(), "house drums");
    assert_eq!(rig.session.prompts, ["house drums"]);
    assert!(rig.session.snapshot().history[0].peaks.is_some());
}

#[test]
fn nothing_is_asked_for_without_words() {
    let mut rig = Rig::new();
    rig.ask(Command::Generate);
    assert!(rig.session.jobs.is_empty());
    assert!(matches!(rig.said().as_slice(), [(Tone::Failure, Place::Prompt, _)]));
    rig.ask(Command::Prompt("house drums".into()));
    assert!(rig.said().is_empty(), "who types has read it");
}

#[test]
fn a_pinned_slot_keeps_its_take_and_the_new_one_plays_elsewhere() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let first = rig.entry(0).unwrap().id;
    rig.ask(Command::Pin { slot: 0, pinned: true });
    rig.ask(Command::Seed(Seed(7)));
    rig.ask(Command::Generate);
    rig.settle();
    assert_eq!((rig.entry(0).unwrap().id, rig.filled(), rig.session.selected), (first, vec![0, 1], 1));
    rig.ask(Command::Clear(0));
    assert_eq!(rig.filled(), [0, 1], "nor is it cleared");
}

#[test]
fn with_no_place_left_a_take_goes_to_the_history_and_that_is_told() {
    let mut rig = Rig::with("house drums");
    for slot in 0..8 {
        rig.ask(Command::Pin { slot, pinned: true });
    }
    rig.ask(Command::Generate);
    rig.settle();
    assert!(rig.filled().is_empty());
    assert_eq!(rig.session.history.iter().count(), 1);
    assert!(rig.said().iter().any(|(_, place, text)| *place == Place::Take && text.contains("history")));
}

#[test]
fn generating_can_be_undone_and_done_again() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let first = rig.entry(0).unwrap().id;
    rig.ask(Command::Seed(Seed(9)));
    rig.ask(Command::Generate);
    rig.settle();
    let second = rig.entry(0).unwrap().id;
    assert_ne!(first, second);
    assert_eq!(rig.session.snapshot().undo, Some("generate"));
    rig.ask(Command::Undo);
    assert_eq!(rig.entry(0).unwrap().id, first);
    rig.ask(Command::Undo);
    assert!(rig.entry(0).is_none());
    rig.ask(Command::Redo);
    rig.ask(Command::Redo);
    assert_eq!(rig.entry(0).unwrap().id, second);
    rig.ask(Command::Clear(0));
    rig.ask(Command::Undo);
    assert_eq!(rig.entry(0).unwrap().id, second);
}

#[test]
fn inpainting_changes_the_regions_only() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let before = rig.entry(0).unwrap().own.unwrap();
    rig.ask(Command::Regions(vec![Rig::region(1.0, 1.0)]));
    rig.ask(Command::Seed(Seed(5)));
    rig.ask(Command::Inpaint);
    rig.settle();
    let after = rig.entry(0).unwrap().own.unwrap();
    assert_ne!(before.id, after.id);
    let heard = |take: &Take| inlay_engine::render(take, take.sound.rate);
    let (a, b) = (heard(&before), heard(&after));
    let beat = a.left.len() / 4;
    assert_eq!((&a.left[..beat], &a.right[2 * beat + 1..]), (&b.left[..beat], &b.right[2 * beat + 1..]));
    assert_ne!(a.left[beat..2 * beat], b.left[beat..2 * beat]);
    assert!(rig.session.desk.regions.is_empty(), "what was made anew is not marked any more");
    rig.ask(Command::Undo);
    assert_eq!(rig.session.desk.regions, [Rig::region(1.0, 1.0)], "but it is after undo");
}

#[test]
fn inpainting_without_a_region_or_a_take_says_what_to_do() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Inpaint);
    assert!(rig.said()[0].2.contains("empty"));
    rig.ask(Command::Generate);
    rig.settle();
    rig.ask(Command::Inpaint);
    assert!(rig.said()[0].2.contains("Drag"));
}

#[test]
fn a_variation_knows_its_parent() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let parent = rig.entry(0).unwrap().id;
    rig.ask(Command::Vary);
    rig.settle();
    assert_eq!(rig.entry(0).unwrap().about.parent, Some(parent));
}

#[test]
fn cancelling_leaves_everything_as_it_was() {
    let mut rig = Rig::with("house drums");
    rig.host.knobs.lock().steps = 200;
    rig.ask(Command::Generate);
    rig.tick();
    rig.ask(Command::Cancel(None));
    rig.settle();
    assert!(rig.filled().is_empty() && rig.said().is_empty());
}

#[test]
fn a_drawn_seed_is_shown_and_a_locked_one_stays() {
    let mut rig = Rig::with("house drums");
    rig.host.knobs.lock().seed_lock = false;
    rig.ask(Command::Generate);
    rig.settle();
    let drawn = rig.entry(0).unwrap().about.request.seed;
    assert_eq!(rig.session.desk.seed, drawn);
    rig.host.knobs.lock().seed_lock = true;
    rig.ask(Command::Generate);
    rig.settle();
    assert_eq!(rig.entry(0).unwrap().about.request.seed, drawn);
    assert_eq!(rig.session.history.iter().count(), 1, "the same request gives the same take");
}

#[test]
fn the_tempo_that_is_set_wins_over_the_words_and_that_is_told() {
    let mut rig = Rig::with("house drums 124 bpm");
    rig.ask(Command::Generate);
    assert!(rig.said()[0].2.contains("124"));
    rig.settle();
    assert_eq!(rig.entry(0).unwrap().about.request.bpm, Bpm::DEFAULT);
}

#[test]
fn a_take_of_the_history_comes_back_into_a_slot() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let take = rig.entry(0).unwrap().id;
    rig.ask(Command::Clear(0));
    rig.ask(Command::Put { take: take.clone(), slot: Some(3) });
    assert_eq!((rig.entry(3).unwrap().id, rig.session.selected), (take, 3));
}

#[test]
fn a_take_whose_sound_was_not_kept_is_made_again_bit_by_bit() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let take = rig.entry(0).unwrap();
    rig.ask(Command::Clear(0));
    rig.session.history.get_mut(&take.id).unwrap().forget_sound();
    rig.ask(Command::Put { take: take.id.clone(), slot: Some(3) });
    assert_eq!(rig.session.snapshot().jobs[0].slot, Some(3));
    rig.settle();
    assert_eq!(rig.said(), []);
    let again = rig.entry(3).unwrap();
    assert_eq!((again.own.unwrap().sound.clone(), rig.session.selected), (take.own.unwrap().sound.clone(), 3));
}

#[test]
fn old_takes_keep_their_latents_only_and_favourites_their_sound() {
    let mut rig = Rig::with("house drums");
    rig.host.knobs.lock().steps = 1;
    for seed in 0..27 {
        rig.ask(Command::Seed(Seed(seed)));
        rig.ask(Command::Generate);
        rig.settle();
        if seed == 1 {
            let take = rig.entry(0).unwrap().id;
            rig.ask(Command::Favourite { take, favourite: true });
        }
    }
    // what undo would bring back keeps its sound, too
    rig.session.undo = Default::default();
    rig.session.tidy();
    let silent: Vec<_> = rig.session.history.iter().filter(|e| e.own.is_none()).map(|e| e.about.request.seed.get()).collect();
    assert_eq!(silent, [0]);
}

/// A rig whose slot 0 holds a take, marks drawn on it, and an inpainting of the first that was asked for.
fn inpainting() -> Rig {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    rig.ask(Command::Regions(vec![Rig::region(0.0, 1.0)]));
    rig.ask(Command::Inpaint);
    assert!(!rig.session.jobs.is_empty());
    rig
}

#[test]
fn marks_that_were_drawn_while_others_were_made_anew_stay() {
    let mut rig = inpainting();
    rig.ask(Command::Regions(vec![Rig::region(0.0, 1.0), Rig::region(2.0, 1.0)]));
    rig.settle();
    assert_eq!(rig.session.desk.regions, [Rig::region(2.0, 1.0)]);
}

#[test]
fn marks_for_another_take_stay_when_an_inpainted_one_lands() {
    let mut rig = inpainting();
    rig.ask(Command::Select(3));
    rig.settle();
    assert_eq!(rig.session.desk.regions, [Rig::region(0.0, 1.0)]);
}

#[test]
fn the_same_take_again_is_no_change_and_the_lock_is_named() {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    rig.ask(Command::Undo);
    rig.ask(Command::Redo);
    rig.ask(Command::Generate);
    rig.settle();
    let said = rig.said();
    assert!(matches!(said.as_slice(), [(Tone::Notice, Place::Prompt, text)] if text.contains("seed is locked")), "{said:?}");
    rig.ask(Command::Undo);
    assert!(rig.filled().is_empty(), "one change, and it is taken back");
    assert_eq!(rig.session.undo.back(), None);
}
