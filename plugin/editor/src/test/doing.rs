//! What clicks and keys ask for.

use super::*;
use egui::{Key, Modifiers};
use egui_kittest::kittest::NodeT;

pub(super) fn sent(harness: &Harness<'_, Bench>) -> Vec<Command> {
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
fn generate_stays_where_it_is_while_something_is_made_and_stop_stands_beside_it() {
    for size in [[900.0, 560.0], [640.0, 400.0]] {
        let mut harness = harness(busy(), size);
        let before = harness.get_by_label("Generate").rect();
        assert!(harness.query_by_label("Stop").is_none());
        harness.state_mut().snapshot.jobs = vec![job("generate", 0)];
        harness.run_steps(2);
        assert_eq!(harness.get_by_label("Generate").rect(), before);
        for name in ["Generate", "Stop", "Cancel"] {
            harness.get_by_label(name).click();
            harness.run_steps(1);
        }
        harness.run_steps(2);
        assert_eq!(sent(&harness), [Command::Generate, Command::Cancel(None), Command::Cancel(Some(JobId(4)))]);
    }
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
fn bars_and_locks_are_the_host_s_parameters() {
    let mut harness = harness(fresh(), [900.0, 560.0]);
    harness.get_by_label("Bars: 8 bars").click();
    harness.get_by_label("Keep the seed").click();
    harness.run_steps(2);
    assert_eq!(harness.state().knobs.choice(Knob::Bars), 3);
    assert_eq!(harness.state().knobs.get(Knob::SeedLock), 1.0);
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
}

#[test]
fn up_and_down_with_ctrl_step_straight_after_enter() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("Prompt").focus();
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert!(harness.get_by_label("Prompt").is_focused());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::ArrowDown);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::ArrowUp);
    harness.run_steps(2);
    assert_eq!(sent(&harness), [Command::Generate, Command::Step { forward: true }, Command::Step { forward: false }]);
}

#[test]
fn a_window_that_opens_again_shows_what_was_open() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    harness.get_by_label("A chord for each beat").click();
    harness.get_by_label("Look closer").click();
    harness.get_by_label("History").click();
    harness.run_steps(2);
    let before = std::mem::take(&mut harness.state_mut().editor);
    let (view, grid) = (before.wave.view, before.wave.grid);
    let after = before.kept();
    assert_eq!((after.side, after.wave.view, after.wave.grid), (frame::Side::History, view, grid));
    harness.state_mut().editor = after;
    harness.run_steps(2);
    assert!(harness.query_by_label("Chord of bar 1, beat 2").is_some());
}

#[test]
fn every_take_of_a_long_history_is_reached_by_tab() {
    let mut snapshot = busy();
    snapshot.history.extend((0..60).map(|i| entry(&format!("take number {i}"))));
    let mut harness = harness(snapshot, [900.0, 560.0]);
    harness.get_by_label("History").click();
    harness.run_steps(2);
    let mut seen = std::collections::HashSet::new();
    for _ in 0..260 {
        harness.key_press(Key::Tab);
        harness.run_steps(2);
        let focused = harness.query_all(egui_kittest::kittest::By::new().predicate(|n| n.is_focused())).next();
        seen.extend(focused.and_then(|n| n.accesskit_node().label()));
    }
    let missed: Vec<_> = (0..60).map(|i| format!("take number {i}")).filter(|name| !seen.contains(name)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn the_keyboard_goes_through_the_window_from_top_to_bottom() {
    let mut harness = harness(busy(), [900.0, 560.0]);
    let mut tops = vec![];
    for _ in 0..60 {
        harness.key_press(Key::Tab);
        harness.run_steps(1);
        let focused = harness.query_all(egui_kittest::kittest::By::new().predicate(|n| n.is_focused())).next();
        let Some(focused) = focused else { continue };
        if focused.accesskit_node().label().as_deref() == Some("Prompt") && !tops.is_empty() {
            break;
        }
        tops.push(focused.rect().top());
    }
    assert!(tops.len() > 30 && tops.windows(2).all(|pair| pair[0] <= pair[1] + 4.0), "{tops:?}");
}

#[test]
fn details_look_for_models_and_choose_one() {
    let mut snapshot = busy();
    snapshot.model.loras = vec![LoraView { name: "tape.safetensors".into(), strength: 0.7 }];
    snapshot.model.processor = Some(false);
    let mut harness = harness(snapshot, [900.0, 1600.0]);
    harness.state_mut().editor.side = crate::frame::Side::Details;
    harness.run_steps(3);
    assert_eq!(sent(&harness), [Command::LookForModels], "once, when the panel is opened");
    let model = harness.get_by_label("stable-audio-3-small-music");
    model.click();
    harness.run_steps(2);
    harness.get_by_label("Take tape.safetensors off").click();
    harness.run_steps(2);
    harness.get_by_label("On the processor only").click();
    harness.run_steps(2);
    let asked = sent(&harness);
    let folder = "/home/me/.local/share/Inlay/models/stable-audio-3-small-music";
    assert_eq!(asked[1..], [Command::Model(Some(folder.into())), Command::Lora { index: 0, strength: None }, Command::Processor(true)]);
    assert!(harness.get_by_label("stable-audio-open-1.0").accesskit_node().is_disabled(), "it lacks something");
    assert!(harness.query_by_label_contains("The text encoder is missing").is_some());
}

/// A file somewhere.
#[derive(Debug)]
struct There(std::path::PathBuf);

impl egui::DroppedFile for There {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("nobody reads it here".into())
    }
}

#[test]
fn a_model_and_what_changes_it_are_dropped_together_and_of_audio_the_first() {
    let drop = |names: &[&str]| {
        let mut harness = harness(busy(), [900.0, 560.0]);
        harness.input_mut().dropped_files = names.iter().map(|name| Arc::new(There(name.into())) as egui::DroppedFileHandle).collect();
        harness.run_steps(1);
        sent(&harness)
            .into_iter()
            .filter_map(|c| if let Command::Drop(path) = c { Some(path.display().to_string()) } else { None })
            .collect::<Vec<_>>()
    };
    assert_eq!(drop(&["/tape.safetensors", "/models/stable-audio-3"]), ["/models/stable-audio-3", "/tape.safetensors"]);
    assert_eq!(drop(&["/a.wav", "/b.WAV"]), ["/a.wav"]);
    assert_eq!(drop(&["/b.flac", "/models/one"]), ["/models/one", "/b.flac"]);
    assert_eq!(drop(&["/beat.wav", "/beat.wav.asd", "/models/stable-audio-open-1.0"]), ["/models/stable-audio-open-1.0", "/beat.wav"]);
    assert!(drop(&[]).is_empty());
}
