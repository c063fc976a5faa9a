//! Texts that are being typed: while a field has the keyboard, what is typed counts; else what the session says.

use egui::{Response, TextEdit, Ui};

/// A text on its way into the session.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    text: String,
    typing: bool,
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
        if !self.typing {
            said.clone_into(&mut self.text);
        }
        let response = ui.add(make(TextEdit::singleline(&mut self.text)));
        self.typing = response.has_focus();
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let changed = response.changed().then(|| self.text.clone());
        Typed { response: response.accessible_name(name), changed, entered }
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        &self.text
    }
}
