//! What an interface can ask of the world around its window.

use std::path::{Path, PathBuf};

use egui::{Sense, Vec2};

/// Whether a file can be dragged out of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DragOut {
    /// The pointer carries the file now. It ends with the mouse button's release.
    Started,
    /// This system has no drag out of the window: write the file and [reveal](Outside::reveal) it instead.
    Unsupported,
}

/// The world around a window, for the length of one frame.
pub struct Outside<'a> {
    pub(crate) can_drag: bool,
    pub(crate) dragging: bool,
    pub(crate) size: Vec2,
    pub(crate) min_size: Vec2,
    pub(crate) wishes: &'a mut Wishes,
}

/// What is done once the frame is over: hosts may answer at once, and nothing may be half drawn by then.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    pub(crate) drag: Option<PathBuf>,
    pub(crate) resize: Option<Vec2>,
}

impl Outside<'_> {
    /// Shows a file in the system's file manager. Returns at once; where that couldn't be done, `failed` is called, on any thread.
    pub fn reveal(&self, file: &Path, failed: impl FnOnce() + Send + 'static) {
        crate::reveal(file, failed);
    }

    /// Starts to drag a file out of the window; the mouse button has to be down. The file must exist, and must stay for as long as the
    /// program that it is dropped on may want it.
    #[must_use = "where dragging isn't supported, something else has to be offered"]
    pub fn drag_out(&mut self, file: &Path) -> DragOut {
        if !self.can_drag {
            return DragOut::Unsupported;
        }
        self.wishes.drag = Some(file.to_owned());
        DragOut::Started
    }

    /// Whether files can be dragged out at all, so that nothing else is promised.
    pub fn can_drag_out(&self) -> bool {
        self.can_drag
    }

    /// Whether a file is being dragged out of this window.
    pub fn is_dragging_out(&self) -> bool {
        self.dragging
    }

    /// Asks the host for another size, in points. It may refuse.
    pub fn resize(&mut self, size: Vec2) {
        self.wishes.resize = Some(crate::scaling::bounded(size, self.min_size));
    }

    /// A grip in the lower right corner, for hosts whose windows have no edges to pull.
    pub fn grip(&mut self, ui: &mut egui::Ui) {
        let corner = ui.ctx().content_rect().right_bottom();
        let rect = egui::Rect::from_min_max(corner - Vec2::splat(14.0), corner);
        let response =
            ui.interact(rect, egui::Id::unique("grip of the window"), Sense::drag()).on_hover_and_drag_cursor(egui::CursorIcon::ResizeNwSe);
        let stroke = egui::Stroke::new(1.0, ui.style().interact(&response).fg_stroke.color);
        for inset in [4.0, 8.0, 12.0] {
            ui.painter().line_segment([corner - egui::vec2(inset, 2.0), corner - egui::vec2(2.0, inset)], stroke);
        }
        if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
            let size = crate::scaling::bounded(pointer.to_vec2(), self.min_size);
            if size != self.size {
                self.resize(size);
            }
        }
    }
}
