//! Tempos in prompts: "92 bpm", "at 174BPM", "bpm: 120.5".

use super::PromptError;
use super::words::Words;
use crate::time::Bpm;
use std::ops::Range;

/// Words that lead to a tempo and mean nothing without it.
const LEADING: [&str; 9] = ["at", "@", "~", "of", "tempo", "around", "about", "circa", "with"];

/// Takes every tempo out of the words, those too that can't be made; all must be the same.
pub(super) fn take(words: &mut Words) -> Result<Option<Bpm>, PromptError> {
    let mut found: Result<Option<Bpm>, PromptError> = Ok(None);
    let mut at = 0;
    while at < words.0.len() {
        let Some((number, range)) = tempo_at(words, at) else {
            at += 1;
            continue;
        };
        found = found.and_then(|before| {
            let bpm = Bpm::new(read(&number)?)?;
            match before {
                Some(other) if other != bpm => Err(PromptError::Tempos(other, bpm)),
                _ => Ok(Some(bpm)),
            }
        });
        let mut start = range.start;
        while leads(words, start) {
            start -= 1;
        }
        words.replace(start..range.end, "");
        at = start;
    }
    found
}

/// Whether the word before `start` belongs to the tempo there: "a" only in "a tempo of", for it may be a key.
fn leads(words: &Words, start: usize) -> bool {
    words.before(start).is_some_and(|word| LEADING.iter().any(|leading| word.is(leading)) || word.is("a") && words.0[start].is("tempo"))
}

/// The text of the number and the words it takes, where word `at` says "bpm".
fn tempo_at(words: &Words, at: usize) -> Option<(String, Range<usize>)> {
    let word = words.0[at].core.to_lowercase();
    let number = |text: &str| text.contains(|c: char| c.is_ascii_digit()).then(|| text.to_string());
    if word == "bpm" {
        let before = words.before(at).and_then(|word| number(&word.core)).map(|n| (n, at - 1..at + 1));
        // "bpm: 92" is parted by its colon.
        let behind = || words.0.get(at + 1).and_then(|word| number(&word.core)).map(|n| (n, at..at + 2));
        return before.or_else(behind);
    }
    let joined = word.strip_suffix("bpm").map(|n| n.trim_end_matches('-'));
    let joined = joined.or_else(|| word.strip_prefix("bpm").map(|n| n.trim_start_matches(['=', ':'])));
    joined.and_then(number).map(|n| (n, at..at + 1))
}

/// Digits with one decimal point or comma; a sign is read so that its sentence names it.
fn read(text: &str) -> Result<f64, PromptError> {
    let wrong = || PromptError::TempoText(text.into());
    let plain = text.trim_start_matches(['@', '~']).replace(',', ".");
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let clear = digits.len() <= 12 && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if clear { plain.parse().map_err(|_| wrong()) } else { Err(wrong()) }
}
