//! Files of prompts: one a line, each with flags of its own.
//!
//! ```text
//! # drums
//! dusty boom bap drums --bpm 92 --seed 7
//! warm rhodes chords --key Am --chords "Am | F"
//! ```
//! A line's prompt ends at the first ` --`. Empty lines and lines that begin with `#` are left out. What a line doesn't say is taken
//! from the command line.

use crate::args::commands::Generate;
use crate::args::flags::{Count, Harmony, Music, Quality, Sound};
use crate::args::{sentence, value};
use crate::said;
use crate::trouble::{Outcome, Trouble};
use anyhow::Context as _;
use clap::Parser;
use inlay_music::Prompt;
use std::io::Read;
use std::path::Path;

/// Longest file of prompts in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// One line: a prompt and what is asked of it, the command line's flags filled in.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Line in the file, from 1.
    pub line: usize,
    /// Not empty, not too long.
    pub prompt: Prompt,
    /// Tempo, bars, harmony, seed.
    pub music: Music,
    /// Steps, guidance, sampler.
    pub quality: Quality,
    /// Rate, width, kind of file and its name.
    pub sound: Sound,
    /// How many takes.
    pub count: Count,
}

/// The flags that a line may have.
#[derive(Debug, Parser)]
#[command(name = "line", no_binary_name = true, disable_help_flag = true)]
struct Line {
    #[command(flatten)]
    music: Music,
    #[command(flatten)]
    quality: Quality,
    #[command(flatten)]
    sound: Sound,
    #[command(flatten)]
    count: Count,
}

/// Reads the file that `--batch` names, `-` for standard input.
///
/// # Errors
/// [`Trouble::Failed`] where it can't be read; [`Trouble::Usage`] where it isn't text, is too large, holds no prompt or has a wrong line.
pub fn read(path: &Path, command: &Generate) -> Outcome<Vec<Entry>> {
    let name = said::path(path);
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(MOST_BYTES + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("the file of prompts {name} can't be read"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Trouble::usage(format!("{name} is larger than 1 MiB: a file of prompts has one prompt a line; split it")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Trouble::usage(format!("{name} isn't a text file in UTF-8: a file of prompts has one prompt a line")))?;
    parse(&text, &name.to_string(), command)
}

/// Reads the text of a file of prompts; `name` is what errors call it.
///
/// # Errors
/// [`Trouble::Usage`] with the file's name and the number of the line.
pub fn parse(text: &str, name: &str, command: &Generate) -> Outcome<Vec<Entry>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut entries = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        if !text.is_empty() && !text.starts_with('#') {
            entries.push(entry(line, text, command).map_err(|e| Trouble::usage(format!("{name}, line {line}: {e}")))?);
        }
    }
    if entries.is_empty() {
        return Err(Trouble::usage(format!("{name} has no prompts: write one a line")));
    }
    Ok(entries)
}

fn entry(line: usize, text: &str, command: &Generate) -> Result<Entry, String> {
    let (prompt, flags) = match text.find(" --") {
        Some(at) => text.split_at(at),
        None if text.starts_with("--") => ("", text),
        None => (text, ""),
    };
    let prompt = value::prompt(prompt)?;
    let words = shlex::split(flags).ok_or("a quote isn't closed")?;
    // " -- " alone, as between a program's flags and its files, is taken for what it means here too.
    let words = words.strip_prefix(&["--".to_owned()]).unwrap_or(&words);
    let own = Line::try_parse_from(words).map_err(|error| first_line(&sentence(&error)))?;
    Ok(Entry {
        line,
        prompt,
        music: own.music.or(&command.music),
        quality: own.quality.or(&command.quality),
        sound: own.sound.or(&command.sound),
        count: Count { variations: own.count.variations.or(command.count.variations) },
    })
}

/// Without the usage of a command that nobody typed.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

impl Music {
    fn or(self, other: &Self) -> Self {
        Self {
            bars: self.bars.or(other.bars),
            bpm: self.bpm.or(other.bpm),
            harmony: self.harmony.or(&other.harmony),
            feel: self.feel.or(other.feel),
        }
    }
}

impl Harmony {
    fn or(self, other: &Self) -> Self {
        Self {
            key: self.key.or(other.key),
            chords: self.chords.or_else(|| other.chords.clone()),
            negative: self.negative.or_else(|| other.negative.clone()),
            seed: self.seed.or(other.seed),
        }
    }
}

impl Quality {
    /// A line's steps outdo the command's draft, and the other way round.
    fn or(self, other: &Self) -> Self {
        let own = self.draft || self.steps.is_some();
        Self {
            steps: if own { self.steps } else { other.steps },
            draft: if own { self.draft } else { other.draft },
            guidance: self.guidance.or(other.guidance),
            sampler: self.sampler.or_else(|| other.sampler.clone()),
        }
    }
}

impl Sound {
    /// A line's file lies in the command's folder.
    fn or(self, other: &Self) -> Self {
        let output = match (self.output, &other.output) {
            (Some(own), Some(folder)) => Some(folder.join(own)),
            (own, folder) => own.or_else(|| folder.clone()),
        };
        Self { rate: self.rate.or(other.rate), width: self.width.or(other.width), format: self.format.or(other.format), output }
    }
}

#[cfg(test)]
mod test;
