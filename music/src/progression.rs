//! Progressions that the model has heard, for a key without chords.

use crate::chart::{ChartError, ChordChart};
use crate::chord::{Chord, Triad};
use crate::key::{Key, Mode};
use crate::time::Bars;

/// A row of degrees, 0 for the tonic's chord.
///
/// Every row has 1, 2 or 4 chords, so that it can be spread evenly over 1, 2 or 4 bars of four beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Progression(&'static [u8]);

/// i–VI–III–VII, i–iv–v–i, i–VII–VI–VII, i–VI, i–iv, i
const MINOR: [Progression; 6] = [
    Progression(&[0, 5, 2, 6]),
    Progression(&[0, 3, 4, 0]),
    Progression(&[0, 6, 5, 6]),
    Progression(&[0, 5]),
    Progression(&[0, 3]),
    Progression(&[0]),
];
/// I–V–vi–IV, I–vi–IV–V, IV–V–I–I, I–IV, I–V, ii–V–I–I, I
const MAJOR: [Progression; 7] = [
    Progression(&[0, 4, 5, 3]),
    Progression(&[0, 5, 3, 4]),
    Progression(&[3, 4, 0, 0]),
    Progression(&[0, 3]),
    Progression(&[0, 4]),
    Progression(&[1, 4, 0, 0]),
    Progression(&[0]),
];
/// i–IV, i–IV–i–VII, i–ii
const DORIAN: [Progression; 3] = [Progression(&[0, 3]), Progression(&[0, 3, 0, 6]), Progression(&[0, 1])];
/// i–II, i–i–VII–II
const PHRYGIAN: [Progression; 2] = [Progression(&[0, 1]), Progression(&[0, 0, 6, 1])];

impl Progression {
    /// The rows among which the seed chooses.
    pub fn for_key(key: Key) -> &'static [Progression] {
        match key.mode {
            Mode::Major => &MAJOR,
            Mode::Minor => &MINOR,
            Mode::Dorian => &DORIAN,
            Mode::Phrygian => &PHRYGIAN,
        }
    }

    /// Degrees of the scale, 0 for the tonic; 1, 2 or 4 of them.
    pub fn degrees(self) -> &'static [u8] {
        self.0
    }

    /// Its chords in a key: triads of the scale's own notes (so the VII of phrygian is minor), spelled in the key.
    pub fn chords(self, key: Key) -> impl Iterator<Item = Chord> {
        self.0.iter().map(move |&degree| diatonic(key, degree))
    }

    /// Spread evenly over the loop: beat i gets chord floor(i · chords / beats). A longer loop than 4 bars gets the chart of 4, which repeats.
    ///
    /// # Errors
    /// None for the rows of [`Progression::for_key`]; [`ChartError`] where the chords of a bar couldn't be written.
    pub fn chart(self, key: Key, take: Bars) -> Result<ChordChart, ChartError> {
        let chords: Vec<Chord> = self.chords(key).collect();
        let bars = take.get().min(4) as usize;
        let beats = Bars::BEATS as usize;
        let at = |beat: usize| chords[beat * chords.len() / (bars * beats)];
        ChordChart::new((0..bars).map(|bar| shorten((bar * beats..(bar + 1) * beats).map(at).collect())).collect())
    }
}

/// The chords of a bar from one a beat: F F G G is written F G, and four of the same as one.
fn shorten(bar: Vec<Chord>) -> Vec<Chord> {
    match bar[..] {
        [a, b, c, d] if a == b && c == d && b == c => vec![a],
        [a, b, c, d] if a == b && c == d => vec![a, c],
        _ => bar,
    }
}

/// The triad on a degree made of the scale's own notes.
fn diatonic(key: Key, degree: u8) -> Chord {
    let scale = key.mode.scale();
    let step = |above: u8| {
        let semitones = scale[usize::from((degree + above) % 7)] + 12 - scale[usize::from(degree % 7)];
        semitones % 12
    };
    let triad = match (step(2), step(4)) {
        (4, 8) => Triad::Augmented,
        (4, _) => Triad::Major,
        (_, 6) => Triad::Diminished,
        _ => Triad::Minor,
    };
    Chord::of(key.degree(degree), triad)
}

/// The chart for a key without chords. `choice` is a number drawn at random by the caller; row `choice % rows` of
/// [`Progression::for_key`] is taken, so equal draws give equal charts.
///
/// # Errors
/// As [`Progression::chart`]: never for a key.
pub fn progression(key: Key, take: Bars, choice: u32) -> Result<ChordChart, ChartError> {
    let rows = Progression::for_key(key);
    rows[choice as usize % rows.len()].chart(key, take)
}

#[cfg(test)]
mod test {
    use super::*;

    fn chart(key: &str, bars: u32, choice: u32) -> String {
        progression(key.parse().unwrap(), Bars::new(bars).unwrap(), choice).unwrap().to_string()
    }

    #[test]
    fn the_rows_are_those_of_the_model() {
        let rows = |key: &str| (0..Progression::for_key(key.parse().unwrap()).len() as u32).map(|i| chart(key, 4, i)).collect::<Vec<_>>();
        assert_eq!(
            rows("Am"),
            ["Am | F | C | G", "Am | Dm | Em | Am", "Am | G | F | G", "Am | Am | F | F", "Am | Am | Dm | Dm", "Am | Am | Am | Am"]
        );
        assert_eq!(
            rows("C"),
            ["C | G | Am | F", "C | Am | F | G", "F | G | C | C", "C | C | F | F", "C | C | G | G", "Dm | G | C | C", "C | C | C | C"]
        );
        assert_eq!(rows("D dorian"), ["Dm | Dm | G | G", "Dm | G | Dm | C", "Dm | Dm | Em | Em"]);
        assert_eq!(rows("E phrygian"), ["Em | Em | F | F", "Em | Em | Dm | F"]);
    }

    #[test]
    fn short_loops_have_several_chords_a_bar_and_long_ones_repeat() {
        assert_eq!(chart("Am", 1, 0), "Am F C G");
        assert_eq!(chart("Am", 2, 0), "Am F | C G");
        assert_eq!(chart("C", 2, 2), "F G | C");
        assert_eq!(chart("Am", 1, 5), "Am");
        assert_eq!(chart("Am", 16, 3), chart("Am", 4, 3));
    }

    #[test]
    fn a_draw_beyond_the_rows_starts_again() {
        assert_eq!(chart("Am", 4, 6), chart("Am", 4, 0));
        assert_eq!(chart("Am", 4, u32::MAX), chart("Am", 4, u32::MAX % 6));
    }

    #[test]
    fn every_chart_is_the_even_spread_in_all_keys_and_lengths() {
        for tonic in ["C", "C#", "Db", "D", "Eb", "E", "F", "F#", "Gb", "G", "Ab", "A", "Bb", "B"] {
            for mode in Mode::ALL {
                let key = Key { tonic: tonic.parse().unwrap(), mode };
                for take in Bars::ALL {
                    for row in Progression::for_key(key) {
                        let chords: Vec<Chord> = row.chords(key).collect();
                        let spread = take.beat_count().min(16) as usize;
                        let expected: Vec<Chord> =
                            (0..take.beat_count() as usize).map(|beat| chords[beat % spread * chords.len() / spread]).collect();
                        assert_eq!(row.chart(key, take).unwrap().per_beat(take).unwrap(), expected, "{key} {take} {row:?}");
                        assert!(chords.iter().all(|chord| key.scale().holds_all(chord.lane())), "{key} {row:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn chords_are_spelled_in_the_key() {
        assert_eq!(chart("C minor", 4, 0), "Cm | Ab | Eb | Bb");
        assert_eq!(chart("F# minor", 4, 0), "F#m | D | A | E");
    }
}
