//! What makes takes: Inlay's own model, or one from disk.

use crate::error::JobError;
use candle_core::Device;
use inlay_helper::Helper;
pub use inlay_helper::{PROGRAM as HELPER, Program, installed, place as helper_place};
pub use inlay_stable::named as folder_of;
use inlay_stable::{Found, Listed, Lora, StableError, Usual};
use std::{
    env,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Steps that Inlay's own model is usually used with.
pub const STEPS: u32 = 16;
/// Guidance that it is usually used with.
pub const GUIDANCE: f64 = 3.0;

/// The variable that names the folder of models.
pub const MODELS: &str = "INLAY_MODELS";

/// What makes the takes of an order.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Maker {
    /// The model inside of the program.
    #[default]
    Own,
    /// A model from disk.
    Disk(Arc<DiskModel>),
}

/// What a model from disk runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeviceChoice {
    /// The graphics processor where Inlay has a way to one ([`graphics`]), else the processor.
    #[default]
    Best,
    /// The processor.
    Cpu,
    /// The graphics processor; where there is none, the processor does it, and a notice says why.
    Gpu,
}

/// A way to the graphics processor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Graphics {
    /// A Mac's, within this program.
    Metal,
    /// Another's, by a program of its own: NVIDIA's libraries can't be counted on.
    Helper(Program),
}

impl Graphics {
    /// Tries whether it leads somewhere, and says what is there.
    ///
    /// # Errors
    /// Why it doesn't.
    pub fn try_out(&self) -> Result<String, JobError> {
        match self {
            Self::Metal => metal().map(|_| METAL.to_owned()),
            Self::Helper(program) => Ok(Helper::start(program, &|| true)?.device().to_owned()),
        }
    }
}

/// What the processor is called.
pub(crate) const PROCESSOR: &str = "processor";
/// What a Mac's is called.
pub(crate) const METAL: &str = "graphics processor (Metal)";

/// A Mac's.
pub(crate) fn metal() -> Result<Device, JobError> {
    // where there is no driver, libraries may panic at it
    let opened = std::panic::catch_unwind(|| Device::new_metal(0));
    let opened = opened.unwrap_or_else(|_| Err(candle_core::Error::Msg("its driver isn't here".into())));
    Ok(opened.map_err(StableError::from)?)
}

/// The way to the graphics processor that this machine has, as far as that shows without trying: the helper is looked for, not started.
pub fn graphics() -> Option<Graphics> {
    if cfg!(feature = "metal") { Some(Graphics::Metal) } else { installed().map(|path| Graphics::Helper(Program::new(path))) }
}

/// A model in a folder, and what it is used with.
#[derive(Debug, Clone, PartialEq)]
pub struct DiskModel {
    /// Its folder.
    pub folder: PathBuf,
    /// The folder of its text encoder, where that isn't in the usual place.
    pub text: Option<PathBuf>,
    /// LoRAs that change it, in their order, with their strengths: 0 is off, 1 as trained.
    pub loras: Vec<(PathBuf, f32)>,
    /// Seconds that are made behind the sound and thrown away; models were trained with 6. 0 takes less work.
    pub headroom: f64,
    /// What it runs on.
    pub device: DeviceChoice,
}

impl DiskModel {
    /// The model in a folder, as it is.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), text: None, loras: vec![], headroom: 0.0, device: DeviceChoice::default() }
    }

    /// What it is called: its folder's name.
    pub fn name(&self) -> String {
        name_of(&self.folder)
    }

    /// Reads the headers of its files: which model it is, or what is missing. No tensor is read.
    ///
    /// # Errors
    /// [`StableError`] for the first thing that is missing or doesn't fit.
    pub fn look(&self) -> Result<Found, StableError> {
        Found::read(&self.folder, self.text.as_deref())
    }

    /// Opens its LoRAs.
    ///
    /// # Errors
    /// [`StableError`] for the first that is none.
    pub(crate) fn loras(&self) -> Result<Vec<(Lora, f32)>, StableError> {
        Ok(self.loras.iter().map(|(path, strength)| Ok((Lora::open(path)?, *strength))).collect::<Result<_, inlay_stable::LoraError>>()?)
    }
}

/// What a model in a folder is called.
pub fn name_of(folder: &Path) -> String {
    let name = folder_of(folder).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain: String = name.chars().filter(|c| !c.is_control()).take(inlay_music::About::LONGEST_NAME).collect();
    if plain.is_empty() { "a model from disk".into() } else { plain }
}

/// The folder that models are looked for in: what [`MODELS`] names, else `Inlay/models` where the system keeps programs' data. It may not exist.
pub fn models_folder() -> Option<PathBuf> {
    match env::var_os(MODELS).filter(|path| !path.is_empty()) {
        Some(path) => Some(path.into()),
        None => Some(dirs::data_dir()?.join("Inlay").join("models")),
    }
}

/// The folder of a model that somebody named: what has that name in the folder of models, else the path itself, where there is one.
pub fn find(name: &Path) -> Option<PathBuf> {
    let plain = name.components().count() == 1;
    let below = models_folder().filter(|_| plain).map(|folder| folder.join(name));
    [below, Some(name.to_owned())].into_iter().flatten().find(|path| path.exists())
}

/// What there is to say of a model before it is chosen.
pub fn words(found: &Found) -> String {
    let regions = if found.inpaints() { "" } else { ", makes no parts anew" };
    let gigabytes = found.memory() as f64 / 1e9;
    format!("{}: up to {:.0} s, {} steps, {gigabytes:.1} GB of memory{regions}", found.kind(), found.seconds(), found.usual().steps)
}

/// How strongly a model is usually guided; with something that should not be heard, which needs guidance, at least [`NEGATIVE`].
pub fn guidance(usual: &Usual, negative: bool) -> f64 {
    if negative { usual.guidance.scale.max(NEGATIVE) } else { usual.guidance.scale }
}

/// Guidance enough for what should not be heard, where a model is used without: each step takes twice as long.
pub const NEGATIVE: f64 = 2.0;

/// The models in the folder of models, by name. None where there is no such folder.
pub fn listed() -> Vec<Listed> {
    models_folder().and_then(|folder| Found::all(&folder).ok()).unwrap_or_default()
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_model_is_called_like_its_folder() {
        assert_eq!(name_of(Path::new("/models/stable-audio-3-small-music")), "stable-audio-3-small-music");
        assert_eq!(name_of(Path::new("/models/\u{1b}[2J")), "[2J");
        assert_eq!(name_of(Path::new("/")), "a model from disk");
        assert_eq!(name_of(Path::new(&"x".repeat(500))).len(), 128);
    }
}
