//! Finished takes on their way out: files, pictures, a line for each, and to the ear.

use crate::args::flags::{Format, Run};
use crate::facts::{Facts, Level, mono};
use crate::picture::{Scene, draw};
use crate::platform::interrupt;
use crate::targets::Target;
use crate::trouble::{Outcome, Trouble};
use crate::{files, play, request, said};
use anyhow::{Context as _, anyhow};
use inlay_audio::file::{self, Clip, Depth, Seat};
use inlay_audio::stereo::Width;
use inlay_engine::file::{Export, export, import};
use inlay_engine::{Outcome as Done, Stage};
use inlay_music::{Request, SampleRate, Take, Task};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// How takes become files.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// One for each take.
    pub targets: &'a [Target],
    /// Rate of the files.
    pub rate: SampleRate,
    /// Width against the take's own.
    pub width: Width,
    /// What is said, drawn and played.
    pub run: &'a Run,
}

/// What is said of a file, as JSON.
#[derive(Debug, Serialize)]
struct Line<'a> {
    file: String,
    picture: Option<String>,
    #[serde(flatten)]
    facts: &'a Facts,
    #[serde(flatten)]
    level: &'a Level,
    /// Seconds of each stage of the whole job.
    timing: BTreeMap<String, f64>,
    /// Sentences.
    notices: &'a [String],
}

impl Delivery<'_> {
    /// Writes all takes of a job, says what they are (and `said_before`, of what the job started from), and plays them.
    ///
    /// # Errors
    /// Where something can't be written or played; [`Trouble::Cancelled`] after Ctrl-C, with the takes before it written.
    pub fn bring(&self, done: &Done, said_before: &[String]) -> Outcome {
        said_before.iter().for_each(said::aside);
        for (take, target) in done.made.takes.iter().zip(self.targets) {
            if interrupt::pressed() {
                return Err(Trouble::Cancelled);
            }
            let (clip, clipped) = self.write(take, target)?;
            let notices: Vec<String> = done.made.notices.iter().cloned().chain(clipped).collect();
            // The take that the file holds: it has its rate and width, and the name that its children call it by.
            let held = import(&clip).ok().flatten();
            let held = held.as_ref().unwrap_or(take);
            let channels = &clip.channels;
            let (facts, level) = (Facts::of(held), Level::of(channels, &mono(channels), self.rate));
            if let Some(path) = &target.picture {
                picture(path, &facts, &take.about.request, channels, self.rate)?;
            }
            notices.iter().for_each(|notice| said::aside(format!("{}: {notice}", said::path(&target.audio))));
            let all: Vec<String> = said_before.iter().cloned().chain(notices).collect();
            self.say(target, &facts, &level, done, &all)?;
            if self.run.play {
                play::round(channels, self.rate)?;
            }
        }
        Ok(())
    }

    /// What the file holds, and what to say where some of it was too loud.
    fn write(&self, take: &Take, target: &Target) -> Outcome<(Clip, Option<String>)> {
        let request = &take.about.request;
        let export = export(take, self.rate, self.width);
        let format = match target.format {
            Format::Wav => file::Format::Wav24,
            Format::Flac => file::Format::Flac24,
        };
        export
            .write(&target.audio, format, self.rate, request, request::key(request), self.run.force)
            .map_err(|error| anyhow!("{}: {error}", said::path(&target.audio)))?;
        let Export { channels, note, clipped } = export;
        let clipped = (clipped > 0).then(|| format!("{clipped} samples were louder than a file can hold and are cut off at full scale"));
        let seats = vec![Seat::Other; channels.len()];
        Ok((Clip { rate: self.rate, channels, seats, depth: Depth::Int(24), bpm: Some(request.bpm), note: Some(note) }, clipped))
    }

    fn say(&self, target: &Target, facts: &Facts, level: &Level, done: &Done, notices: &[String]) -> Outcome {
        if self.run.json {
            let line = Line {
                file: target.audio.display().to_string(),
                picture: target.picture.as_ref().map(|p| p.display().to_string()),
                facts,
                level,
                timing: done.timing.iter().map(|(stage, seconds)| (name(*stage), *seconds)).collect(),
                notices,
            };
            return said::json(&line);
        }
        let seconds: f64 = done.timing.iter().map(|(_, seconds)| seconds).sum();
        let shown = said::path(&target.audio);
        said::line(format!("{shown}: {}, seed {}, {}, made in {seconds:.1} s", facts.music(), facts.seed, level.words()))
    }
}

/// The name of a stage in JSON.
pub fn name(stage: Stage) -> String {
    match serde_json::to_value(stage) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "other".into(),
    }
}

/// Draws a take into a file.
///
/// # Errors
/// Where it can't be written.
pub fn picture<C: AsRef<[f32]>>(path: &Path, facts: &Facts, request: &Request, channels: &[C], rate: SampleRate) -> Outcome {
    let (Some(left), Some(right)) = (channels.first(), channels.last()) else { return Ok(()) };
    let regions: Vec<(f64, f64)> = match &request.task {
        Task::Inpaint { regions } => regions.iter().map(|r| (r.start(), r.length())).collect(),
        _ => vec![],
    };
    let scene = Scene {
        title: &facts.prompt,
        subtitle: &facts.subtitle(),
        left: left.as_ref(),
        right: right.as_ref(),
        rate: rate.get(),
        bpm: request.bpm.get(),
        beats: request.bars.beat_count(),
        regions: &regions,
    };
    let png = draw(&scene).to_png().context("the picture can't be made")?;
    Ok(files::write(path, &png)?)
}
