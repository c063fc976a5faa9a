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
}

impl Draft {
    /// The field; `said` is what the session has.
    pub fn show(&mut self, ui: &mut Ui, said: &str, name: &str, make: impl FnOnce(TextEdit<'_>) -> TextEdit<'_>) -> Typed {
        let now = ui.input(|i| i.time);
        if said == self.text {
            self.until = now;
        }
        if !self.typing && now >= self.until {
            said.clone_into(&mut self.text);
        }
        let response = ui.add(make(TextEdit::singleline(&mut self.text)));
        self.typing = response.has_focus();
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let changed = response.changed().then(|| self.text.clone());
        if changed.is_some() {
            self.until = now + PATIENCE.as_secs_f64();
            ui.ctx().request_repaint_after(PATIENCE);
        }
        Typed { response: response.accessible_name(name), changed, entered }
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        &self.text
    }
}
