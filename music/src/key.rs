//! Keys: a tonic and a mode.

use crate::pitch::{PitchClass, PitchClassSet, quote};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No tonic, or something behind it that is no mode.
    #[error("{} isn't a key: write one like Am, C# dorian or Bb major", quote(.0))]
    Name(String),
    /// A mode that musicians know and the model doesn't.
    #[error("{} isn't a scale the model knows: choose major, minor, dorian or phrygian", quote(.0))]
    Mode(String),
}

/// The scales that the model has heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Major (ionian).
    Major,
    /// Natural minor (aeolian).
    Minor,
    /// Minor with a major sixth.
    Dorian,
    /// Minor with a minor second.
    Phrygian,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 4] = [Mode::Major, Mode::Minor, Mode::Dorian, Mode::Phrygian];

    /// The seven degrees in semitones above the tonic.
    pub fn scale(self) -> [u8; 7] {
        match self {
            Mode::Major => [0, 2, 4, 5, 7, 9, 11],
            Mode::Minor => [0, 2, 3, 5, 7, 8, 10],
            Mode::Dorian => [0, 2, 3, 5, 7, 9, 10],
            Mode::Phrygian => [0, 1, 3, 5, 7, 8, 10],
        }
    }

    /// The word in a prompt: "major", "minor", "dorian", "phrygian".
    pub fn word(self) -> &'static str {
        match self {
            Mode::Major => "major",
            Mode::Minor => "minor",
            Mode::Dorian => "dorian",
            Mode::Phrygian => "phrygian",
        }
    }

    /// The mode of a word such as "maj", "minor", "aeolian"; case doesn't matter.
    ///
    /// # Errors
    /// [`KeyError::Mode`] for scales that the model doesn't know, [`KeyError::Name`] for other words.
    pub fn from_word(word: &str) -> Result<Mode, KeyError> {
        match word.to_lowercase().as_str() {
            "major" | "maj" | "ionian" => Ok(Mode::Major),
            "minor" | "min" | "mi" | "aeolian" => Ok(Mode::Minor),
            "dorian" | "dor" => Ok(Mode::Dorian),
            "phrygian" | "phryg" | "phr" => Ok(Mode::Phrygian),
            "lydian" | "mixolydian" | "locrian" => Err(KeyError::Mode(word.into())),
            _ => Err(KeyError::Name(word.into())),
        }
    }
}

/// A key: "A minor", "C# dorian".
///
/// Read from "Am", "A min", "A minor", "F#m", "Bb", "Bb maj", "B flat major", "C# dorian"; without a mode it is major, in
/// capitals or not. A single `m` is minor, a single `M` major.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key {
    /// The note it is at home on.
    pub tonic: PitchClass,
    /// Its scale.
    pub mode: Mode,
}

impl Key {
    /// The notes of the scale.
    pub fn scale(self) -> PitchClassSet {
        self.mode.scale().into_iter().map(|step| step + self.tonic.number()).collect()
    }

    /// The note of a degree, 0 (the tonic) to 6, spelled in this key. Higher degrees start again.
    pub fn degree(self, degree: u8) -> PitchClass {
        let degree = degree % 7;
        self.tonic.above(degree, self.mode.scale()[usize::from(degree)])
    }

    /// As in a file name: "Am", "Bb", "C#dor", "Ephr". Parses back to the same key.
    pub fn short(self) -> String {
        let mode = match self.mode {
            Mode::Major => "",
            Mode::Minor => "m",
            Mode::Dorian => "dor",
            Mode::Phrygian => "phr",
        };
        format!("{}{mode}", self.tonic)
    }
}

impl FromStr for Key {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let wrong = || KeyError::Name(text.trim().into());
        let (plain, rest) = PitchClass::split(text.trim()).ok_or_else(wrong)?;
        let rest = rest.trim_start();
        let (tonic, rest) = spelled_out(plain, rest).unwrap_or((plain, rest));
        let mode = match rest.trim() {
            "" | "M" => Mode::Major,
            "m" | "-" => Mode::Minor,
            word => Mode::from_word(word).map_err(|e| if matches!(e, KeyError::Mode(_)) { e } else { wrong() })?,
        };
        Ok(Key { tonic, mode })
    }
}

/// "B" and "flat minor" are Bb and "minor"; also "sharp". Nothing where `rest` doesn't begin so.
fn spelled_out(plain: PitchClass, rest: &str) -> Option<(PitchClass, &str)> {
    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let sign = match word.to_lowercase().as_str() {
        "flat" => 'b',
        "sharp" => '#',
        _ => return None,
    };
    let tonic = format!("{plain}{sign}").parse().ok()?;
    Some((tonic, rest))
}

impl TryFrom<String> for Key {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.to_string()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.tonic, self.mode.word())
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn reads_keys_as_musicians_write_them() {
        let same = [
            ("A minor", &["Am", "A minor", "a MINOR", "A min", "Amin", "a m", "A-", " Am ", "A aeolian"][..]),
            ("C# dorian", &["C# dorian", "C♯ dor", "c#dorian", "C sharp dorian"]),
            ("Bb major", &["Bb", "Bb maj", "bb major", "BbM", "B♭", "B flat", "B flat major"]),
            ("F# minor", &["F#m", "F# min", "f#m"]),
            ("E phrygian", &["E phrygian", "Ephr", "E phryg"]),
        ];
        for (shown, texts) in same {
            for text in texts {
                assert_eq!(key(text).to_string(), shown, "{text}");
            }
        }
    }

    #[test]
    fn a_scale_the_model_does_not_know_gets_its_own_sentence() {
        let error = "D mixolydian".parse::<Key>().unwrap_err();
        assert_eq!(error.to_string(), "\"mixolydian\" isn't a scale the model knows: choose major, minor, dorian or phrygian");
    }

    #[test]
    fn refuses_what_is_no_key() {
        for text in ["", "H minor", "Q", "A minor detail", "Am7", "C##", "A flatter"] {
            assert!(matches!(text.parse::<Key>(), Err(KeyError::Name(_))), "{text}");
        }
    }

    #[test]
    fn the_short_form_names_the_same_key() {
        assert_eq!(key("A minor").short(), "Am");
        assert_eq!(key("Bb major").short(), "Bb");
        for mode in Mode::ALL {
            let key = Key { tonic: "F#".parse().unwrap(), mode };
            assert_eq!(key.short().parse(), Ok(key));
        }
    }

    #[test]
    fn degrees_are_spelled_in_the_key() {
        let names = |k: &str| (0..7).map(|d| key(k).degree(d).to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(names("C minor"), "C D Eb F G Ab Bb");
        assert_eq!(names("F# major"), "F# G# A# B C# D# E#");
        assert_eq!(names("E phrygian"), "E F G A B C D");
        assert_eq!(names("G# major"), "G# A# B# C# D# E# G");
    }

    #[test]
    fn the_scale_of_a_dorian_is_that_of_g_major() {
        assert_eq!(key("A dorian").scale(), key("G").scale());
    }

    #[test]
    fn is_a_string_in_json() {
        assert_eq!(serde_json::to_string(&key("F#m")).unwrap(), "\"F# minor\"");
        assert_eq!(serde_json::from_str::<Key>("\"F#m\"").unwrap(), key("F#m"));
    }
}
