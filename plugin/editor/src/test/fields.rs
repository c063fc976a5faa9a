//! What is typed.

use super::doing::sent;
use super::*;
use egui::{Key, Modifiers};
use egui_kittest::kittest::NodeT;

#[test]
fn chords_are_typed_into_their_bars() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    harness.get_by_label("Chords of bar 2").focus();
    harness.run_steps(2);
    harness.get_by_label("Chords of bar 2").type_text("F#m7");
    harness.run_steps(2);
    assert_eq!(sent(&harness).last(), Some(&Command::Chords("F#m7 | F#m7".into())));
}

#[test]
fn chords_are_typed_into_beats() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    harness.get_by_label("A chord for each beat").click();
    harness.run_steps(2);
    harness.get_by_label("Chord of bar 1, beat 1").focus();
    harness.run_steps(2);
    harness.get_by_label("Chord of bar 1, beat 1").type_text("Am");
    harness.run_steps(2);
    harness.get_by_label("Chord of bar 1, beat 4").focus();
    harness.run_steps(2);
    harness.get_by_label("Chord of bar 1, beat 4").type_text("G");
    harness.run_steps(2);
    assert_eq!(sent(&harness).last(), Some(&Command::Chords("Am Am Am G".into())));
}

#[test]
fn a_typed_seed_is_kept() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    seed_field(&harness).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    seed_field(&harness).type_text("42");
    harness.run_steps(2);
    assert_eq!(sent(&harness).last(), Some(&Command::Seed(Seed(42))));
    assert_eq!(harness.state().knobs.get(Knob::SeedLock), 1.0);
}

/// The field, not its caption.
fn seed_field<'h>(harness: &'h Harness<'_, Bench>) -> egui_kittest::Node<'h> {
    harness.get_by_role_and_label(egui::Role::TextInput, "Seed")
}

fn type_into(harness: &mut Harness<'_, Bench>, name: &str, text: &str) {
    harness.get_by_role_and_label(egui::Role::TextInput, name).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(egui::Role::TextInput, name).type_text(text);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
}

fn stands_in(harness: &Harness<'_, Bench>, name: &str) -> Option<String> {
    harness.get_by_role_and_label(egui::Role::TextInput, name).accesskit_node().value()
}

#[test]
fn a_tempo_that_cannot_be_is_told_until_another_is_typed() {
    for (typed, told) in [("300", "A tempo of 300 BPM can't be made"), ("abc", "\"abc\" is no tempo")] {
        let mut harness = harness(busy(), [900.0, 560.0]);
        type_into(&mut harness, "Tempo in BPM", typed);
        assert_eq!(sent(&harness), []);
        assert!(harness.query_by_label_contains(told).is_some(), "{typed}");
        assert_eq!(stands_in(&harness, "Tempo in BPM").as_deref(), Some(typed));
        type_into(&mut harness, "Tempo in BPM", "100");
        assert_eq!(sent(&harness), [Command::OwnTempo(Some(Bpm::new(100.0).unwrap()))]);
        assert!(harness.query_by_label_contains(told).is_none());
    }
}

#[test]
fn a_tempo_field_that_was_only_visited_sets_no_tempo() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Tempo in BPM").focus();
    harness.run_steps(2);
    harness.state_mut().snapshot.desk.tempo = Bpm::new(131.0).unwrap();
    harness.run_steps(2);
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!(sent(&harness), []);
    assert_eq!(stands_in(&harness, "Tempo in BPM").as_deref(), Some("131"));
}

#[test]
fn what_is_no_seed_is_told() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    type_into(&mut harness, "Seed", "lucky");
    assert_eq!(sent(&harness), []);
    assert!(harness.query_by_label_contains("isn't a seed").is_some());
}

#[test]
fn the_seed_of_a_take_is_kept_for_the_next() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Keep this take's seed").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Seed(busy().history[3].seed)]);
    assert_eq!(harness.state().knobs.get(Knob::SeedLock), 1.0);
}

#[test]
fn a_picked_prompt_stands_in_the_field_before_the_session_has_heard_of_it() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Prompts used before").click();
    harness.run_steps(2);
    harness.get_by_label("deep 808 sub bass").click();
    harness.run_steps(3);
    assert_eq!(sent(&harness), [Command::Prompt("deep 808 sub bass".into())]);
    assert_eq!(stands_in(&harness, "Prompt").as_deref(), Some("deep 808 sub bass"));
    harness.get_by_label("Prompt").type_text("!");
    harness.run_steps(2);
    assert!(matches!(sent(&harness).last(), Some(Command::Prompt(text)) if text.contains('!') && text.contains("deep 808 sub bass")));
}

#[test]
fn a_file_s_tempo_is_doubled_with_its_bars_and_only_where_takes_can_have_it() {
    let mut snapshot = busy();
    let peaks = entry("drums").peaks.unwrap();
    let file =
        inlay_session::FileView { name: "my loop.wav".into(), seconds: 11.0, bpm: 70.0, bars: Bars::new(4).unwrap(), start: 0.5, peaks };
    snapshot.file = Some(file.clone());
    let mut harness = harness(snapshot, [900.0, 560.0]);
    assert!(harness.get_by_label("×½").accesskit_node().is_disabled());
    assert!(harness.query_by_label_contains("3.2 s behind the file").is_some());
    harness.get_by_label("×2").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Correct { bpm: 140.0, bars: Bars::new(8).unwrap(), start: 0.5 }]);
    type_into(&mut harness, "Tempo of the file", "12");
    assert_eq!(sent(&harness).len(), 1);
    assert!(harness.query_by_label_contains("A tempo of 12 BPM can't be made").is_some());
}
