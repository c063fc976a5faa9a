//! `model_config.json` of Stable Audio Open.

use super::{dit, oobleck};
use crate::error::{FolderError, first_line};
use crate::folder::{Conditioning, Typed, bounds, known};
use serde::Deserialize;

/// What the network predicts, and with it how it is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenObjective {
    /// 1.0: the velocity on the circle of signal and noise; DPM-Solver++ 3M SDE, 100 steps, guidance 7.
    V,
    /// Small: the velocity of a straight flow, post-trained; ping-pong, 8 steps, no guidance.
    Denoiser,
}

/// A Stable Audio Open model.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenConfig {
    /// Samples of a sound; always all of them are made.
    pub sample_size: usize,
    /// Samples per second.
    pub sample_rate: u32,
    /// How it is sampled.
    pub objective: OpenObjective,
    /// The text encoder's folder, `t5-base`.
    pub text: String,
    pub(crate) max_length: usize,
    pub(crate) cond_dim: usize,
    /// Names and ranges of what is told as numbers, in their order.
    pub(crate) numbers: Vec<(String, (f32, f32))>,
    pub(crate) dit: dit::Config,
    pub(crate) codec: oobleck::Config,
}

#[derive(Deserialize)]
struct File {
    sample_size: usize,
    sample_rate: u32,
    audio_channels: usize,
    model: Model,
}

#[derive(Deserialize)]
struct Model {
    pretransform: Typed<oobleck::Autoencoder>,
    conditioning: Conditioning,
    diffusion: Diffusion,
    io_channels: usize,
}

#[derive(Deserialize)]
struct Prompt {
    t5_model_name: String,
    #[serde(default = "tokens")]
    max_length: usize,
}

fn tokens() -> usize {
    128
}

#[derive(Deserialize)]
struct Number {
    min_val: f32,
    max_val: f32,
}

#[derive(Deserialize)]
struct Diffusion {
    cross_attention_cond_ids: Vec<String>,
    global_cond_ids: Vec<String>,
    #[serde(default)]
    diffusion_objective: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    config: dit::Config,
}

impl OpenConfig {
    /// Reads the file's content.
    ///
    /// # Errors
    /// [`FolderError`] where it isn't one, or describes what can't be run.
    pub fn parse(bytes: &[u8]) -> Result<Self, FolderError> {
        let damaged = |e: serde_json::Error| FolderError::Damaged { name: "model_config.json".into(), reason: first_line(&e) };
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(damaged)?;
        let kind = |pointer: &str| value.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        known("the kind", &kind("/model_type"), "diffusion_cond")?;
        known("a codec", &kind("/model/pretransform/config/encoder/type"), "oobleck")?;
        let File { sample_size, sample_rate, audio_channels, model } = serde_json::from_value(value).map_err(damaged)?;
        known("a diffusion", &model.diffusion.kind, "dit")?;
        known("a codec", &model.pretransform.kind, "autoencoder")?;
        bounds("sample_rate", sample_rate as usize, 1..=384_000)?;
        bounds("audio_channels", audio_channels, 2..=2)?;
        let cond_dim = model.conditioning.cond_dim;
        bounds("cond_dim", cond_dim, 1..=8192)?;
        let codec = model.pretransform.config.check()?;
        bounds("sample_size", sample_size, codec.samples_per_latent()..=1 << 26)?;
        bounds("io_channels", model.io_channels, codec.latent_dim..=codec.latent_dim)?;
        let (mut prompt, mut numbers) = (None, vec![]);
        for condition in model.conditioning.configs {
            match condition.kind.as_str() {
                "t5" => prompt = Some(serde_json::from_value::<Prompt>(condition.config).map_err(damaged)?),
                "number" if condition.id.starts_with("seconds_") => {
                    let Number { min_val, max_val } = serde_json::from_value(condition.config).map_err(damaged)?;
                    if !(min_val.is_finite() && max_val.is_finite() && min_val < max_val) {
                        let found = format!("{min_val} to {max_val}");
                        return Err(FolderError::Absurd { what: "a number of seconds", found, allowed: "a range".into() });
                    }
                    numbers.push((condition.id, (min_val, max_val)));
                }
                kind => return Err(FolderError::Unknown { what: "a condition", found: format!("{}: {kind}", condition.id) }),
            }
        }
        let prompt = prompt.ok_or(FolderError::Unknown { what: "the prompt", found: "none".into() })?;
        known("the text encoder", &prompt.t5_model_name, "t5-base")?;
        bounds("max_length", prompt.max_length, 1..=4096)?;
        bounds("conditions by number", numbers.len(), 1..=8)?;
        let names: Vec<&String> = numbers.iter().map(|(name, _)| name).collect();
        let Diffusion { cross_attention_cond_ids: cross, global_cond_ids: global, diffusion_objective, config: dit, .. } = model.diffusion;
        if cross.first().map(String::as_str) != Some("prompt") || cross.iter().skip(1).ne(names.iter().copied()) || global.iter().ne(names)
        {
            return Err(FolderError::Unknown { what: "conditions", found: [cross, global].concat().join(", ") });
        }
        dit.check(codec.latent_dim, cond_dim, numbers.len())?;
        Ok(Self {
            sample_size,
            sample_rate,
            objective: match diffusion_objective.as_deref() {
                None | Some("v") => OpenObjective::V,
                Some("rf_denoiser") => OpenObjective::Denoiser,
                Some(other) => return Err(FolderError::Unknown { what: "the objective", found: other.into() }),
            },
            text: prompt.t5_model_name,
            max_length: prompt.max_length,
            cond_dim,
            numbers,
            dit,
            codec,
        })
    }

    /// Samples of a latent.
    pub fn samples_per_latent(&self) -> usize {
        self.codec.samples_per_latent()
    }

    /// Numbers of a latent.
    pub fn latent_channels(&self) -> usize {
        self.codec.latent_dim
    }

    /// Latents of a sound.
    pub fn latents(&self) -> usize {
        self.sample_size / self.samples_per_latent()
    }

    /// The longest sound in seconds.
    pub fn seconds(&self) -> f64 {
        self.sample_size as f64 / f64::from(self.sample_rate)
    }
}
