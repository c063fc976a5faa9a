//! Takes in audio files: what is heard as samples, everything else as the file's note.

use crate::{make, render};
use half::f16;
use inlay_audio::{
    file::{Clip, Note, round_24},
    stereo::{Width, mid_side, widen},
};
use inlay_music::{About, SampleRate, Sound, Take, loop_length};
use serde::{Deserialize, Serialize};

/// The format of the note that this version writes; it reads all up to it.
const VERSION: u32 = 1;

/// Why a file's note gives no take.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoteError {
    /// A newer Inlay wrote it.
    #[error("this file was written by a newer version of Inlay (format {0}): update Inlay to go on from it")]
    Newer(u32),
    /// What the note says can't be read.
    #[error("what Inlay wrote into this file is damaged ({0}): use another copy, or start from its audio with transform")]
    Damaged(String),
    /// The audio isn't the one that the note was written for.
    #[error(
        "this file was cut, stretched or converted since Inlay wrote it ({found} frames, {expected} expected): start from its audio with transform"
    )]
    Changed {
        /// By tempo, bars and rate.
        expected: usize,
        /// In the file.
        found: usize,
    },
}

#[derive(Serialize, Deserialize)]
struct Written {
    inlay: u32,
    take: About,
}

/// Only the version, which is read first.
#[derive(Deserialize)]
struct Version {
    inlay: u32,
}

/// A take ready to be written: channels at `rate`, `width` times as wide, and its note. One channel where the take has no side.
pub fn export(take: &Take, rate: SampleRate, width: Width) -> (Vec<Vec<f32>>, Note) {
    let mut about = take.about.clone();
    let request = &about.request;
    let frames = loop_length(request.bpm, request.bars.beats(), rate);
    let own = if take.sound.channels.len() == 1 { about.width * width.get() } else { about.width };
    let (left, right) = render::stereo(&take.sound, own, rate, frames);
    let channels = if take.sound.channels.len() == 1 && about.width == 0.0 {
        vec![left]
    } else if take.sound.channels.len() == 2 && width != Width::NEUTRAL {
        let (mid, side) = mid_side(&left, &right);
        let (left, right) = widen(&mid, &side, width.get());
        vec![left, right].into_iter().map(|c| c.into_iter().map(round_24).collect()).collect()
    } else {
        vec![left, right]
    };
    about.width *= width.get();
    // plain data: serializing it has nothing to fail on
    let json = serde_json::to_string(&Written { inlay: VERSION, take: about }).unwrap_or_default();
    let latents = take.latents.iter().flat_map(|v| v.to_le_bytes()).collect();
    (channels, Note { json, latents })
}

/// The take that a file holds, if Inlay wrote it: its sound is the file's.
///
/// # Errors
/// [`NoteError`] where the note is damaged, from a newer version, or not this audio's.
pub fn import(clip: &Clip) -> Result<Option<Take>, NoteError> {
    let Some(note) = clip.note.as_ref().filter(|n| !n.is_empty()) else { return Ok(None) };
    let damaged = |e: serde_json::Error| NoteError::Damaged(e.to_string());
    let version: Version = serde_json::from_str(&note.json).map_err(damaged)?;
    if version.inlay > VERSION {
        return Err(NoteError::Newer(version.inlay));
    }
    let Written { take: about, .. } = serde_json::from_str(&note.json).map_err(damaged)?;
    let request = &about.request;
    let expected = loop_length(request.bpm, request.bars.beats(), clip.rate).get();
    if clip.frames().get() != expected || !(1..=2).contains(&clip.channels.len()) {
        return Err(NoteError::Changed { expected, found: clip.frames().get() });
    }
    let (values, rest) = note.latents.as_chunks::<2>();
    let latents: Vec<f16> = values.iter().map(|b| f16::from_le_bytes(*b)).collect();
    if !rest.is_empty() || latents.iter().any(|v| !v.is_finite()) || !about.gain.is_finite() || !about.width.is_finite() {
        return Err(NoteError::Damaged("numbers that are none".into()));
    }
    let channels = clip.channels.iter().map(|c| c.iter().map(|v| round_24(*v)).collect()).collect();
    Ok(Some(make::finish(about, latents, Sound { rate: clip.rate, channels })))
}
