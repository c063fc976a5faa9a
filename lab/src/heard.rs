//! A loop in somebody's audio file: its tempo, where its bars begin, and how many of them are taken.

use crate::trouble::{Outcome, Trouble};
use inlay_audio::file::Clip;
use inlay_audio::tempo::{Detected, TempoError, detect, locate};
use inlay_music::{Bars, Bpm, Feel, Sound, loop_length};
use std::sync::Arc;

/// Where a tempo comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// Somebody said it.
    Given,
    /// The file says it.
    Stated,
    /// It was heard.
    Detected,
}

/// What was made of a file.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Tempo, downbeat and bars.
    pub found: Detected,
    /// Where the tempo comes from.
    pub known: Known,
    /// How many bars are taken.
    pub bars: Bars,
    /// These bars: mono or stereo, exactly as long as they are at the tempo.
    pub sound: Arc<Sound>,
    /// What the user should know: sentences.
    pub said: Vec<String>,
}

/// Takes `bars` bars, else the most that fit, from the downbeat of `clip`, at tempo `bpm`, else the one that the file states, else the
/// one that is heard.
///
/// # Errors
/// Where no tempo is heard or not enough bars fit.
pub fn cut(clip: &Clip, bpm: Option<Bpm>, bars: Option<Bars>) -> Outcome<Heard> {
    let mono = clip.downmix();
    let stated = clip.bpm;
    let (known, found) = match (bpm, stated) {
        (Some(bpm), _) => (Known::Given, locate(&mono, clip.rate, bpm)),
        (None, Some(bpm)) => (Known::Stated, locate(&mono, clip.rate, bpm)),
        (None, None) => (Known::Detected, detect(&mono, clip.rate)),
    };
    let found = found.map_err(|error| match error {
        TempoError::NoBeat => Trouble::Failed(anyhow::anyhow!("no tempo can be heard in it: give it one with --bpm 120, say")),
        short @ TempoError::TooShort(_) => Trouble::Failed(short.into()),
    })?;
    let bars = choose(&found, bars)?;
    let mut said = Vec::new();
    let channels = if clip.channels.len() > 2 {
        said.push(format!("its {} channels were folded to stereo", clip.channels.len()));
        clip.stereo().to_vec()
    } else {
        clip.channels.clone()
    };
    let first = found.downbeat.get();
    let length = loop_length(found.bpm, bars.beats(), clip.rate).get();
    let total = clip.frames().get();
    let channels = channels.into_iter().map(|c| stretch_of(&c, first, length)).collect();
    let after = total.saturating_sub(first + length);
    let missing = (first + length).saturating_sub(total);
    said.extend(tempo_words(known, &found));
    said.extend(place_words(bars, clip.rate.get(), first, after, missing));
    Ok(Heard { bars, known, sound: Arc::new(Sound { rate: clip.rate, channels }), found, said })
}

/// The bars asked for, if they fit; else as many as fit and can be made.
fn choose(found: &Detected, asked: Option<Bars>) -> Outcome<Bars> {
    match asked {
        Some(asked) if asked > found.bars => Err(Trouble::usage(format!(
            "only {} at {} are in it from its first downbeat on, not {}: choose --bars {}, or correct its tempo with --bpm",
            found.bars,
            found.bpm,
            asked,
            found.bars.get()
        ))),
        Some(asked) => Ok(asked),
        None => {
            let possible = |bars: &Bars| *bars <= found.bars && Feel::Normal.making(found.bpm, *bars).is_ok();
            let [shortest, ..] = Bars::ALL;
            Ok(Bars::ALL.into_iter().rev().find(possible).unwrap_or(shortest))
        }
    }
}

/// `length` samples from `first`, silence where there are none.
fn stretch_of(channel: &[f32], first: usize, length: usize) -> Arc<[f32]> {
    channel.iter().skip(first).copied().chain(std::iter::repeat(0.0)).take(length).collect()
}

fn tempo_words(known: Known, found: &Detected) -> Option<String> {
    let others = || found.alternatives.iter().map(|bpm| bpm.get().to_string()).collect::<Vec<_>>().join(" or ");
    match known {
        Known::Given => None,
        Known::Stated => Some(format!("its tempo is {}, as it says itself", found.bpm)),
        Known::Detected if found.confidence < 0.5 => {
            Some(format!("its tempo is hard to hear: {} is a guess ({} may be meant); say it with --bpm", shown(found.bpm), others()))
        }
        Known::Detected => Some(format!("its tempo was detected as {} (say it with --bpm where {} is meant)", shown(found.bpm), others())),
    }
}

fn shown(bpm: Bpm) -> String {
    format!("{} BPM", (bpm.get() * 100.0).round() / 100.0)
}

fn place_words(bars: Bars, rate: u32, before: usize, after: usize, missing: usize) -> Option<String> {
    let seconds = |frames: usize| format!("{:.2} s", frames as f64 / f64::from(rate));
    let mut parts = Vec::new();
    if before > 0 {
        parts.push(format!("{} before its first downbeat", seconds(before)));
    }
    if after > 0 {
        parts.push(format!("{} after them", seconds(after)));
    }
    match (parts.is_empty(), missing) {
        (true, 0) => None,
        (false, 0) => Some(format!("{bars} were taken; {} were left out", parts.join(" and "))),
        (true, missing) => Some(format!("{bars} were taken; the last lacked {missing} samples, which are silent now")),
        (false, missing) => Some(format!(
            "{bars} were taken; {} were left out; the last bar lacked {missing} samples, which are silent now",
            parts.join(" and ")
        )),
    }
}

#[cfg(test)]
mod test;
