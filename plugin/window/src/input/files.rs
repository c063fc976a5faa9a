//! Files over the window, in egui's words.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use baseview::DropData;
use egui::{DroppedFile, DroppedFileHandle, HoveredFile};

/// The files of a drag.
pub(crate) fn of(data: &DropData) -> Vec<PathBuf> {
    match data {
        DropData::Files(files) => files.clone(),
        _ => Vec::new(),
    }
}

pub(crate) fn hovered(files: &[PathBuf]) -> Vec<HoveredFile> {
    files.iter().map(|file| HoveredFile { path: Some(file.clone()), mime: String::new() }).collect()
}

pub(crate) fn dropped(files: Vec<PathBuf>) -> Vec<DroppedFileHandle> {
    files.into_iter().map(|file| Arc::new(OnDisk(file)) as DroppedFileHandle).collect()
}

/// A file that stays where it is. Whoever wants its contents should read them on another thread than the window's.
#[derive(Debug)]
struct OnDisk(PathBuf);

impl DroppedFile for OnDisk {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| format!("{} can't be read: {error}", self.0.display()))
    }
}
