//! What a command starts from: a loop that Inlay wrote, or anybody's audio.

use crate::args::commands::Length;
use crate::args::flags::{Harmony, Quality};
use crate::heard::{self, Heard};
use crate::maker::Chosen;
use crate::studio::Studio;
use crate::trouble::{Outcome, Trouble};
use crate::{request, said};
use anyhow::anyhow;
use inlay_audio::file::{self, Clip};
use inlay_engine::{Order, Source, file::NoteError, file::import};
use inlay_music::{Amount, Bars, Bpm, Prompt, Sound, Take, Task};
use std::path::Path;
use std::sync::Arc;

/// What lies in a file.
#[derive(Debug, Clone)]
pub enum Opened {
    /// A take, as Inlay wrote it.
    Take(Arc<Take>),
    /// Audio; and, where Inlay wrote it once, why it is no take any more.
    Audio(Box<Clip>, Option<NoteError>),
}

/// A loop to start from.
#[derive(Debug, Clone)]
pub struct Loop {
    /// Its sound: whole bars at its tempo.
    pub sound: Arc<Sound>,
    /// Its tempo.
    pub bpm: Bpm,
    /// Its length.
    pub bars: Bars,
    /// What it was made with, where Inlay wrote it.
    pub take: Option<Arc<Take>>,
    /// What the user should know of how it was read.
    pub said: Vec<String>,
}

/// Reads a file.
///
/// # Errors
/// A sentence that begins with the file's name.
pub fn open(path: &Path) -> Outcome<Opened> {
    let clip = file::read(path).map_err(|error| anyhow!("{}: {error}", said::path(path)))?;
    Ok(match import(&clip) {
        Ok(Some(take)) => Opened::Take(Arc::new(take)),
        Ok(None) => Opened::Audio(Box::new(clip), None),
        Err(error) => Opened::Audio(Box::new(clip), Some(error)),
    })
}

/// Reads a file as a loop to go on from: the take that Inlay wrote, or whole bars of anybody's audio, at the tempo of the flags, else of the
/// `words`, else its own.
///
/// # Errors
/// Where it can't be read, has no tempo, is too short, is a take of another length or tempo than asked, or one that is damaged or too new.
pub fn read(path: &Path, length: &Length, words: Option<&Prompt>) -> Outcome<Loop> {
    match open(path)? {
        Opened::Audio(_, Some(error @ (NoteError::Damaged(_) | NoteError::Newer(_)))) => {
            Err(anyhow!("{}: {}", said::path(path), said::clean(&error.to_string())).into())
        }
        opened => as_loop(opened, path, length, words),
    }
}

/// The same where only the sound is followed: a damaged or newer take is audio like any other.
///
/// # Errors
/// As [`read`], without the last.
pub fn sound(path: &Path, length: &Length, words: Option<&Prompt>) -> Outcome<Loop> {
    as_loop(open(path)?, path, length, words)
}

fn as_loop(opened: Opened, path: &Path, length: &Length, words: Option<&Prompt>) -> Outcome<Loop> {
    let in_words = words.map(Prompt::understand).transpose().map_err(Trouble::usage)?.and_then(|understood| understood.bpm);
    let name = said::path(path);
    match opened {
        Opened::Take(take) => of_take(take, length).map_err(|trouble| trouble.at(name)),
        Opened::Audio(clip, note) => {
            let Heard { found, bars, sound, mut said, .. } =
                heard::cut(&clip, length.bpm.or(in_words), length.bars).map_err(|trouble| trouble.at(&name))?;
            if let Some(error) = note {
                said.insert(0, format!("it is used as audio only: {}", said::clean(&error.to_string())));
            }
            let said = said.into_iter().map(|sentence| format!("{name}: {sentence}")).collect();
            Ok(Loop { sound, bpm: found.bpm, bars, take: None, said })
        }
    }
}

fn of_take(take: Arc<Take>, length: &Length) -> Outcome<Loop> {
    let request = &take.about.request;
    let (bars, bpm) = (request.bars, request.bpm);
    if length.bpm.is_some_and(|asked| asked != bpm) {
        return Err(Trouble::usage(format!("inlay wrote this loop at {bpm}: leave --bpm out; `inlay retime` brings it to another tempo")));
    }
    if length.bars.is_some_and(|asked| asked != bars) {
        return Err(Trouble::usage(format!("inlay wrote this loop with {bars}, and they stay as many: leave --bars out")));
    }
    Ok(Loop { sound: Arc::new(take.sound.clone()), bpm, bars, take: Some(take), said: vec![] })
}

impl Loop {
    /// The prompt of what goes on from here: `words`, else the take's own.
    ///
    /// # Errors
    /// Where there is neither.
    pub fn prompt(&self, words: Option<Prompt>, path: &Path) -> Outcome<Prompt> {
        words.or_else(|| self.take.as_ref().map(|take| take.about.request.prompt.clone())).ok_or_else(|| {
            Trouble::usage(format!(
                "{} wasn't made by inlay, so it has no prompt of its own: say after its name what should sound, such as dusty drums",
                said::path(path)
            ))
        })
    }

    /// The loop as a take. Somebody's audio becomes one: its sound as it is, its latents what the model hears in it.
    ///
    /// # Errors
    /// Where the model can't hear anything in it.
    pub fn take(&self, studio: &Studio, prompt: &Prompt, path: &Path) -> Outcome<Arc<Take>> {
        if let Some(take) = &self.take {
            return Ok(Arc::clone(take));
        }
        let task = Task::Transform { amount: Amount::new(0.0).map_err(Trouble::usage)? };
        let request =
            request::fresh(task, prompt.clone(), (self.bars, self.bpm), &Harmony::default(), (&Quality::default(), &Chosen::own()))?;
        let order = Order { request, source: Source::Audio(Arc::clone(&self.sound)), variations: 1, maker: Default::default() };
        let done = studio.make(order, "listening").map_err(|trouble| trouble.at(said::path(path)))?;
        let take = done.made.takes.into_iter().next();
        Ok(take.ok_or_else(|| anyhow!("{}: nothing was heard in it", said::path(path)))?)
    }
}

/// Words for a file that has none: its name, where that can be a prompt.
pub fn named(path: &Path) -> Option<Prompt> {
    let stem = path.file_stem()?.to_string_lossy();
    let words: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let prompt = Prompt::new(words.split_whitespace().collect::<Vec<_>>().join(" ").as_str()).ok()?;
    let understood = prompt.understand().ok()?;
    (understood.bpm.is_none() && understood.key.is_none() && understood.chords.is_none()).then_some(prompt)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_files_name_is_its_prompt_where_it_says_nothing_else() {
        let words = |path: &str| named(Path::new(path)).map(|p| p.to_string());
        assert_eq!(words("in/nylon_guitar-take2.flac").as_deref(), Some("nylon guitar take2"));
        assert_eq!(words("guitar 92 bpm.wav"), None);
        assert_eq!(words("…/___.wav"), None);
    }

    #[test]
    fn a_missing_file_is_named() {
        let trouble = open(Path::new("nowhere/at all.wav")).unwrap_err();
        assert_eq!(
            (trouble.code(), trouble.to_string().as_str()),
            (1, "nowhere/at all.wav: there is no such file: check its name and folder")
        );
    }
}
