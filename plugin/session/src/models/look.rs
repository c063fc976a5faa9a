//! Looking into folders and files: which models, text encoders and LoRAs they are.

use inlay_engine::{DiskModel, Found, Lora, Usual, holds_text_encoder, maker};
use std::path::{Path, PathBuf};

/// A folder that was looked into.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    pub name: String,
    pub folder: PathBuf,
    /// The folder of its text encoder, where that isn't in the usual place.
    pub text: Option<PathBuf>,
    /// How it is used, or why it can't be.
    pub found: Result<Kind, String>,
}

/// Where a model is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ModelPlace {
    pub folder: PathBuf,
    /// The folder of its text encoder, where that isn't in the usual place.
    pub text: Option<PathBuf>,
}

impl ModelPlace {
    /// In a folder, with its text encoder in the usual place.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), text: None }
    }
}

/// What is known of a model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kind {
    pub words: String,
    pub usual: Usual,
}

impl Seen {
    /// Reads the headers of a model's files. Takes some milliseconds.
    pub fn look(ModelPlace { folder, text }: &ModelPlace) -> Self {
        // one that is gone may have been put into the usual place
        let text = text.clone().filter(|text| holds_text_encoder(text));
        let found = DiskModel { text: text.clone(), ..DiskModel::new(folder) }.look().map_err(|e| e.to_string());
        Self { text, ..Self::of(folder.clone(), found) }
    }

    fn of(folder: PathBuf, found: Result<Found, String>) -> Self {
        let folder = maker::folder_of(&folder).to_owned();
        let kind = |found: Found| Kind { words: maker::words(&found), usual: found.usual() };
        Self { name: maker::name_of(&folder), folder, text: None, found: found.map(kind) }
    }
}

/// What a path is that was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kin {
    /// A model's folder, or a file of one.
    Model,
    /// A text encoder's folder, or a file of one.
    Text,
    /// Something that changes a model.
    Lora,
    /// Audio, as far as anybody knows.
    Audio,
}

impl Kin {
    /// By its name, and whether it is a folder.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        let folder = maker::folder_of(path);
        let of_text = holds_text_encoder(folder) && !folder.join("model_config.json").is_file();
        match name.as_str() {
            _ if of_text && (path.is_dir() || matches!(name.as_str(), "config.json" | "tokenizer.json" | "model.safetensors")) => {
                Self::Text
            }
            "model_config.json" | "model.safetensors" => Self::Model,
            name if name.ends_with(".safetensors") || name.ends_with(".ckpt") || name.ends_with(".pt") => Self::Lora,
            _ if path.is_dir() => Self::Model,
            _ => Self::Audio,
        }
    }
}

/// Looks into the folder of models, and into those folders that are elsewhere.
pub(crate) fn look(elsewhere: &[ModelPlace]) -> Vec<Seen> {
    let mut seen: Vec<Seen> =
        maker::listed().into_iter().map(|listed| Seen::of(listed.path, listed.found.map_err(|e| e.to_string()))).collect();
    for place in elsewhere.iter().filter(|place| place.folder.is_dir()) {
        match seen.iter_mut().find(|seen| seen.folder == place.folder) {
            Some(seen) if place.text.is_some() => *seen = Seen::look(place),
            Some(_) => {}
            None => seen.push(Seen::look(place)),
        }
    }
    seen
}

/// A model's folder that was dropped; where it lacks its text encoder, with the one that it had before.
pub(crate) fn look_at(folder: &Path, models: &[ModelPlace]) -> Seen {
    let seen = Seen::look(&ModelPlace::new(folder));
    let had = models.iter().find(|place| place.folder == seen.folder && place.text.is_some());
    match had.filter(|_| seen.found.is_err()).map(Seen::look) {
        Some(again) if again.found.is_ok() => again,
        _ => seen,
    }
}

/// The first of some models that a text encoder belongs to.
///
/// # Errors
/// A sentence where it belongs to none.
pub(crate) fn look_at_text(text: &Path, models: &[ModelPlace]) -> Result<Seen, String> {
    let text = maker::folder_of(text);
    let with = |place: &ModelPlace| Seen::look(&ModelPlace { text: Some(text.to_owned()), ..place.clone() });
    models.iter().map(with).find(|seen| seen.found.is_ok()).ok_or_else(|| {
        format!("{} is a text encoder's folder: drop the folder of the model that it belongs to first, then this one", maker::name_of(text))
    })
}

/// Whether a file is a LoRA that can be read. For which model shows when that is loaded.
///
/// # Errors
/// Why it isn't, as a sentence.
pub(crate) fn look_at_lora(path: &Path) -> Result<(), String> {
    Lora::open(path).map(drop).map_err(|e| e.to_string())
}
