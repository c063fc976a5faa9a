use super::*;

fn key(code: VirtualKeyCode, down: bool) -> HostKey {
    HostKey { code, down, modifiers: Modifiers::empty() }
}

fn shared() -> Shared {
    Shared::new(|key, _| key == egui::Key::ArrowUp)
}

#[test]
fn space_is_the_hosts_while_nothing_has_the_focus() {
    let shared = shared();
    assert!(!shared.offer(key(VirtualKeyCode::Space, true)));
    assert!(!shared.offer(key(VirtualKeyCode::Space, false)));
    assert!(shared.take_keys().is_empty());
}

#[test]
fn space_is_typed_while_a_text_field_has_the_focus() {
    let shared = shared();
    shared.set_focus(Focus::Text);
    assert!(shared.offer(key(VirtualKeyCode::Space, true)));
    assert_eq!(shared.take_keys(), [key(VirtualKeyCode::Space, true)]);
}

#[test]
fn the_release_of_the_escape_that_left_the_field_is_taken_too() {
    let shared = shared();
    shared.set_focus(Focus::Text);
    assert!(shared.offer(key(VirtualKeyCode::Escape, true)));
    shared.set_focus(Focus::Nothing);
    assert!(shared.offer(key(VirtualKeyCode::Escape, false)));
    assert!(!shared.offer(key(VirtualKeyCode::Escape, true)));
}

#[test]
fn a_key_pressed_for_the_host_is_released_for_the_host() {
    let shared = shared();
    assert!(!shared.offer(key(VirtualKeyCode::Space, true)));
    shared.set_focus(Focus::Text);
    assert!(!shared.offer(key(VirtualKeyCode::Space, false)));
}

#[test]
fn a_claimed_key_is_taken_without_any_focus() {
    let shared = shared();
    assert!(shared.offer(key(VirtualKeyCode::ArrowUp, true)));
    assert!(!shared.offer(key(VirtualKeyCode::ArrowDown, true)));
}

#[test]
fn a_change_is_seen_once() {
    let shared = shared();
    assert!(!shared.take_change());
    shared.change();
    assert!(shared.take_change());
    assert!(!shared.take_change());
}

#[test]
fn what_takes_a_mark_off_is_taken_from_the_host_while_a_control_has_the_focus() {
    let shared = shared();
    for code in [VirtualKeyCode::Delete, VirtualKeyCode::Backspace] {
        shared.set_focus(Focus::Nothing);
        assert!(!shared.offer(key(code, true)), "{code:?}");
        shared.set_focus(Focus::Control);
        assert!(shared.offer(key(code, true)), "{code:?}");
        assert_eq!(shared.take_keys(), [key(code, true)]);
    }
    assert!(!shared.offer(key(VirtualKeyCode::Space, true)));
}
