//! Taking takes out.

use crate::drafts::Draft;
use crate::frame::{Editor, Scene};
use crate::theme::{ROW, Theme};
use crate::widgets::caption;
use egui::{Button, Popup, PopupCloseBehavior, RectAlign, Response, RichText, Sense, Ui, Vec2};
use inlay_session::{Command, ExportFormat};
use std::path::PathBuf;

/// What it remembers.
#[derive(Debug, Default)]
pub(crate) struct Export {
    folder: Draft,
    carried: Carried,
}

/// A take on its way out under the pointer.
#[derive(Debug, Default)]
enum Carried {
    /// Nothing is dragged, or the system carries it already.
    #[default]
    Nothing,
    /// The file is being written; this was the last one before.
    Awaited(Option<PathBuf>),
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let has_take = scene.selected().is_some();
    let slot = scene.snapshot.selected;
    let export = ui.add_enabled(has_take, Button::new("Export").min_size(Vec2::new(0.0, ROW)).sense(Sense::click_and_drag()));
    let hint = match scene.outside.can_drag_out() {
        true => "Writes the selected take as a file (Ctrl+E); drag it from here onto a track",
        false => "Writes the selected take as a file (Ctrl+E)",
    };
    let export = export.on_hover_text(hint).on_disabled_hover_text("Generate a take first");
    if export.clicked() {
        scene.ask(Command::Export(slot));
    }
    drag(&mut editor.export.carried, &export, scene);
    let more = ui.add(Button::new("⏷").min_size(Vec2::splat(ROW))).accessible_name("Export settings");
    Popup::menu(&more).align(RectAlign::TOP_END).width(330.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        settings(&mut editor.export.folder, ui, scene);
    });
}

/// Dragging the button writes the take, and then carries that file: none that was written before.
fn drag(carried: &mut Carried, export: &Response, scene: &mut Scene<'_>) {
    if export.drag_started() && scene.outside.can_drag_out() {
        *carried = Carried::Awaited(scene.snapshot.exported.clone());
        scene.ask(Command::Export(scene.snapshot.selected));
    }
    if !export.dragged() {
        *carried = Carried::Nothing;
    }
    if let Carried::Awaited(before) = &*carried
        && let Some(file) = scene.snapshot.exported.as_ref().filter(|file| Some(*file) != before.as_ref())
    {
        scene.outside.drag_out(file);
        *carried = Carried::Nothing;
    }
}

/// Where exports go, and as what.
fn settings(folder: &mut Draft, ui: &mut Ui, scene: &mut Scene<'_>) {
    caption(ui, "Folder for exports");
    let said = scene.snapshot.folder.as_ref().map(|f| f.display().to_string()).unwrap_or_default();
    let typed = folder.show(ui, &said, "Folder for exports", |edit| edit.desired_width(300.0));
    if let Some(text) = typed.done.filter(|text| !text.trim().is_empty()) {
        scene.ask(Command::Folder(text.trim().into()));
    }
    ui.horizontal(|ui| {
        caption(ui, "Format");
        for (format, name) in [(ExportFormat::Wav, "WAV"), (ExportFormat::Flac, "FLAC")] {
            if ui.add(Button::selectable(scene.snapshot.format == format, name)).clicked() {
                scene.ask(Command::Format(format));
            }
        }
    });
    if scene.snapshot.format == ExportFormat::Flac {
        ui.label(RichText::new("Some hosts can't import FLAC: WAV always works.").color(Theme::DIM).small());
    }
    if let Some(file) = scene.snapshot.exported.clone() {
        if ui.button("Show the last export in the file manager").clicked() {
            scene.outside.reveal(&file);
        }
        if !scene.outside.can_drag_out() {
            caption(ui, "From there it can be dragged into the host.");
        }
    }
}
