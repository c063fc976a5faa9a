//! Takes in audio files: what is heard as samples, everything else as the file's note.

use crate::{make, render};
use half::f16;
use inlay_audio::{
    file::{self, Clip, Format, Note, Sheet, WriteError, round_24, round_all_24},
    stereo::{Width, mid_side, widen},
};
use inlay_music::{About, Key, Request, SampleRate, Sound, Take, Task, loop_length};
use serde::{Deserialize, Serialize};
use std::path::Path;

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

/// A take ready to be written.
#[derive(Debug, Clone)]
pub struct Export {
    /// One channel where the take has no side, else two, of 24-bit values.
    pub channels: Vec<Vec<f32>>,
    /// Everything else.
    pub note: Note,
    /// Samples that lay above full scale and were held there.
    pub clipped: usize,
}

/// A take at `rate`, `width` times as wide.
pub fn export(take: &Take, rate: SampleRate, width: Width) -> Export {
    let mut about = take.about.clone();
    let request = &about.request;
    let frames = loop_length(request.bpm, request.bars.beats(), rate);
    let one = take.sound.channels.len() == 1;
    let own = if one { about.width * width.get() } else { about.width };
    let (mut left, mut right) = render::exact(&take.sound, own, rate, frames);
    if !one && width != Width::NEUTRAL {
        let (mid, side) = mid_side(&left, &right);
        (left, right) = widen(&mid, &side, width.get());
    }
    let mut channels = if one && about.width == 0.0 { vec![left] } else { vec![left, right] };
    let clipped = channels.iter().flatten().filter(|v| v.abs() > 1.0).count();
    channels.iter_mut().for_each(|c| round_all_24(c));
    about.width *= width.get();
    // plain data: serializing it has nothing to fail on
    let json = serde_json::to_string(&Written { inlay: VERSION, take: about }).unwrap_or_default();
    let latents = take.latents.iter().flat_map(|v| v.to_le_bytes()).collect();
    Export { channels, note: Note { json, latents }, clipped }
}

impl Export {
    /// Writes it as a loop that says what it is to other programs: tempo, length, words, and `key`, where there is one. A file that is there
    /// already is replaced only with `replace`.
    ///
    /// # Errors
    /// [`WriteError`]; nothing of the file is left then.
    pub fn write(
        &self,
        path: &Path,
        format: Format,
        rate: SampleRate,
        request: &Request,
        key: Option<Key>,
        replace: bool,
    ) -> Result<(), WriteError> {
        let sheet = Sheet {
            bpm: request.bpm,
            beats: request.bars.beats(),
            root: key.map(|key| key.tonic.number()),
            key: &key.map(|key| key.short()).unwrap_or_default(),
            title: request.prompt.as_str(),
            looped: true,
            note: &self.note,
        };
        file::write(path, format, rate, &self.channels, &sheet, replace).map(drop)
    }
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
    if !rest.is_empty() {
        return Err(NoteError::Damaged("half a number".into()));
    }
    check(&about).and_then(|()| check_latents(&about, &latents)).map_err(NoteError::Damaged)?;
    let channels = clip.channels.iter().map(|c| c.iter().map(|v| round_24(*v)).collect()).collect();
    Ok(Some(make::finish(about, latents, Sound { rate: clip.rate, channels })))
}

/// No latent that a model made is anywhere near this.
const LARGEST_LATENT: f32 = 100.0;

/// Whether what is said of a take fits together and lies in the ranges that Inlay writes.
///
/// # Errors
/// What is wrong, in a few words.
pub fn check(about: &About) -> Result<(), String> {
    let request = &about.request;
    let name = |s: &str| s.len() <= 128 && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let known = |s: &str| name(s).then_some(()).ok_or_else(|| "a name that is none".to_owned());
    known(&about.model)?;
    known(&about.codec)?;
    about.parent.as_ref().map_or(Ok(()), |parent| known(&parent.0))?;
    // comparisons are false for what is no number
    let sane = about.gain > 0.0 && about.gain < 1e6 && (0.0..=16.0).contains(&about.width);
    let usual = (1..=1000).contains(&request.steps) && (0.0..=100.0).contains(&request.guidance);
    if !sane || !usual {
        return Err("numbers out of range".into());
    }
    // whichever model has it: the name of a sampler is no reason to lose a sound
    let sampled = request.sampler.parse::<inlay_diffusion::Sampler>().is_ok() || request.sampler.parse::<inlay_stable::Sampler>().is_ok();
    if request.sampler.len() > 32 || !sampled {
        return Err("a sampler that is unknown".into());
    }
    if about.made_by.as_ref().is_some_and(|name| name.chars().count() > About::LONGEST_NAME || name.chars().any(char::is_control)) {
        return Err("a name that is none".into());
    }
    for chart in [&request.chords, &about.chords].into_iter().flatten() {
        chart.per_beat(request.bars).map_err(|e| e.to_string())?;
    }
    if let Task::Inpaint { regions } = &request.task {
        regions.iter().try_for_each(|r| r.check(request.bars).map(drop)).map_err(|e| e.to_string())?;
    }
    request.prompt.understand_at(Some(request.bpm)).map(drop).map_err(|e| e.to_string())
}

/// Whether latents are those of a take that is `about` this.
///
/// # Errors
/// What is wrong, in a few words.
pub fn check_latents(about: &About, latents: &[f16]) -> Result<(), String> {
    // NaN is not below anything
    if !latents.iter().all(|v| v.to_f32().abs() <= LARGEST_LATENT) {
        return Err("numbers out of range".into());
    }
    // a model from disk leaves none
    if latents.is_empty() && about.made_by.is_some() {
        return Ok(());
    }
    make::fits(&about.request, latents).map_err(|e| e.to_string())
}

#[cfg(test)]
mod test {
    use super::*;
    use inlay_audio::file::Depth;
    use inlay_music::{Bars, Bpm, Prompt, Seed};
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
            made_at: None,
            model: "m".into(),
            codec: "c".into(),
            gain: 0.5,
            width: 0.35,
            from_audio: false,
            made_by: None,
        };
        let rate = SampleRate::new(8000).unwrap();
        let sound = Sound { rate, channels: vec![vec![0.25; 8000].into(), vec![-0.25; 8000].into()] };
        let take = make::finish(about, vec![f16::ONE; 32 * 64], sound);
        let Export { channels, note, .. } = export(&take, rate, Width::NEUTRAL);
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
        let mono = export(&take, take.sound.rate, Width::MONO);
        assert!(mono.channels.iter().flatten().all(|v| *v == 0.0));
        let same = export(&take, take.sound.rate, Width::NEUTRAL);
        assert_eq!((same.channels[0][0], same.clipped), (0.25, 0));
        assert!(same.note.json.contains("\"width\":0.35"));
    }

    #[test]
    fn what_passes_full_scale_is_counted() {
        let mut take = import(&clip()).unwrap().unwrap();
        take.sound.channels = vec![vec![0.9; 8000].into(), vec![-0.9; 8000].into()];
        let wide = export(&take, take.sound.rate, Width::new(2.0).unwrap());
        assert_eq!(wide.clipped, 16_000);
    }

    #[test]
    fn loops_are_exactly_as_long_as_their_bars_at_every_tempo_and_rate() {
        let take = import(&clip()).unwrap().unwrap();
        for bars in Bars::ALL {
            for bpm in [40.0, 59.99, 60.0, 92.5, 119.999, 120.0, 128.0, 174.0, 239.7, 240.0] {
                for rate in [8_000, 22_050, 44_100, 48_000, 88_200, 96_000] {
                    if bars.get() == 16 && bpm < 60.0 || f64::from(bars.get() * rate) / bpm > 1_500.0 {
                        continue;
                    }
                    let mut take = take.clone();
                    (take.about.request.bars, take.about.request.bpm) = (bars, Bpm::new(bpm).unwrap());
                    let exact = f64::from(bars.beat_count()) * 60.0 / bpm * f64::from(rate);
                    let frames = export(&take, SampleRate::new(rate).unwrap(), Width::NEUTRAL).channels[1].len();
                    assert!((frames as f64 - exact).abs() <= 0.5, "{bars} at {bpm} BPM and {rate} Hz: {frames}");
                }
            }
        }
    }

    #[test]
    fn a_note_with_parts_that_do_not_fit_is_damaged() {
        let broken = |from: &str, to: &str| {
            let mut clip = clip();
            let note = clip.note.as_mut().unwrap();
            assert!(note.json.contains(from), "{}", note.json);
            note.json = note.json.replace(from, to);
            import(&clip)
        };
        for (from, to) in [
            ("\"steps\":16", "\"steps\":4294967295"),
            ("\"guidance\":3.0", "\"guidance\":1e308"),
            ("dpm++2m", &"x".repeat(100_000)),
            ("\"model\":\"m\"", "\"model\":\"\\u001b[2J\""),
            ("\"chords\":\"Am F\"", "\"chords\":\"Am | F | C | G\""),
            ("\"generate\"", "{\"inpaint\":{\"regions\":[{\"start\":60.0,\"length\":1.0}]}}"),
        ] {
            let error = broken(from, to).unwrap_err();
            assert!(matches!(error, NoteError::Damaged(_)) && error.to_string().len() < 400, "{error}");
        }
    }
}
