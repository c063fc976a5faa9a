//! The wave, and marks on it.

use super::doing::sent;
use super::*;
use egui::{Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::kittest::NodeT;

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

fn double_click(harness: &mut Harness<'_, Bench>, at: Pos2) {
    for pressed in [true, false, true, false] {
        harness.event(egui::Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
    }
    harness.run_steps(2);
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
    // nor the second of three
    harness.run_steps(60);
    double_click(&mut harness, at(10.0));
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
fn a_double_click_on_the_ruler_marks_nothing() {
    let mut snapshot = busy();
    snapshot.desk.regions = vec![region(0.0, 4.0)];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    let rect = wave(&harness);
    for beat in [2.0, 10.0] {
        let at = pos2(rect.left() + rect.width() * beat / 16.0, rect.top() + 8.0);
        harness.hover_at(at);
        harness.run_steps(1);
        double_click(&mut harness, at);
        harness.run_steps(8);
    }
    assert_eq!(sent(&harness), []);
    assert_eq!(harness.state().editor.wave.view.unwrap().length, 16.0);
}

#[test]
fn marks_of_a_longer_take_wait_for_it() {
    let long = Region::new(40.0, 4.0, Bars::new(16).unwrap()).unwrap();
    let mut snapshot = busy();
    snapshot.desk.regions = vec![long];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    harness.get_by_label("Take, 16 beats, 0 regions");
    assert!(harness.get_by_label("Inpaint").accesskit_node().is_disabled());
    harness.get_by_label_contains("Take, 16 beats").focus();
    harness.run_steps(2);
    harness.key_press(Key::Delete);
    harness.run_steps(2);
    assert_eq!(sent(&harness), [], "what isn't seen isn't taken off");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Regions(vec![region(0.0, 4.0), long])]);
}

#[test]
fn a_press_at_one_end_leaves_a_mark_at_the_other_as_it_is() {
    let mut snapshot = busy();
    snapshot.desk.regions = vec![region(0.0, 4.0)];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    let rect = wave(&harness);
    let at = |beat: f32| pos2(rect.left() + rect.width() * beat / 16.0, rect.center().y + 10.0);
    drag(&mut harness, at(15.97), at(13.0));
    assert_eq!(sent(&harness), [Command::Regions(vec![region(0.0, 4.0), region(12.0, 4.0)])]);
}

#[test]
fn keys_choose_the_mark_that_they_move() {
    let mut snapshot = busy();
    snapshot.desk.regions = vec![region(0.0, 4.0), region(8.0, 4.0)];
    let mut harness = harness(snapshot, [900.0, 560.0]);
    harness.get_by_label_contains("Take, 16 beats").focus();
    harness.run_steps(2);
    for (keys, left) in [(vec![Key::End], region(0.0, 4.0)), (vec![Key::End, Key::End, Key::Home, Key::Home], region(8.0, 4.0))] {
        harness.state_mut().editor.wave = Default::default();
        for key in keys {
            harness.key_press(key);
            harness.run_steps(1);
        }
        harness.key_press(Key::Backspace);
        harness.run_steps(2);
        assert_eq!(sent(&harness).last(), Some(&Command::Regions(vec![left])));
    }
}

#[test]
fn page_up_and_page_down_scroll_a_wave_that_one_zoomed_into() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Look closer").click();
    harness.get_by_label_contains("Take, 16 beats").focus();
    harness.run_steps(2);
    let start = |harness: &Harness<'_, Bench>| harness.state().editor.wave.view.unwrap().start;
    assert_eq!(start(&harness), 4.0);
    harness.key_press(Key::PageDown);
    harness.run_steps(2);
    assert_eq!(start(&harness), 8.0);
    harness.key_press(Key::PageUp);
    harness.key_press(Key::PageUp);
    harness.run_steps(2);
    assert_eq!(start(&harness), 0.0);
}

#[test]
fn a_take_without_its_sound_is_made_again_by_a_click_on_the_wave() {
    let mut snapshot = busy();
    snapshot.history[3].peaks = None;
    let mut harness = harness(snapshot, [900.0, 560.0]);
    harness.get_by_label("Take without its sound").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Select(0)]);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Select(0), Command::Select(0)]);
    // once it is on its way there is nothing to ask for
    harness.state_mut().snapshot.jobs = vec![job("again", 0)];
    harness.run_steps(2);
    harness.get_by_label("Take without its sound").click();
    harness.run_steps(2);
    assert_eq!(sent(&harness).len(), 2);
}
