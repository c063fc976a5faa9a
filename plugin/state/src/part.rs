//! Bytes as a part of a text.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Bytes in base64, as they stand in the text, with what tells whether they are still the same. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Part {
    text: Arc<str>,
    label: Label,
}

/// What is said of a part elsewhere than in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Label {
    /// How many there are.
    pub bytes: usize,
    /// CRC-32 of them.
    pub crc: u32,
}

/// A part isn't what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged;

impl Part {
    pub fn new(bytes: &[u8]) -> Self {
        let label = Label { bytes: bytes.len(), crc: crc32fast::hash(bytes) };
        Self { text: STANDARD.encode(bytes).into(), label }
    }

    /// A part of a text that was read: nothing is known of it before it is opened.
    pub fn found(text: &str, label: Label) -> Self {
        Self { text: text.into(), label }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn label(&self) -> Label {
        self.label
    }

    /// The bytes, if they are still the same. Memory is asked for only where the text is as long as it has to be.
    pub fn bytes(&self) -> Result<Vec<u8>, Damaged> {
        if self.text.len() != self.label.bytes.div_ceil(3).saturating_mul(4) {
            return Err(Damaged);
        }
        let bytes = STANDARD.decode(&*self.text).map_err(|_| Damaged)?;
        let same = bytes.len() == self.label.bytes && crc32fast::hash(&bytes) == self.label.crc;
        if same { Ok(bytes) } else { Err(Damaged) }
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.label.fmt(f)
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn bytes_come_back_whatever_their_number() {
        for count in 0..20u8 {
            let bytes: Vec<u8> = (0..count).map(|b| b.wrapping_mul(91)).collect();
            let part = Part::new(&bytes);
            assert_eq!(Part::found(part.text(), part.label()).bytes(), Ok(bytes));
        }
    }

    #[test]
    fn one_letter_more_less_or_other_is_damage() {
        let part = Part::new(&[1, 2, 3, 4, 5, 6]);
        let text = part.text().to_owned();
        let damaged = |text: &str| Part::found(text, part.label()).bytes().is_err();
        assert!(damaged(&text[..7]) && damaged(&format!("{text}AAAA")) && damaged(&text.replace('A', "B")) && damaged(""));
        assert!(damaged(&text.replace('A', "\\")));
        let huge = Label { bytes: usize::MAX, ..part.label() };
        assert!(Part::found(&text, huge).bytes().is_err());
    }
}
