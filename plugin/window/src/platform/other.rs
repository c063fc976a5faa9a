//! Windows and macOS: keys that aren't taken go to the host by themselves, and the scale is known when it is needed.

use std::path::Path;

use baseview::{MouseCursor, WindowContext};
use keyboard_types::KeyboardEvent;

pub(crate) struct Platform;

impl Platform {
    pub(crate) fn new(_window: &WindowContext) -> Self {
        Self
    }

    pub(crate) fn translate(&mut self, event: &KeyboardEvent) -> KeyboardEvent {
        event.clone()
    }

    pub(crate) fn forward(&mut self, _event: &KeyboardEvent) {}

    /// False: the windowing library's way is the right one.
    pub(crate) fn take_focus(&mut self) -> bool {
        false
    }

    pub(crate) fn give_focus_back(&mut self) {}

    /// Dragging out takes a data object of OLE's, or a source of AppKit's: neither is written yet.
    pub(crate) fn can_drag(&self) -> bool {
        false
    }

    pub(crate) fn is_dragging(&self) -> bool {
        false
    }

    pub(crate) fn drag(&mut self, _file: &Path) {}

    pub(crate) fn drag_cursor(&self) -> Option<MouseCursor> {
        None
    }

    pub(crate) fn tick(&mut self) -> bool {
        false
    }
}

/// The system keeps its drivers by itself.
pub(crate) fn keep_drivers() {}

/// The scale before any window has been open.
pub(crate) fn scale() -> Option<f64> {
    None
}
