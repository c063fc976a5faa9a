//! Prompts: what the words say about tempo and harmony, and the words that the model is given.
//!
//! A prompt is read in this order: a chart ("Am | F | C G"), a tempo ("92 bpm"), a key ("in C minor"), then aliases for words that the
//! text encoder doesn't know. Chart and tempo leave the text; a key stays, as "in c minor", the way the model was taught.

mod alias;
mod chart;
mod key;
mod tempo;
mod vocabulary;
mod words;

use crate::chart::{ChartError, ChordChart};
use crate::key::{Key, KeyError};
use crate::pitch::quote;
use crate::time::{Bpm, TimeError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use words::Words;

/// Why a prompt can't be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PromptError {
    /// Nothing, or white space.
    #[error("the prompt is empty: say what should sound, such as dusty drums")]
    Empty,
    /// More than [`Prompt::MOST`] characters.
    #[error("the prompt has {0} characters, and 1000 is the most: make it shorter")]
    Long(usize),
    /// A tempo or chords, and nothing else.
    #[error("the prompt says nothing about the sound: add words such as dusty drums")]
    NoWords,
    /// A tempo that can't be made.
    #[error(transparent)]
    Tempo(#[from] TimeError),
    /// Something with digits before "bpm" that is no number.
    #[error("{} isn't a tempo: write one number, such as 92 bpm", quote(.0))]
    TempoText(String),
    /// Two tempos.
    #[error("the prompt names two tempos, {0} and {1}: keep one")]
    Tempos(Bpm, Bpm),
    /// A key with a scale that the model doesn't know.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Two keys.
    #[error("the prompt names two keys, {0} and {1}: keep one")]
    Keys(Key, Key),
    /// A chart that can't be read.
    #[error("the prompt's chords can't be read: {0}")]
    Chart(#[from] ChartError),
}

/// Somebody's words as typed: 1 to 1000 characters, trimmed, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prompt(String);

/// What a prompt says.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// For the text encoder: lower-cased, single spaces, aliases replaced, without tempo and chart. Never empty.
    pub text: String,
    /// "92 bpm", or the tempo given to [`Prompt::understand_at`].
    pub bpm: Option<Bpm>,
    /// "in C minor".
    pub key: Option<Key>,
    /// "Am | F | C G".
    pub chords: Option<ChordChart>,
    /// Whether a word asks for something with a pitch (bass, chords, pad, full loop ...): only there a project's default key applies.
    pub pitched: bool,
}

/// What a prompt says, in its own words.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// As typed, without tempo, chart and key. Never empty.
    pub words: String,
    /// The key that they named.
    pub key: Option<Key>,
    /// Whether there was a chart among them.
    pub chart: bool,
}

impl Prompt {
    /// The most characters.
    pub const MOST: usize = 1000;

    /// Keeps `text` as typed, but for white space around it and control characters: those become a space, one for a run of them and
    /// white space. Words come from files too, and are shown on terminals, which control characters drive.
    ///
    /// # Errors
    /// [`PromptError::Empty`], [`PromptError::Long`].
    pub fn new(text: &str) -> Result<Self, PromptError> {
        let parts = text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty());
        let text = parts.collect::<Vec<_>>().join(" ");
        match text.chars().count() {
            0 => Err(PromptError::Empty),
            count if count > Self::MOST => Err(PromptError::Long(count)),
            _ => Ok(Self(text)),
        }
    }

    /// As typed, as far as [`Prompt::new`] keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the words say.
    ///
    /// # Errors
    /// Where tempo, key or chart can't be read or contradict themselves, or nothing is left besides them.
    pub fn understand(&self) -> Result<Understood, PromptError> {
        self.understand_at(None)
    }

    /// What the words say where the tempo may be given apart from them: then it is that, and no tempo among the words is an error.
    ///
    /// # Errors
    /// As [`Prompt::understand`], with a given tempo but for those about tempos.
    pub fn understand_at(&self, given: Option<Bpm>) -> Result<Understood, PromptError> {
        let mut words = Words::split(&self.0);
        let chords = chart::take(&mut words)?;
        let named = tempo::take(&mut words);
        let bpm = if given.is_some() { given } else { named? };
        let key = key::take(&mut words)?;
        let pitched = finish(&mut words);
        Ok(Understood { text: nonempty(&words)?, bpm, key, chords, pitched })
    }

    /// The words as typed, for models that know more words than Inlay's own: only tempo, chart and key are taken out.
    ///
    /// # Errors
    /// Where key or chart can't be read or contradict themselves, or nothing is left besides them.
    pub fn said(&self) -> Result<Said, PromptError> {
        let mut words = Words::split(&self.0);
        let chart = chart::take(&mut words)?.is_some();
        // the tempo is given apart from the words: which one they name, or whether they name two, says nothing
        let _ = tempo::take(&mut words);
        let key = key::take(&mut words)?;
        if let Some(key) = key {
            let phrase = format!("in {key}");
            let phrase: Vec<&str> = phrase.split(' ').collect();
            if let Some(at) = (0..words.0.len()).find(|at| words.stands(*at, &phrase)) {
                words.replace(at..at + phrase.len(), "");
            }
        }
        Ok(Said { words: nonempty(&words)?, key, chart })
    }

    /// Both at once: [`Prompt::new`] and [`Prompt::understand`].
    ///
    /// # Errors
    /// As both.
    pub fn parse(text: &str) -> Result<Understood, PromptError> {
        Self::new(text)?.understand()
    }

    /// The words for the text encoder with nothing taken out: for negative prompts, which say nothing about tempo and harmony.
    ///
    /// # Errors
    /// [`PromptError::NoWords`] where there are only signs.
    pub fn plain(&self) -> Result<String, PromptError> {
        let mut words = Words::split(&self.0);
        finish(&mut words);
        nonempty(&words)
    }
}

/// Lower case and aliases; whether a word is pitched.
fn finish(words: &mut Words) -> bool {
    words.lower();
    alias::replace(words);
    vocabulary::pitched(words)
}

fn nonempty(words: &Words) -> Result<String, PromptError> {
    let text = words.text();
    if text.chars().any(char::is_alphanumeric) { Ok(text) } else { Err(PromptError::NoWords) }
}

impl FromStr for Prompt {
    type Err = PromptError;
    fn from_str(text: &str) -> Result<Self, PromptError> {
        Self::new(text)
    }
}

impl TryFrom<String> for Prompt {
    type Error = PromptError;
    fn try_from(text: String) -> Result<Self, PromptError> {
        Self::new(&text)
    }
}

impl From<Prompt> for String {
    fn from(prompt: Prompt) -> String {
        prompt.0
    }
}

impl fmt::Display for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod test;
