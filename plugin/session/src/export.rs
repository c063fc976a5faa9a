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

/// A folder as somebody chose it: "~" is the user's own.
///
/// # Errors
/// A folder that depends on where the host was started, as a sentence.
pub(crate) fn chosen(typed: &Path) -> Result<PathBuf, String> {
    let folder = match typed.strip_prefix("~") {
        Ok(rest) => dirs::home_dir().ok_or("the system doesn't say where your own folder is: write the whole path")?.join(rest),
        Err(_) => typed.to_owned(),
    };
    if folder.is_absolute() {
        return Ok(folder);
    }
    Err(format!("{} could be anywhere: write the whole path of the folder, or one that starts with ~/", typed.display()))
}

/// What the system says went wrong, without its numbers.
fn plain(error: impl ToString) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((before, after)) => format!("{before}{}", after.split_once(')').map_or("", |(_, after)| after)),
        None => text,
    }
}

/// Writes a take into a folder, under a name that is free; gives the file.
///
/// # Errors
/// Why it can't be written, as a sentence.
pub(crate) fn write(take: &Take, rate: SampleRate, folder: &Path, kind: ExportFormat) -> Result<PathBuf, String> {
    let told = |e: std::io::Error| format!("{} can't be used ({}): choose another folder", folder.display(), plain(e));
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
            Err(error) => return Err(format!("{}: {}", path.display(), plain(error))),
        }
    }
    Err(format!("{} holds too many files of this name: choose another folder", folder.display()))
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn the_user_s_own_folder_is_known_and_a_folder_of_nowhere_refused() {
        let home = dirs::home_dir().unwrap();
        assert_eq!(chosen(Path::new("~/Loops/new")), Ok(home.join("Loops/new")));
        assert_eq!(chosen(Path::new("~")), Ok(home.clone()));
        assert_eq!(chosen(&home), Ok(home));
        let refused = chosen(Path::new("Loops")).unwrap_err();
        assert!(refused.contains("Loops") && refused.contains("~/"), "{refused}");
    }

    #[test]
    fn what_the_system_says_is_told_without_its_numbers() {
        let error = std::io::Error::from_raw_os_error(13);
        assert!(!plain(&error).contains("os error"), "{}", plain(&error));
        assert_eq!(plain("no (so (os error 13)): choose"), "no (so): choose");
    }
}
