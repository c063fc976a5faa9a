//! `model_config.json`: what Inlay reads of it, with bounds.

use crate::error::{FolderError, first_line};
use crate::schedule::Shift;
use crate::{dit, same};
use serde::Deserialize;
use std::ops::RangeInclusive;

/// What the network was trained to predict, and with it how it is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Objective {
    /// Post-trained for few steps: ping-pong, 8 steps, no guidance.
    #[serde(rename = "rf_denoiser")]
    Denoiser,
    /// A base model: Euler, 50 steps, guidance 7.
    #[serde(rename = "rectified_flow")]
    Flow,
}

/// Where the text encoder is and how many tokens it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextConfig {
    /// The encoder's folder beside the configuration.
    pub folder: String,
    /// Tokens of a prompt; what is beyond is cut.
    pub max_length: usize,
}

/// A Stable Audio 3 model.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Samples of the longest sound.
    pub sample_size: usize,
    /// Samples per second.
    pub sample_rate: u32,
    /// How it is sampled.
    pub objective: Objective,
    /// Whether latents beyond the sound are masked.
    pub mask_padding: bool,
    /// How steps are spread over noise levels.
    pub shift: Shift,
    /// Its text encoder.
    pub text: TextConfig,
    /// The range of `seconds_total`.
    pub seconds: (f32, f32),
    /// Numbers of a condition.
    pub(crate) cond_dim: usize,
    pub(crate) dit: dit::Config,
    pub(crate) codec: same::Config,
}

#[derive(Deserialize)]
struct File {
    model_type: String,
    sample_size: usize,
    sample_rate: u32,
    audio_channels: usize,
    model: Model,
}

#[derive(Deserialize)]
struct Model {
    pretransform: Typed<same::Autoencoder>,
    conditioning: Conditioning,
    diffusion: Diffusion,
    io_channels: usize,
}

/// A part with its kind.
#[derive(Deserialize)]
pub(crate) struct Typed<T> {
    #[serde(rename = "type")]
    pub kind: String,
    pub config: T,
}

/// What the model is conditioned on.
#[derive(Deserialize)]
pub(crate) struct Conditioning {
    pub configs: Vec<Condition>,
    pub cond_dim: usize,
}

/// One of the conditions.
#[derive(Deserialize)]
pub(crate) struct Condition {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub config: serde_json::Value,
}

#[derive(Deserialize)]
struct Prompt {
    max_length: usize,
    padding_mode: String,
    subfolder: String,
}

#[derive(Deserialize)]
struct Number {
    min_val: f32,
    max_val: f32,
    #[serde(default)]
    fourier_features_type: String,
}

#[derive(Deserialize)]
struct Diffusion {
    cross_attention_cond_ids: Vec<String>,
    global_cond_ids: Vec<String>,
    #[serde(default)]
    local_add_cond_ids: Vec<String>,
    diffusion_objective: serde_json::Value,
    #[serde(default)]
    mask_padding_attention: bool,
    #[serde(default)]
    sampling_distribution_shift_options: Option<Shift>,
    #[serde(rename = "type")]
    kind: String,
    config: dit::Config,
}

impl Config {
    /// Reads the file's content.
    ///
    /// # Errors
    /// [`FolderError`] where it isn't one, or describes what can't be run.
    pub fn parse(bytes: &[u8]) -> Result<Self, FolderError> {
        let damaged = |e: serde_json::Error| FolderError::Damaged { name: "model_config.json".into(), reason: first_line(&e) };
        // the kind first: configurations of other kinds have other parts
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(damaged)?;
        let kind = |pointer: &str| value.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        known("the kind", &kind("/model_type"), "diffusion_cond_inpaint")?;
        known("a diffusion", &kind("/model/diffusion/type"), "dit")?;
        known("a codec", &kind("/model/pretransform/config/encoder/type"), "taae_v2")?;
        let file: File = serde_json::from_value(value).map_err(damaged)?;
        file.check()
    }

    /// Samples of a latent.
    pub fn samples_per_latent(&self) -> usize {
        self.codec.samples_per_latent()
    }

    /// Numbers of a latent.
    pub fn latent_channels(&self) -> usize {
        self.codec.latent_dim
    }

    /// The longest sound in seconds.
    pub fn seconds(&self) -> f64 {
        self.sample_size as f64 / f64::from(self.sample_rate)
    }
}

impl File {
    fn check(self) -> Result<Config, FolderError> {
        let Model { pretransform, conditioning, diffusion, io_channels } = self.model;
        known("the kind", &self.model_type, "diffusion_cond_inpaint")?;
        known("a codec", &pretransform.kind, "autoencoder")?;
        known("a diffusion", &diffusion.kind, "dit")?;
        bounds("sample_rate", self.sample_rate as usize, 1..=384_000)?;
        bounds("sample_size", self.sample_size, 1..=1 << 26)?;
        bounds("audio_channels", self.audio_channels, 2..=2)?;
        bounds("cond_dim", conditioning.cond_dim, 1..=8192)?;
        let codec = pretransform.config.check()?;
        bounds("io_channels", io_channels, codec.latent_dim..=codec.latent_dim)?;
        let dit = diffusion.config;
        dit.check(codec.latent_dim, conditioning.cond_dim)?;
        let (mut text, mut seconds) = (None, None);
        for condition in conditioning.configs {
            let damaged = |e: serde_json::Error| FolderError::Damaged { name: "model_config.json".into(), reason: first_line(&e) };
            match (condition.id.as_str(), condition.kind.as_str()) {
                ("prompt", "t5gemma") => text = Some(serde_json::from_value::<Prompt>(condition.config).map_err(damaged)?.check()?),
                ("seconds_total", "number") => {
                    seconds = Some(serde_json::from_value::<Number>(condition.config).map_err(damaged)?.check()?);
                }
                (id, kind) => return Err(FolderError::Unknown { what: "a condition", found: format!("{id}: {kind}") }),
            }
        }
        ids("cross-attention to", &diffusion.cross_attention_cond_ids, &["prompt", "seconds_total"])?;
        ids("the global condition", &diffusion.global_cond_ids, &["seconds_total"])?;
        ids("the local condition", &diffusion.local_add_cond_ids, &["inpaint_mask", "inpaint_masked_input"])?;
        let shift = diffusion.sampling_distribution_shift_options.unwrap_or_default();
        shift.check()?;
        let objective = diffusion.diffusion_objective;
        Ok(Config {
            sample_size: self.sample_size,
            sample_rate: self.sample_rate,
            objective: serde_json::from_value(objective.clone())
                .map_err(|_| FolderError::Unknown { what: "the objective", found: objective.to_string() })?,
            mask_padding: diffusion.mask_padding_attention,
            shift,
            text: text.ok_or(FolderError::Unknown { what: "the prompt", found: "none".into() })?,
            seconds: seconds.ok_or(FolderError::Unknown { what: "the length", found: "none".into() })?,
            cond_dim: conditioning.cond_dim,
            dit,
            codec,
        })
    }
}

impl Prompt {
    fn check(self) -> Result<TextConfig, FolderError> {
        known("the padding", &self.padding_mode, "learned")?;
        bounds("max_length", self.max_length, 1..=4096)?;
        // a name, not a way out of the folder
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if self.subfolder.is_empty() || self.subfolder.starts_with('.') || !self.subfolder.chars().all(plain) {
            return Err(FolderError::Absurd { what: "subfolder", found: self.subfolder, allowed: "a folder's name".into() });
        }
        Ok(TextConfig { folder: self.subfolder, max_length: self.max_length })
    }
}

impl Number {
    fn check(self) -> Result<(f32, f32), FolderError> {
        known("numbers as", &self.fourier_features_type, "expo")?;
        if !(self.min_val.is_finite() && self.max_val.is_finite() && self.min_val < self.max_val) {
            let found = format!("{} to {}", self.min_val, self.max_val);
            return Err(FolderError::Absurd { what: "seconds_total", found, allowed: "a range".into() });
        }
        Ok((self.min_val, self.max_val))
    }
}

/// A number within bounds.
pub(crate) fn bounds(what: &'static str, found: usize, allowed: RangeInclusive<usize>) -> Result<(), FolderError> {
    if allowed.contains(&found) {
        return Ok(());
    }
    let (low, high) = (allowed.start(), allowed.end());
    let allowed = if low == high { low.to_string() } else { format!("{low} to {high}") };
    Err(FolderError::Absurd { what, found: found.to_string(), allowed })
}

/// A kind that can be run.
pub(crate) fn known(what: &'static str, found: &str, expected: &str) -> Result<(), FolderError> {
    if found == expected { Ok(()) } else { Err(FolderError::Unknown { what, found: found.to_owned() }) }
}

fn ids(what: &'static str, found: &[String], expected: &[&str]) -> Result<(), FolderError> {
    if found == expected { Ok(()) } else { Err(FolderError::Unknown { what, found: found.join(", ") }) }
}
