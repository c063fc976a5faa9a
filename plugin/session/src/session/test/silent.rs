//! Takes whose sound isn't here.

use super::*;

/// A rig whose slot 0 holds a take that lost its sound.
fn silent() -> (Rig, crate::entry::Entry) {
    let mut rig = Rig::with("house drums");
    rig.ask(Command::Generate);
    rig.settle();
    let take = rig.entry(0).unwrap();
    rig.session.history.get_mut(&take.id).unwrap().forget_sound();
    (rig, take)
}

#[test]
fn a_take_in_a_slot_is_made_again_when_its_slot_is_selected() {
    let (mut rig, take) = silent();
    rig.ask(Command::Select(0));
    let jobs = rig.session.snapshot().jobs;
    assert_eq!((jobs[0].task, jobs[0].slot), ("again", Some(0)));
    rig.settle();
    assert_eq!(rig.entry(0).unwrap().own.unwrap().sound, take.own.unwrap().sound);
}

#[test]
fn a_take_that_was_not_made_again_says_so_and_can_still_be() {
    let (mut rig, _) = silent();
    rig.ask(Command::Select(0));
    rig.ask(Command::Export(0));
    assert!(rig.said()[0].2.contains("wait for it"), "{:?}", rig.said());
    rig.ask(Command::Cancel(None));
    rig.settle();
    assert!(!rig.entry(0).unwrap().sounds());
    for ask in [Command::Vary, Command::Inpaint, Command::Export(0)] {
        rig.ask(ask);
        assert!(rig.said().last().unwrap().2.contains("select its slot"), "{:?}", rig.said());
    }
    rig.ask(Command::Select(0));
    rig.settle();
    assert!(rig.entry(0).unwrap().sounds());
}

#[test]
fn a_slot_that_was_pinned_meanwhile_is_not_overwritten_by_what_is_made_again() {
    let (mut rig, take) = silent();
    rig.ask(Command::Clear(0));
    rig.ask(Command::Seed(Seed(7)));
    rig.ask(Command::Select(1));
    rig.ask(Command::Generate);
    rig.settle();
    let other = rig.entry(1).unwrap().id;
    rig.session.history.get_mut(&take.id).unwrap().forget_sound();
    rig.ask(Command::Put { take: take.id.clone(), slot: Some(1) });
    rig.ask(Command::Pin { slot: 1, pinned: true });
    rig.settle();
    assert_eq!(rig.entry(1).unwrap().id, other);
    assert_eq!(rig.entry(0).map(|e| e.id), Some(take.id.clone()), "it goes where there is room");
    // and where there is none, that is told
    rig.ask(Command::Clear(0));
    rig.session.history.get_mut(&take.id).unwrap().forget_sound();
    rig.ask(Command::Put { take: take.id, slot: Some(0) });
    for slot in 0..8 {
        rig.ask(Command::Pin { slot, pinned: true });
    }
    rig.settle();
    assert_eq!(rig.filled(), [1]);
    assert!(rig.said().iter().any(|(_, place, text)| *place == Place::Take && text.contains("history")), "{:?}", rig.said());
}
