//! The host's hold on an open window.

use std::sync::Arc;

use baseview::WindowWaker;
use nice_plug_core::editor::dpi::NativeSize;
use nice_plug_core::editor::{EditorHandle, Modifiers, ParentWindowHandle, ResizeHint, VirtualKeyCode};

use super::OpenWindow;
use crate::WindowError;
use crate::shared::{HostKey, Shared};

/// An open window, as the host holds it. Dropping the window closes it.
pub struct Handle {
    shared: Arc<Shared>,
    waker: WindowWaker,
    hint: ResizeHint,
}

impl Handle {
    pub(crate) fn new(shared: Arc<Shared>, waker: WindowWaker, hint: ResizeHint) -> Self {
        Self { shared, waker, hint }
    }
}

impl EditorHandle for Handle {
    type Window = OpenWindow;
    type Error = WindowError;

    fn run_until_closed(window: OpenWindow) -> Result<(), WindowError> {
        Ok(window.into_inner().run_until_closed()?)
    }

    fn set_parent(&self, parent: ParentWindowHandle, window: &OpenWindow) -> Result<(), WindowError> {
        Ok(window.get().set_parent(&parent)?)
    }

    fn show(&self, window: &OpenWindow) -> Result<(), WindowError> {
        self.shared.set_hidden(false);
        window.get().show()?;
        // Not every system asks for the picture of a window that is shown again.
        self.shared.change();
        self.waker.request_poll();
        Ok(())
    }

    fn hide(&self, window: &OpenWindow) -> Result<(), WindowError> {
        self.shared.set_hidden(true);
        Ok(window.get().hide()?)
    }

    fn set_size(&self, new_size: NativeSize<u32>, window: &OpenWindow) -> Result<(), WindowError> {
        Ok(window.get().resize(baseview::dpi::Size::from(new_size))?)
    }

    fn host_main_thread_callback(&self, window: &OpenWindow) {
        window.get().host_main_thread_callback();
    }

    fn adjust_size(&self, new_size: NativeSize<u32>, window: &OpenWindow) -> Option<NativeSize<u32>> {
        let current = window.get().size();
        let size = NativeSize::from_logical_or_physical(current.logical, current.physical);
        Some(self.hint.adjust_size(new_size, size, current.scale_factor))
    }

    fn set_fallback_scale_factor(&self, scale_factor: f64, window: &OpenWindow) -> Result<(), WindowError> {
        if scale_factor.is_finite() && scale_factor > 0.0 {
            window.get().suggest_fallback_scale_factor(scale_factor)?;
        }
        Ok(())
    }

    fn on_virtual_key_from_host(&self, key_code: VirtualKeyCode, is_down: bool, modifiers: Modifiers) -> bool {
        let taken = self.shared.offer(HostKey { code: key_code, down: is_down, modifiers });
        if taken {
            self.waker.request_poll();
        }
        taken
    }

    fn state_changed(&self) {
        self.shared.change();
    }

    // Automation changes parameters hundreds of times a second: the next look at the flag is soon enough.
    fn param_value_changed(&self, _id: &str, _normalized_value: f32) {
        self.shared.change();
    }

    fn param_modulation_changed(&self, _id: &str, _modulation_offset: f32) {
        self.shared.change();
    }
}
