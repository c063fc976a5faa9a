//! What is shown in a window.

use std::path::PathBuf;

use nice_plug_core::context::gui::GuiContext;

use crate::Outside;

/// An interface, made anew each time that the window opens. What must outlive the window belongs elsewhere.
pub trait App: 'static {
    /// Draws one frame and acts on its input.
    ///
    /// Files over the window are in egui's `raw.hovered_files`, dropped ones for one frame in `raw.dropped_files`; the pointer is
    /// where they are.
    fn ui(&mut self, ui: &mut egui::Ui, outside: &mut Outside<'_>);

    /// Whether something that is shown has changed since the last frame. Asked about sixty times a second, so it should cost no more
    /// than reading a counter.
    fn stale(&mut self) -> bool {
        false
    }

    /// Whether these files may be dropped at `_pos` (in points). The pointer of whoever drags them shows the answer.
    fn accepts(&mut self, _files: &[PathBuf], _pos: egui::Pos2) -> bool {
        true
    }

    /// Whether a key belongs to the interface although no text field has the focus: a shortcut of its own. It is asked on any thread
    /// and before the key reaches egui, so the answer can only depend on the key. Space should stay with the host.
    fn claims(_key: egui::Key, _modifiers: egui::Modifiers) -> bool
    where
        Self: Sized,
    {
        false
    }
}

/// What an [`App`] is made with.
pub struct Opening {
    /// egui's context of this window: for fonts, style and asking for frames from other threads.
    pub egui: egui::Context,
    /// The way to the host's parameters. Only for use on the window's thread.
    pub gui: GuiContext,
}
