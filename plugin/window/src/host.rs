//! The host's callbacks, as the windowing library wants them.

use std::sync::Arc;

use baseview::host::{Host, HostCallbacks, HostMainThreadCaller};
use baseview::{HandlerError, WindowSize};
use nice_plug_core::editor::dpi::PhysicalSize;
use nice_plug_core::editor::{HostCallbacks as Callbacks, HostMainThreadCaller as MainThread, HostMethods};

use crate::shared::Shared;

/// The host as baseview sees it.
pub(crate) fn host(methods: HostMethods, shared: Arc<Shared>) -> Host {
    let main_thread = ToMainThread { caller: methods.main_thread_caller, shared };
    Host::new().with_callbacks(FromWindow(methods.callbacks)).with_main_thread(main_thread)
}

struct FromWindow(Box<dyn Callbacks>);

impl HostCallbacks for FromWindow {
    fn request_resize(&mut self, size: WindowSize) -> Result<(), HandlerError> {
        let pixels = PhysicalSize::new(size.physical.width, size.physical.height);
        self.0.request_resize(pixels.into(), size.scale_factor).map_err(HandlerError::from_boxed)
    }

    fn destroyed(&mut self) {
        self.0.destroyed();
    }
}

struct ToMainThread {
    caller: Box<dyn MainThread>,
    shared: Arc<Shared>,
}

impl HostMainThreadCaller for ToMainThread {
    fn call_main_thread(&mut self) {
        // A host that closes the window needn't be told that it closed.
        if !self.shared.is_closing() {
            self.caller.call_main_thread();
        }
    }
}
