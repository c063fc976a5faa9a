//! One engine for all plugin instances of a process.

use super::{Engine, Settings};
use crate::error::JobError;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The engine of the process, for as long as somebody holds it. Never locked on an audio thread, never for longer than a thread takes to
/// start.
static SHARED: Mutex<Weak<super::Core>> = Mutex::new(Weak::new());

impl Engine {
    /// The engine that all plugin instances of this process share: started with [`Settings::guest`] by the first one that asks. Hold
    /// it for as long as the instance lives. With the last handle the queue closes: the worker gives the model's memory back and ends by
    /// itself, and the next instance starts a new one. Nobody waits for that.
    ///
    /// # Errors
    /// [`JobError::Gone`] where the system gives no thread.
    pub fn shared() -> Result<Self, JobError> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        // a worker that ended although it was held must not be the last one of the process
        if let Some(core) = shared.upgrade().filter(|core| !core.thread.is_finished()) {
            return Ok(Self { core });
        }
        let engine = Self::start(Settings::guest())?;
        *shared = Arc::downgrade(&engine.core);
        Ok(engine)
    }
}
