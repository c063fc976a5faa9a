//! What clicks and keys ask for.

use super::*;
use egui::{Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::kittest::NodeT;

fn sent(harness: &Harness<'_, Bench>) -> Vec<Command> {
    harness.state().sent.clone()
}

#[test]
fn typing_and_enter_generate() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    harness.get_by_label("Prompt").focus();
    harness.run_steps(2);
    harness.get_by_label("Prompt").type_text("soft drums für später");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    let sent = sent(&harness);
    assert!(sent.contains(&Command::Prompt("soft drums für später".into())), "{sent:?}");
    assert_eq!(sent.last(), Some(&Command::Generate));
}

#[test]
fn what_is_typed_faster_than_the_session_hears_is_not_lost() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    harness.get_by_label("Prompt").focus();
    harness.run_steps(1);
    for letters in ["soft", " drums"] {
        harness.event(egui::Event::Text(letters.into()));
        harness.key_press(egui::Key::Enter);
        // the snapshot is still the one from before
        harness.run_steps(3);
    }
    let prompts: Vec<_> = sent(&harness).into_iter().filter(|c| matches!(c, Command::Prompt(_))).collect();
    assert_eq!(prompts, [Command::Prompt("soft".into()), Command::Prompt("soft drums".into())]);
}

#[test]
fn a_waiting_job_draws_no_frames() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.state_mut().snapshot.jobs = vec![job("generate", 0)];
    harness.run();
    let next = harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(next, std::time::Duration::MAX);
}

#[test]
fn the_button_generates_and_becomes_stop_while_something_is_made() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Generate").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Generate]);
    harness.state_mut().snapshot.jobs = vec![job("generate", 0)];
    harness.run_steps(2);
    assert!(harness.query_by_label("Generate").is_none());
    harness.get_by_label("Stop").click();
    harness.get_by_label("Cancel").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness)[1..], [Command::Cancel(None), Command::Cancel(Some(JobId(4)))]);
}

#[test]
fn inpaint_needs_a_mark_and_vary_a_take() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    for name in ["Inpaint", "Vary", "Export"] {
        assert!(harness.get_by_label(name).accesskit_node().is_disabled(), "{name}");
    }
    harness.state_mut().snapshot = busy();
    harness.run_steps(2);
    harness.get_by_label("Inpaint").click();
    harness.get_by_label("Vary").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Inpaint, Command::Vary]);
    harness.state_mut().snapshot.desk.regions.clear();
    harness.run_steps(2);
    assert!(harness.get_by_label("Inpaint").accesskit_node().is_disabled());
}

#[test]
fn slots_are_selected_by_clicks_and_keys() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label_contains("Slot 3, ready").click();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num8);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::ArrowDown);
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Select(2), Command::Select(7), Command::Step { forward: true }]);
}

fn wave(harness: &Harness<'_, Bench>) -> egui::Rect {
    harness.get_by_label_contains("Take, 16 beats").rect()
}

fn drag(harness: &mut Harness<'_, Bench>, from: Pos2, to: Pos2) {
    harness.drag_at(from);
    harness.run_steps(2);
    harness.hover_at(from + (to - from) * 0.5);
    harness.run_steps(1);
    harness.hover_at(to);
    harness.run_steps(1);
    harness.drop_at(to);
    harness.run_steps(2);
}

#[test]
fn dragging_on_the_wave_marks_whole_bars() {
    let mut snapshot = busy();
    snapshot.desk.regions.clear();
    let mut harness = harness(snapshot, [900.0, 560.0]);
    let rect = wave(&harness);
    let at = |beat: f32| pos2(rect.left() + rect.width() * beat / 16.0, rect.center().y + 10.0);
    drag(&mut harness, at(4.6), at(7.1));
    assert_eq!(sent(&harness), [Command::Regions(vec![region(4.0, 4.0)])]);
}

#[test]
fn a_region_s_edge_is_dragged_and_others_stay() {
    let mut snapshot = busy();
    snapshot.desk.regions = vec![region(0.0, 4.0), region(8.0, 4.0)];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    let rect = wave(&harness);
    let at = |beat: f32| pos2(rect.left() + rect.width() * beat / 16.0, rect.center().y + 10.0);
    drag(&mut harness, at(12.0), at(15.6));
    assert_eq!(sent(&harness), [Command::Regions(vec![region(0.0, 4.0), region(8.0, 8.0)])]);
}

fn click(harness: &mut Harness<'_, Bench>, at: Pos2, button: PointerButton) {
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
    }
    harness.run_steps(2);
}

#[test]
fn no_mark_is_lost_by_a_click_and_each_is_taken_off_by_two() {
    let mut snapshot = busy();
    snapshot.desk.regions = vec![region(0.0, 4.0), region(8.0, 4.0)];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    let rect = wave(&harness);
    let at = |beat: f32| pos2(rect.left() + rect.width() * beat / 16.0, rect.center().y + 10.0);
    for beat in [6.0, 10.0, 14.0] {
        harness.hover_at(at(beat));
        click(&mut harness, at(beat), PointerButton::Primary);
        // not a double click
        harness.run_steps(8);
    }
    assert_eq!(sent(&harness), []);
    click(&mut harness, at(10.0), PointerButton::Primary);
    click(&mut harness, at(10.0), PointerButton::Primary);
    assert_eq!(sent(&harness), [Command::Regions(vec![region(0.0, 4.0)])]);
}

#[test]
fn a_right_click_on_a_mark_is_about_that_mark() {
    let mut snapshot = busy();
    snapshot.desk.regions = vec![region(0.0, 4.0), region(8.0, 4.0)];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    let rect = wave(&harness);
    let at = pos2(rect.left() + rect.width() * 2.0 / 16.0, rect.center().y + 10.0);
    harness.hover_at(at);
    harness.run_steps(1);
    click(&mut harness, at, PointerButton::Secondary);
    harness.get_by_label("Take this mark off").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Regions(vec![region(8.0, 4.0)])]);
}

#[test]
fn the_ruler_is_dragged_through_a_take_that_one_zoomed_into() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Look closer").click();
    harness.run_steps(2);
    let seen = |harness: &Harness<'_, Bench>| harness.state().editor.wave.view.unwrap();
    assert_eq!((seen(&harness).start, seen(&harness).length), (4.0, 8.0));
    let rect = wave(&harness);
    let at = |share: f32| pos2(rect.left() + rect.width() * share, rect.top() + 8.0);
    drag(&mut harness, at(0.5), at(0.25));
    assert!((seen(&harness).start - 6.0).abs() < 0.1, "{:?}", seen(&harness));
    assert_eq!(sent(&harness), []);
}

#[test]
fn two_slots_are_compared() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Compare with another slot").click();
    harness.run_steps(3);
    harness.get_by_label_contains("3  deep 808").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Compare(Some(2))]);
}

#[test]
fn up_and_down_on_the_wave_step_through_takes() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label_contains("Take, 16 beats").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::ArrowUp);
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Step { forward: true }, Command::Step { forward: false }]);
}

#[test]
fn regions_are_made_moved_and_taken_off_by_keys() {
    let mut snapshot = busy();
    snapshot.desk.regions.clear();
    let mut harness = harness(snapshot, [900.0, 560.0]);
    harness.get_by_label_contains("Take, 16 beats").focus();
    harness.run_steps(2);
    let press = |harness: &mut Harness<'_, Bench>, modifiers, key| {
        harness.key_press_modifiers(modifiers, key);
        harness.run_steps(2);
        if let Some(Command::Regions(regions)) = sent(harness).last() {
            harness.state_mut().snapshot.desk.regions = regions.clone();
        }
        harness.state().snapshot.desk.regions.clone()
    };
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::Enter), [region(0.0, 4.0)]);
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::ArrowRight), [region(4.0, 4.0)]);
    assert_eq!(press(&mut harness, Modifiers::SHIFT, Key::ArrowRight), [region(4.0, 8.0)]);
    assert_eq!(press(&mut harness, Modifiers::NONE, Key::Delete), []);
}

#[test]
fn undo_says_what_it_takes_back() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Undo").click();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Undo, Command::Undo]);
    assert!(harness.get_by_label("Redo").accesskit_node().is_disabled());
}

#[test]
fn a_message_is_taken_off() {
    let mut snapshot = busy();
    snapshot.messages = vec![message(Tone::Failure, Place::Prompt, "This can't be made.")];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    harness.get_by_label("Dismiss: This can't be made.").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Dismiss(7)]);
}

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
fn bars_and_locks_are_the_host_s_parameters() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    harness.get_by_label("Bars: 8 bars").click();
    harness.get_by_label("Keep the seed").click();
    harness.run_steps(2);
    assert_eq!(harness.state().knobs.choice(Knob::Bars), 3);
    assert_eq!(harness.state().knobs.get(Knob::SeedLock), 1.0);
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

#[test]
fn escape_leaves_the_field() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    harness.get_by_label("Prompt").focus();
    harness.run_steps(2);
    assert!(harness.get_by_label("Prompt").is_focused());
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(!harness.get_by_label("Prompt").is_focused());
}

#[test]
fn the_history_brings_takes_back() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("History").click();
    harness.run_steps(2);
    harness.get_by_label("dusty boom bap drums").click();
    harness.run_steps(2);
    let take = TakeId("dusty boom bap drums".into());
    assert_eq!(sent(&harness), [Command::Put { take, slot: Some(0) }]);
}

#[test]
fn every_control_can_be_reached_by_tab() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    let mut seen = std::collections::HashSet::new();
    for _ in 0..80 {
        harness.key_press(Key::Tab);
        harness.run_steps(1);
        let focused = harness.query_all(egui_kittest::kittest::By::new().predicate(|n| n.is_focused())).next();
        if let Some(label) = focused.and_then(|n| n.accesskit_node().label()) {
            seen.insert(label);
        }
    }
    for name in ["Prompt", "Generate", "Seed", "Details", "Inpaint", "Vary", "Undo", "Audition", "Export", "Chords of bar 1"] {
        assert!(seen.contains(name), "{name} of {seen:?}");
    }
    assert!(seen.iter().any(|l| l.starts_with("Slot 8")) && seen.iter().any(|l| l.starts_with("Take, ")), "{seen:?}");
}

#[test]
fn nothing_moves_nothing_is_drawn() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.run();
    let delay = harness.output().viewport_output.values().map(|v| v.repaint_delay).min();
    assert!(delay.is_none_or(|d| d > std::time::Duration::from_secs(60)), "{delay:?}");
    harness.state_mut().snapshot.jobs = vec![job("generate", 0)];
    harness.run_steps(2);
    let delay = harness.output().viewport_output.values().map(|v| v.repaint_delay).min();
    assert!(delay.is_some_and(|d| d < std::time::Duration::from_millis(100)), "{delay:?}");
}
