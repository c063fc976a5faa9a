//! Hands a new instance's [`Dirty`] to the entry that asked the framework for the instance: the framework has no way for it.

use crate::dirty::Dirty;
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    static NEWBORN: RefCell<Option<Arc<Dirty>>> = const { RefCell::new(None) };
}

/// An instance is made.
pub(crate) fn announce(dirty: &Arc<Dirty>) {
    NEWBORN.set(Some(Arc::clone(dirty)));
}

/// Makes one instance, on this thread, and says which it was.
pub(super) fn of<T>(make: impl FnOnce() -> T) -> (T, Option<Arc<Dirty>>) {
    let made = make();
    (made, NEWBORN.take())
}
