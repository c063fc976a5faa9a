//! Telling the host that the project changed.
//!
//! Both formats have a word for it, and the framework none: [`entry`](crate::entry) catches what hosts offer, an [`Ear`]. For a host
//! without one a hidden parameter is bumped, as hosts watch parameters; only a window's context can, so that waits for the first window.

use crate::params::Parameters;
use nice_plug_core::context::gui::GuiContext;
use parking_lot::Mutex;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

/// Asks for [`Dirty::tell`] on the host's main thread.
type Ask = Box<dyn Fn() + Send + Sync>;

/// What a host can be told with, without a window.
pub(crate) trait Ear: Send + Sync {
    /// Whether this thread is the host's main thread, the only one that may call it.
    fn is_here(&self) -> bool;

    /// Says that the project changed; whether the host understood. On the host's main thread.
    fn project_changed(&self) -> bool;
}

/// See the [module](self).
pub(crate) struct Dirty {
    params: Arc<Parameters>,
    untold: AtomicBool,
    /// Nobody asked for the main thread yet.
    unasked: AtomicBool,
    /// Somebody wanted to tell it, on a thread that may not.
    waiting: AtomicBool,
    ear: Mutex<Option<Arc<dyn Ear>>>,
    context: Mutex<Option<GuiContext>>,
    ask: Mutex<Option<Ask>>,
}

impl Dirty {
    pub fn new(params: Arc<Parameters>) -> Self {
        let (untold, unasked, waiting) = Default::default();
        Self { params, untold, unasked, waiting, ear: Mutex::default(), context: Mutex::default(), ask: Mutex::default() }
    }

    /// What the hidden parameter is one of.
    pub fn params(&self) -> &Arc<Parameters> {
        &self.params
    }

    /// How the main thread is reached.
    pub fn reach(&self, ask: Ask) {
        *self.ask.lock() = Some(ask);
    }

    /// What the host hears with from now on. On its main thread.
    pub fn set_ear(&self, ear: Option<Arc<dyn Ear>>) {
        let hears = ear.is_some();
        let before = std::mem::replace(&mut *self.ear.lock(), ear);
        drop(before);
        if hears {
            self.tell();
        }
    }

    /// A window was opened. On its thread, which isn't the main thread on every system.
    pub fn opened(&self, context: GuiContext) {
        *self.context.lock() = Some(context);
        self.unasked.store(self.untold.load(Relaxed), Relaxed);
    }

    /// Something changed; from any thread but the audio thread's. Calls nobody: the session is locked, and hosts that hear of a change
    /// may save at once.
    pub fn changed(&self) {
        self.untold.store(true, Relaxed);
        self.unasked.store(true, Relaxed);
    }

    /// Asks for the main thread, if something changed. On a thread that holds nothing and isn't the main thread, which would tell at once.
    pub fn ask(&self) {
        if !self.unasked.swap(false, Relaxed) {
            return;
        }
        // under the lock: `close` waits for who is asking
        if let Some(ask) = &*self.ask.lock() {
            ask();
        }
    }

    /// Tells the host, if something changed. On its main thread, or one where the ear isn't.
    pub fn tell(&self) {
        if !self.untold.load(Relaxed) {
            return;
        }
        let ear = {
            let ear = self.ear.lock();
            if ear.as_ref().is_some_and(|ear| !ear.is_here()) {
                // nor is it kept for a moment: this thread could be the one that lets the host's handler go
                self.waiting.store(true, Relaxed);
                return;
            }
            ear.clone()
        };
        let context = self.context.lock().clone();
        // no lock is held while the host is called: it may call back
        self.waiting.store(false, Relaxed);
        if self.untold.swap(false, Relaxed) && !ear.is_some_and(|ear| ear.project_changed()) {
            match context {
                Some(context) => self.bump(&context),
                None => self.untold.store(true, Relaxed),
            }
        }
    }

    /// Whether a change waits for the host to call on its main thread.
    ///
    /// # Realtime safety
    /// Loads only.
    pub fn is_waiting(&self) -> bool {
        // who waits may have come late: it was told meanwhile
        self.waiting.load(Relaxed) && self.untold.load(Relaxed)
    }

    /// The instance is about to be destroyed: nothing of its host is called once this returns.
    pub fn close(&self) {
        *self.ask.lock() = None;
        *self.ear.lock() = None;
        *self.context.lock() = None;
    }

    fn bump(&self, context: &GuiContext) {
        let setter = context.param_setter();
        let changed = &self.params.changed;
        setter.begin_set_parameter(changed);
        setter.set_parameter(changed, self.params.next_change());
        setter.end_set_parameter(changed);
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use std::sync::atomic::AtomicU32;
    use std::thread::{ThreadId, current, scope};

    /// Counts what it is told.
    struct Counter {
        told: Arc<AtomicU32>,
        home: ThreadId,
    }

    impl Ear for Counter {
        fn is_here(&self) -> bool {
            current().id() == self.home
        }

        fn project_changed(&self) -> bool {
            self.told.fetch_add(1, Relaxed);
            true
        }
    }

    /// One with an ear on this thread, and what it was told.
    fn heard() -> (Dirty, Arc<AtomicU32>) {
        let (dirty, told) = (Dirty::new(Arc::default()), Arc::default());
        dirty.set_ear(Some(Arc::new(Counter { told: Arc::clone(&told), home: current().id() })));
        (dirty, told)
    }

    #[test]
    fn a_change_calls_nobody_until_somebody_asks() {
        let (dirty, told) = heard();
        let dirty = Arc::new(dirty);
        let asked = Arc::<AtomicU32>::default();
        let (at, count) = (Arc::downgrade(&dirty), Arc::clone(&asked));
        dirty.reach(Box::new(move || {
            count.fetch_add(1, Relaxed);
            at.upgrade().unwrap().tell();
        }));
        dirty.changed();
        dirty.changed();
        assert_eq!((asked.load(Relaxed), told.load(Relaxed)), (0, 0));
        dirty.ask();
        dirty.ask();
        assert_eq!((asked.load(Relaxed), told.load(Relaxed)), (1, 1));
    }

    #[test]
    fn a_change_that_was_told_waits_no_more() {
        let (dirty, told) = heard();
        dirty.changed();
        scope(|scope| scope.spawn(|| dirty.tell()).join().unwrap());
        assert!(dirty.is_waiting());
        dirty.tell();
        assert!(!dirty.is_waiting());
        assert_eq!(told.load(Relaxed), 1);
        // a thread that looked before and says so after
        dirty.waiting.store(true, Relaxed);
        assert!(!dirty.is_waiting());
    }
}
