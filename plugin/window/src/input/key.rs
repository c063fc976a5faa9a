//! Keys of the window in egui's words.

use baseview::{MouseButton, ScrollDelta};
use egui::{Event, Key, Modifiers, PointerButton};
use keyboard_types::{Code, Key as Typed, KeyState, KeyboardEvent, Modifiers as Held, NamedKey};

/// Which key of egui's it is: by what it writes, else by where it lies.
pub(crate) fn meaning(event: &KeyboardEvent) -> Option<Key> {
    match &event.key {
        Typed::Character(text) if text == " " => Some(Key::Space),
        Typed::Character(text) => named(text).or_else(|| place(event.code)),
        Typed::Named(name) => by_name(*name),
    }
}

fn named(text: &str) -> Option<Key> {
    Key::from_name(text).or_else(|| Key::from_name(&text.to_uppercase()))
}

fn by_name(name: NamedKey) -> Option<Key> {
    Some(match name {
        NamedKey::ArrowDown => Key::ArrowDown,
        NamedKey::ArrowLeft => Key::ArrowLeft,
        NamedKey::ArrowRight => Key::ArrowRight,
        NamedKey::ArrowUp => Key::ArrowUp,
        NamedKey::Escape => Key::Escape,
        NamedKey::Tab => Key::Tab,
        NamedKey::Backspace => Key::Backspace,
        NamedKey::Enter => Key::Enter,
        NamedKey::Insert => Key::Insert,
        NamedKey::Delete => Key::Delete,
        NamedKey::Home => Key::Home,
        NamedKey::End => Key::End,
        NamedKey::PageUp => Key::PageUp,
        NamedKey::PageDown => Key::PageDown,
        NamedKey::Copy => Key::Copy,
        NamedKey::Cut => Key::Cut,
        NamedKey::Paste => Key::Paste,
        // The function keys have the same names on both sides.
        other => return Key::from_name(&other.to_string()).filter(|key| !matches!(key, Key::Space)),
    })
}

/// Where a key lies, as on an English keyboard: for keyboards whose letters egui has no names for.
fn place(code: Code) -> Option<Key> {
    let name = code.to_string();
    name.strip_prefix("Key").or_else(|| name.strip_prefix("Digit")).and_then(Key::from_name)
}

pub(crate) fn modifiers(held: Held) -> Modifiers {
    let mac = cfg!(target_os = "macos");
    let (ctrl, meta) = (held.contains(Held::CONTROL), held.contains(Held::META));
    Modifiers {
        alt: held.contains(Held::ALT),
        ctrl,
        shift: held.contains(Held::SHIFT),
        mac_cmd: mac && meta,
        command: if mac { meta } else { ctrl },
    }
}

/// What the key writes, if it writes something: control characters and shortcuts don't.
pub(crate) fn text(event: &KeyboardEvent) -> Option<&str> {
    let Typed::Character(text) = &event.key else { return None };
    let modifiers = modifiers(event.modifiers);
    let shortcut = if cfg!(target_os = "macos") {
        // Option writes characters there.
        modifiers.mac_cmd || modifiers.ctrl
    } else {
        // Ctrl and Alt together are AltGr on Windows, which writes @ and the like.
        modifiers.ctrl != modifiers.alt || event.modifiers.contains(Held::META)
    };
    let writes = event.state == KeyState::Down && !shortcut && !text.is_empty() && !text.chars().any(char::is_control);
    writes.then_some(text)
}

/// What egui gets to see of a key, except for what needs the clipboard.
pub(crate) fn events(event: &KeyboardEvent) -> Vec<Event> {
    let mut events = Vec::new();
    let modifiers = modifiers(event.modifiers);
    if let Some(key) = meaning(event) {
        let pressed = event.state == KeyState::Down;
        events.push(Event::Key { key, physical_key: place(event.code), pressed, repeat: event.repeat, modifiers });
    }
    events.extend(text(event).map(|text| Event::Text(text.to_owned())));
    events
}

/// A shortcut of the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClipboardKey {
    Copy,
    Cut,
    Paste,
}

/// Which shortcut of the clipboard a key is, the old ones with Insert and Delete included.
pub(crate) fn clipboard(key: Key, modifiers: Modifiers) -> Option<ClipboardKey> {
    let plain = !modifiers.alt && !modifiers.shift;
    match key {
        Key::Copy => Some(ClipboardKey::Copy),
        Key::Cut => Some(ClipboardKey::Cut),
        Key::Paste => Some(ClipboardKey::Paste),
        Key::C | Key::Insert if modifiers.command && plain => Some(ClipboardKey::Copy),
        Key::X if modifiers.command && plain => Some(ClipboardKey::Cut),
        // With shift too: elsewhere that pastes without format, and there is none here.
        Key::V if modifiers.command && !modifiers.alt => Some(ClipboardKey::Paste),
        Key::Delete if modifiers.shift_only() && !cfg!(target_os = "macos") => Some(ClipboardKey::Cut),
        Key::Insert if modifiers.shift_only() => Some(ClipboardKey::Paste),
        _ => None,
    }
}

pub(crate) fn button(button: MouseButton) -> Option<PointerButton> {
    match button {
        MouseButton::Left => Some(PointerButton::Primary),
        MouseButton::Middle => Some(PointerButton::Middle),
        MouseButton::Right => Some(PointerButton::Secondary),
        MouseButton::Back => Some(PointerButton::Extra1),
        MouseButton::Forward => Some(PointerButton::Extra2),
        _ => None,
    }
}

pub(crate) fn wheel(delta: ScrollDelta, scale: f64, modifiers: Modifiers) -> Event {
    let (unit, delta) = match delta {
        ScrollDelta::Lines { x, y } => (egui::MouseWheelUnit::Line, egui::vec2(x, y)),
        ScrollDelta::Pixels { x, y } => (egui::MouseWheelUnit::Point, egui::vec2(x, y) / scale as f32),
    };
    Event::MouseWheel { unit, delta, phase: egui::TouchPhase::Move, source: egui::MouseWheelSource::Unknown, modifiers }
}

#[cfg(test)]
mod test;
