//! What all instances of a project share: its key.

use inlay_music::Key;
use parking_lot::Mutex;

/// How often it was set, and to what. A process is a project, as far as a plugin can know.
static KEY: Mutex<(u64, Option<Key>)> = Mutex::new((0, None));

/// Sets it for all instances.
pub(crate) fn set(key: Option<Key>) {
    let mut shared = KEY.lock();
    if shared.1 != key {
        *shared = (shared.0 + 1, key);
    }
}

/// The revision that it has now.
pub(crate) fn revision() -> u64 {
    KEY.lock().0
}

/// The key and its revision, if it was set since revision `seen`.
pub(crate) fn changed_since(seen: u64) -> Option<(u64, Option<Key>)> {
    let shared = *KEY.lock();
    (shared.0 != seen).then_some(shared)
}
