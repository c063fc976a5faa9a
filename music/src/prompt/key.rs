//! Keys in prompts: "in C minor", "C# dorian", "key of A major", "in Am".
//!
//! A is also an article. "a minor" is a key where a word of the model's vocabulary follows, or nothing: "a minor rhodes loop" and
//! "pad in a minor" are in A minor, "a minor detail" and "in a house" name no key. A lone letter is a key behind "in" or "key of" only.

use super::PromptError;
use super::chart::is_chord;
use super::vocabulary::{binds, is_musical};
use super::words::{Word, Words};
use crate::key::{Key, KeyError, Mode};
use crate::pitch::PitchClass;

/// Finds the key and leaves it as "in C minor": where it stood behind "in", else at the end.
pub(super) fn take(words: &mut Words) -> Result<Option<Key>, PromptError> {
    part_hyphens(words);
    let mut found: Option<Key> = None;
    let mut left = false;
    let mut at = 0;
    while at < words.0.len() {
        let lead = Lead::before(words, at);
        let Some((key, end)) = key_at(words, at, &lead)? else {
            at += 1;
            continue;
        };
        if let Some(other) = found.filter(|other| !(other.mode == key.mode && other.tonic.sounds_like(key.tonic))) {
            return Err(PromptError::Keys(other, key));
        }
        let key = *found.get_or_insert(key);
        let stays = lead.says_in && !left;
        let instead = if stays { format!("in {key}") } else { String::new() };
        words.replace(lead.start..end, &instead);
        left |= stays;
        at = lead.start + instead.split(' ').filter(|word| !word.is_empty()).count();
    }
    if let Some(key) = found.filter(|_| !left) {
        words.append(&format!("in {key}"));
    }
    Ok(found)
}

/// "C-minor" and "B-flat" are two words, "key:Am" and "key=Am" too; other hyphens join.
fn part_hyphens(words: &mut Words) {
    let mut at = 0;
    while at < words.0.len() {
        let core = words.0[at].core.clone();
        let (first, rest) = core.split_once('-').unwrap_or((&core, ""));
        let tonic = first.parse::<PitchClass>().is_ok();
        let named = rest.split('-').all(|part| is_sign(part) || Mode::from_word(part).is_ok() && part.len() > 2);
        if tonic && named {
            words.replace(at..at + 1, &core.replace('-', " "));
        } else if let Some((_, key)) = core.split_once([':', '=']).filter(|(word, _)| word.eq_ignore_ascii_case("key")) {
            let parted = format!("key {key}");
            words.replace(at..at + 1, &parted);
        }
        at += 1;
    }
}

fn is_sign(word: &str) -> bool {
    word.eq_ignore_ascii_case("flat") || word.eq_ignore_ascii_case("sharp")
}

/// What stands before a key and belongs to it.
struct Lead {
    start: usize,
    /// "in", "in the key of"
    says_in: bool,
    /// "key", "key of", "key:"
    says_key: bool,
    /// "key of", "key:": even a lone "a" behind it is a key.
    insists: bool,
}

impl Lead {
    fn before(words: &Words, at: usize) -> Self {
        let mut lead = Self { start: at, says_in: false, says_key: false, insists: false };
        let word = |at: usize, text: &str| at > 0 && words.0[at - 1].is(text);
        if (word(at, "of") || word(at, "is")) && word(at - 1, "key") {
            (lead.start, lead.says_key, lead.insists) = (at - 2, true, true);
        } else if word(at, "key") {
            (lead.start, lead.says_key, lead.insists) = (at - 1, true, words.before(at).is_none());
        }
        if lead.says_key && word(lead.start, "the") {
            lead.start -= 1;
        }
        if word(lead.start, "in") && words.before(lead.start).is_some() {
            (lead.start, lead.says_in) = (lead.start - 1, true);
        }
        lead
    }
}

/// The key at word `at`, and the word behind it.
fn key_at(words: &Words, at: usize, lead: &Lead) -> Result<Option<(Key, usize)>, KeyError> {
    let context = lead.says_in || lead.says_key;
    if let Some((key, clear)) = compact(&words.0[at].core) {
        // "Am F C G" is a row of chords, and how long each lasts nobody knows.
        let row = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().any(|beside| words.0.get(beside).is_some_and(is_chord));
        return Ok((clear && (!row || context) || lead.says_key).then_some((key, skip_scale(words, at + 1))));
    }
    let Ok(mut tonic) = words.0[at].core.parse::<PitchClass>() else { return Ok(None) };
    let mut end = at + 1;
    let spelled = words.behind(at).filter(|word| is_sign(&word.core));
    if let Some(signed) = spelled.and_then(|sign| format!("{tonic}{}", if sign.is("flat") { 'b' } else { '#' }).parse().ok()) {
        (tonic, end) = (signed, end + 1);
    }
    let capital = words.0[at].core.starts_with(|c: char| c.is_ascii_uppercase());
    let signed = words.0[at].core.chars().count() > 1;
    // The first word of a sentence has a capital too.
    let article = words.0[at].is("a") && !lead.insists && (!capital || at == 0);
    if let Some((mode, behind)) = mode_at(words, end, article && end == at + 1)? {
        let key = Key { tonic, mode };
        let fits = !article || end > at + 1 || ends_or_goes_on(words, behind);
        return Ok(fits.then_some((key, skip_scale(words, behind))));
    }
    let lone = match () {
        () if lead.insists => true,
        () if !context => false,
        () if signed => true,
        () if words.0[at].is("a") => capital && words.behind(end - 1).is_none_or(|word| binds(&word.core)),
        () => capital || ends_or_goes_on(words, end),
    };
    Ok(lone.then_some((Key { tonic, mode: Mode::Major }, end)))
}

/// "Am", "f#m", "Cmin", "ebmaj" in one word, and whether it is clear without "key": "am" is also a verb, "FM" also a synth.
fn compact(word: &str) -> Option<(Key, bool)> {
    let (tonic, mode) = PitchClass::split(word)?;
    let long = ["min", "maj", "minor", "major"].iter().any(|name| mode.eq_ignore_ascii_case(name));
    let short = mode == "m";
    let signed = word.len() > 1 + mode.len();
    let capital = word.starts_with(|c: char| c.is_ascii_uppercase());
    let key = Key { tonic, mode: if short { Mode::Minor } else { Mode::from_word(mode).ok()? } };
    (long || short).then_some((key, long || signed || capital))
}

/// The mode at word `at` and the word behind it: "minor", "harmonic minor". An article leads to no unknown scale.
fn mode_at(words: &Words, at: usize, article: bool) -> Result<Option<(Mode, usize)>, KeyError> {
    if words.behind(at - 1).is_none() {
        return Ok(None);
    }
    let kind = ["natural", "harmonic", "melodic"].iter().any(|kind| words.0[at].is(kind));
    if kind && words.behind(at).is_some_and(|word| word.is("minor")) {
        return Ok(Some((Mode::Minor, at + 2)));
    }
    match Mode::from_word(&words.0[at].core) {
        Ok(mode) if words.0[at].core.len() > 2 => Ok(Some((mode, at + 1))),
        Err(unknown @ KeyError::Mode(_)) if !article => Err(unknown),
        _ => Ok(None),
    }
}

/// Whether the text or phrase ends before word `at`, or goes on with a word that the model knows.
fn ends_or_goes_on(words: &Words, at: usize) -> bool {
    words.behind(at - 1).is_none_or(|word: &Word| is_musical(&word.core))
}

/// Behind a "scale" or "key" that only says what is clear.
fn skip_scale(words: &Words, end: usize) -> usize {
    let says = words.behind(end - 1).is_some_and(|word| word.is("scale") || word.is("key"));
    end + usize::from(says)
}
