//! Texts that are being typed: while a field has the keyboard, and until the session has heard of it, what is typed counts; else what
//! the session says.

use egui::{Response, TextEdit, Ui};
use std::time::Duration;

/// How long the session may take to say what it was told. Then it has made something else of it.
const PATIENCE: Duration = Duration::from_secs(1);

/// A text on its way into the session.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    text: String,
    typing: bool,
    /// It was typed into since somebody left it.
    touched: bool,
    /// Why what was typed can't be used, and what the session had then: it stays until it is typed anew or the session has another.
    refused: Option<(String, String)>,
    /// What the session had in the last frame.
    said: String,
    /// Until when the session may still say what was there before, in seconds of egui's clock.
    until: f64,
}

/// What happened to a field.
#[derive(Debug)]
pub(crate) struct Typed {
    pub response: Response,
    /// The text, where it changed.
    pub changed: Option<String>,
    /// Enter was pressed in it.
    pub entered: bool,
    /// What was typed, when the field is left. A field that was only visited has none.
    pub done: Option<String>,
}

impl Draft {
    /// The field; `said` is what the session has.
    pub fn show(&mut self, ui: &mut Ui, said: &str, name: &str, make: impl FnOnce(TextEdit<'_>) -> TextEdit<'_>) -> Typed {
        let now = ui.input(|i| i.time);
        said.clone_into(&mut self.said);
        self.refused.take_if(|(_, then)| then != said);
        if said == self.text {
            self.until = now;
        }
        if !self.typing && self.refused.is_none() && now >= self.until {
            said.clone_into(&mut self.text);
        }
        let response = ui.add(make(TextEdit::singleline(&mut self.text)));
        self.typing = response.has_focus();
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let changed = response.changed().then(|| self.text.clone());
        if changed.is_some() {
            self.touched = true;
            self.refused = None;
            self.wait(ui);
        }
        let done = (response.lost_focus() && std::mem::take(&mut self.touched)).then(|| self.text.clone());
        Typed { response: response.accessible_name(name), changed, entered, done }
    }

    /// Puts a text in as if it had been typed.
    pub fn put(&mut self, ui: &Ui, text: &str) {
        text.clone_into(&mut self.text);
        self.refused = None;
        self.wait(ui);
    }

    /// Shows what the session has again.
    pub fn forget(&mut self) {
        (self.refused, self.touched, self.until) = (None, false, 0.0);
    }

    /// What was typed can't be used: it stays with the reason until it is typed anew.
    pub fn refuse(&mut self, why: String) {
        self.refused = Some((why, self.said.clone()));
    }

    /// Why what stands in it can't be used.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_ref().map(|(why, _)| why.as_str())
    }

    fn wait(&mut self, ui: &Ui) {
        self.until = ui.input(|i| i.time) + PATIENCE.as_secs_f64();
        ui.ctx().request_repaint_after(PATIENCE);
    }
}
