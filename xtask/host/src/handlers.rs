//! What the host answers when the plugin calls.

use clack_extensions::log::{HostLog, HostLogImpl, LogSeverity};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamRescanFlags, PluginParams,
};
use clack_extensions::remote_controls::PluginRemoteControls;
use clack_extensions::render::PluginRender;
use clack_extensions::state::{HostState, HostStateImpl, PluginState};
use clack_host::prelude::*;
use clack_host::utils::ClapId;
use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// This host.
pub struct Headless;

/// What all threads may touch.
#[derive(Default)]
pub struct Shared {
    pub callback: AtomicBool,
    pub flush: AtomicBool,
    pub params: OnceLock<Option<PluginParams>>,
    pub state: OnceLock<Option<PluginState>>,
    pub render: OnceLock<Option<PluginRender>>,
    pub remote: OnceLock<Option<PluginRemoteControls>>,
}

/// What the main thread has.
#[derive(Default)]
pub struct Main {
    pub dirty: Cell<bool>,
}

impl HostHandlers for Headless {
    type Shared<'a> = Shared;
    type MainThread<'a> = Main;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<Self>, _: &Self::Shared<'_>) {
        builder.register::<HostParams>().register::<HostState>().register::<HostLog>();
    }
}

impl<'a> SharedHandler<'a> for Shared {
    fn initializing(&self, instance: InitializingPluginHandle<'a>) {
        let _ = self.params.set(instance.get_extension());
        let _ = self.state.set(instance.get_extension());
        let _ = self.render.set(instance.get_extension());
        let _ = self.remote.set(instance.get_extension());
    }

    fn request_restart(&self) {}

    fn request_process(&self) {}

    fn request_callback(&self) {
        self.callback.store(true, Relaxed);
    }
}

impl MainThreadHandler<'_> for Main {}

impl HostParamsImplShared for Shared {
    fn request_flush(&self) {
        self.flush.store(true, Relaxed);
    }
}

impl HostParamsImplMainThread for Main {
    fn rescan(&self, _: ParamRescanFlags) {}

    fn clear(&self, _: ClapId, _: ParamClearFlags) {}
}

impl HostStateImpl for Main {
    fn mark_dirty(&self) {
        self.dirty.set(true);
    }
}

impl HostLogImpl for Shared {
    fn log(&self, severity: LogSeverity, message: &str) {
        eprintln!("{severity}: {message}");
    }
}
