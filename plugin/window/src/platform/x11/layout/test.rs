use super::*;
use keyboard_types::Location;

/// A German keyboard with five keys: a dead circumflex and acute, Z where others have Y, e, and the one beside the left shift.
fn german() -> Layout {
    let rows = [(Code::Backquote, [0xfe52, 0xb0]), (Code::Equal, [0xfe51, 0xfe50]), (Code::KeyY, [0x7a, 0x5a]), (Code::KeyE, [0x65, 0x45])];
    let mut keysyms = vec![0; 2 * 248];
    for (code, symbols) in rows.into_iter().chain([(Code::IntlBackslash, [0x3c, 0x3e])]) {
        let row = usize::from(keycode::of(code).unwrap() - 8) * 2;
        keysyms[row..row + 2].copy_from_slice(&symbols);
    }
    Layout { first: 8, mapping: GetKeyboardMappingReply { keysyms_per_keycode: 2, sequence: 0, keysyms } }
}

fn press(text: &str, code: Code, modifiers: Modifiers) -> KeyboardEvent {
    let key = Key::Character(text.into());
    KeyboardEvent { state: KeyState::Down, key, code, location: Location::Standard, modifiers, repeat: false, is_composing: false }
}

fn typed(keys: &[(&str, Code, Modifiers)]) -> String {
    let (layout, mut dead) = (german(), None);
    let write =
        |(text, code, modifiers): &(&str, Code, Modifiers)| layout.translate(&press(text, *code, *modifiers), &mut dead).key.to_string();
    keys.iter().map(write).collect()
}

const NONE: Modifiers = Modifiers::empty();

#[test]
fn undo_is_the_key_that_says_z() {
    assert_eq!(typed(&[("y", Code::KeyY, Modifiers::CONTROL)]), "z");
}

#[test]
fn the_key_beside_the_left_shift_writes_what_it_says() {
    assert_eq!(typed(&[("\\", Code::IntlBackslash, NONE), ("|", Code::IntlBackslash, Modifiers::SHIFT)]), "<>");
}

#[test]
fn an_accent_waits_for_its_letter() {
    assert_eq!(typed(&[("", Code::Equal, NONE), ("e", Code::KeyE, NONE)]), "é");
    assert_eq!(typed(&[("", Code::Backquote, NONE), ("E", Code::KeyE, Modifiers::SHIFT)]), "Ê");
}

#[test]
fn an_accent_before_space_is_itself() {
    assert_eq!(typed(&[("", Code::Backquote, NONE), (" ", Code::Space, NONE)]), "^");
}

#[test]
fn an_accent_that_a_letter_cannot_have_comes_before_it() {
    assert_eq!(typed(&[("", Code::Backquote, NONE), ("z", Code::KeyY, NONE)]), "^z");
}

#[test]
fn other_keys_write_what_the_window_says() {
    assert_eq!(typed(&[("ü", Code::BracketLeft, NONE), ("e", Code::KeyE, NONE)]), "üe");
}
