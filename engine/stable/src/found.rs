//! Any model that this crate runs: found by its files, used through one interface.

use crate::error::{FolderError, LoraError, SettingsError, StableError};
use crate::folder::{LARGEST_CONFIG, layout, named, read};
use crate::loading::Loading;
use crate::lora::Stack;
use crate::model::{Made, Part, Stereo};
use crate::same::PartProgress;
use crate::sampler::Progress;
use crate::{
    Folder, Guidance, Length, Lora, Objective, OpenFolder, OpenObjective, Request, Sampler, StableAudio3, StableAudioOpen, Tokens,
};
use candle_core::Device;
use inlay_diffusion::Latents;
use std::{
    fs,
    ops::{ControlFlow, Range},
    path::{Path, PathBuf},
};

/// A folder whose files fit together.
#[derive(Debug)]
pub enum Found {
    /// Stable Audio 3.
    Three(Box<Folder>),
    /// Stable Audio Open.
    Open(Box<OpenFolder>),
}

impl Found {
    /// Reads the configurations and the headers of the weights in `path`, or in the folder of `path` where that is a file, and compares all
    /// shapes. No tensor is read. `text` is the folder of the text encoder, where that isn't in the model's folder or beside it.
    ///
    /// # Errors
    /// [`StableError`] for the first thing that is missing or doesn't fit.
    pub fn read(path: &Path, text: Option<&Path>) -> Result<Self, StableError> {
        let folder = named(path);
        // the weights' absence is told by who knows what to do instead
        let kind = match read(folder, "model_config.json", LARGEST_CONFIG) {
            Ok(config) => kind(&config)?,
            Err(_) => Kind::Three,
        };
        Ok(match kind {
            Kind::Three => Self::Three(Box::new(Folder::read(folder, text)?)),
            Kind::Open => Self::Open(Box::new(OpenFolder::read(folder, text)?)),
        })
    }

    /// Every folder in `models` that looks like one of a model, by name, with what was found or why it can't be used.
    ///
    /// # Errors
    /// [`FolderError::Unreadable`] where `models` can't be listed.
    pub fn all(models: &Path) -> Result<Vec<Listed>, FolderError> {
        let unreadable = |e: std::io::Error| FolderError::Unreadable { name: models.display().to_string(), reason: e.to_string() };
        let mut folders: Vec<PathBuf> =
            fs::read_dir(models).map_err(unreadable)?.filter_map(|entry| Some(entry.ok()?.path())).filter(|p| p.is_dir()).collect();
        folders.sort();
        let found = |path: PathBuf| {
            let result = Self::read(&path, None);
            // a text encoder's folder, or one of something else, is no model with something missing
            (!matches!(result, Err(StableError::Folder(FolderError::NoModel)))).then_some(Listed { path, found: result })
        };
        Ok(folders.into_iter().filter_map(found).collect())
    }

    /// The bytes that the model takes once it is loaded.
    pub fn memory(&self) -> u64 {
        match self {
            Self::Three(folder) => folder.memory(),
            Self::Open(folder) => folder.memory(),
        }
    }

    /// What kind of model it is, as people call it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Three(folder) if folder.config().objective == Objective::Flow => "Stable Audio 3 (base)",
            Self::Three(_) => "Stable Audio 3",
            Self::Open(folder) if folder.config().objective == OpenObjective::V => "Stable Audio Open 1.0",
            Self::Open(_) => "Stable Audio Open Small",
        }
    }

    /// Whether regions can be made anew.
    pub fn inpaints(&self) -> bool {
        matches!(self, Self::Three(_))
    }

    /// The longest sound in seconds.
    pub fn seconds(&self) -> f64 {
        match self {
            Self::Three(folder) => folder.config().seconds(),
            Self::Open(folder) => folder.config().seconds(),
        }
    }

    /// Samples of a latent.
    pub fn samples_per_latent(&self) -> usize {
        match self {
            Self::Three(folder) => folder.config().samples_per_latent(),
            Self::Open(folder) => folder.config().samples_per_latent(),
        }
    }

    /// Samples per second.
    pub fn sample_rate(&self) -> u32 {
        match self {
            Self::Three(folder) => folder.config().sample_rate,
            Self::Open(folder) => folder.config().sample_rate,
        }
    }

    /// How the model is usually used.
    pub fn usual(&self) -> Usual {
        let few = Usual { steps: 8, guidance: Guidance::NONE, sampler: Sampler::PingPong };
        match self {
            Self::Three(folder) if folder.config().objective == Objective::Flow => {
                Usual { steps: 50, guidance: Guidance::BASE, sampler: Sampler::Euler }
            }
            Self::Open(folder) if folder.config().objective == OpenObjective::V => {
                Usual { steps: 100, guidance: Guidance::BASE, sampler: Sampler::DpmPp3mSde }
            }
            _ => few,
        }
    }

    /// Whether LoRAs and a sampler are for this model. Headers are compared, nothing is loaded.
    ///
    /// # Errors
    /// [`LoraError`] for the first LoRA that isn't, [`SettingsError::OtherSampler`].
    pub fn check(&self, loras: &[(Lora, f32)], sampler: Sampler) -> Result<(), StableError> {
        match (self, loras) {
            (Self::Three(folder), loras) => {
                Stack::new(loras, &layout(folder.config()))?;
                crate::model::check_sampler(sampler)
            }
            (Self::Open(folder), []) => folder.config().objective.check(sampler),
            (Self::Open(_), [(lora, _), ..]) => Err(for_three(lora)),
        }
    }

    /// Loads the weights, changed by LoRAs with their strengths, in their order.
    ///
    /// # Errors
    /// [`StableError`] where a file or a LoRA doesn't fit, before memory is asked for; or where the device can't hold the model.
    pub fn load(&self, device: &Device, loras: &[(Lora, f32)], loading: &Loading<'_>) -> Result<Model, StableError> {
        match (self, loras) {
            (Self::Three(folder), loras) => Ok(Model::Three(Box::new(StableAudio3::load(folder, device, loras, loading)?))),
            (Self::Open(folder), []) => Ok(Model::Open(Box::new(StableAudioOpen::load(folder, device, loading)?))),
            (Self::Open(_), [(lora, _), ..]) => Err(for_three(lora)),
        }
    }

    /// The same, and tries the model out.
    ///
    /// # Errors
    /// As [`Found::load`] and [`Model::check`].
    pub fn load_tried(&self, device: &Device, loras: &[(Lora, f32)], loading: &Loading<'_>) -> Result<Model, StableError> {
        let model = self.load(device, loras, loading)?;
        model.check(loading)?;
        Ok(model)
    }
}

fn for_three(lora: &Lora) -> StableError {
    LoraError::OtherModel { file: lora.name().to_owned(), reason: "Stable Audio Open isn't changed by LoRAs here".into() }.into()
}

/// A folder in the models' folder.
#[derive(Debug)]
pub struct Listed {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds, or why that can't be used.
    pub found: Result<Found, StableError>,
}

/// Which models a configuration may belong to.
enum Kind {
    Three,
    Open,
}

fn kind(config: &[u8]) -> Result<Kind, FolderError> {
    let value: serde_json::Value = serde_json::from_slice(config)
        .map_err(|e| FolderError::Damaged { name: "model_config.json".into(), reason: crate::error::first_line(&e) })?;
    let encoder = value.pointer("/model/pretransform/config/encoder/type").and_then(|v| v.as_str());
    Ok(if encoder == Some("oobleck") { Kind::Open } else { Kind::Three })
}

/// How a model is usually used.
#[derive(Debug, Clone, PartialEq)]
pub struct Usual {
    /// Steps.
    pub steps: usize,
    /// Guidance.
    pub guidance: Guidance,
    /// Sampler.
    pub sampler: Sampler,
}

/// A loaded model.
#[derive(Debug)]
pub enum Model {
    /// Stable Audio 3.
    Three(Box<StableAudio3>),
    /// Stable Audio Open.
    Open(Box<StableAudioOpen>),
}

/// The same call of either model.
macro_rules! either {
    ($model:expr, $name:ident => $call:expr) => {
        match $model {
            Model::Three($name) => $call,
            Model::Open($name) => $call,
        }
    };
}

impl Model {
    /// Samples per second.
    pub fn sample_rate(&self) -> u32 {
        either!(self, m => m.config().sample_rate)
    }

    /// The longest sound in seconds.
    pub fn seconds(&self) -> f64 {
        either!(self, m => m.config().seconds())
    }

    /// Samples of a latent.
    pub fn samples_per_latent(&self) -> usize {
        either!(self, m => m.config().samples_per_latent())
    }

    /// Whether regions can be made anew.
    pub fn inpaints(&self) -> bool {
        matches!(self, Self::Three(_))
    }

    /// A prompt's tokens, and whether it is too long.
    ///
    /// # Errors
    /// Where the tokenizer can't read it.
    pub fn tokens(&self, prompt: &str) -> Result<Tokens, StableError> {
        either!(self, m => m.tokens(prompt))
    }

    /// How long what is asked for is.
    ///
    /// # Errors
    /// [`SettingsError`] where the model can't make it.
    pub fn length(&self, request: &Request<'_>) -> Result<Length, SettingsError> {
        either!(self, m => m.length(request))
    }

    /// Makes latents. `progress` is called before each evaluation of the network.
    ///
    /// # Errors
    /// [`StableError`], as its variants say.
    pub fn sample(&self, request: &Request<'_>, progress: Progress<'_>) -> Result<Made, StableError> {
        either!(self, m => m.sample(request, progress))
    }

    /// Makes the first variation's `samples` (a range of those that are asked for), and says whether the prompt was cut. Only the latents that
    /// hold them are decoded: what comes is what decoding everything would give there, within −1 to 1.
    ///
    /// # Errors
    /// As [`Model::sample`] and [`Model::decode`]; [`StableError::Device`] where the sound is no sound.
    pub fn make(
        &self,
        request: &Request<'_>,
        samples: Range<usize>,
        progress: &mut dyn FnMut(Part) -> ControlFlow<()>,
    ) -> Result<(Stereo, bool), StableError> {
        let made = self.sample(request, &mut |step| progress(Part::Step { done: step.done, all: step.total }))?;
        let latent = self.samples_per_latent();
        let (first, end) = (samples.start, samples.end.min(made.length.samples).max(samples.start));
        let latents = first / latent..end.div_ceil(latent).min(made.length.latents);
        let sounds = self.decode(&made.latents, latents, &mut |done, all| progress(Part::Decode { done, all }))?;
        let sound = sounds.into_iter().next().unwrap_or_default();
        if sound.iter().flatten().any(|v| !v.is_finite()) {
            return Err(StableError::Device("the sound's numbers are infinite or undefined".into()));
        }
        let heard = |channel: Vec<f32>| channel.into_iter().skip(first % latent).take(end - first).map(|v| v.clamp(-1.0, 1.0)).collect();
        Ok((sound.map(heard), made.cut))
    }

    /// What is heard of them.
    ///
    /// # Errors
    /// As [`Model::decode`].
    pub fn sound(&self, made: &Made, progress: PartProgress<'_>) -> Result<Vec<Stereo>, StableError> {
        either!(self, m => m.sound(made, progress))
    }

    /// Latents of two channels at the model's rate.
    ///
    /// # Errors
    /// [`StableError::Cancelled`] where `progress` wants it; [`SettingsError::Empty`] without samples.
    pub fn encode(&self, audio: &Stereo, progress: PartProgress<'_>) -> Result<Latents, StableError> {
        match self {
            Self::Three(m) => m.encode(audio, progress),
            Self::Open(m) => {
                if progress(0, 1).is_break() {
                    return Err(StableError::Cancelled);
                }
                m.encode(audio)
            }
        }
    }

    /// Audio of the latents `range`: what decoding everything would give there. Not clamped.
    ///
    /// # Errors
    /// [`StableError::Cancelled`] where `progress` wants it; [`SettingsError::Range`] where there are no such latents.
    pub fn decode(&self, latents: &Latents, range: Range<usize>, progress: PartProgress<'_>) -> Result<Vec<Stereo>, StableError> {
        either!(self, m => m.decode(latents, range, progress))
    }

    /// One step over a little noise, and its sound: a driver that computes wrongly is found before anybody hears it.
    ///
    /// # Errors
    /// [`StableError::Device`] where numbers aren't finite or far from the size that velocities and sounds have; [`StableError::Cancelled`].
    pub fn check(&self, loading: &Loading<'_>) -> Result<(), StableError> {
        either!(self, m => m.check(loading))
    }
}

#[cfg(test)]
mod test;
