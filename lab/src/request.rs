//! Requests, made of flags and of what a loop was made with.

use crate::args::flags::{Harmony, Quality};
use crate::batch::Entry;
use crate::maker::Chosen;
use crate::trouble::{Outcome, Trouble};
use anyhow::Context as _;
use inlay_music::{Bars, Bpm, Key, Prompt, Request, Seed, Take, Task};

/// Bars where nobody says how many.
const BARS: Bars = Bars::ALL[2];

/// A seed from the system's randomness, short enough to be typed.
///
/// # Errors
/// Where the system gives none.
pub fn draw() -> Outcome<Seed> {
    let seed = getrandom::u32().context("the system gives no random numbers: choose a seed with --seed")?;
    Ok(Seed(seed.into()))
}

/// What `inlay generate` asks for.
///
/// # Errors
/// Where the prompt can't be understood or no seed can be drawn.
pub fn generate(entry: &Entry, chosen: &Chosen) -> Outcome<Request> {
    let music = &entry.music;
    let understood = entry.prompt.understand_at(music.bpm).map_err(Trouble::usage)?;
    let bpm = understood.bpm.unwrap_or(Bpm::DEFAULT);
    let request = fresh(Task::Generate, entry.prompt.clone(), (music.bars.unwrap_or(BARS), bpm), &music.harmony, (&entry.quality, chosen))?;
    Ok(Request { feel: music.feel.unwrap_or_default(), ..request })
}

/// A request that doesn't go on from a take.
///
/// # Errors
/// Where no seed can be drawn.
pub fn fresh(
    task: Task,
    prompt: Prompt,
    (bars, bpm): (Bars, Bpm),
    harmony: &Harmony,
    (quality, chosen): (&Quality, &Chosen),
) -> Outcome<Request> {
    Ok(Request {
        task,
        prompt,
        negative: harmony.negative.clone(),
        bars,
        bpm,
        key: harmony.key,
        chords: harmony.chords.clone(),
        feel: Default::default(),
        seed: seed(harmony)?,
        variation: 0,
        steps: steps(quality, chosen).unwrap_or(chosen.steps),
        guidance: quality.guidance.unwrap_or_else(|| guidance(chosen, harmony.negative.is_some())),
        sampler: chosen.sampler(quality)?.unwrap_or_else(|| chosen.sampler.clone()),
    })
}

/// A request that goes on from `parent`: what nobody says anew stays as the parent was made, but for the seed. Its chords stay unless a
/// flag or new words say others.
///
/// # Errors
/// Where the new words can't be understood or no seed can be drawn.
pub fn going_on(
    parent: &Take,
    task: Task,
    words: Option<Prompt>,
    harmony: &Harmony,
    (quality, chosen): (&Quality, &Chosen),
) -> Outcome<Request> {
    let old = &parent.about.request;
    // how one model is used says nothing to another
    let same = parent.sampled_by() == chosen.name.as_deref();
    let negative = harmony.negative.clone().or_else(|| old.negative.clone());
    let said = words.as_ref().map(Prompt::understand).transpose().map_err(Trouble::usage)?;
    let (key_in_words, chords_in_words) = said.map_or((false, false), |s| (s.key.is_some(), s.chords.is_some()));
    let new_harmony = harmony.key.is_some() || key_in_words || chords_in_words;
    let kept_chords = || if new_harmony { None } else { parent.about.chords.clone() };
    // A key that only the old words named stays, too, where there are new ones.
    let kept_key = || if key_in_words { None } else { key(old) };
    Ok(Request {
        task,
        prompt: words.unwrap_or_else(|| old.prompt.clone()),
        negative: negative.clone(),
        key: harmony.key.or_else(kept_key),
        chords: harmony.chords.clone().or_else(kept_chords),
        seed: seed(harmony)?,
        variation: 0,
        steps: steps(quality, chosen).unwrap_or(if same { old.steps } else { chosen.steps }),
        guidance: quality.guidance.unwrap_or_else(|| if same { old.guidance } else { guidance(chosen, negative.is_some()) }),
        sampler: chosen.sampler(quality)?.unwrap_or_else(|| if same { old.sampler.clone() } else { chosen.sampler.clone() }),
        ..old.clone()
    })
}

/// What is said where words name another tempo than the loop's: it doesn't change.
pub fn other_tempo(request: &Request) -> Option<String> {
    let named = request.prompt.understand().ok()?.bpm?;
    (named != request.bpm).then(|| format!("the loop stays at {}, whatever the words say: `inlay retime` changes its tempo", request.bpm))
}

/// The key of a request, for names and labels.
pub fn key(request: &Request) -> Option<Key> {
    request.key.or_else(|| request.prompt.understand().ok()?.key)
}

fn seed(harmony: &Harmony) -> Outcome<Seed> {
    harmony.seed.map_or_else(draw, Ok)
}

fn guidance(chosen: &Chosen, negative: bool) -> f64 {
    chosen.guidance[usize::from(negative)]
}

fn steps(quality: &Quality, chosen: &Chosen) -> Option<u32> {
    quality.steps.or(quality.draft.then_some((chosen.steps / 2).max(1)))
}

#[cfg(test)]
mod test;
