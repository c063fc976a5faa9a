//! What stands behind a chord's root: `m7b5`, `maj9`, `7sus4(b9)`.

mod read;

use std::fmt;

/// The three notes (two of a power chord) that carry a chord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Triad {
    /// Major third, fifth.
    Major,
    /// Minor third, fifth.
    Minor,
    /// Minor third, flat fifth.
    Diminished,
    /// Major third, sharp fifth.
    Augmented,
    /// Second, fifth.
    Sus2,
    /// Fourth, fifth.
    Sus4,
    /// Fifth alone.
    Power,
}

/// The highest of the stacked thirds (or the sixth) named in a chord, and whether its seventh is major.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Extension {
    name: &'static str,
    major: bool,
}

/// Altered and added notes, as shown. Bit n of [`Quality::changes`] is row n.
const CHANGES: [&str; 8] = ["b5", "#5", "b9", "#9", "#11", "b13", "add9", "add11"];
const FLAT_FIFTH: u8 = 1;
const SHARP_FIFTH: u8 = 2;

/// A chord without its root and bass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Quality {
    triad: Triad,
    extension: Option<Extension>,
    changes: u8,
}

impl Quality {
    pub(super) fn of(triad: Triad) -> Self {
        Self { triad, extension: None, changes: 0 }
    }

    /// Semitones of the triad above the root, with its fifth as altered.
    pub(super) fn steps(self) -> impl Iterator<Item = u8> {
        let (third, fifth) = match self.triad {
            Triad::Major => (Some(4), 7),
            Triad::Minor => (Some(3), 7),
            Triad::Diminished => (Some(3), 6),
            Triad::Augmented => (Some(4), 8),
            Triad::Sus2 => (Some(2), 7),
            Triad::Sus4 => (Some(5), 7),
            Triad::Power => (None, 7),
        };
        let fifth = match self.changes {
            c if c & FLAT_FIFTH != 0 => 6,
            c if c & SHARP_FIFTH != 0 => 8,
            _ => fifth,
        };
        std::iter::once(0).chain(third).chain([fifth])
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (triad, sus) = match self.triad {
            Triad::Major => ("", ""),
            Triad::Minor => ("m", ""),
            Triad::Diminished => ("dim", ""),
            Triad::Augmented => ("aug", ""),
            Triad::Sus2 => ("", "sus2"),
            Triad::Sus4 => ("", "sus4"),
            Triad::Power => ("5", ""),
        };
        let extension = match self.extension {
            Some(Extension { name, major: true }) if triad.is_empty() => format!("maj{name}"),
            Some(Extension { name, major: true }) => format!("(maj{name})"),
            Some(Extension { name, major: false }) => name.into(),
            None => String::new(),
        };
        let changes: String = (0..CHANGES.len()).filter(|&row| self.changes >> row & 1 == 1).map(|row| CHANGES[row]).collect();
        // C(b5) without its brackets would be the power chord on C flat.
        let bare = triad.is_empty() && extension.is_empty() && sus.is_empty();
        if bare && changes.starts_with(['b', '#']) {
            return write!(f, "({changes})");
        }
        write!(f, "{triad}{extension}{sus}{changes}")
    }
}
