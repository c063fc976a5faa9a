//! Keyboards of X servers.

use std::ffi::c_void;
use std::ptr::null_mut;

use crate::libraries::Libraries;
use crate::{xkb_context, xkb_keymap, xkb_keymap_compile_flags, xkb_state};

/// A connection to an X server, as libxcb has it.
pub type xcb_connection_t = c_void;

/// The functions of libxkbcommon-x11.
#[derive(Debug)]
pub struct XkbCommonX11 {
    /// The number of the keyboard that everybody types on; less than 0 where there is none.
    pub xkb_x11_get_core_keyboard_device_id: unsafe extern "C" fn(*mut xcb_connection_t) -> i32,
    /// Reads a keyboard's keymap; null where that fails, or without a context.
    pub xkb_x11_keymap_new_from_device:
        unsafe fn(*mut xkb_context, *mut xcb_connection_t, i32, xkb_keymap_compile_flags) -> *mut xkb_keymap,
    /// Reads which keys are down, and takes the keymap: the state's hold on it is the last. Null where that fails, or without a keymap.
    pub xkb_x11_state_new_from_device: unsafe fn(*mut xkb_keymap, *mut xcb_connection_t, i32) -> *mut xkb_state,
}

/// The functions, where the libraries are installed.
pub fn xkbcommon_x11_option() -> Option<&'static XkbCommonX11> {
    Libraries::get().map(|libraries| &libraries.x11)
}

/// # Safety
/// The context is null or alive, and the connection is open.
pub(crate) unsafe fn keymap_new(
    context: *mut xkb_context,
    connection: *mut xcb_connection_t,
    device: i32,
    flags: xkb_keymap_compile_flags,
) -> *mut xkb_keymap {
    match Libraries::get() {
        // SAFETY: the context is alive, and the connection is open.
        Some(libraries) if !context.is_null() => unsafe { (libraries.keymap_new)(context, connection, device, flags) },
        _ => null_mut(),
    }
}

/// # Safety
/// The keymap is null, or alive and not used afterwards, and the connection is open.
pub(crate) unsafe fn state_new(keymap: *mut xkb_keymap, connection: *mut xcb_connection_t, device: i32) -> *mut xkb_state {
    match Libraries::get() {
        // SAFETY: the keymap is alive, the connection is open, and the caller gives up the reference that goes.
        Some(libraries) if !keymap.is_null() => unsafe {
            let state = (libraries.state_new)(keymap, connection, device);
            (libraries.keymap_unref)(keymap);
            state
        },
        _ => null_mut(),
    }
}
