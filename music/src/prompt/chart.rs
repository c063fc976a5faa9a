//! Charts in prompts: what has bar lines and chords.

use super::words::{Word, Words};
use crate::chart::{ChartError, ChordChart};
use crate::chord::Chord;

/// Words that lead to a chart and mean nothing without it.
const LEADING: [&str; 8] = ["in", "over", "on", "with", "playing", "using", "following", "to"];

/// Takes a chart out of the words: from the first bar line to the last, and the chords before and behind them.
///
/// Bar lines without a chord beside them ("dusty | warm") are only white space. Chord names need their capital here: "a | b" is no chart.
pub(super) fn take(words: &mut Words) -> Result<Option<ChordChart>, ChartError> {
    let bar_line = |word: &Word| word.core == "|";
    let Some(first) = words.0.iter().position(bar_line) else { return Ok(None) };
    let last = words.0.iter().rposition(bar_line).unwrap_or(first);
    let mut start = first;
    while start > 0 && words.before(start).is_some_and(is_chord) {
        start -= 1;
    }
    let mut end = last + 1;
    while words.0.get(end).is_some_and(is_chord) {
        end += 1;
        if !words.0[end - 1].joins() {
            break;
        }
    }
    if !words.0[start..end].iter().any(is_chord) {
        words.0.retain(|word| !bar_line(word));
        return Ok(None);
    }
    let text: Vec<String> = words.0[start..end].iter().map(Word::bracketed).collect();
    let chart = text.join(" ").parse()?;
    while start > 0 && LEADING.iter().any(|leading| words.0[start - 1].is(leading)) {
        start -= 1;
    }
    words.replace(start..end, "");
    Ok(Some(chart))
}

/// Whether a word is a chord with a capital, or `%`.
pub(super) fn is_chord(word: &Word) -> bool {
    let name = word.bracketed();
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.parse::<Chord>().is_ok() || name == "%"
}
