//! The editor in its window: where session, parameters and system meet.

use crate::dirty::Dirty;
use crate::params::Parameters;
use crate::turning::Turning;
use inlay_editor::{Editor, claims, style};
use inlay_session::{Command, Link, Live, Snapshot};
use inlay_window::{App, DragOut, Opening, Outside, egui};
use nice_plug_core::context::gui::GuiContext;
use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What of the interface outlives its window: one closes it to see the host, not to begin anew.
pub(crate) type Kept = Arc<Mutex<Editor>>;

/// The interface of one opening.
pub struct Pane {
    editor: Editor,
    kept: Kept,
    link: Link,
    params: Arc<Parameters>,
    gui: GuiContext,
    /// What the last frame showed: the snapshot's revision, and whether something played.
    shown: (u64, bool),
}

impl Pane {
    pub(crate) fn new(opening: Opening, link: Link, params: Arc<Parameters>, dirty: &Dirty, kept: &Kept) -> Self {
        style(&opening.egui);
        dirty.opened(opening.gui.clone());
        let editor = std::mem::take(&mut *kept.lock());
        Self { editor, kept: Arc::clone(kept), link, params, gui: opening.gui, shown: (0, false) }
    }
}

impl Drop for Pane {
    fn drop(&mut self) {
        *self.kept.lock() = std::mem::take(&mut self.editor).kept();
    }
}

/// What of an instance another frame is drawn for.
fn news(snapshot: &Snapshot, live: &Live) -> (u64, bool) {
    (snapshot.revision, live.now().is_some_and(|n| n.running))
}

impl App for Pane {
    fn ui(&mut self, ui: &mut egui::Ui, outside: &mut Outside<'_>) {
        let (snapshot, live) = self.link.show();
        self.shown = news(&snapshot, &live);
        let knobs = &mut Turning { params: &self.params, gui: &self.gui };
        let link = &self.link;
        self.editor.show(ui, &snapshot, &live, knobs, &mut Around(outside, link), &mut |command| link.send(command));
        outside.grip(ui);
    }

    fn stale(&mut self) -> bool {
        let (snapshot, live) = self.link.show();
        news(&snapshot, &live) != self.shown
    }

    fn accepts(&mut self, files: &[PathBuf], _: egui::Pos2) -> bool {
        !files.is_empty()
    }

    fn claims(key: egui::Key, modifiers: egui::Modifiers) -> bool {
        claims(key, modifiers)
    }
}

/// The window's surroundings as the editor reaches them.
struct Around<'a, 'b>(&'a mut Outside<'b>, &'a Link);

impl inlay_editor::Outside for Around<'_, '_> {
    fn reveal(&mut self, file: &Path) {
        let (link, shown) = (self.1.clone(), file.to_owned());
        self.0.reveal(file, move || link.send(Command::NotShown(shown)));
    }

    fn drag_out(&mut self, file: &Path) -> bool {
        self.0.is_dragging_out() || self.0.drag_out(file) == DragOut::Started
    }

    fn can_drag_out(&self) -> bool {
        self.0.can_drag_out()
    }
}
