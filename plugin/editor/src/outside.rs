//! What lies around the window.

use std::path::Path;

/// Reaches the system for the interface.
pub trait Outside {
    /// Shows a file in the system's file manager. Where that can't be done, the session hears of it.
    fn reveal(&mut self, file: &Path);

    /// Starts to drag a file out of the window; says whether that is possible here. Where it isn't, the interface offers to reveal it.
    fn drag_out(&mut self, file: &Path) -> bool;

    /// Whether [`Outside::drag_out`] can work here at all.
    fn can_drag_out(&self) -> bool;
}
