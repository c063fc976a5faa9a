//! What the windowing library asks of libxkbcommon, which knows what the keys of every keyboard write.
//!
//! baseview 0.4.2 makes a keymap for each window and never lets go of it: some 80 KiB for every opening. It reaches the C libraries
//! through the fields of the crate `xkbcommon-dl` and nothing else does, so this crate stands in for that one (`[patch.crates-io]` in the
//! workspace's Cargo.toml) with just the names that baseview uses. Making a state of a keymap gives the keymap away here, as
//! the state holds on to it by itself.
//!
//! baseview doesn't look either whether there is a context and a keymap. Here a context needs no files on disk, which a server's keyboard
//! doesn't either, and where a keymap can't be read, all that would follow a null pointer does nothing: letters write nothing, and the
//! host lives.
//!
//! This crate can go when baseview does both by itself.

// Other systems have no such library, and baseview doesn't ask there.
#![cfg(target_os = "linux")]
#![expect(non_camel_case_types, reason = "baseview knows them by the names that they have in C")]

mod libraries;
pub mod x11;

use std::ffi::{c_char, c_int};
use std::ptr::null_mut;

use libraries::Libraries;

/// The number of a key, as X11 counts them.
pub type xkb_keycode_t = u32;

/// Where the library keeps what all keymaps share.
#[repr(C)]
pub struct xkb_context {
    opaque: [u8; 0],
}

/// What every key of a keyboard writes under which modifiers.
#[repr(C)]
pub struct xkb_keymap {
    opaque: [u8; 0],
}

/// Which keys and modifiers of a keymap are down.
#[repr(C)]
pub struct xkb_state {
    opaque: [u8; 0],
}

/// How a context is made.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub enum xkb_context_flags {
    /// As usual.
    XKB_CONTEXT_NO_FLAGS = 0,
    /// Without the folders of files that describe keyboards.
    XKB_CONTEXT_NO_DEFAULT_INCLUDES = 1,
}

/// How a keymap is made.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub enum xkb_keymap_compile_flags {
    /// As usual.
    XKB_KEYMAP_COMPILE_NO_FLAGS = 0,
}

/// Where a key went.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub enum xkb_key_direction {
    /// It was let go.
    XKB_KEY_UP = 0,
    /// It was pressed.
    XKB_KEY_DOWN = 1,
}

/// The functions of libxkbcommon.
#[derive(Debug)]
pub struct XkbCommon {
    /// Makes a context for keymaps of servers, whatever the flags; null where that fails.
    pub xkb_context_new: fn(xkb_context_flags) -> *mut xkb_context,
    /// Lets go of a context.
    pub xkb_context_unref: unsafe extern "C" fn(*mut xkb_context),
    /// Writes a key's text into a buffer of that size, ended by a zero, and says how long it is. Less than 0 without a state.
    pub xkb_state_key_get_utf8: unsafe fn(*mut xkb_state, xkb_keycode_t, *mut c_char, usize) -> c_int,
    /// Moves a key, and says what that changes. Nothing, without a state.
    pub xkb_state_update_key: unsafe fn(*mut xkb_state, xkb_keycode_t, xkb_key_direction) -> c_int,
    /// Lets go of a state.
    pub xkb_state_unref: unsafe extern "C" fn(*mut xkb_state),
}

/// The functions, where the libraries are installed.
pub fn xkbcommon_option() -> Option<&'static XkbCommon> {
    Libraries::get().map(|libraries| &libraries.common)
}

/// What a server says of its keyboard is complete, but with folders the library wants to see one of them first.
fn context_new(_: xkb_context_flags) -> *mut xkb_context {
    // SAFETY: it takes any of its flags.
    Libraries::get().map_or(null_mut(), |libraries| unsafe { (libraries.context_new)(xkb_context_flags::XKB_CONTEXT_NO_DEFAULT_INCLUDES) })
}

/// # Safety
/// The state is null or alive, and the buffer has that size.
unsafe fn key_get_utf8(state: *mut xkb_state, key: xkb_keycode_t, buffer: *mut c_char, size: usize) -> c_int {
    match Libraries::get() {
        // SAFETY: the state is alive, and the buffer is as large as the caller says.
        Some(libraries) if !state.is_null() => unsafe { (libraries.key_get_utf8)(state, key, buffer, size) },
        _ => -1,
    }
}

/// # Safety
/// The state is null or alive.
unsafe fn update_key(state: *mut xkb_state, key: xkb_keycode_t, direction: xkb_key_direction) -> c_int {
    match Libraries::get() {
        // SAFETY: the state is alive.
        Some(libraries) if !state.is_null() => unsafe { (libraries.update_key)(state, key, direction) },
        _ => 0,
    }
}

#[cfg(test)]
mod test;
