//! Keys, and what they do.

use crate::frame::{Editor, Scene, Side};
use crate::prompt;
use crate::theme::Theme;
use egui::text::LayoutJob;
use egui::{Align, FontSelection, Key, Label, Modifiers, RichText, ScrollArea, Ui};
use inlay_session::Command;

/// Keys with Ctrl (Cmd on a Mac) that do something wherever the keyboard is.
const SHORTCUTS: [(Key, &str, &str); 11] = [
    (Key::L, "L", "Go to the prompt"),
    (Key::Enter, "Enter", "Generate"),
    (Key::I, "I", "Inpaint the marked parts"),
    (Key::R, "R", "Vary"),
    (Key::Period, ".", "Stop"),
    (Key::ArrowDown, "Down", "Next slot that holds a take"),
    (Key::ArrowUp, "Up", "Previous slot that holds a take"),
    (Key::B, "B", "Flip between A and B"),
    (Key::E, "E", "Export"),
    (Key::D, "D", "Details"),
    (Key::H, "H", "History"),
];

/// What else is worth knowing.
const OTHERS: [(&str, &str); 11] = [
    ("Enter (in the prompt)", "Generate"),
    ("Escape", "Leave the field: keys go to the host again"),
    ("Tab, Shift+Tab", "Next and previous control"),
    ("Ctrl+Z, Ctrl+Shift+Z", "Undo, redo, while a control here has the keyboard; else they are the host's"),
    ("1 to 8 with Ctrl", "Select a slot"),
    ("M on a slot", "More: pin, favourite, compare, clear"),
    ("Drag on the wave", "Mark a part; Shift draws freely; double-click takes a mark off"),
    ("Enter, left and right, Shift+left and right, Delete on the wave", "Mark, move, resize, take off; M: more"),
    ("Home, End on the wave", "The mark before, the next mark"),
    ("Up, Down on the wave", "Previous and next slot that holds a take"),
    ("Ctrl+wheel on the wave", "Zoom; the wheel scrolls, dragging the ruler, and Page Up and Page Down"),
];

/// Whether a key belongs to the interface wherever the keyboard is: all others go to the host unless something is typed into.
pub fn claims(key: Key, modifiers: Modifiers) -> bool {
    let slot = Key::ALL.iter().position(|k| *k == Key::Num1).zip(Key::ALL.iter().position(|k| *k == key));
    let number = slot.is_some_and(|(one, k)| (one..one + 8).contains(&k));
    modifiers.command && !modifiers.alt && (number || SHORTCUTS.iter().any(|(k, ..)| *k == key))
}

/// Does what the keys of this frame say.
pub(crate) fn act(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let typing = ui.ctx().text_edit_focused();
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, key));
    for (key, ..) in SHORTCUTS {
        if !pressed(key) {
            continue;
        }
        match key {
            Key::L => ui.memory_mut(|m| m.request_focus(prompt::field())),
            Key::Enter => scene.ask(Command::Generate),
            Key::I => scene.ask(Command::Inpaint),
            Key::R => scene.ask(Command::Vary),
            Key::Period => scene.ask(Command::Cancel(None)),
            Key::ArrowDown => scene.ask(Command::Step { forward: true }),
            Key::ArrowUp => scene.ask(Command::Step { forward: false }),
            Key::B => scene.ask(Command::Flip),
            Key::E => scene.ask(Command::Export(scene.snapshot.selected)),
            Key::D => editor.turn(Side::Details),
            Key::H => editor.turn(Side::History),
            _ => {}
        }
        return act(editor, ui, scene);
    }
    if !typing {
        if ui.input_mut(|i| i.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z) || i.consume_key(Modifiers::COMMAND, Key::Y)) {
            scene.ask(Command::Redo);
        }
        if ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::Z)) {
            scene.ask(Command::Undo);
        }
    }
    let numbers = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8];
    for (key, slot) in numbers.into_iter().zip(0..) {
        if ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, key)) {
            scene.ask(Command::Select(slot));
        }
    }
    if ui.input(|i| i.key_pressed(Key::Escape)) {
        ui.memory_mut(|m| {
            if let Some(id) = m.focused() {
                m.surrender_focus(id);
            }
        });
    }
}

/// The list of keys.
pub(crate) fn help(_: &mut Editor, ui: &mut Ui) {
    let command = if cfg!(target_os = "macos") { "Cmd" } else { "Ctrl" };
    ScrollArea::vertical().show(ui, |ui| {
        ui.heading("Keys");
        let shortcuts = SHORTCUTS.iter().map(|(_, key, does)| (format!("{command}+{key}"), *does));
        let others = OTHERS.iter().map(|(key, does)| (key.replace("Ctrl", command), *does));
        for (key, does) in shortcuts.chain(others) {
            let mut line = LayoutJob::default();
            RichText::new(key).color(Theme::ACCENT).append_to(&mut line, ui.style(), FontSelection::Default, Align::Center);
            RichText::new(format!("   {does}")).append_to(&mut line, ui.style(), FontSelection::Default, Align::Center);
            ui.add(Label::new(line).wrap());
        }
        ui.separator();
        ui.label("Notes C1 to G1 play the slots. Takes, slots, marks, chords and dropped files: each change of them can be undone.");
    });
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn keys_without_ctrl_stay_with_the_host() {
        for key in Key::ALL {
            assert!(!claims(*key, Modifiers::NONE), "{key:?}");
            assert!(!claims(*key, Modifiers::SHIFT), "{key:?}");
        }
        assert!(!claims(Key::S, Modifiers::COMMAND), "the host saves");
        assert!(claims(Key::L, Modifiers::COMMAND) && claims(Key::Num8, Modifiers::COMMAND) && !claims(Key::Num9, Modifiers::COMMAND));
    }
}
