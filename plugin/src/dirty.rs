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
    /// Somebody wanted to tell it, on a thread that may not.
    waiting: AtomicBool,
    ear: Mutex<Option<Arc<dyn Ear>>>,
    context: Mutex<Option<GuiContext>>,
    ask: Mutex<Option<Ask>>,
}

impl Dirty {
    pub fn new(params: Arc<Parameters>) -> Self {
        let (untold, waiting) = Default::default();
        Self { params, untold, waiting, ear: Mutex::default(), context: Mutex::default(), ask: Mutex::default() }
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
        *self.ear.lock() = ear;
        if hears {
            self.tell();
        }
    }

    /// A window was opened. On its thread, which isn't the main thread on every system.
    pub fn opened(&self, context: GuiContext) {
        *self.context.lock() = Some(context);
        if self.untold.load(Relaxed) {
            self.ask();
        }
    }

    /// Something changed; from any thread but the audio thread's.
    pub fn changed(&self) {
        if !self.untold.swap(true, Relaxed) {
            self.ask();
        }
    }

    /// Tells the host, if something changed. On its main thread, or one where the ear isn't.
    pub fn tell(&self) {
        if !self.untold.load(Relaxed) {
            return;
        }
        // no lock is held while the host is called: it may call back
        let (ear, context) = (self.ear.lock().clone(), self.context.lock().clone());
        if ear.as_ref().is_some_and(|ear| !ear.is_here()) {
            self.waiting.store(true, Relaxed);
            return;
        }
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
    /// One load.
    pub fn is_waiting(&self) -> bool {
        self.waiting.load(Relaxed)
    }

    /// The instance is about to be destroyed: nothing of its host is called once this returns.
    pub fn close(&self) {
        *self.ask.lock() = None;
        *self.ear.lock() = None;
        *self.context.lock() = None;
    }

    fn ask(&self) {
        // under the lock: `close` waits for who is asking
        if let Some(ask) = &*self.ask.lock() {
            ask();
        }
    }

    fn bump(&self, context: &GuiContext) {
        let setter = context.param_setter();
        let changed = &self.params.changed;
        setter.begin_set_parameter(changed);
        setter.set_parameter(changed, self.params.next_change());
        setter.end_set_parameter(changed);
    }
}
