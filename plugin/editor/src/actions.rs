//! What can be done with the selected take, and how far it is.

use crate::frame::{Editor, Scene};
use crate::grid::Grid;
use crate::knobs::Knob;
use crate::theme::{ROW, Theme};
use crate::widgets::{caption, sign, slider};
use egui::{Button, ComboBox, Popup, ProgressBar, RectAlign, RichText, Role, Ui, Vec2, WidgetInfo};
use inlay_player::SLOTS;
use inlay_session::{Command, JobView};
use std::time::Duration;

/// What has room for all of it in one row, in points.
const WIDE: f32 = 780.0;

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    job(ui, scene);
    let narrow = ui.available_width() < WIDE;
    ui.horizontal_wrapped(|ui| {
        let has_take = scene.selected().is_some();
        let marked = scene.marks().next().is_some();
        let mut press = |ui: &mut Ui, text: &str, on: bool, hint: &str, why: &str, command: Command| {
            let button = ui.add_enabled(on, Button::new(text).min_size(Vec2::new(0.0, ROW)));
            if button.on_hover_text(hint).on_disabled_hover_text(why).clicked() {
                scene.ask(command);
            }
        };
        let why = if has_take { "Drag over the wave to mark what shall be made anew" } else { "Generate a take first" };
        press(ui, "Inpaint", has_take && marked, "Makes the marked parts anew, and nothing else (Ctrl+I)", why, Command::Inpaint);
        press(ui, "Vary", has_take, "Makes a variation of this take (Ctrl+R)", "Generate a take first", Command::Vary);
        slider(ui, scene.knobs, Knob::Amount, "Variation", 130.0);
        ui.separator();
        caption(ui, "Snap");
        ComboBox::from_id_salt("grid")
            .selected_text(editor.wave.grid.name())
            .width(58.0)
            .show_ui(ui, |ui| {
                for grid in Grid::ALL {
                    ui.selectable_value(&mut editor.wave.grid, grid, grid.name());
                }
            })
            .response
            .accessible_name("Grid that regions snap to")
            .on_hover_text("What regions snap to; hold Shift to draw freely");
        let beats = scene.bars().beats().get();
        if sign(ui, "−", "See more of the take").clicked() {
            editor.wave.zoom(beats, 0.5);
        }
        if sign(ui, "+", "Look closer").clicked() {
            editor.wave.zoom(beats, 2.0);
        }
        if narrow {
            ui.end_row();
            ui.set_row_height(ROW);
        } else {
            ui.separator();
        }
        for (label, change, command) in [("⟲", scene.snapshot.undo, Command::Undo), ("⟳", scene.snapshot.redo, Command::Redo)] {
            let name = if label == "⟲" { "Undo" } else { "Redo" };
            let button = ui.add_enabled(change.is_some(), Button::new(label).min_size(Vec2::splat(ROW)));
            let text = change.map_or_else(|| format!("Nothing to {}", name.to_lowercase()), |c| format!("{name}: {c}"));
            if button.accessible_name(name).on_hover_text(&text).on_disabled_hover_text(&text).clicked() {
                scene.ask(command);
            }
        }
        compare(ui, scene);
        let on = scene.snapshot.audition;
        let button = ui.add(Button::selectable(on, "▶").frame_when_inactive(true).min_size(Vec2::splat(ROW)));
        let hint = "Plays also while the host is stopped";
        if button.accessible_name("Audition").on_hover_text(hint).clicked() {
            scene.ask(Command::Audition(!on));
        }
        ui.separator();
        crate::export::show(editor, ui, scene);
    });
}

/// A and B, or what could be B.
fn compare(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some([a, b]) = scene.snapshot.compare else { return offer(ui, scene) };
    let now = scene.snapshot.selected;
    let text = format!("A {} / B {}", a + 1, b + 1);
    let button = ui.add(Button::selectable(now == b, text).frame_when_inactive(true).min_size(Vec2::new(0.0, ROW)));
    if button.on_hover_text("Goes to the other of the two (Ctrl+B)").clicked() {
        scene.ask(Command::Flip);
    }
    if sign(ui, "✖", "End the comparison").clicked() {
        scene.ask(Command::Compare(None));
    }
}

/// Slots to compare the selected one with.
fn offer(ui: &mut Ui, scene: &mut Scene<'_>) {
    let selected = scene.snapshot.selected;
    let others: Vec<(u8, String)> = (0..SLOTS as u8)
        .filter(|slot| *slot != selected)
        .filter_map(|slot| Some((slot, format!("{}  {}", slot + 1, scene.entry(slot)?.prompt))))
        .collect();
    let on = scene.selected().is_some() && !others.is_empty();
    let button = ui.add_enabled(on, Button::new("A/B").min_size(Vec2::new(0.0, ROW)));
    let button = button.accessible_name("Compare with another slot").on_hover_text("Compare with another slot");
    let button = button.on_disabled_hover_text("Two slots with takes can be compared");
    Popup::menu(&button).align(RectAlign::TOP_START).width(260.0).show(|ui| {
        for (slot, text) in &others {
            if ui.add(Button::selectable(false, text).truncate()).clicked() {
                scene.ask(Command::Compare(Some(*slot)));
                ui.close();
            }
        }
    });
}

/// What a user waits for first: how far, how long, and a way to stop it. The others are counted: each would take room from the wave.
fn job(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut jobs = scene.snapshot.jobs.iter().filter(|j| !j.ahead);
    let Some(job) = jobs.next() else { return };
    let more = jobs.count();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let room = (ui.available_width() - 76.0).max(80.0);
        let done = job.progress.map_or(0.0, |p| p.done as f32);
        ui.visuals_mut().extreme_bg_color = Theme::RAISED;
        let bar = ProgressBar::new(done).desired_width(room).desired_height(24.0).corner_radius(5).fill(Theme::ACCENT.gamma_multiply(0.45));
        let text = if more == 0 { words(job) } else { format!("{} · and {more} more", words(job)) };
        let shown = ui.add(bar.text(RichText::new(&text).color(Theme::TEXT)));
        shown.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &text));
        if ui.add(Button::new("Cancel").min_size(Vec2::new(64.0, 24.0))).clicked() {
            scene.ask(Command::Cancel(Some(job.id)));
        }
    });
}

/// A job in words.
pub(crate) fn words(job: &JobView) -> String {
    let what = match job.task {
        "generate" => "Making a take",
        "inpaint" => "Making the marked parts anew",
        "vary" => "Making a variation",
        "transform" => "Making something new from the audio",
        "capture" => "Keeping what was captured",
        "drop" => "Keeping the file's audio",
        "again" => "Making the sound again",
        _ => "Working",
    };
    let slot = job.slot.map_or(String::new(), |slot| format!(" for slot {}", slot + 1));
    match job.progress {
        None => format!("{what}{slot}: waiting for its turn"),
        Some(progress) => format!("{what}{slot}: {}", left(progress.left)),
    }
}

fn left(left: Duration) -> String {
    match left.as_secs_f64() {
        s if s < 0.95 => "almost there".into(),
        s if s < 90.0 => format!("about {:.0} s left", s.ceil()),
        s => format!("about {:.0} min left", (s / 60.0).ceil()),
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use inlay_engine::{Progress, Stage};
    use inlay_session::JobId;

    #[test]
    fn says_what_is_done_for_which_slot_and_how_long() {
        let mut job = JobView { id: JobId(1), task: "inpaint", slot: Some(2), progress: None, ahead: false };
        assert_eq!(words(&job), "Making the marked parts anew for slot 3: waiting for its turn");
        job.progress = Some(Progress { stage: Stage::Sampling, done: 0.5, left: Duration::from_millis(3200) });
        assert_eq!(words(&job), "Making the marked parts anew for slot 3: about 4 s left");
        assert_eq!(left(Duration::from_secs(200)), "about 4 min left");
        assert_eq!(left(Duration::ZERO), "almost there");
    }
}
