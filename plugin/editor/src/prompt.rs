//! The prompt line: words, the words before, the library, and the button.

use crate::drafts::Draft;
use crate::frame::{Editor, Scene};
use crate::library;
use crate::theme::{ROW, Theme};
use crate::widgets::{in_sight, primary, sign};
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

impl PromptLine {
    /// What of it another window begins with.
    pub fn kept(self) -> Self {
        Self { search: self.search, ..Self::default() }
    }
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let line = &mut editor.prompt;
    let mut picked = None;
    ui.horizontal(|ui| {
        let making = scene.is_making();
        let (button, stop) = (104.0, 56.0);
        let buttons = button + if making { stop + 6.0 } else { 0.0 };
        let room = ui.available_width() - buttons - 2.0 * (ROW + 6.0) - 12.0;
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
                    let row = ui.selectable_label(false, prompt);
                    if in_sight(ui, row).clicked() {
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
        if making {
            let stop = ui.add(egui::Button::new("Stop").min_size(Vec2::new(stop, ROW)));
            if stop.on_hover_text("Stops all that is being made (Ctrl+.)").clicked() {
                scene.ask(Command::Cancel(None));
            }
        }
        // it stays where it is: who presses it twice must not stop what was begun
        if primary(ui, "Generate", button).on_hover_text("Makes a take from the words (Enter)").clicked() {
            scene.ask(Command::Generate);
        }
    });
    if let Some(prompt) = picked {
        line.draft.put(ui, &prompt);
        scene.ask(Command::Prompt(prompt));
        ui.memory_mut(|m| m.request_focus(field()));
    }
}
