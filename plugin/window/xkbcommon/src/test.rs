use super::*;
use crate::x11::xkbcommon_x11_option;

#[test]
fn a_context_takes_no_files_that_describe_keyboards() {
    let Some(common) = xkbcommon_option() else {
        println!("left out: libxkbcommon-x11 isn't installed");
        return;
    };
    let context = (common.xkb_context_new)(xkb_context_flags::XKB_CONTEXT_NO_FLAGS);
    assert!(!context.is_null());
    // SAFETY: the context is alive, and not used any more.
    unsafe { (common.xkb_context_unref)(context) };
}

#[test]
fn a_keyboard_that_can_not_be_read_writes_nothing_and_ends_nothing() {
    let (Some(common), Some(x11)) = (xkbcommon_option(), xkbcommon_x11_option()) else {
        println!("left out: libxkbcommon-x11 isn't installed");
        return;
    };
    let mut buffer = [1; 32];
    // SAFETY: all of them take null instead of what they are told of.
    unsafe {
        let flags = xkb_keymap_compile_flags::XKB_KEYMAP_COMPILE_NO_FLAGS;
        let keymap = (x11.xkb_x11_keymap_new_from_device)(null_mut(), null_mut(), 0, flags);
        let state = (x11.xkb_x11_state_new_from_device)(keymap, null_mut(), 0);
        assert!(state.is_null());
        assert_eq!((common.xkb_state_update_key)(state, 38, xkb_key_direction::XKB_KEY_DOWN), 0);
        assert!((common.xkb_state_key_get_utf8)(state, 38, buffer.as_mut_ptr(), buffer.len()) < 0);
        (common.xkb_state_unref)(state);
        (common.xkb_context_unref)(null_mut());
    }
    assert_eq!(buffer, [1; 32]);
}
