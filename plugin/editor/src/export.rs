//! Taking takes out.

use crate::drafts::Draft;
use crate::frame::{Editor, Scene};
use crate::theme::{ROW, Theme};
use crate::widgets::caption;
use egui::{Button, Popup, PopupCloseBehavior, RectAlign, RichText, Sense, Ui, Vec2};
use inlay_session::{Command, ExportFormat};

/// What it remembers.
#[derive(Debug, Default)]
pub(crate) struct Export {
    folder: Draft,
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let has_take = scene.selected().is_some();
    let slot = scene.snapshot.selected;
    let export = ui.add_enabled(has_take, Button::new("Export").min_size(Vec2::new(0.0, ROW)).sense(Sense::click_and_drag()));
    let hint = "Writes the selected take as a file (Ctrl+E)";
    let export = export.on_hover_text(hint).on_disabled_hover_text("Generate a take first");
    if export.clicked() || export.drag_started() && scene.outside.can_drag_out() {
        scene.ask(Command::Export(slot));
    }
    if let (true, Some(file)) = (export.dragged(), scene.snapshot.exported.clone()) {
        scene.outside.drag_out(&file);
    }
    let more = ui.add(Button::new("⏷").min_size(Vec2::splat(ROW))).accessible_name("Export settings");
    Popup::menu(&more).align(RectAlign::TOP_END).width(330.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        caption(ui, "Folder for exports");
        let said = scene.snapshot.folder.as_ref().map(|f| f.display().to_string()).unwrap_or_default();
        let typed = editor.export.folder.show(ui, &said, "Folder for exports", |edit| edit.desired_width(300.0));
        if typed.response.lost_focus() && editor.export.folder.text() != said && !editor.export.folder.text().trim().is_empty() {
            scene.ask(Command::Folder(editor.export.folder.text().trim().into()));
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
    });
}
