//! A window that closes before it is gone.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use baseview::Window;

use crate::shared::Shared;

/// How long a window may take to close. Longer only if its interface hangs, and then the windowing library waits on.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open window. Dropping it closes it.
pub struct OpenWindow {
    /// None once it was given away.
    window: Option<Window>,
    shared: Arc<Shared>,
}

impl OpenWindow {
    pub(super) fn new(window: Window, shared: Arc<Shared>) -> Self {
        Self { window: Some(window), shared }
    }

    pub(super) fn get(&self) -> &Window {
        self.window.as_ref().expect("only `into_inner` takes the window, and that ends this")
    }

    pub(super) fn into_inner(mut self) -> Window {
        self.window.take().expect("only this takes the window")
    }

    /// Whether the window is there: it may have closed by itself.
    pub fn is_open(&self) -> bool {
        self.window.as_ref().is_some_and(Window::is_open)
    }
}

impl Drop for OpenWindow {
    fn drop(&mut self) {
        let Some(window) = &self.window else { return };
        // The windowing library's own way on X11 is a race: it asks a thread that may have ended for a last favour, and where that
        // comes too late it doesn't wait for the thread, which would still run when the host goes on to close the window around this
        // one, or to unload the plugin. So the window is asked to end by itself, and is gone when it is dropped.
        if cfg!(target_os = "linux") {
            self.shared.close();
            window.waker().request_poll();
            let start = Instant::now();
            while window.is_open() && start.elapsed() < PATIENCE {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
}
