//! Looks for changes on the host's main thread. Linux has no such thread of its own; some hosts lend theirs.

use crate::dirty::Dirty;
use nice_plug::wrapper::vst3::vst3::Steinberg::Linux::{IRunLoop, IRunLoopTrait, ITimerHandler, ITimerHandlerTrait};
use nice_plug::wrapper::vst3::vst3::Steinberg::kResultOk;
use nice_plug::wrapper::vst3::vst3::{Class, ComPtr, ComWrapper};
use std::sync::Weak;

/// Between two looks, in milliseconds.
const PERIOD: u64 = 250;

/// Runs until it is dropped. For the host's main thread.
pub(super) struct Timer {
    run_loop: ComPtr<IRunLoop>,
    look: ComPtr<ITimerHandler>,
}

/// What the host calls.
struct Look(Weak<Dirty>);

impl Class for Look {
    type Interfaces = (ITimerHandler,);
}

impl ITimerHandlerTrait for Look {
    unsafe fn onTimer(&self) {
        if let Some(dirty) = self.0.upgrade() {
            dirty.tell();
        }
    }
}

impl Timer {
    /// Starts it, if the host does.
    pub fn start(run_loop: &ComPtr<IRunLoop>, dirty: Weak<Dirty>) -> Option<Self> {
        let look = ComWrapper::new(Look(dirty)).to_com_ptr::<ITimerHandler>()?;
        // SAFETY: both are held by a reference; hosts want this call on their main thread, as this is.
        let started = unsafe { run_loop.registerTimer(look.as_ptr(), PERIOD) };
        (started == kResultOk).then(|| Self { run_loop: run_loop.clone(), look })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // SAFETY: as in `start`.
        unsafe { self.run_loop.unregisterTimer(self.look.as_ptr()) };
    }
}
