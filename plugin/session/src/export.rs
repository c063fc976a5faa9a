//! Takes on their way into files.

use crate::snapshot::ExportFormat;
use inlay_audio::file::{Format, WriteError};
use inlay_audio::stereo::Width;
use inlay_engine::file::export;
use inlay_music::{SampleRate, Take, naming};
use std::path::{Path, PathBuf};

/// Names that are tried until one is free.
const TRIES: u32 = 999;

/// What the writer of files calls a format.
fn written_as(kind: ExportFormat) -> Format {
    match kind {
        ExportFormat::Wav => Format::Wav24,
        ExportFormat::Flac => Format::Flac24,
    }
}

/// The folder that exports go to where none was chosen: "Inlay" in the user's music folder.
pub(crate) fn default_folder() -> Option<PathBuf> {
    Some(dirs::audio_dir().or_else(dirs::home_dir)?.join("Inlay"))
}

/// Writes a take into a folder, under a name that is free; gives the file.
///
/// # Errors
/// Why it can't be written, as a sentence.
pub(crate) fn write(take: &Take, rate: SampleRate, folder: &Path, kind: ExportFormat) -> Result<PathBuf, String> {
    let told = |e: std::io::Error| format!("{}: {e}: choose another folder", folder.display());
    std::fs::create_dir_all(folder).map_err(told)?;
    let request = &take.about.request;
    let key = request.key.or_else(|| request.prompt.understand_at(Some(request.bpm)).ok()?.key);
    let export = export(take, rate, Width::NEUTRAL);
    let format = written_as(kind);
    for number in 1..=TRIES {
        let variation = (number > 1).then_some(number as usize);
        let stem = naming::stem(request.prompt.as_str(), request.bpm, key, request.seed.get(), variation);
        let path = folder.join(format!("{stem}.{}", format.extension()));
        match export.write(&path, format, rate, request, key, false) {
            Ok(()) => return Ok(path),
            Err(WriteError::Exists) => {}
            Err(error) => return Err(format!("{}: {error}", path.display())),
        }
    }
    Err(format!("{} holds too many files of this name: choose another folder", folder.display()))
}
