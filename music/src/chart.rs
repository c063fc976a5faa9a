//! Chord charts: chords over bars.

use crate::chord::Chord;
use crate::pitch::quote;
use crate::time::Bars;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Why a text is no chart, or doesn't fit a take. Bars count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// No chords at all.
    #[error("there are no chords: write a chart like Am | F | C G")]
    Empty,
    /// A name that is no chord.
    #[error("{} in bar {bar} isn't a chord: write names like C, F#m7 or Bb/D", quote(.name))]
    Chord {
        /// As written.
        name: String,
        /// Where it stands.
        bar: usize,
    },
    /// Nothing between two bar lines.
    #[error("bar {0} has no chord: write one, or % to repeat the bar before")]
    EmptyBar(usize),
    /// A `%` in the first bar, or beside chords.
    #[error("the % in bar {0} can't be read: it stands alone in a bar and repeats the one before")]
    Repeat(usize),
    /// More chords than beats.
    #[error("bar {bar} has {chords} chords: a bar holds at most 4, one a beat")]
    Crowded {
        /// Where.
        bar: usize,
        /// How many.
        chords: usize,
    },
    /// More bars than the take, or than the longest take.
    #[error("the chart has {chart} bars and the loop only {take}: shorten the chart or make a longer loop")]
    Long {
        /// Bars of the chart.
        chart: usize,
        /// Bars of the take.
        take: u32,
    },
}

/// Chords over bars of 4/4, such as "Am | F | C G".
///
/// Bars are parted by `|` (one more at either end is fine), chords by spaces; they share the beats of their bar from the front
/// (3 chords: 2 + 1 + 1). `%` repeats the bar before. At most 16 bars.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChordChart {
    /// 1 to 16 bars of 1 to 4 chords.
    bars: Vec<Vec<Chord>>,
}

impl ChordChart {
    /// The longest chart: that of the longest take.
    pub const MOST_BARS: u32 = 16;

    /// From bars of chords.
    ///
    /// # Errors
    /// Where there is no bar or more than 16, or a bar with no chord or more than 4.
    pub fn new(bars: Vec<Vec<Chord>>) -> Result<Self, ChartError> {
        if bars.is_empty() {
            return Err(ChartError::Empty);
        }
        if bars.len() > Self::MOST_BARS as usize {
            return Err(ChartError::Long { chart: bars.len(), take: Self::MOST_BARS });
        }
        for (bar, chords) in (1..).zip(&bars) {
            match chords.len() {
                0 => return Err(ChartError::EmptyBar(bar)),
                chords if chords > Bars::BEATS as usize => return Err(ChartError::Crowded { bar, chords }),
                _ => {}
            }
        }
        Ok(Self { bars })
    }

    /// The chords of each bar: 1 to 16 bars of 1 to 4 chords.
    pub fn bars(&self) -> &[Vec<Chord>] {
        &self.bars
    }

    /// The chord on every beat of a take; a shorter chart starts again.
    ///
    /// # Errors
    /// [`ChartError::Long`] where the chart has more bars than the take.
    pub fn per_beat(&self, take: Bars) -> Result<Vec<Chord>, ChartError> {
        if self.bars.len() > take.get() as usize {
            return Err(ChartError::Long { chart: self.bars.len(), take: take.get() });
        }
        Ok(self.bars.iter().cycle().take(take.get() as usize).flat_map(|bar| beats_of(bar)).collect())
    }
}

/// One chord for each beat of a bar: what doesn't divide evenly goes to the first chords.
fn beats_of(bar: &[Chord]) -> impl Iterator<Item = Chord> {
    let (beats, count) = (Bars::BEATS as usize, bar.len());
    bar.iter().enumerate().flat_map(move |(i, &chord)| {
        let extra = usize::from(i < beats % count);
        std::iter::repeat_n(chord, beats / count + extra)
    })
}

impl FromStr for ChordChart {
    type Err = ChartError;
    fn from_str(text: &str) -> Result<Self, ChartError> {
        let inner = text.trim();
        let inner = inner.strip_prefix('|').unwrap_or(inner);
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        if inner.trim().is_empty() {
            return Err(ChartError::Empty);
        }
        let count = inner.split('|').count();
        if count > Self::MOST_BARS as usize {
            return Err(ChartError::Long { chart: count, take: Self::MOST_BARS });
        }
        let mut bars: Vec<Vec<Chord>> = Vec::new();
        for (bar, text) in (1..).zip(inner.split('|')) {
            let chords = if text.trim() == "%" { bars.last().cloned().ok_or(ChartError::Repeat(bar))? } else { read_bar(bar, text)? };
            bars.push(chords);
        }
        Self::new(bars)
    }
}

fn read_bar(bar: usize, text: &str) -> Result<Vec<Chord>, ChartError> {
    text.split_whitespace()
        .map(|name| match name {
            "%" => Err(ChartError::Repeat(bar)),
            _ => name.parse().map_err(|_| ChartError::Chord { name: name.into(), bar }),
        })
        .collect()
}

impl TryFrom<String> for ChordChart {
    type Error = ChartError;
    fn try_from(text: String) -> Result<Self, ChartError> {
        text.parse()
    }
}

impl From<ChordChart> for String {
    fn from(chart: ChordChart) -> String {
        chart.to_string()
    }
}

impl fmt::Display for ChordChart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, bar) in self.bars.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { " | " })?;
            for (j, chord) in bar.iter().enumerate() {
                write!(f, "{}{chord}", if j == 0 { "" } else { " " })?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn chart(text: &str) -> ChordChart {
        text.parse().unwrap_or_else(|e| panic!("{e}"))
    }

    fn beats(text: &str, bars: u32) -> String {
        let chords = chart(text).per_beat(Bars::new(bars).unwrap()).unwrap();
        chords.iter().map(Chord::to_string).collect::<Vec<_>>().join(" ")
    }

    fn error(text: &str) -> String {
        text.parse::<ChordChart>().unwrap_err().to_string()
    }

    #[test]
    fn chords_share_their_bar_from_the_front() {
        assert_eq!(beats("Am", 1), "Am Am Am Am");
        assert_eq!(beats("C G", 1), "C C G G");
        assert_eq!(beats("C G F", 1), "C C G F");
        assert_eq!(beats("C G F Am", 1), "C G F Am");
    }

    #[test]
    fn a_short_chart_repeats_over_the_take() {
        assert_eq!(beats("Am | F", 4), "Am Am Am Am F F F F Am Am Am Am F F F F");
        assert_eq!(beats("Am | F | G", 4), "Am Am Am Am F F F F G G G G Am Am Am Am");
    }

    #[test]
    fn a_long_chart_is_refused() {
        let error = chart("Am | F | G").per_beat(Bars::new(2).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "the chart has 3 bars and the loop only 2: shorten the chart or make a longer loop");
        assert!(matches!("A |".repeat(17).parse::<ChordChart>(), Err(ChartError::Long { chart: 17, take: 16 })));
    }

    #[test]
    fn shows_the_chart_as_it_is_written() {
        for text in ["Am | F | C G | Em7b5/Bb", "C", "C G F Am | C(b5)"] {
            assert_eq!(chart(text).to_string(), text);
        }
        assert_eq!(chart("|Am| F |\nC  G|").to_string(), "Am | F | C G");
        assert_eq!(chart("Am | % | F | %").to_string(), "Am | Am | F | F");
    }

    #[test]
    fn errors_name_the_bar() {
        assert_eq!(error("C | H#"), "\"H#\" in bar 2 isn't a chord: write names like C, F#m7 or Bb/D");
        assert_eq!(error("C | | F"), "bar 2 has no chord: write one, or % to repeat the bar before");
        assert_eq!(error("C D E F G"), "bar 1 has 5 chords: a bar holds at most 4, one a beat");
        assert_eq!(error("% | C"), "the % in bar 1 can't be read: it stands alone in a bar and repeats the one before");
        assert_eq!(error("C | F %"), "the % in bar 2 can't be read: it stands alone in a bar and repeats the one before");
        for empty in ["", "  ", "|", "| |"] {
            assert_eq!(error(empty), "there are no chords: write a chart like Am | F | C G");
        }
    }

    #[test]
    fn is_a_string_in_json() {
        assert_eq!(serde_json::to_string(&chart("Am|F")).unwrap(), "\"Am | F\"");
        assert!(serde_json::from_str::<ChordChart>("\"Am || F\"").is_err());
    }
}
