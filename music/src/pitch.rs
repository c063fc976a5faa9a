//! Pitch classes with their spelling, and sets of them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Letters in the order of the scale, with their semitones above C.
const LETTERS: [(char, u8); 7] = [('C', 0), ('D', 2), ('E', 4), ('F', 5), ('G', 7), ('A', 9), ('B', 11)];

/// A text that names no note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} isn't a note: write names like C, F# or Bb", quote(.0))]
pub struct PitchError(pub String);

/// A note without its octave, spelled: Bb and A# sound the same ([`PitchClass::number`]) but aren't equal.
///
/// At most one accidental: B double flat is spelled A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PitchClass {
    /// Index into [`LETTERS`].
    letter: u8,
    /// −1 flat, 0 natural, 1 sharp.
    accidental: i8,
}

impl PitchClass {
    /// C natural.
    pub const C: PitchClass = PitchClass { letter: 0, accidental: 0 };
    /// A natural.
    pub const A: PitchClass = PitchClass { letter: 5, accidental: 0 };

    /// Semitones above C, 0 to 11.
    pub fn number(self) -> u8 {
        let natural = LETTERS[usize::from(self.letter)].1;
        (natural as i8 + self.accidental).rem_euclid(12) as u8
    }

    /// Whether both sound the same, however they are spelled.
    pub fn sounds_like(self, other: PitchClass) -> bool {
        self.number() == other.number()
    }

    /// The note `semitones` above this one, spelled `letters` further up the scale (a third is 2 letters up, a fifth 4).
    ///
    /// Where that would need a double sharp or flat it is spelled the simplest way that sounds the same.
    #[must_use]
    pub fn above(self, letters: u8, semitones: u8) -> PitchClass {
        let letter = (self.letter + letters % 7) % 7;
        let number = (self.number() + semitones % 12) % 12;
        let off = (i16::from(number) - i16::from(LETTERS[usize::from(letter)].1) + 6).rem_euclid(12) - 6;
        match off {
            -1..=1 => PitchClass { letter, accidental: off as i8 },
            _ => Self::simplest(number, off > 0),
        }
    }

    /// A natural where there is one, else a sharp or a flat.
    fn simplest(number: u8, sharp: bool) -> PitchClass {
        let accidentals = if sharp { [0, 1] } else { [0, -1] };
        accidentals
            .into_iter()
            .flat_map(|accidental| (0..7).map(move |letter| PitchClass { letter, accidental }))
            .find(|p| p.number() == number)
            .unwrap_or(PitchClass::C)
    }

    /// Reads a note from the front of `text`: a letter of either case and at most one of `#`, `b`, `♯`, `♭`. Gives the note and the rest.
    pub(crate) fn split(text: &str) -> Option<(PitchClass, &str)> {
        let mut chars = text.chars();
        let first = chars.next()?.to_ascii_uppercase();
        let letter = LETTERS.iter().position(|&(l, _)| l == first)? as u8;
        let rest = chars.as_str();
        let (accidental, rest) = match chars.next() {
            Some('#' | '♯') => (1, chars.as_str()),
            Some('b' | '♭') => (-1, chars.as_str()),
            _ => (0, rest),
        };
        Some((PitchClass { letter, accidental }, rest))
    }
}

impl FromStr for PitchClass {
    type Err = PitchError;
    fn from_str(text: &str) -> Result<Self, PitchError> {
        match Self::split(text.trim()) {
            Some((pitch, "")) => Ok(pitch),
            _ => Err(PitchError(text.into())),
        }
    }
}

impl TryFrom<String> for PitchClass {
    type Error = PitchError;
    fn try_from(text: String) -> Result<Self, PitchError> {
        text.parse()
    }
}

impl From<PitchClass> for String {
    fn from(pitch: PitchClass) -> String {
        pitch.to_string()
    }
}

impl fmt::Display for PitchClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accidental = match self.accidental {
            1 => "#",
            -1 => "b",
            _ => "",
        };
        write!(f, "{}{accidental}", LETTERS[usize::from(self.letter)].0)
    }
}

/// A set of pitch classes by their sound: bit n stands for n semitones above C.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PitchClassSet(u16);

impl PitchClassSet {
    /// Bit n set: the note n semitones above C is in the set. The upper four bits are always 0.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// The set and the note `number` semitones above C (counted round the octave).
    #[must_use]
    pub fn with(self, number: u8) -> Self {
        Self(self.0 | 1 << (number % 12))
    }

    /// Whether the note `number` semitones above C is in the set (counted round the octave).
    pub fn contains(self, number: u8) -> bool {
        self.0 >> (number % 12) & 1 == 1
    }

    /// Whether every note of `other` is in this set too.
    pub fn holds_all(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// How many notes.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there is no note.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Semitones above C, ascending.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..12).filter(move |&n| self.contains(n))
    }
}

impl FromIterator<u8> for PitchClassSet {
    fn from_iter<I: IntoIterator<Item = u8>>(numbers: I) -> Self {
        numbers.into_iter().fold(Self::default(), Self::with)
    }
}

/// Somebody's words for an error sentence: in quotes, on one line, not longer than a glance.
pub(crate) fn quote(text: &str) -> String {
    const MOST: usize = 32;
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect();
    let more = if text.chars().nth(MOST).is_some() { "…" } else { "" };
    format!("\"{clean}{more}\"")
}

#[cfg(test)]
mod test {
    use super::*;

    fn pitch(text: &str) -> PitchClass {
        text.parse().unwrap()
    }

    #[test]
    fn enharmonic_notes_sound_alike_but_keep_their_spelling() {
        assert!(pitch("Bb").sounds_like(pitch("A#")));
        assert_ne!(pitch("Bb"), pitch("A#"));
        assert_eq!(pitch("E#").number(), 5);
        assert_eq!(pitch("Cb").number(), 11);
        assert_eq!(pitch("B♯").to_string(), "B#");
    }

    #[test]
    fn intervals_are_spelled_by_letter() {
        assert_eq!(pitch("F#").above(2, 4).to_string(), "A#");
        assert_eq!(pitch("Gb").above(2, 4).to_string(), "Bb");
        assert_eq!(pitch("C#").above(2, 4).to_string(), "E#");
    }

    #[test]
    fn a_double_accidental_is_spelled_the_simple_way() {
        assert_eq!(pitch("D#").above(2, 4).to_string(), "G");
        assert_eq!(pitch("Db").above(1, 1).to_string(), "D");
    }

    #[test]
    fn refuses_what_is_no_note() {
        for text in ["", "H", "C##", "Bbb", "c x", "♭"] {
            assert!(text.parse::<PitchClass>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_set_knows_its_notes() {
        let set: PitchClassSet = [9, 0, 4, 16].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 4, 9]);
        assert_eq!((set.len(), set.contains(9), set.contains(10)), (3, true, false));
    }

    #[test]
    fn a_quote_is_short_and_on_one_line() {
        assert_eq!(quote("a\nb"), "\"a b\"");
        assert_eq!(quote(&"x".repeat(40)).chars().count(), 35);
    }
}
