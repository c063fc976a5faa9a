//! Keys that a host passes on by a call, in egui's words.

use egui::{Event, Key, Modifiers};
use nice_plug_core::editor::{Modifiers as HostModifiers, VirtualKeyCode as Code};

use crate::shared::HostKey;

/// Which key of egui's it is. None for those that mean nothing here.
pub(crate) fn meaning(code: Code) -> Option<Key> {
    Some(match code {
        Code::Backspace => Key::Backspace,
        Code::Tab => Key::Tab,
        Code::Return | Code::NumpadEnter => Key::Enter,
        Code::Escape => Key::Escape,
        Code::Space => Key::Space,
        Code::End => Key::End,
        Code::Home => Key::Home,
        Code::ArrowLeft => Key::ArrowLeft,
        Code::ArrowUp => Key::ArrowUp,
        Code::ArrowRight => Key::ArrowRight,
        Code::ArrowDown => Key::ArrowDown,
        // "Next" is the old name of page down.
        Code::PageDown | Code::Next => Key::PageDown,
        Code::PageUp => Key::PageUp,
        Code::Insert => Key::Insert,
        Code::Delete => Key::Delete,
        Code::Numpad0 => Key::Num0,
        Code::Numpad1 => Key::Num1,
        Code::Numpad2 => Key::Num2,
        Code::Numpad3 => Key::Num3,
        Code::Numpad4 => Key::Num4,
        Code::Numpad5 => Key::Num5,
        Code::Numpad6 => Key::Num6,
        Code::Numpad7 => Key::Num7,
        Code::Numpad8 => Key::Num8,
        Code::Numpad9 => Key::Num9,
        Code::NumpadAdd => Key::Plus,
        Code::NumpadSubtract => Key::Minus,
        Code::NumpadDivide => Key::Slash,
        Code::NumpadDecimal => Key::Period,
        Code::NumpadSeparator => Key::Comma,
        Code::Equals => Key::Equals,
        Code::F1 => Key::F1,
        Code::F2 => Key::F2,
        Code::F3 => Key::F3,
        Code::F4 => Key::F4,
        Code::F5 => Key::F5,
        Code::F6 => Key::F6,
        Code::F7 => Key::F7,
        Code::F8 => Key::F8,
        Code::F9 => Key::F9,
        Code::F10 => Key::F10,
        Code::F11 => Key::F11,
        Code::F12 => Key::F12,
        _ => return None,
    })
}

/// What the key writes. Printable keys of the main block never come this way: they would be typed twice.
fn text(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::Space => " ",
        Code::Numpad0 => "0",
        Code::Numpad1 => "1",
        Code::Numpad2 => "2",
        Code::Numpad3 => "3",
        Code::Numpad4 => "4",
        Code::Numpad5 => "5",
        Code::Numpad6 => "6",
        Code::Numpad7 => "7",
        Code::Numpad8 => "8",
        Code::Numpad9 => "9",
        Code::NumpadAdd => "+",
        Code::NumpadSubtract => "-",
        Code::NumpadMultiply => "*",
        Code::NumpadDivide => "/",
        Code::NumpadDecimal => ".",
        Code::NumpadSeparator => ",",
        Code::Equals => "=",
        _ => return None,
    })
}

pub(crate) fn modifiers(modifiers: HostModifiers) -> Modifiers {
    let (command, control) = (modifiers.contains(HostModifiers::COMMAND), modifiers.contains(HostModifiers::CONTROL));
    let mac = cfg!(target_os = "macos");
    Modifiers {
        alt: modifiers.contains(HostModifiers::ALT),
        shift: modifiers.contains(HostModifiers::SHIFT),
        // "Command" is Ctrl where there is no such key.
        ctrl: control || !mac && command,
        mac_cmd: mac && command,
        command: command || !mac && control,
    }
}

/// What egui gets to see of the key.
pub(crate) fn events(key: HostKey) -> Vec<Event> {
    let modifiers = modifiers(key.modifiers);
    let mut events = Vec::new();
    if let Some(meaning) = meaning(key.code) {
        events.push(Event::Key { key: meaning, physical_key: None, pressed: key.down, repeat: false, modifiers });
    }
    if let Some(text) = text(key.code).filter(|_| key.down && !modifiers.command && !modifiers.alt) {
        events.push(Event::Text(text.to_owned()));
    }
    events
}

#[cfg(test)]
mod test {
    use super::*;

    fn pressed(code: Code, modifiers: HostModifiers) -> Vec<Event> {
        events(HostKey { code, down: true, modifiers })
    }

    fn texts(events: &[Event]) -> Vec<&str> {
        events.iter().filter_map(|event| if let Event::Text(text) = event { Some(text.as_str()) } else { None }).collect()
    }

    #[test]
    fn space_is_a_key_and_a_text() {
        let events = pressed(Code::Space, HostModifiers::empty());
        assert!(matches!(events[0], Event::Key { key: Key::Space, pressed: true, .. }));
        assert_eq!(texts(&events), [" "]);
    }

    #[test]
    fn a_released_key_writes_nothing() {
        let events = events(HostKey { code: Code::Space, down: false, modifiers: HostModifiers::empty() });
        assert_eq!(texts(&events), [""; 0]);
        assert!(matches!(events[0], Event::Key { pressed: false, .. }));
    }

    #[test]
    fn a_shortcut_writes_nothing() {
        assert_eq!(texts(&pressed(Code::Space, HostModifiers::COMMAND)), [""; 0]);
    }

    #[test]
    fn command_is_control_where_there_is_no_such_key() {
        let modifiers = modifiers(HostModifiers::COMMAND);
        assert!(modifiers.command);
        assert_eq!(modifiers.ctrl, !cfg!(target_os = "macos"));
    }

    #[test]
    fn modifiers_alone_mean_nothing() {
        assert!(pressed(Code::Shift, HostModifiers::SHIFT).is_empty());
    }
}
