//! Telling the host that the project changed.
//!
//! Hosts watch parameters, and the framework lets only a window's context set one. So a change bumps a hidden parameter through the
//! context of the last window that was opened; what changes before the first one is told when it opens.

use crate::params::{CHANGES, Parameters};
use nice_plug_core::context::gui::GuiContext;
use parking_lot::Mutex;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

/// Asks for [`Dirty::tell`] on the host's GUI thread.
type Ask = Box<dyn Fn() + Send + Sync>;

/// See the [module](self).
#[derive(Default)]
pub(crate) struct Dirty {
    untold: AtomicBool,
    context: Mutex<Option<GuiContext>>,
    ask: Mutex<Option<Ask>>,
}

impl Dirty {
    /// How the GUI thread is reached.
    pub fn reach(&self, ask: Ask) {
        *self.ask.lock() = Some(ask);
    }

    /// A window was opened. On the GUI thread.
    pub fn opened(&self, context: GuiContext, params: &Arc<Parameters>) {
        *self.context.lock() = Some(context);
        self.tell(params);
    }

    /// Something changed; from any thread but the audio thread's.
    pub fn changed(&self) {
        if !self.untold.swap(true, Relaxed)
            && let Some(ask) = &*self.ask.lock()
        {
            ask();
        }
    }

    /// Bumps the parameter, if something changed. On the GUI thread.
    pub fn tell(&self, params: &Arc<Parameters>) {
        let Some(context) = self.context.lock().clone() else { return };
        if self.untold.swap(false, Relaxed) {
            let setter = context.param_setter();
            let next = (params.changed.value() + 1) % CHANGES;
            setter.begin_set_parameter(&params.changed);
            setter.set_parameter(&params.changed, next);
            setter.end_set_parameter(&params.changed);
        }
    }
}
