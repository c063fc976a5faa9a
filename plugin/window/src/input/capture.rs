//! Which keys are wanted here and which are the host's.

use egui::{Key, Modifiers};

/// What has the keyboard inside the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Focus {
    Nothing,
    /// A control that isn't typed into, reached with Tab.
    Control,
    Text,
}

impl Focus {
    pub(crate) fn from_u8(value: u8) -> Self {
        match value {
            1 => Self::Control,
            2 => Self::Text,
            _ => Self::Nothing,
        }
    }

    pub(crate) fn of(context: &egui::Context) -> Self {
        if context.text_edit_focused() {
            Self::Text
        } else if context.egui_wants_keyboard_input() {
            Self::Control
        } else {
            Self::Nothing
        }
    }
}

/// The application's own shortcuts: [`crate::App::claims`].
pub(crate) type Claims = fn(Key, Modifiers) -> bool;

/// Whether a key that goes down is wanted. `types` says that it writes something, for keys that egui has no name for, such as ü.
pub(crate) fn wanted(focus: Focus, key: Option<Key>, types: bool, modifiers: Modifiers, claims: Claims) -> bool {
    if key.is_some_and(|key| claims(key, modifiers)) {
        return true;
    }
    match focus {
        Focus::Nothing => false,
        // Not space: a button that was clicked long ago must not keep it from starting the transport. Enter presses buttons.
        Focus::Control => key.is_some_and(|key| !modifiers.alt && if modifiers.command { undoes(key) } else { moves(key) || acts(key) }),
        // Shortcuts that edit no text stay with the host: a project can be saved while a prompt is being typed.
        Focus::Text => types || key.is_some_and(|key| if modifiers.command || modifiers.ctrl { edits(key) } else { writes(key) }),
    }
}

/// Keys that move between and within controls.
fn moves(key: Key) -> bool {
    matches!(
        key,
        Key::Tab
            | Key::Enter
            | Key::Escape
            | Key::ArrowUp
            | Key::ArrowDown
            | Key::ArrowLeft
            | Key::ArrowRight
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown
    )
}

/// Keys that do something to what a control stands for: take it off, or show what else there is.
fn acts(key: Key) -> bool {
    matches!(key, Key::Delete | Key::Backspace | Key::M)
}

/// With Ctrl or Cmd: who works in the window takes back what was done there, not in the host.
fn undoes(key: Key) -> bool {
    matches!(key, Key::Z | Key::Y)
}

/// Keys that do something to a text without a modifier.
fn writes(key: Key) -> bool {
    moves(key) || matches!(key, Key::Backspace | Key::Delete | Key::Insert | Key::Copy | Key::Cut | Key::Paste) || is_printable(key)
}

/// Keys that do something to a text with Ctrl or Cmd: the clipboard, undo, words and lines.
fn edits(key: Key) -> bool {
    let letter = matches!(key, Key::A | Key::C | Key::H | Key::K | Key::N | Key::P | Key::U | Key::V | Key::W | Key::X | Key::Y | Key::Z);
    let emacs = cfg!(target_os = "macos") && matches!(key, Key::B | Key::E | Key::F);
    let reserved = !cfg!(target_os = "macos") && matches!(key, Key::N | Key::P);
    letter && !reserved
        || emacs
        || key != Key::Escape && moves(key) && key != Key::Tab
        || matches!(key, Key::Backspace | Key::Delete | Key::Insert)
}

fn is_printable(key: Key) -> bool {
    key == Key::Space || key.symbol_or_name().chars().count() == 1
}

#[cfg(test)]
mod test;
