use super::*;
use keyboard_types::Location;

fn press(key: Typed, code: Code, modifiers: Held) -> KeyboardEvent {
    KeyboardEvent { state: KeyState::Down, key, code, location: Location::Standard, modifiers, repeat: false, is_composing: false }
}

fn character(text: &str, code: Code, modifiers: Held) -> KeyboardEvent {
    press(Typed::Character(text.into()), code, modifiers)
}

#[test]
fn a_letter_is_a_key_and_a_text() {
    let events = events(&character("a", Code::KeyA, Held::empty()));
    assert!(matches!(&events[..], [Event::Key { key: Key::A, pressed: true, .. }, Event::Text(text)] if text == "a"));
}

#[test]
fn an_umlaut_is_a_text_even_if_egui_has_no_key_for_it() {
    let event = character("ü", Code::BracketLeft, Held::empty());
    assert_eq!(text(&event), Some("ü"));
    assert_eq!(meaning(&event), None);
}

#[test]
fn a_letter_of_another_alphabet_has_the_key_of_its_place() {
    assert_eq!(meaning(&character("ф", Code::KeyA, Held::empty())), Some(Key::A));
}

#[test]
fn space_is_a_key_with_a_name() {
    assert_eq!(meaning(&character(" ", Code::Space, Held::empty())), Some(Key::Space));
}

#[test]
fn named_keys_have_egui_names_too() {
    for (name, key) in [(NamedKey::F1, Key::F1), (NamedKey::F12, Key::F12), (NamedKey::PageUp, Key::PageUp), (NamedKey::Enter, Key::Enter)]
    {
        assert_eq!(meaning(&press(Typed::Named(name), Code::Unidentified, Held::empty())), Some(key));
    }
    assert_eq!(meaning(&press(Typed::Named(NamedKey::Shift), Code::ShiftLeft, Held::SHIFT)), None);
}

#[test]
fn shortcuts_and_control_characters_write_nothing() {
    assert_eq!(text(&character("c", Code::KeyC, if cfg!(target_os = "macos") { Held::META } else { Held::CONTROL })), None);
    assert_eq!(text(&character("\u{1b}", Code::Escape, Held::empty())), None);
    assert_eq!(text(&character("", Code::Equal, Held::empty())), None);
}

#[cfg(not(target_os = "macos"))]
#[test]
fn alt_writes_nothing_but_altgr_does() {
    assert_eq!(text(&character("q", Code::KeyQ, Held::ALT)), None);
    assert_eq!(text(&character("@", Code::KeyQ, Held::CONTROL | Held::ALT)), Some("@"));
}

#[test]
fn a_release_writes_nothing() {
    let mut event = character("a", Code::KeyA, Held::empty());
    event.state = KeyState::Up;
    assert!(matches!(&events(&event)[..], [Event::Key { pressed: false, .. }]));
}

#[test]
fn the_clipboard_has_its_new_and_its_old_shortcuts() {
    assert_eq!(clipboard(Key::C, Modifiers::COMMAND), Some(ClipboardKey::Copy));
    assert_eq!(clipboard(Key::X, Modifiers::COMMAND), Some(ClipboardKey::Cut));
    assert_eq!(clipboard(Key::V, Modifiers::COMMAND), Some(ClipboardKey::Paste));
    assert_eq!(clipboard(Key::Insert, Modifiers::SHIFT), Some(ClipboardKey::Paste));
    assert_eq!(clipboard(Key::C, Modifiers::NONE), None);
    assert_eq!(clipboard(Key::C, Modifiers::COMMAND | Modifiers::SHIFT), None);
}
