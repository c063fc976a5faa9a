//! A model's folder: recognised by its files, read with bounds, checked before its weights are touched.

mod config;
mod random;

use crate::conditioner::Conditioner;
use crate::dit::Dit;
use crate::error::{FolderError, StableError};
use crate::layout::Layout;
use crate::same::Same;
use crate::t5gemma;
use crate::weights::File;
pub(crate) use config::{Conditioning, Typed, bounds, known};
pub use config::{Config, Objective, TextConfig};
pub use random::{write_random, write_random_small};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// No configuration is anywhere near as large.
pub(crate) const LARGEST_CONFIG: u64 = 1 << 20;
/// Nor any tokenizer (T5Gemma's has 34 MB).
pub(crate) const LARGEST_TOKENIZER: u64 = 256 << 20;

/// A folder that holds a Stable Audio 3 model whose files fit together.
#[derive(Debug)]
pub struct Folder {
    text: PathBuf,
    config: Config,
    pub(crate) text_config: t5gemma::Config,
    pub(crate) weights: Arc<File>,
    pub(crate) text_weights: Arc<File>,
}

impl Folder {
    /// Reads the configurations and the headers of the weights in `path`, or in the folder of `path` where that is one of the model's
    /// files, and compares all shapes. No tensor is read. `text` is the folder of the text encoder, where that isn't in the model's folder or beside it.
    ///
    /// # Errors
    /// [`FolderError`] where a file is missing, damaged or describes something that can't be run, and
    /// [`WeightsError`](crate::WeightsError) for the first tensor that doesn't fit.
    pub fn read(path: &Path, text: Option<&Path>) -> Result<Self, StableError> {
        let path = named(path);
        let weights = weights(path)?;
        let config = Config::parse(&read(path, "model_config.json", LARGEST_CONFIG)?)?;
        let text = text_folder(path, &config.text.folder, text)?;
        let text_config = t5gemma::Config::parse(&read(&text, "config.json", LARGEST_CONFIG)?)?;
        check_width(config.cond_dim, text_config.width())?;
        let (weights, text_weights) = (File::open(&weights)?, File::open(&text.join("model.safetensors"))?);
        weights.check(&layout(&config))?;
        text_weights.check(&text_config.layout())?;
        Ok(Self { text, config, text_config, weights: Arc::new(weights), text_weights: Arc::new(text_weights) })
    }

    /// What `model_config.json` says.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The bytes that the model takes once it is loaded: its weights in f32. The text encoder is read layer by layer where it is used.
    pub fn memory(&self) -> u64 {
        4 * layout(&self.config).numbers()
    }

    /// The tokenizer's file.
    ///
    /// # Errors
    /// [`FolderError`] where it can't be read or is far too large.
    pub(crate) fn tokenizer(&self) -> Result<Vec<u8>, FolderError> {
        read(&self.text, "tokenizer.json", LARGEST_TOKENIZER)
    }
}

/// All tensors that the model has but those of the text encoder.
pub(crate) fn layout(config: &Config) -> Layout {
    let mut layout = Layout::default();
    layout.below("model.model", |l| Dit::layout(l, &config.dit));
    layout.below("conditioner.conditioners", |l| Conditioner::layout(l, config.cond_dim));
    layout.below("pretransform.model", |l| Same::layout(l, &config.codec));
    layout
}

/// The folder that a path names, by itself or by a file in it.
pub fn named(path: &Path) -> &Path {
    if path.is_file() { path.parent().unwrap_or(path) } else { path }
}

/// The folder of a model's text encoder: the one that is given, else the one of its usual name in the model's folder or beside it.
///
/// # Errors
/// [`FolderError::NoTextEncoder`] where none holds one.
pub(crate) fn text_folder(model: &Path, name: &str, given: Option<&Path>) -> Result<PathBuf, FolderError> {
    let places = match given {
        Some(given) => vec![given.to_owned()],
        None => vec![model.join(name), model.join("..").join(name)],
    };
    places.into_iter().find(|place| holds_text_encoder(place)).ok_or_else(|| FolderError::NoTextEncoder(name.to_owned()))
}

/// Whether all files of a text encoder are in a folder.
pub fn holds_text_encoder(folder: &Path) -> bool {
    ["config.json", "model.safetensors", "tokenizer.json"].iter().all(|name| folder.join(name).is_file())
}

/// Conditions have as many numbers as the text encoder makes.
pub(crate) fn check_width(condition: usize, text: usize) -> Result<(), FolderError> {
    let allowed = || format!("{text} (the text encoder's)");
    if condition == text { Ok(()) } else { Err(FolderError::Absurd { what: "cond_dim", found: condition.to_string(), allowed: allowed() }) }
}

/// The file of the weights in a folder that holds a model.
pub(crate) fn weights(path: &Path) -> Result<PathBuf, FolderError> {
    let weights = path.join("model.safetensors");
    let has_config = path.join("model_config.json").is_file();
    if weights.is_file() && has_config {
        return Ok(weights);
    }
    let names = fs::read_dir(path)
        .map_err(|e| FolderError::Unreadable { name: path.display().to_string(), reason: e.to_string() })?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let mut pickles: Vec<String> =
        names.filter(|n| [".ckpt", ".pt", ".pth", ".bin"].iter().any(|end| n.to_ascii_lowercase().ends_with(end))).collect();
    pickles.sort();
    Err(match pickles.into_iter().next() {
        Some(pickle) if !weights.is_file() => FolderError::Pickle(pickle),
        _ if has_config => FolderError::NoWeights,
        _ => FolderError::NoModel,
    })
}

/// A small file, its size looked at before it is read.
pub(crate) fn read(folder: &Path, name: &str, largest: u64) -> Result<Vec<u8>, FolderError> {
    let path = folder.join(name);
    let unreadable = |e: std::io::Error| FolderError::Unreadable { name: name.to_owned(), reason: e.to_string() };
    let found = fs::metadata(&path).map_err(unreadable)?;
    if !found.is_file() {
        // a pipe would wait for ever
        return Err(FolderError::Unreadable { name: name.to_owned(), reason: "it is no plain file".into() });
    }
    let size = found.len();
    if size > largest {
        return Err(FolderError::Large { name: name.to_owned(), megabytes: size >> 20 });
    }
    fs::read(path).map_err(unreadable)
}

#[cfg(test)]
mod test;
