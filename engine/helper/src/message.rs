//! What both sides say. Numbers of sounds and sources stand behind a message, as they are.

use inlay_diffusion::NoiseSource;
use inlay_stable::{Guidance, Part, Request, Sampler, SettingsError, Source, StableError, Stereo};
use serde::{Deserialize, Serialize};
use std::{ops::Range, path::PathBuf};

/// Which Inlay this is; the last number counts changes of what both sides say.
pub(crate) const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "-1");

/// A model in a folder, and what it is used with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Its folder.
    pub folder: PathBuf,
    /// The folder of its text encoder, where that isn't in the usual place.
    pub text: Option<PathBuf>,
    /// LoRAs that change it, with their strengths.
    pub loras: Vec<(PathBuf, f32)>,
}

/// What the helper is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// To load a model, in place of the one that is there.
    Load(Model),
    /// To make a sound.
    Make(Box<Make>),
    /// To leave what it does.
    Stop,
}

/// A request without its audio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Make {
    prompt: String,
    negative: Option<String>,
    seconds: f64,
    headroom: f64,
    /// Seeds and variations.
    noise: Vec<(u64, u32)>,
    pass: u16,
    steps: usize,
    sampler: Option<String>,
    guidance: Guidance,
    from: From,
    /// Which samples of it.
    pub samples: Range<usize>,
}

/// A source without its audio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum From {
    Nothing,
    Vary { amount: f64 },
    Inpaint { regions: Vec<Range<f64>> },
}

impl Make {
    pub fn new(request: &Request<'_>, samples: Range<usize>) -> Self {
        Self {
            prompt: request.prompt.into(),
            negative: request.negative.map(Into::into),
            seconds: request.seconds,
            headroom: request.headroom,
            noise: request.noise.items().collect(),
            pass: request.noise.pass(),
            steps: request.steps,
            sampler: request.sampler.map(|sampler| sampler.to_string()),
            guidance: request.guidance.clone(),
            from: match request.source {
                Source::Nothing => From::Nothing,
                Source::Vary { amount, .. } => From::Vary { amount },
                Source::Inpaint { regions, .. } => From::Inpaint { regions: regions.to_vec() },
            },
            samples,
        }
    }

    /// The request again, with its audio.
    ///
    /// # Errors
    /// Where there is no such sampler.
    pub fn request<'a>(&'a self, audio: &'a Stereo) -> Result<Request<'a>, SettingsError> {
        Ok(Request {
            prompt: &self.prompt,
            negative: self.negative.as_deref(),
            seconds: self.seconds,
            headroom: self.headroom,
            noise: NoiseSource::new(self.noise.iter().copied()).with_pass(self.pass),
            steps: self.steps,
            sampler: self.sampler.as_deref().map(str::parse::<Sampler>).transpose()?,
            guidance: self.guidance.clone(),
            source: match &self.from {
                From::Nothing => Source::Nothing,
                From::Vary { amount } => Source::Vary { audio, amount: *amount },
                From::Inpaint { regions } => Source::Inpaint { audio, regions },
            },
        })
    }
}

/// What the helper tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// Its first words: of which Inlay it is, and what it computes on.
    Ready { version: String, device: String },
    /// The part of a model that is loaded.
    Loading(f64),
    /// The model is there, and makes sound.
    Loaded,
    /// How far a sound is.
    Part(Part),
    /// It is made: two channels stand behind this. Whether the prompt was cut.
    Sound { cut: bool },
    /// It isn't.
    Failed(Failure),
}

/// Why something wasn't done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Failure {
    Cancelled,
    DeviceMemory,
    Said(String),
    /// What it computes on can't be trusted any more: a driver's failure stays with its process.
    Broken(String),
}

impl std::convert::From<StableError> for Failure {
    fn from(error: StableError) -> Self {
        match error {
            StableError::Cancelled => Self::Cancelled,
            StableError::DeviceMemory => Self::DeviceMemory,
            error @ (StableError::Model(_) | StableError::Device(_)) => Self::Broken(error.to_string()),
            error => Self::Said(error.to_string()),
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_request_comes_through_as_it_was() {
        let audio = [vec![0.5; 8], vec![-0.25; 8]];
        let regions = [0.1..0.30000000000000004, 0.5..0.75];
        let plain = Request { noise: NoiseSource::new([(u64::MAX, 7)]).with_pass(3), ..Request::new("drums \"92 BPM\"", 7.3, 0) };
        for source in [Source::Nothing, Source::Vary { audio: &audio, amount: 0.1 }, Source::Inpaint { audio: &audio, regions: &regions }] {
            let asked = Request {
                source,
                negative: Some("hats"),
                headroom: 6.0,
                steps: 9,
                sampler: Some(Sampler::DpmPp3mSde),
                guidance: Guidance { interval: 0.1..=0.9, rescale: 0.7, ..Guidance::BASE },
                ..plain.clone()
            };
            let json = serde_json::to_vec(&Ask::Make(Box::new(Make::new(&asked, 2..5)))).unwrap();
            let Ok(Ask::Make(make)) = serde_json::from_slice(&json) else { panic!() };
            assert_eq!((make.request(&audio).unwrap(), make.samples.clone()), (asked, 2..5));
        }
    }
}
