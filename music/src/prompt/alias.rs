//! Words that the text encoder doesn't know, put into those that it does.

use super::words::Words;

/// As written (several, parted by commas), and what the model was taught. Lower case; a space parts words, a hyphen joins them.
const ALIASES: &[(&str, &str)] = &[
    // genres
    (
        "dnb, d&b, d & b, d'n'b, d n b, d and b, drum n bass, drum & bass, drum'n'bass, drum-n-bass, drum-and-bass, drumnbass",
        "drum and bass",
    ),
    ("jungle", "drum and bass"),
    ("lofi, lo fi, low-fi, low fi", "lo-fi"),
    ("hiphop, hip-hop", "hip hop"),
    ("chillhop", "lo-fi hip hop"),
    ("boombap, boom-bap", "boom bap"),
    ("ukg, 2-step, 2step, two-step, two step, 2 step, uk-garage", "uk garage"),
    ("4x4, four on the floor, four-on-the-floor, 4 on the floor, 4-on-the-floor, four to the floor", "house"),
    ("breaks, breakbeats, break beat, break-beat, break beats, amen break, amen", "breakbeat"),
    ("afrobeats, afro beat, afro-beat, afro beats", "afrobeat"),
    ("dembow", "reggaeton"),
    ("drill, phonk", "trap"),
    ("synthwave", "electro synth"),
    // drums
    ("hats, hat, hihat, hihats, hi hat, hi hats, hi-hat, high-hat, high-hats, high hats", "hi-hats"),
    ("kicks, bass drum, bassdrum, kick drum, kickdrum, kick drums, bd", "kick"),
    ("snares, snare drum", "snare"),
    ("claps, handclap, hand clap, hand claps, handclaps", "clap"),
    ("rim, rims, rim shot, rimshots, rim-shot, sidestick, side stick", "rimshot"),
    ("snaps, finger snap, finger snaps", "snap"),
    ("cow bell, cowbells", "cowbell"),
    ("tom, tom-toms, tom toms", "toms"),
    ("wood block, wood blocks, woodblocks", "woodblock"),
    ("shakers", "shaker"),
    ("bongos", "bongo"),
    ("drumbeat, drum beat, drumloop", "drum loop"),
    ("perc, percs", "percussion"),
    ("fills", "fill"),
    ("808s, tr-808, tr808", "808"),
    // bass
    ("303, tb-303, tb303", "acid 303 bass"),
    ("subbass, sub-bass", "sub bass"),
    ("reece", "reese"),
    // instruments
    ("rhodes, ep, e-piano, epiano, e piano, fender rhodes, wurli, wurlitzer", "rhodes electric piano"),
    ("synths, synthesizer, synthesizers", "synth"),
    ("supersaw, supersaws, super saw, saws", "saw"),
    ("pads", "pad"),
    ("leads", "lead"),
    ("arps, arpeggio, arpeggios, arpeggiator, arpeggiated", "arp"),
    ("plucks, plucked", "pluck"),
    ("gtr, gtrs", "guitar"),
    ("sax", "saxophone"),
    ("7ths, 7th chords", "seventh chords"),
    ("16ths, 16th", "sixteenth"),
    ("8ths, 8th", "eighth note"),
    // effects
    ("saturated, overdriven, fuzzy", "distorted"),
    ("bitcrushed, bit-crushed, crushed", "gritty lo-fi"),
    ("low-passed, lowpassed, low-pass, lowpass, lpf", "filtered"),
    ("with reverb, w/ reverb, reverby, reverbed", "spacious"),
    ("delay, delays", "echo"),
    ("crackle, crackly", "vinyl"),
    // little words
    ("w/", "with"),
    ("w/o", "without"),
    ("&", "and"),
];

/// One way to write a row, word by word.
struct Alias {
    from: Vec<&'static str>,
    to: Vec<&'static str>,
}

fn aliases() -> Vec<Alias> {
    let rows = ALIASES.iter().flat_map(|&(from, to)| from.split(", ").map(move |from| (from, to)));
    let mut aliases: Vec<Alias> = rows.map(|(from, to)| Alias { from: from.split(' ').collect(), to: to.split(' ').collect() }).collect();
    // "drum n bass" before shorter ones that it holds; the order of equals stays.
    aliases.sort_by_key(|alias| std::cmp::Reverse(alias.from.len()));
    aliases
}

/// Replaces whole words, from the left; what was put in isn't read again. The words must be lower case.
///
/// Words of the result that stand there already aren't doubled: "rhodes piano" and "rhodes electric piano" both give "rhodes electric piano".
/// Only all of "drum and bass" counts so, for the bass of "jungle bass" is another one.
pub(super) fn replace(words: &mut Words) {
    let aliases = aliases();
    let mut at = 0;
    while at < words.0.len() {
        let Some(Alias { from, to }) = aliases.iter().find(|alias| words.stands(at, &alias.from)) else {
            at += 1;
            continue;
        };
        let least = if to.contains(&"and") { to.len() } else { 1 };
        let end = at + from.len();
        let before = (least..=to.len()).rev().find(|&k| k <= at && words.before(at).is_some() && words.stands(at - k, &to[..k]));
        let behind = (least..=to.len()).rev().find(|&k| words.behind(end - 1).is_some() && words.stands(end, &to[to.len() - k..]));
        let start = at - before.unwrap_or(0);
        words.replace(start..end + behind.unwrap_or(0), &to.join(" "));
        at = start + to.len();
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn replaced(text: &str) -> String {
        let mut words = Words::split(text);
        replace(&mut words);
        words.text()
    }

    #[test]
    fn every_row_gives_its_words_and_leaves_them_alone() {
        for (from, to) in ALIASES {
            for from in from.split(", ") {
                assert_eq!(replaced(from), *to, "{from}");
            }
            assert_eq!(replaced(to), *to);
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        let mut seen = std::collections::BTreeSet::new();
        for from in ALIASES.iter().flat_map(|(from, _)| from.split(", ")) {
            assert!(seen.insert(from), "{from}");
        }
    }
}
