//! Where the takes of one order go, settled before it starts.

use crate::args::flags::{Run, Sound};
use crate::deliver::Delivery;
use crate::request;
use crate::targets::{self, Naming, Target};
use crate::trouble::Outcome;
use inlay_audio::stereo::Width;
use inlay_music::{Request, SampleRate};
use std::path::Path;

/// Files, rate and width.
#[derive(Debug)]
pub struct Outlet {
    targets: Vec<Target>,
    rate: SampleRate,
    width: Width,
}

impl Outlet {
    /// For `variations` takes of `request`, at `usual` rate where none is asked for.
    pub fn new(request: &Request, sound: &Sound, picture: Option<&Path>, variations: u32, usual: SampleRate) -> Outcome<Self> {
        let naming = Naming { prompt: request.prompt.as_str(), bpm: request.bpm, key: request::key(request), seed: request.seed };
        let targets = targets::plan(sound.output.as_deref(), sound.format, picture, variations, naming)?;
        Ok(Self { targets, rate: sound.rate.unwrap_or(usual), width: sound.width.unwrap_or(Width::NEUTRAL) })
    }

    /// Whether all files of these can be written.
    pub fn check<'a>(outlets: impl IntoIterator<Item = &'a Self>, force: bool) -> Outcome {
        let all: Vec<Target> = outlets.into_iter().flat_map(|o| o.targets.iter().cloned()).collect();
        targets::check(&all, force)
    }

    /// The rate of the files.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// The way out, with what the command says of it.
    pub fn deliver<'a>(&'a self, run: &'a Run) -> Delivery<'a> {
        Delivery { targets: &self.targets, rate: self.rate, width: self.width, run }
    }
}
