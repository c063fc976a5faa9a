use super::*;

const NONE: Modifiers = Modifiers::NONE;

fn unclaimed(_: Key, _: Modifiers) -> bool {
    false
}

fn wants(focus: Focus, key: Key, modifiers: Modifiers) -> bool {
    wanted(focus, Some(key), false, modifiers, unclaimed)
}

#[test]
fn without_focus_every_key_is_the_hosts() {
    for key in Key::ALL {
        assert!(!wants(Focus::Nothing, *key, NONE), "{key:?}");
    }
    assert!(!wanted(Focus::Nothing, None, true, NONE, unclaimed));
}

#[test]
fn a_claimed_key_is_wanted_whatever_has_the_focus() {
    for focus in [Focus::Nothing, Focus::Control, Focus::Text] {
        assert!(wanted(focus, Some(Key::F5), false, NONE, |key, _| key == Key::F5));
    }
}

#[test]
fn a_text_field_takes_what_is_typed() {
    for key in [Key::Space, Key::A, Key::Num1, Key::Comma, Key::Backspace, Key::Enter, Key::Escape, Key::Tab, Key::ArrowLeft, Key::Delete] {
        assert!(wants(Focus::Text, key, NONE), "{key:?}");
        assert!(wants(Focus::Text, key, Modifiers::SHIFT), "shift {key:?}");
    }
    // ü and other characters that egui has no key for.
    assert!(wanted(Focus::Text, None, true, NONE, unclaimed));
}

#[test]
fn a_text_field_takes_the_clipboard_undo_and_steps_over_words() {
    for key in [Key::C, Key::X, Key::V, Key::A, Key::Z, Key::Y, Key::ArrowLeft, Key::Backspace] {
        assert!(wants(Focus::Text, key, Modifiers::COMMAND), "{key:?}");
    }
}

#[test]
fn a_text_field_leaves_the_host_its_shortcuts() {
    for key in [Key::S, Key::O, Key::Q, Key::Space] {
        assert!(!wants(Focus::Text, key, Modifiers::COMMAND), "{key:?}");
    }
    for key in [Key::F1, Key::F12, Key::MediaPlayPause] {
        assert!(!wants(Focus::Text, key, NONE), "{key:?}");
    }
}

#[test]
fn a_control_takes_the_keys_that_move_but_not_space() {
    for key in [Key::Tab, Key::Enter, Key::Escape, Key::ArrowUp, Key::End] {
        assert!(wants(Focus::Control, key, NONE), "{key:?}");
    }
    for key in [Key::Space, Key::A, Key::Z, Key::Y] {
        assert!(!wants(Focus::Control, key, NONE), "{key:?}");
    }
    assert!(wants(Focus::Control, Key::Tab, Modifiers::SHIFT));
    assert!(!wants(Focus::Control, Key::Tab, Modifiers::ALT));
}

#[test]
fn a_control_takes_what_is_done_to_it_and_undo() {
    for key in [Key::Delete, Key::Backspace, Key::M] {
        assert!(wants(Focus::Control, key, NONE), "{key:?}");
        assert!(!wants(Focus::Control, key, Modifiers::COMMAND), "{key:?}");
        assert!(!wants(Focus::Nothing, key, NONE), "{key:?}");
    }
    assert!(wants(Focus::Control, Key::Z, Modifiers::COMMAND | Modifiers::SHIFT));
    for key in [Key::Z, Key::Y] {
        assert!(wants(Focus::Control, key, Modifiers::COMMAND), "{key:?}");
        assert!(!wants(Focus::Nothing, key, Modifiers::COMMAND), "{key:?} is the host's");
    }
    for key in [Key::S, Key::Tab, Key::ArrowUp] {
        assert!(!wants(Focus::Control, key, Modifiers::COMMAND), "{key:?}");
    }
}
