//! The two libraries, loaded when they are first needed.

use std::ffi::{c_char, c_int};
use std::sync::OnceLock;

use libloading::{Error, Library};

use crate::x11::{self, XkbCommonX11, xcb_connection_t};
use crate::{XkbCommon, xkb_context, xkb_context_flags, xkb_key_direction, xkb_keycode_t, xkb_keymap, xkb_keymap_compile_flags, xkb_state};

/// What is offered of them, and what that is made of.
pub(crate) struct Libraries {
    pub(crate) common: XkbCommon,
    pub(crate) x11: XkbCommonX11,
    pub(crate) context_new: unsafe extern "C" fn(xkb_context_flags) -> *mut xkb_context,
    pub(crate) key_get_utf8: unsafe extern "C" fn(*mut xkb_state, xkb_keycode_t, *mut c_char, usize) -> c_int,
    pub(crate) update_key: unsafe extern "C" fn(*mut xkb_state, xkb_keycode_t, xkb_key_direction) -> c_int,
    pub(crate) keymap_new: unsafe extern "C" fn(*mut xkb_context, *mut xcb_connection_t, i32, xkb_keymap_compile_flags) -> *mut xkb_keymap,
    pub(crate) state_new: unsafe extern "C" fn(*mut xkb_keymap, *mut xcb_connection_t, i32) -> *mut xkb_state,
    pub(crate) keymap_unref: unsafe extern "C" fn(*mut xkb_keymap),
    /// The functions are theirs.
    _open: [Library; 2],
}

impl Libraries {
    /// None where one of them isn't installed.
    pub(crate) fn get() -> Option<&'static Self> {
        static LIBRARIES: OnceLock<Option<Libraries>> = OnceLock::new();
        LIBRARIES.get_or_init(|| Self::load().ok()).as_ref()
    }

    fn load() -> Result<Self, Error> {
        // SAFETY: the libraries do nothing when they are loaded, the functions have these types in their headers, and they stay loaded for
        // as long as the functions can be reached.
        unsafe {
            let base = Library::new("libxkbcommon.so.0").or_else(|_| Library::new("libxkbcommon.so"))?;
            let server = Library::new("libxkbcommon-x11.so.0").or_else(|_| Library::new("libxkbcommon-x11.so"))?;
            Ok(Self {
                common: XkbCommon {
                    xkb_context_new: crate::context_new,
                    xkb_context_unref: *base.get(b"xkb_context_unref\0")?,
                    xkb_state_key_get_utf8: crate::key_get_utf8,
                    xkb_state_update_key: crate::update_key,
                    xkb_state_unref: *base.get(b"xkb_state_unref\0")?,
                },
                x11: XkbCommonX11 {
                    xkb_x11_get_core_keyboard_device_id: *server.get(b"xkb_x11_get_core_keyboard_device_id\0")?,
                    xkb_x11_keymap_new_from_device: x11::keymap_new,
                    xkb_x11_state_new_from_device: x11::state_new,
                },
                context_new: *base.get(b"xkb_context_new\0")?,
                key_get_utf8: *base.get(b"xkb_state_key_get_utf8\0")?,
                update_key: *base.get(b"xkb_state_update_key\0")?,
                keymap_new: *server.get(b"xkb_x11_keymap_new_from_device\0")?,
                state_new: *server.get(b"xkb_x11_state_new_from_device\0")?,
                keymap_unref: *base.get(b"xkb_keymap_unref\0")?,
                _open: [base, server],
            })
        }
    }
}
