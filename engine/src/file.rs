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
    // comparisons are false for what is no number
    let sane = about.gain > 0.0 && about.gain < 1e6 && (0.0..=16.0).contains(&about.width);
    if !rest.is_empty() || latents.iter().any(|v| !v.is_finite()) || !sane {
        return Err(NoteError::Damaged("numbers out of range".into()));
    }
    let channels = clip.channels.iter().map(|c| c.iter().map(|v| round_24(*v)).collect()).collect();
    Ok(Some(make::finish(about, latents, Sound { rate: clip.rate, channels })))
}

#[cfg(test)]
mod test {
    use super::*;
    use inlay_audio::file::Depth;
    use inlay_music::{Bars, Bpm, Prompt, Request, Seed, Task};
    use proptest::prelude::*;

    fn clip() -> Clip {
        let request = Request {
            task: Task::Generate,
            prompt: Prompt::new("drums").unwrap(),
            negative: None,
            bars: Bars::new(1).unwrap(),
            bpm: Bpm::new(240.0).unwrap(),
            key: Some("Am".parse().unwrap()),
            chords: Some("Am F".parse().unwrap()),
            feel: Default::default(),
            seed: Seed(1),
            variation: 0,
            steps: 16,
            guidance: 3.0,
            sampler: "dpm++2m".into(),
        };
        let about = About {
            chords: request.chords.clone(),
            request,
            parent: None,
            model: "m".into(),
            codec: "c".into(),
            gain: 0.5,
            width: 0.35,
            from_audio: false,
        };
        let rate = SampleRate::new(8000).unwrap();
        let sound = Sound { rate, channels: vec![vec![0.25; 8000].into(), vec![-0.25; 8000].into()] };
        let take = make::finish(about, vec![f16::ONE; 32 * 64], sound);
        let (channels, note) = export(&take, rate, Width::NEUTRAL);
        Clip { rate, channels, seats: vec![], depth: Depth::Int(24), bpm: None, note: Some(note) }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn a_damaged_note_is_refused_or_read_but_never_panics(at in 0usize..2000, byte in 32u8..127, cut in 0usize..6000, halve in any::<bool>()) {
            let mut clip = clip();
            let note = clip.note.as_mut().unwrap();
            let mut json = note.json.clone().into_bytes();
            let at = at % json.len();
            json[at] = byte;
            note.json = String::from_utf8(json).unwrap();
            if halve {
                note.latents.truncate(cut);
            }
            if let Ok(Some(take)) = import(&clip) {
                prop_assert!(take.about.gain > 0.0);
            }
        }

        #[test]
        fn any_text_as_a_note_is_refused(json in ".{0,200}") {
            let mut clip = clip();
            clip.note.as_mut().unwrap().json = json;
            prop_assert!(!matches!(import(&clip), Ok(Some(_))));
        }
    }

    #[test]
    fn a_note_from_a_newer_version_says_so() {
        let mut clip = clip();
        let note = clip.note.as_mut().unwrap();
        note.json = note.json.replacen("\"inlay\":1", "\"inlay\":2", 1);
        assert_eq!(import(&clip), Err(NoteError::Newer(2)));
    }

    #[test]
    fn width_is_written_into_the_samples_and_remembered() {
        let take = import(&clip()).unwrap().unwrap();
        let (mono, _) = export(&take, take.sound.rate, Width::MONO);
        assert!(mono.iter().flatten().all(|v| *v == 0.0));
        let (same, note) = export(&take, take.sound.rate, Width::NEUTRAL);
        assert_eq!(same[0][0], 0.25);
        assert!(note.json.contains("\"width\":0.35"));
    }
}
