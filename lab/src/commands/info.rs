//! `inlay info`.

mod audio;
mod program;
mod report;

use crate::args::commands::Info;
use crate::facts::{Facts, Level, mono};
use crate::parent::{Opened, open};
use crate::picture::{Scene, draw};
use crate::trouble::{Outcome, Trouble};
use crate::{deliver, files, play, said};
use anyhow::Context as _;
use audio::Audio;
use inlay_audio::file::Clip;
use inlay_engine::render;
use inlay_music::Take;
use report::Report;
use std::path::{Path, PathBuf};

/// Says what files are; without one, what this program is.
///
/// # Errors
/// Wrong use, or what failed. A file that can't be read doesn't keep the others from being told.
pub fn run(args: &Info) -> Outcome {
    if args.play {
        play::available()?;
    }
    if args.files.is_empty() {
        return program::tell(args.json);
    }
    if args.play && args.files.len() > 1 {
        return Err(Trouble::usage("--play: one file at a time can be played: name one"));
    }
    let pictures = pictures(args)?;
    let mut failed = None;
    for (file, picture) in args.files.iter().zip(pictures) {
        match tell(file, picture.as_deref(), args) {
            Err(trouble) if args.files.len() > 1 => {
                said::aside(&trouble);
                failed = Some(Trouble::Said);
            }
            told => told?,
        }
    }
    failed.map_or(Ok(()), Err)
}

/// A picture for each file, if pictures are asked for.
fn pictures(args: &Info) -> Outcome<Vec<Option<PathBuf>>> {
    let Some(place) = &args.picture else { return Ok(vec![None; args.files.len()]) };
    let paths: Vec<PathBuf> = if place.is_dir() {
        args.files.iter().map(|file| place.join(file.file_stem().unwrap_or_default()).with_extension("png")).collect()
    } else if args.files.len() > 1 {
        return Err(Trouble::usage("--picture: several files have several pictures: name a folder that is there"));
    } else {
        vec![place.clone()]
    };
    if let Some(taken) = paths.iter().find(|path| !args.force && path.exists()) {
        return Err(Trouble::usage(format!("{} is already there: add --force to replace it, or choose another name", said::path(taken))));
    }
    Ok(paths.into_iter().map(Some).collect())
}

fn tell(file: &Path, picture: Option<&Path>, args: &Info) -> Outcome {
    match open(file)? {
        Opened::Take(take) => tell_take(file, &take, picture, args),
        Opened::Audio(clip, note) => tell_audio(file, &clip, note.map(|error| error.to_string()), picture, args),
    }
}

fn tell_take(file: &Path, take: &Take, picture: Option<&Path>, args: &Info) -> Outcome {
    let (facts, rate) = (Facts::of(take), take.sound.rate);
    let level = Level::of(&take.sound.channels, &mono(&take.sound.channels), rate);
    Report { file, level, take: Some(facts.clone()), audio: None, notices: vec![] }.tell(args.json)?;
    let rendition = render(take, rate);
    let channels = [rendition.left, rendition.right];
    if let Some(path) = picture {
        deliver::picture(path, &facts, &take.about.request, &channels, rate)?;
    }
    if args.play { play::round(&channels, rate) } else { Ok(()) }
}

fn tell_audio(file: &Path, clip: &Clip, note: Option<String>, picture: Option<&Path>, args: &Info) -> Outcome {
    let level = Level::of(&clip.channels, &clip.downmix(), clip.rate);
    let mut notices: Vec<String> = note.into_iter().collect();
    let (audio, heard) = Audio::of(clip, &mut notices);
    Report { file, level, take: None, audio: Some(audio), notices }.tell(args.json)?;
    let [left, right] = clip.stereo();
    if let Some(path) = picture {
        let heard = heard.ok_or_else(|| anyhow::anyhow!("{}: without a tempo there are no bars to draw", said::path(file)))?;
        let channels = &heard.sound.channels;
        let (Some(left), Some(right)) = (channels.first(), channels.last()) else { return Ok(()) };
        let scene = Scene {
            title: &file.file_name().unwrap_or_default().to_string_lossy(),
            subtitle: &format!("{}  ·  {}", heard.found.bpm, heard.bars),
            left,
            right,
            rate: clip.rate.get(),
            bpm: heard.found.bpm.get(),
            beats: heard.bars.beat_count(),
            regions: &[],
        };
        files::write(path, &draw(&scene).to_png().context("the picture can't be made")?)?;
    }
    if args.play { play::round(&[left, right], clip.rate) } else { Ok(()) }
}
