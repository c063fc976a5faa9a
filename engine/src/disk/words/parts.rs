//! How many parts of an arrangement words name.

/// Words for drums; their plurals count, too.
const DRUMS: &str = "808s beatbox bongo break breakbeat clap conga cymbal djembe drum drumkit drummer hat hihat kick perc percussion rim rimshot shaker snare tabla tambourine timpani tom";

/// Words for other instruments, a line for each part of an arrangement that they play.
const PARTS: [&str; 7] = [
    "bass bassline sub subbass",
    "clavinet epiano harpsichord keys keyboard mellotron organ piano rhodes wurlitzer wurli",
    "banjo guitar harp koto mandolin oud sitar ukulele",
    "cello fiddle orchestra strings viola violin",
    "brass clarinet flute harmonica horn oboe recorder sax saxophone trombone trumpet tuba woodwinds",
    "pad supersaw synth synthesizer",
    "bells celesta celeste chimes glockenspiel kalimba marimba vibraphone xylophone",
];

/// The same for voices.
const VOICES: &str = "choir choral vocal voice vox";

/// Words for several parts at once, where no drums are named: a drum beat is one.
const WHOLE: &str = "band beat ensemble instrumental song track";

/// Words for a part of whatever instrument.
const ANY: &str = "arp arpeggio chords hook lead line melody pluck riff stab";

/// Names of genres that hold words for instruments and name none.
const GENRES: [&str; 9] =
    ["drum and bass", "drum & bass", "drum n bass", "drum'n'bass", "future bass", "bass house", "uk bass", "bass music", "acid house"];

/// What words name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    /// How many parts.
    pub named: usize,
    /// Whether one of them is sung.
    pub sung: bool,
}

/// The parts that are named.
pub(super) fn of(words: &str) -> Parts {
    let mut words = words.to_lowercase();
    for genre in GENRES {
        words = words.replace(genre, " ");
    }
    let words = words.replace("hi-hat", "hihat").replace("sub-bass", "subbass").replace("sub bass", "subbass").replace("e-piano", "epiano");
    let words: Vec<&str> = words.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty()).collect();
    let names = |part: &str| words.iter().any(|word| has(part, word) || word.strip_suffix('s').is_some_and(|one| has(part, one)));
    let (drums, sung) = (names(DRUMS), names(VOICES));
    let several = if names(WHOLE) && !drums { 2 } else { 0 };
    let named = PARTS.iter().filter(|part| names(part)).count() + usize::from(drums) + usize::from(sung) + several;
    Parts { named: if named == 0 { usize::from(names(ANY)) } else { named }, sung }
}

fn has(part: &str, word: &str) -> bool {
    part.split(' ').any(|name| name == word)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn words_for_one_part_are_counted_once() {
        for one in [
            "Dusty boom bap drums",
            "hi-hats, kick and snare",
            "deep sub bass",
            "warm Rhodes keys",
            "drum and bass breaks",
            "four to the floor drum beat",
            "acid bassline",
            "bright lead",
            "lead guitar riff",
            "synth pad",
            "piano",
        ] {
            assert_eq!(of(one).named, 1, "{one}");
        }
        for two in ["drums and bass", "strings with a soft piano", "trap beat", "synth chords over a beatbox"] {
            assert_eq!(of(two).named, 2, "{two}");
        }
        for none in ["drum and bass", "sunny afternoon", "", "basset hound", "future bass"] {
            assert_eq!(of(none).named, 0, "{none}");
        }
    }

    #[test]
    fn no_word_stands_for_two_parts() {
        let mut all: Vec<&str> = PARTS.iter().chain([&DRUMS, &WHOLE, &ANY, &VOICES]).flat_map(|part| part.split(' ')).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
