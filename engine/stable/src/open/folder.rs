//! A Stable Audio Open model's folder.

use super::conditioner::Conditioner;
use super::config::OpenConfig;
use super::dit::Dit;
use super::oobleck::Oobleck;
use super::t5;
use crate::error::{FolderError, StableError};
use crate::folder::{LARGEST_CONFIG, LARGEST_TOKENIZER, check_width, named, read, text_folder, weights};
use crate::layout::Layout;
use crate::weights::File;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A folder that holds a Stable Audio Open model whose files fit together, and the folder of its text encoder.
#[derive(Debug)]
pub struct OpenFolder {
    config: OpenConfig,
    text: PathBuf,
    pub(super) text_config: t5::Config,
    pub(crate) weights: Arc<File>,
    pub(crate) text_weights: Arc<File>,
}

impl OpenFolder {
    /// Reads the configurations and the headers of the weights in `path`, and compares all shapes. No tensor is read. The text encoder,
    /// which the model's own files don't hold, is the folder `text`, or else `t5-base` inside of the model's folder or beside it.
    ///
    /// # Errors
    /// [`FolderError`] where a file is missing, damaged or describes something that can't be run, and
    /// [`WeightsError`](crate::WeightsError) for the first tensor that doesn't fit.
    pub fn read(path: &Path, text: Option<&Path>) -> Result<Self, StableError> {
        let path = named(path);
        let file = weights(path)?;
        let config = OpenConfig::parse(&read(path, "model_config.json", LARGEST_CONFIG)?)?;
        let text = text_folder(path, &config.text, text)?;
        let text_config = t5::Config::parse(&read(&text, "config.json", LARGEST_CONFIG)?)?;
        check_width(config.cond_dim, text_config.width())?;
        let (file, text_file) = (File::open(&file)?, File::open(&text.join("model.safetensors"))?);
        file.check(&layout(&config))?;
        text_file.check(&text_config.layout())?;
        Ok(Self { config, text, text_config, weights: Arc::new(file), text_weights: Arc::new(text_file) })
    }

    /// What `model_config.json` says.
    pub fn config(&self) -> &OpenConfig {
        &self.config
    }

    /// The bytes that the model takes once it is loaded: its weights in f32. The text encoder is read layer by layer where it is used.
    pub fn memory(&self) -> u64 {
        4 * layout(&self.config).numbers()
    }

    /// The tokenizer's file.
    pub(super) fn tokenizer(&self) -> Result<Vec<u8>, FolderError> {
        read(&self.text, "tokenizer.json", LARGEST_TOKENIZER)
    }
}

/// All tensors that the model has but those of the text encoder.
fn layout(config: &OpenConfig) -> Layout {
    let mut layout = Layout::default();
    layout.below("model.model", |l| Dit::layout(l, &config.dit));
    layout.below("conditioner.conditioners", |l| Conditioner::layout(l, config));
    layout.below("pretransform.model", |l| Oobleck::layout(l, &config.codec));
    layout
}
