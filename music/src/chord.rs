//! Chords by name.

pub mod quality;

use crate::pitch::{PitchClass, PitchClassSet, quote};
use quality::Quality;
pub use quality::Triad;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text that is no chord name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} isn't a chord: write names like C, F#m7 or Bb/D", quote(.0))]
pub struct ChordError(pub String);

/// A chord: root, quality and perhaps another note in the bass.
///
/// Read from names as musicians write them: `C Cm Cmin C- Cmaj7 CM7 CΔ C7 Cm7b5 Cø Cdim Co7 Caug C+ Csus4 C6 C6/9 C13
/// Cadd9 C5 C7(b9,#11) Em7b5/Bb`, with `♭ ♯` or `b #`, the root in either case. Shown in one spelling each (`Cø` as `Cm7b5`),
/// which reads back as the same chord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Chord {
    root: PitchClass,
    quality: Quality,
    bass: Option<PitchClass>,
}

impl Chord {
    /// A plain triad.
    pub fn of(root: PitchClass, triad: Triad) -> Self {
        Self { root, quality: Quality::of(triad), bass: None }
    }

    /// The note it is named after.
    pub fn root(self) -> PitchClass {
        self.root
    }

    /// The note behind the slash.
    pub fn bass(self) -> Option<PitchClass> {
        self.bass
    }

    /// What the model is told of the chord: its triad (also under sevenths and higher tensions), the three notes of a sus chord,
    /// the two of a power chord. A slash bass is left out.
    pub fn lane(self) -> PitchClassSet {
        self.quality.steps().map(|step| step + self.root.number()).collect()
    }
}

impl FromStr for Chord {
    type Err = ChordError;
    fn from_str(text: &str) -> Result<Self, ChordError> {
        let wrong = || ChordError(text.trim().into());
        let (root, rest) = PitchClass::split(text.trim()).ok_or_else(wrong)?;
        let slash = rest.rsplit_once('/').and_then(|(quality, bass)| Some((quality, bass.parse().ok()?)));
        // "6/9" is no bass: 9 isn't a note.
        let (suffix, bass) = slash.map_or((rest, None), |(quality, bass)| (quality, Some(bass)));
        let quality = Quality::read(suffix).ok_or_else(wrong)?;
        Ok(Self { root, quality, bass })
    }
}

impl TryFrom<String> for Chord {
    type Error = ChordError;
    fn try_from(text: String) -> Result<Self, ChordError> {
        text.parse()
    }
}

impl From<Chord> for String {
    fn from(chord: Chord) -> String {
        chord.to_string()
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.root, self.quality)?;
        self.bass.map_or(Ok(()), |bass| write!(f, "/{bass}"))
    }
}

#[cfg(test)]
mod test;
