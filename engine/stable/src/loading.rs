//! Loading that can be watched and stopped.

use crate::error::WeightsError;
use std::{
    fmt,
    ops::ControlFlow,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Who watches a model being loaded.
pub struct Loading<'a> {
    /// Told the part that is done, 0 to 1, from any thread.
    on: &'a (dyn Fn(f64) -> ControlFlow<()> + Sync),
    /// Parts that were begun. Held while one is told, so that they are told in their order.
    done: Mutex<usize>,
    /// Set by the model: parts that it is loaded in.
    all: AtomicUsize,
}

impl fmt::Debug for Loading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loading").field("done", &self.done).field("all", &self.all).finish_non_exhaustive()
    }
}

impl<'a> Loading<'a> {
    /// Tells `on` the part that is done, 0 to 1, from any thread; it says whether to go on.
    pub fn new(on: &'a (dyn Fn(f64) -> ControlFlow<()> + Sync)) -> Self {
        Self { on, done: Mutex::new(0), all: AtomicUsize::new(1) }
    }

    /// Tells nobody.
    pub fn unwatched() -> Loading<'static> {
        Loading::new(&|_| ControlFlow::Continue(()))
    }

    /// It will be done in so many parts.
    pub(crate) fn begin(&self, parts: usize) {
        *self.done.lock().unwrap_or_else(PoisonError::into_inner) = 0;
        self.all.store(parts.max(1), Ordering::Relaxed);
    }

    /// While what was loaded is tried out.
    pub(crate) fn tried(&self) -> ControlFlow<()> {
        (self.on)(1.0)
    }

    /// Before a part.
    ///
    /// # Errors
    /// [`WeightsError::Cancelled`] where nobody wants it any more.
    pub(crate) fn part(&self) -> Result<(), WeightsError> {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        let part = *done as f64 / self.all.load(Ordering::Relaxed) as f64;
        *done += 1;
        match (self.on)(part.min(1.0)) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(WeightsError::Cancelled),
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn loading_tells_its_parts_and_stops_when_nobody_wants_it() {
        let told = Mutex::new(vec![]);
        let on = |part: f64| {
            told.lock().unwrap().push(part);
            if part < 0.5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let loading = Loading::new(&on);
        loading.begin(4);
        assert_eq!([loading.part(), loading.part(), loading.part()], [Ok(()), Ok(()), Err(WeightsError::Cancelled)]);
        assert_eq!(*told.lock().unwrap(), [0.0, 0.25, 0.5]);
    }
}
