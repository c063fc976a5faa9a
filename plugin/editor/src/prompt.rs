//! The prompt line: words, the words before, the library, and the button.

use crate::drafts::Draft;
use crate::frame::{Editor, Scene};
use crate::library;
use crate::theme::{ROW, Theme};
use crate::widgets::{primary, sign};
use egui::{Id, Popup, PopupCloseBehavior, RectAlign, RichText, ScrollArea, Ui, Vec2};
use inlay_session::Command;

/// The field that Ctrl+L goes to.
pub(crate) fn field() -> Id {
    Id::unique("prompt field")
}

/// What the line remembers.
#[derive(Debug, Default)]
pub(crate) struct PromptLine {
    draft: Draft,
    search: String,
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let line = &mut editor.prompt;
    let mut picked = None;
    ui.horizontal(|ui| {
        let button = 104.0;
        let room = ui.available_width() - button - 2.0 * (ROW + 6.0) - 12.0;
        let said = &scene.snapshot.desk.prompt;
        let typed = line.draft.show(ui, said, "Prompt", |edit| {
            edit.id(field())
                .desired_width(room.max(80.0))
                .hint_text(RichText::new("Type what you want to hear, then press Enter").color(Theme::DIM))
                .char_limit(1000)
                .margin(egui::Margin::symmetric(8, 6))
        });
        if let Some(text) = typed.changed {
            scene.ask(Command::Prompt(text));
        }
        if typed.entered {
            scene.ask(Command::Generate);
            typed.response.request_focus();
        }
        let before = sign(ui, "⏷", "Prompts used before");
        Popup::menu(&before).align(RectAlign::BOTTOM_END).width(360.0).show(|ui| {
            if scene.snapshot.prompts.is_empty() {
                ui.label("What you type and generate is remembered here.");
            }
            ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
                for prompt in &scene.snapshot.prompts {
                    if ui.selectable_label(false, prompt).clicked() {
                        picked = Some(prompt.clone());
                        ui.close();
                    }
                }
            });
        });
        let shelf = sign(ui, "♫", "Prompt library");
        Popup::menu(&shelf).align(RectAlign::BOTTOM_END).width(420.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
            if let Some(prompt) = library::show(ui, &mut line.search) {
                picked = Some(prompt);
                ui.close();
            }
        });
        if scene.is_making() {
            if ui.add(egui::Button::new("Stop").min_size(Vec2::new(button, ROW))).on_hover_text("Stops what is being made").clicked() {
                scene.ask(Command::Cancel(None));
            }
        } else if primary(ui, "Generate", button).on_hover_text("Makes a take from the words (Enter)").clicked() {
            scene.ask(Command::Generate);
        }
    });
    if let Some(prompt) = picked {
        scene.ask(Command::Prompt(prompt));
        ui.memory_mut(|m| m.request_focus(field()));
    }
}
