//! How a VST3 host hears that the project changed.

use super::hidden::Hidden;
use crate::dirty::Ear;
use nice_plug::wrapper::vst3::vst3::ComPtr;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandler2, IComponentHandler2Trait, IComponentHandlerTrait,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::kResultOk;
use std::sync::Arc;
use std::thread::{ThreadId, current};

/// The handler that a host gives to an instance.
pub(super) struct HandlerEar {
    handler: ComPtr<IComponentHandler>,
    /// The part of it that knows the word, where the host has it.
    second: Option<ComPtr<IComponentHandler2>>,
    hidden: Arc<Hidden>,
    home: ThreadId,
}

impl HandlerEar {
    /// On the host's main thread.
    pub fn new(handler: ComPtr<IComponentHandler>, hidden: Arc<Hidden>) -> Self {
        Self { second: handler.cast(), handler, hidden, home: current().id() }
    }
}

impl Ear for HandlerEar {
    fn is_here(&self) -> bool {
        // with no window open, the framework runs tasks on a thread of its own where the system has no main thread
        cfg!(any(windows, target_os = "macos")) || current().id() == self.home
    }

    fn project_changed(&self) -> bool {
        // SAFETY: the handler is the host's, held by a reference; this is its main thread.
        unsafe {
            if self.second.as_ref().is_some_and(|second| second.setDirty(1) == kResultOk) {
                return true;
            }
            let id = self.hidden.id();
            self.handler.beginEdit(id);
            let heard = self.handler.performEdit(id, self.hidden.bump()) == kResultOk;
            self.handler.endEdit(id);
            heard
        }
    }
}
