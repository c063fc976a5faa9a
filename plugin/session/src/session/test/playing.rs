//! What the player gets, and when.

use super::*;

/// A rig whose slot 0 holds a take.
fn filled(tempo: f64) -> Rig {
    let mut rig = Rig::with("house drums");
    rig.activate();
    rig.tempo = tempo;
    rig.play(0.1);
    rig.beat = 0.0;
    rig.ask(Command::Generate);
    rig.settle();
    rig
}

#[test]
fn a_new_take_plays() {
    let mut rig = filled(120.0);
    assert!(loud(&rig.play(4.0)));
}

#[test]
fn what_slots_hold_plays_from_the_first_block_after_activation() {
    let mut rig = filled(120.0);
    let before = rig.play(4.0);
    rig.activate();
    rig.beat = 0.0;
    let after = rig.play(4.0);
    assert_eq!(before[480..], after[480..], "but for the fade of the start");
}

#[test]
fn a_slot_that_is_chosen_plays_at_the_next_bar() {
    let mut rig = filled(120.0);
    rig.ask(Command::Select(1));
    rig.play(1.0);
    rig.ask(Command::Select(0));
    assert!(loud(&rig.play(3.0)));
    rig.ask(Command::Select(5));
    assert!(loud(&rig.play(2.0)));
    rig.play(2.5);
    assert!(!loud(&rig.play(3.0)), "an empty slot is silent");
}

#[test]
fn a_click_on_the_slot_that_plays_takes_back_a_switch_that_waits() {
    let mut rig = filled(120.0);
    rig.play(1.0);
    // as a note would: the session hears of it at the bar
    rig.session.playback.as_mut().unwrap().controls.select(5, Quantize::Bar).unwrap();
    rig.ask(Command::Select(0));
    rig.play(3.5);
    assert!(loud(&rig.play(3.0)));
    assert_eq!(rig.session.selected, 0);
}

#[test]
fn a_take_follows_the_tempo_after_a_bar() {
    let mut rig = filled(120.0);
    rig.tempo = 110.0;
    rig.play(1.0);
    assert!(rig.session.jobs.is_empty());
    rig.now += Duration::from_secs(3);
    rig.play(0.05);
    rig.settle();
    let voices = rig.entry(0).unwrap().voices.map(|v| v.map(|v| v.bpm().get()));
    assert_eq!(voices, [Some(110.0), Some(120.0)]);
    // back at its own tempo nothing is made
    rig.tempo = 120.0;
    rig.play(0.05);
    rig.now += Duration::from_secs(3);
    rig.play(0.05);
    assert!(rig.session.jobs.is_empty());
    assert_eq!(rig.entry(0).unwrap().voices[0].as_ref().map(|v| v.bpm().get()), Some(120.0));
}

#[test]
fn variations_are_made_ahead_into_empty_slots_while_it_plays_and_two_at_most() {
    let mut rig = filled(120.0);
    rig.ask(Command::Ahead(true));
    rig.tick();
    assert!(rig.session.jobs.is_empty(), "nothing plays");
    for _ in 0..4 {
        rig.play(1.0);
        rig.settle();
    }
    assert_eq!(rig.filled(), [0, 1, 2]);
    assert_eq!(rig.entry(1).unwrap().about.request.variation, 1);
    // one is listened to: another is made
    rig.ask(Command::Step { forward: true });
    assert_eq!(rig.session.selected, 1);
    for _ in 0..3 {
        rig.play(1.0);
        rig.settle();
    }
    assert_eq!(rig.filled(), [0, 1, 2, 3]);
    // other words: what was made ahead goes
    rig.ask(Command::Ahead(false));
    rig.ask(Command::Prompt("warm bass".into()));
    rig.ask(Command::Generate);
    rig.settle();
    assert_eq!(rig.filled(), [0, 1]);
    assert_eq!(rig.session.history.iter().count(), 5, "they are still known");
}

#[test]
fn compares_two_slots() {
    let mut rig = Rig::new();
    rig.ask(Command::Compare(Some(3)));
    rig.ask(Command::Flip);
    assert_eq!(rig.session.selected, 3);
    rig.ask(Command::Flip);
    assert_eq!(rig.session.selected, 0);
    rig.ask(Command::Compare(None));
    rig.ask(Command::Flip);
    assert_eq!(rig.session.selected, 0);
}

#[test]
fn auditions_while_the_host_is_stopped() {
    let mut rig = filled(120.0);
    rig.ask(Command::Audition(true));
    rig.tick();
    let (mut left, mut right) = (vec![0.0; 48_000], vec![0.0; 48_000]);
    let player = rig.player.as_mut().unwrap();
    player.process(Block {
        transport: &Transport { tempo: Some(120.0), ..Transport::default() },
        events: &[],
        mix: Mix::default(),
        mode: PlayMode::Switch,
        quantize: Quantize::Bar,
        input: None,
        output: [&mut left, &mut right],
    });
    assert!(left.iter().any(|s| s.abs() > 0.01));
}
