//! Which files a request writes, settled before any work starts.

use crate::args::flags::Format;
use crate::said;
use crate::trouble::{Outcome, Trouble};
use anyhow::{Context as _, anyhow};
use inlay_music::naming;
use inlay_music::{Bpm, Key, Seed};
use std::collections::HashSet;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// Where one take goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The audio file.
    pub audio: PathBuf,
    /// Its kind.
    pub format: Format,
    /// The picture, if one is asked for.
    pub picture: Option<PathBuf>,
}

/// What names are made from.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    /// The prompt.
    pub prompt: &'a str,
    /// The tempo.
    pub bpm: Bpm,
    /// The key, if there is one.
    pub key: Option<Key>,
    /// The seed.
    pub seed: Seed,
}

/// One target for each of `variations` (1 or more): at `output` (a file, a folder, or here where it is missing), pictures at `picture`.
///
/// # Errors
/// [`Trouble::Usage`] where the ending of `output` is of no kind of file that is written, or contradicts `format`.
pub fn plan(
    output: Option<&Path>,
    format: Option<Format>,
    picture: Option<&Path>,
    variations: u32,
    naming: Naming,
) -> Outcome<Vec<Target>> {
    let into_folder = output.is_none_or(is_folder);
    let format = kind(output.filter(|_| !into_folder), format)?;
    let one = |variation: Option<usize>| {
        let Naming { prompt, bpm, key, seed } = naming;
        let named = |ending: &str| format!("{}.{ending}", naming::stem(prompt, bpm, key, seed.get(), variation));
        let audio = match output {
            Some(file) if !into_folder => numbered(file, variation),
            Some(folder) => folder.join(named(format.ending())),
            None => PathBuf::from(named(format.ending())),
        };
        let picture = picture.map(|picture| {
            if is_folder(picture) {
                // Beside each other, sound and picture have one name.
                let stem = audio.file_stem().unwrap_or_default().to_owned();
                let mut name = stem;
                name.push(".png");
                picture.join(name)
            } else {
                numbered(picture, variation)
            }
        });
        Target { audio, format, picture }
    };
    Ok(if variations > 1 { (1..=variations as usize).map(|v| one(Some(v))).collect() } else { vec![one(None)] })
}

/// Looks whether every target can be written: nothing there (or `force`), no name twice, folders that exist and can be written.
///
/// # Errors
/// [`Trouble::Usage`] for files that are there and names that come twice, [`Trouble::Failed`] for folders.
pub fn check(targets: &[Target], force: bool) -> Outcome {
    let mut seen = HashSet::new();
    let mut folders = HashSet::new();
    for path in targets.iter().flat_map(|t| [Some(&t.audio), t.picture.as_ref()]).flatten() {
        let shown = said::path(path);
        // Two names that differ by case only are one file on Windows and macOS.
        if !seen.insert(path.to_string_lossy().to_lowercase()) {
            return Err(Trouble::usage(format!("{shown} would be written twice: give one of them another name or seed")));
        }
        if path.is_dir() {
            return Err(Trouble::usage(format!("{shown} is a folder: write a file's name after it, or an ending like .wav")));
        }
        if !force && path.exists() {
            return Err(Trouble::usage(format!("{shown} is already there: add --force to replace it, or choose another name with -o")));
        }
        let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if folders.insert(folder.to_owned()) {
            writable(folder)?;
        }
    }
    Ok(())
}

/// Tries a folder with a file that is gone again.
fn writable(folder: &Path) -> Outcome {
    let shown = said::path(folder);
    if !folder.is_dir() {
        return Err(anyhow!("there is no folder {shown}: make it first, or choose another place with -o").into());
    }
    let probe = folder.join(format!(".inlay-{}", std::process::id()));
    std::fs::File::create_new(&probe)
        .and_then(|_| std::fs::remove_file(&probe))
        .with_context(|| format!("nothing can be written in the folder {shown}: choose another place with -o"))?;
    Ok(())
}

/// Whether a path stands for a folder: it is one, or ends in a separator.
fn is_folder(path: &Path) -> bool {
    let text = path.as_os_str().to_string_lossy();
    path.is_dir() || text.ends_with('/') || text.ends_with(MAIN_SEPARATOR)
}

/// The kind of file by its ending and the asked kind.
fn kind(output: Option<&Path>, asked: Option<Format>) -> Outcome<Format> {
    let Some(output) = output else { return Ok(asked.unwrap_or(Format::Wav)) };
    let shown = said::path(output);
    let ending = output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let found = match ending.as_str() {
        "wav" | "wave" => Format::Wav,
        "flac" => Format::Flac,
        _ => {
            return Err(Trouble::usage(format!(
                "{shown} ends in neither .wav nor .flac, the files that inlay writes: give it one of these endings"
            )));
        }
    };
    match asked {
        Some(asked) if asked != found => {
            Err(Trouble::usage(format!("{shown} doesn't go with --format {}: leave one of them out", asked.ending())))
        }
        _ => Ok(found),
    }
}

/// `beat.wav` and 2 are `beat_v2.wav`.
fn numbered(file: &Path, variation: Option<usize>) -> PathBuf {
    let Some(variation) = variation else { return file.to_owned() };
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(format!("_v{variation}"));
    if let Some(ending) = file.extension() {
        name.push(".");
        name.push(ending);
    }
    file.with_file_name(name)
}

#[cfg(test)]
mod test;
