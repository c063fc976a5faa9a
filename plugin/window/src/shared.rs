//! What the host's thread and the window's thread tell each other.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use nice_plug_core::editor::{Modifiers, VirtualKeyCode};

use crate::input::capture::{self, Claims, Focus};
use crate::input::virtual_key;

/// A key that the host passed on by a call instead of leaving it to the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HostKey {
    pub(crate) code: VirtualKeyCode,
    pub(crate) down: bool,
    pub(crate) modifiers: Modifiers,
}

/// One opening's shared part. Nobody holds a lock longer than it takes to copy a few words.
pub(crate) struct Shared {
    focus: AtomicU8,
    changed: AtomicBool,
    hidden: AtomicBool,
    closing: AtomicBool,
    keys: Mutex<Vec<HostKey>>,
    /// When somebody wants a frame, as asked for from any thread through egui's context.
    frame: Mutex<Option<Instant>>,
    /// Keys that were taken when they went down: their release is taken too, whatever has the focus by then.
    held: Mutex<HashSet<VirtualKeyCode>>,
    claims: Claims,
}

impl Shared {
    pub(crate) fn new(claims: Claims) -> Self {
        Self {
            focus: AtomicU8::new(Focus::Nothing as u8),
            changed: AtomicBool::new(false),
            hidden: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            keys: Mutex::default(),
            frame: Mutex::default(),
            held: Mutex::default(),
            claims,
        }
    }

    pub(crate) fn claims(&self) -> Claims {
        self.claims
    }

    pub(crate) fn focus(&self) -> Focus {
        Focus::from_u8(self.focus.load(Ordering::Acquire))
    }

    pub(crate) fn set_focus(&self, focus: Focus) {
        self.focus.store(focus as u8, Ordering::Release);
    }

    /// Something that may be shown has changed.
    pub(crate) fn change(&self) {
        self.changed.store(true, Ordering::Release);
    }

    pub(crate) fn take_change(&self) -> bool {
        self.changed.swap(false, Ordering::AcqRel)
    }

    /// Somebody wants a frame at `at`.
    pub(crate) fn ask_frame(&self, at: Instant) {
        let mut frame = lock(&self.frame);
        *frame = Some(frame.map_or(at, |frame| frame.min(at)));
    }

    pub(crate) fn take_frame(&self) -> Option<Instant> {
        lock(&self.frame).take()
    }

    pub(crate) fn set_hidden(&self, hidden: bool) {
        self.hidden.store(hidden, Ordering::Release);
    }

    pub(crate) fn is_hidden(&self) -> bool {
        self.hidden.load(Ordering::Acquire)
    }

    /// The host closes the window.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Release);
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Takes a key from the host if it is wanted here, and says whether it was.
    pub(crate) fn offer(&self, key: HostKey) -> bool {
        let wanted = if key.down {
            let Some(meaning) = virtual_key::meaning(key.code) else { return false };
            let modifiers = virtual_key::modifiers(key.modifiers);
            let wanted = capture::wanted(self.focus(), Some(meaning), false, modifiers, self.claims);
            if wanted {
                lock(&self.held).insert(key.code);
            }
            wanted
        } else {
            lock(&self.held).remove(&key.code)
        };
        if wanted {
            lock(&self.keys).push(key);
        }
        wanted
    }

    pub(crate) fn take_keys(&self) -> Vec<HostKey> {
        std::mem::take(&mut *lock(&self.keys))
    }
}

/// A panic while one of these short locks is held leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod test;
