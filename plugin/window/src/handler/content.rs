//! What a window shows: its interface, or what is left of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crate::{App, Outside, failure};

pub(super) enum Content<A> {
    App(A),
    /// The interface panicked, and said this.
    Failed(String),
    /// Not even that can be shown.
    Blank,
}

impl<A: App> Content<A> {
    /// Puts what is left in place of an interface that panicked.
    pub(super) fn fail(&mut self, reason: String) {
        let after = if matches!(self, Self::App(_)) { Self::Failed(reason) } else { Self::Blank };
        discard(std::mem::replace(self, after));
    }

    pub(super) fn ui(&mut self, ui: &mut egui::Ui, outside: &mut Outside<'_>) {
        match self {
            Self::App(app) => app.ui(ui, outside),
            Self::Failed(reason) => failure::ui(ui, reason),
            Self::Blank => {}
        }
    }

    pub(super) fn is_stale(&mut self) -> bool {
        if let Self::App(app) = self { app.stale() } else { false }
    }

    pub(super) fn accepts(&mut self, files: &[PathBuf], pos: egui::Pos2) -> bool {
        if let Self::App(app) = self { app.accepts(files, pos) } else { false }
    }

    /// Drops the interface, which may panic as anything else of it may.
    pub(super) fn close(&mut self) {
        discard(std::mem::replace(self, Self::Blank));
    }
}

fn discard<A>(content: Content<A>) {
    if catch_unwind(AssertUnwindSafe(move || drop(content))).is_err() {
        tracing::warn!("The editor's interface panicked when it was closed");
    }
}
