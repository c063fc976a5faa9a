//! Words that the model was taught, by what they ask for.

use super::words::Words;

/// What has a pitch: roles and instruments. Not what is also a drum (bells, toms, 808).
const PITCHED: &str = "bass bassline basslines sub chord chords stab stabs lead melody melodies melodic harmony harmonies arp arpeggio \
    arpeggiated pad drone riff hook tune song progression sevenths alberti pluck plucky synth synthesizer saw sawtooth \
    square sine fm reese piano rhodes organ keys keyboard clavinet clav harpsichord celesta accordion guitar guitars \
    strings string violin violins viola cello fiddle harp koto sitar banjo pizzicato brass trumpet trombone tuba horn horns \
    saxophone clarinet oboe bassoon flute flutes recorder ocarina shakuhachi whistle harmonica marimba vibraphone xylophone \
    glockenspiel kalimba choir voice vocal vocals";
/// A full loop, behind "full".
const WHOLE: &str = "loop track beat groove mix band arrangement production instrumental";
/// A genre whose name holds an instrument's.
const GENRE: [&str; 3] = ["drum", "and", "bass"];
/// Other words of the model's captions.
const OTHER: &str = "house techno hip boom trap drum drums breakbeat rock funk reggaeton lo-fi disco uk garage dub electro afrobeat minimal \
    loop beat groove acid electric acoustic warm dark bright sustained syncopated offbeat driving groovy long held half \
    pulsing sparse busy happy sad soulful tense distorted gritty dusty vinyl muffled filtered underwater thin tinny \
    telephone spacious roomy deep soft slow fast rising falling";

/// What leads to more words.
const BINDING: &str = "with and at over plus for by no without";

fn holds(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// Whether a word leads to more words.
pub(super) fn binds(word: &str) -> bool {
    holds(BINDING, &word.to_lowercase())
}

/// Whether a word belongs to the captions that the model was taught with: what follows "a minor" where it is a key.
pub(super) fn is_musical(word: &str) -> bool {
    let word = word.to_lowercase();
    [PITCHED, OTHER, BINDING].iter().any(|list| holds(list, &word))
}

/// Whether one of the (lower-cased) words asks for something with a pitch. "no bass", "drum and bass" and "bass drum" don't.
pub(super) fn pitched(words: &Words) -> bool {
    (0..words.0.len()).any(|at| {
        let refused = ["no", "without"].iter().any(|no| words.before(at).is_some_and(|word| word.is(no)));
        let genre = at >= 2 && words.stands(at - 2, &GENRE);
        let drum = words.stands(at, &["bass", "drum"]) || words.stands(at, &["bass", "drums"]);
        let named = parts(&words.0[at].core).any(|part| holds(PITCHED, part)) && !genre && !drum;
        !refused && (named || full_loop(words, at))
    })
}

/// Whether "full" at word `at` means a full loop: "full loop", "full techno loop", but not "full drum loop".
fn full_loop(words: &Words, mut at: usize) -> bool {
    if !words.0[at].is("full") {
        return false;
    }
    const GLANCE: usize = 4;
    for _ in 0..GLANCE {
        let Some(word) = words.behind(at) else { return false };
        match word.core.as_str() {
            "drum" if words.stands(at + 1, &GENRE) => at += GENRE.len(),
            "drum" | "drums" => return false,
            core if holds(WHOLE, core) => return true,
            _ => at += 1,
        }
    }
    false
}

/// "synth-bass" asks for what both words ask for.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    word.split(['-', '/', '+']).chain([word])
}
