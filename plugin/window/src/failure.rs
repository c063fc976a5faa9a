//! What can go wrong with a window, and what is said about it.

use std::any::Any;

/// Why a window couldn't be opened or moved.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The window couldn't be made, most often for want of OpenGL.
    #[error(
        "The editor's window can't be opened: {0}. It needs OpenGL 3.2 or newer: update the graphics driver, or on a remote desktop \
         turn on OpenGL"
    )]
    Open(String),
    /// The window didn't do what the host asked for.
    #[error("The editor's window didn't follow the host: {0}")]
    Window(#[from] baseview::Error),
}

/// What can go wrong while a frame is drawn.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("The window has no OpenGL context")]
    NoContext,
    #[error("OpenGL can't draw the editor: {0}")]
    Painter(#[from] egui_glow::PainterError),
    #[error("OpenGL failed: {0}")]
    Gl(#[from] baseview::Error),
}

/// What a panic said.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no reason was given").to_owned()
}

/// What stands in the window once its interface has panicked: the sound goes on, so the window should too.
pub(crate) fn ui(ui: &mut egui::Ui, reason: &str) {
    egui::CentralPanel::default().show(ui, |ui| {
        ui.add_space(24.0);
        ui.heading("The editor has stopped because of a mistake in it");
        ui.add_space(8.0);
        ui.label("The sound isn't affected. Close the window and open it again to go on.");
        ui.add_space(8.0);
        ui.weak(format!("For a bug report: {reason}"));
    });
}

#[cfg(test)]
mod test {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn a_panic_is_quoted() {
        let panic = catch_unwind(|| panic!("slot {} is missing", 9)).unwrap_err();
        assert_eq!(message(&*panic), "slot 9 is missing");
        let panic = catch_unwind(|| panic!("plain")).unwrap_err();
        assert_eq!(message(&*panic), "plain");
        let panic = catch_unwind(|| std::panic::panic_any(7)).unwrap_err();
        assert_eq!(message(&*panic), "no reason was given");
    }
}
