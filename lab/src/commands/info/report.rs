//! A file's report: lines for people, or JSON.

use super::audio::Audio;
use super::program::own_model;
use crate::facts::{Facts, Level};
use crate::heard::Known;
use crate::said;
use crate::trouble::Outcome;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;

/// All there is to say of a file.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub file: &'a Path,
    pub level: Level,
    /// What made it, where Inlay wrote it.
    pub take: Option<Facts>,
    /// What was heard, where it didn't.
    pub audio: Option<Audio>,
    pub notices: Vec<String>,
}

#[derive(Serialize)]
struct Json<'a> {
    file: String,
    /// Whether Inlay wrote it and can go on from it.
    inlay: bool,
    #[serde(flatten)]
    level: &'a Level,
    #[serde(flatten)]
    take: Option<&'a Facts>,
    #[serde(flatten)]
    audio: Option<&'a Audio>,
    notices: &'a [String],
}

impl Report<'_> {
    /// Prints it.
    pub(super) fn tell(&self, json: bool) -> Outcome {
        if !json {
            return said::print(self.lines().as_bytes());
        }
        let json = Json {
            file: self.file.display().to_string(),
            inlay: self.take.is_some(),
            level: &self.level,
            take: self.take.as_ref(),
            audio: self.audio.as_ref(),
            notices: &self.notices,
        };
        said::json(&json)
    }

    fn lines(&self) -> String {
        let mut rows: Vec<(&str, String)> = vec![];
        let Level { rate, channels, frames, seconds, .. } = self.level;
        let sides = match channels {
            1 => "mono".into(),
            2 => "stereo".into(),
            n => format!("{n} channels"),
        };
        let depth = self.audio.as_ref().map(|a| format!(", {}", a.depth)).unwrap_or_default();
        rows.push(("sound", format!("{seconds:.3} s, {frames} frames at {rate} Hz, {sides}{depth}")));
        rows.push(("level", self.level.words()));
        if let Some(take) = &self.take {
            take_rows(take, &mut rows);
        }
        if let Some(audio) = &self.audio {
            audio_rows(audio, &mut rows);
        }
        rows.extend(self.notices.iter().map(|notice| ("note", notice.clone())));
        let mut text = format!("{}\n", said::path(self.file));
        for (name, value) in rows {
            // Writing into a string can't fail.
            let _ = writeln!(text, "  {name:<9}{}", said::clean(&value));
        }
        text
    }
}

fn take_rows(take: &Facts, rows: &mut Vec<(&str, String)>) {
    rows.push(("music", take.music()));
    rows.extend(take.chords.iter().map(|chords| ("chords", chords.clone())));
    rows.push(("prompt", take.prompt.clone()));
    rows.extend(take.negative.iter().map(|negative| ("negative", negative.clone())));
    let regions = if take.regions.is_empty() { String::new() } else { format!(" of {}", take.regions.join(", ")) };
    let amount = take.amount.map(|amount| format!(" by {amount}")).unwrap_or_default();
    let variation = if take.variation > 0 { format!(", variation {}", take.variation + 1) } else { String::new() };
    let how = format!("{} steps of {}, guidance {}", take.steps, take.sampler, take.guidance);
    rows.push(("made by", format!("{}{regions}{amount}, seed {}{variation}, {how}", take.task, take.seed)));
    let parent = take.parent.as_ref().map(|parent| format!(", from {}", short(parent))).unwrap_or_default();
    rows.push(("take", format!("{}{parent}", short(&take.take))));
    if take.from_audio {
        rows.push(("source", "sound from an audio file is part of it".into()));
    }
    let whose = match &take.made_by {
        Some(name) => name,
        None if take.model == own_model() => "this program's own",
        None => "not this program's",
    };
    rows.push(("model", format!("{}, {whose}", short(&take.model))));
}

fn audio_rows(audio: &Audio, rows: &mut Vec<(&str, String)>) {
    if let (Some(bpm), Some(known), Some(bars), Some(downbeat)) = (audio.bpm, audio.tempo, audio.bars, audio.downbeat) {
        let bpm = (bpm * 100.0).round() / 100.0;
        let sure = audio.confidence.map(|c| format!(", {:.0} % on its sixteenths", 100.0 * c)).unwrap_or_default();
        rows.push(match known {
            Known::Detected => ("tempo", format!("{bpm} BPM, detected{sure}")),
            Known::Stated | Known::Given => ("tempo", format!("{bpm} BPM, as the file says")),
        });
        let first = if downbeat > 0.0 { format!(" from {downbeat:.3} s on") } else { String::new() };
        rows.push(("bars", format!("{bars} bar{}{first}", if bars == 1 { "" } else { "s" })));
    }
    if !audio.notes.is_empty() {
        rows.push(("notes", audio.notes.join(" ")));
    }
}

/// As much of a hash as people compare.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
