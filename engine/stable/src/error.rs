//! Why a model or a request can't be used, in sentences that a producer understands.

use crate::sampler::Sampler;
use inlay_diffusion::ShapeError;

/// What the layers return: candle's errors where nothing else is said.
pub(crate) type Result<T, E = candle_core::Error> = std::result::Result<T, E>;

/// Why a folder holds no model that can be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FolderError {
    /// A file isn't there, or can't be read.
    #[error("the model's file {name} can't be read ({reason}): check the folder, or get the file again")]
    Unreadable {
        /// Its path below the folder.
        name: String,
        /// The system's words.
        reason: String,
    },
    /// There is no `model_config.json`.
    #[error(
        "there is no model in this folder: a Stable Audio folder holds model_config.json, model.safetensors and a text encoder's folder"
    )]
    NoModel,
    /// The configuration is there, the weights aren't.
    #[error("model.safetensors is missing in the model's folder: get it from where the model_config.json came from")]
    NoWeights,
    /// Weights are there only as a pickle, which can run code when it is opened.
    #[error(
        "{0} is a pickle, which can run programs when it is opened, so it isn't: get the model as model.safetensors, or convert it with the tools it came from"
    )]
    Pickle(String),
    /// The text encoder isn't there.
    #[error("the text encoder is missing: put the folder {0} (config.json, model.safetensors, tokenizer.json) beside model_config.json")]
    NoTextEncoder(String),
    /// A file is larger than any of its kind.
    #[error("the model's file {name} has {megabytes} MB, far more than a model's: get the file that belongs there")]
    Large {
        /// Its path below the folder.
        name: String,
        /// Its size.
        megabytes: u64,
    },
    /// A file doesn't hold what it should.
    #[error("the model's file {name} is damaged or belongs to another program ({reason}): get it again")]
    Damaged {
        /// Its path below the folder.
        name: String,
        /// What doesn't fit.
        reason: String,
    },
    /// A number of the configuration is none that a model has.
    #[error("model_config.json says {what} is {found}, but {allowed} can be used: get the model again, or choose another")]
    Absurd {
        /// Which number.
        what: &'static str,
        /// What it is.
        found: String,
        /// What it may be.
        allowed: String,
    },
    /// A kind of model that isn't known.
    #[error("model_config.json describes a model with {what} \"{found}\", which Inlay can't run: choose a Stable Audio 3 model")]
    Unknown {
        /// Which part.
        what: &'static str,
        /// Its name.
        found: String,
    },
}

/// Why a file's tensors can't be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightsError {
    /// The file can't be opened or mapped.
    #[error("{file} can't be read ({reason}): check the disk, or get the file again")]
    Unreadable {
        /// The file's name.
        file: String,
        /// The system's words.
        reason: String,
    },
    /// The header and the file's length don't fit.
    #[error("{file} is cut off or damaged ({reason}): get it again")]
    Damaged {
        /// The file's name.
        file: String,
        /// What doesn't fit.
        reason: String,
    },
    /// A tensor isn't there.
    #[error("{file} lacks {tensor}: it belongs to another model than model_config.json")]
    Missing {
        /// The file's name.
        file: String,
        /// The tensor's key.
        tensor: String,
    },
    /// A tensor has another shape.
    #[error(
        "{file} holds {tensor} with the shape {found:?} where {expected:?} belongs: it belongs to another model than model_config.json"
    )]
    Shape {
        /// The file's name.
        file: String,
        /// The tensor's key.
        tensor: String,
        /// What the configuration asks for.
        expected: Vec<usize>,
        /// What is there.
        found: Vec<usize>,
    },
    /// A tensor's numbers are of a kind that isn't read.
    #[error("{file} holds {tensor} as {found}, but only F32, F16 and BF16 can be used: get the model in one of these")]
    Kind {
        /// The file's name.
        file: String,
        /// The tensor's key.
        tensor: String,
        /// Its kind.
        found: String,
    },
    /// A tensor holds infinite or undefined numbers.
    #[error("{file} holds numbers in {tensor} that are none: get it again")]
    NotFinite {
        /// The file's name.
        file: String,
        /// The tensor's key.
        tensor: String,
    },
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// The device's memory is used up.
    #[error(
        "the graphics processor has no memory left for the model: close other programs that use it, or choose the processor or a smaller model"
    )]
    DeviceMemory,
    /// The device can't take them.
    #[error("the model can't be put onto this device ({0}): close other programs that use it, or choose another device")]
    Device(String),
}

impl From<candle_core::Error> for WeightsError {
    fn from(error: candle_core::Error) -> Self {
        if is_out_of_memory(&error) { Self::DeviceMemory } else { Self::Device(first_line(&error)) }
    }
}

/// Why a LoRA can't be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LoraError {
    /// The file's tensors can't be read.
    #[error("the LoRA can't be used: {0}")]
    Weights(#[from] WeightsError),
    /// A pickle, which can run code when it is opened.
    #[error("the LoRA {0} is a pickle, which can run programs when it is opened, so it isn't: get it as .safetensors")]
    Pickle(String),
    /// It isn't a LoRA of a Stable Audio model.
    #[error("{file} is no LoRA for Stable Audio ({reason}): choose another file")]
    NoLora {
        /// The file's name.
        file: String,
        /// What doesn't fit.
        reason: String,
    },
    /// It was made for another model.
    #[error("the LoRA {file} was made for another model ({reason}): choose the model it was made for")]
    OtherModel {
        /// The file's name.
        file: String,
        /// What doesn't fit.
        reason: String,
    },
    /// A strength that can't be used.
    #[error("a LoRA's strength of {0} can't be used: choose 0 (off) to 4 (1 is as trained)")]
    Strength(f32),
}

/// Why a request can't be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SettingsError {
    /// A length that the model can't make.
    #[error("{seconds} s can't be made: this model makes up to {most} s")]
    Seconds {
        /// What was asked for.
        seconds: f64,
        /// What can be.
        most: f64,
    },
    /// Headroom out of range.
    #[error("a headroom of {0} s can't be used: choose 0 to 60 (6 is what the model was trained with)")]
    Headroom(f64),
    /// Steps out of range.
    #[error("{0} steps can't be made: choose 1 to 1000 (8 are usual, 50 for a base model)")]
    Steps(usize),
    /// Guidance out of range.
    #[error("a guidance of {0} can't be used: choose 0 to 100 (1 is off)")]
    Guidance(f64),
    /// A part of guidance out of range.
    #[error("{what} of {found} can't be used: choose {allowed}")]
    Part {
        /// Which setting.
        what: &'static str,
        /// What it is.
        found: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// How far back towards noise a source goes is out of range.
    #[error("an amount of {0} can't be used: choose 0.01 (almost the source) to 1 (all new)")]
    Amount(f64),
    /// No name of a sampler.
    #[error("there is no sampler \"{0}\": choose ping-pong, euler, rk4, dpm++2m, dpm++2m-sde, dpm++3m-sde or v-ddim")]
    Sampler(String),
    /// A sampler of other models.
    #[error("{sampler} isn't made for this model: choose {choices}")]
    OtherSampler {
        /// The sampler.
        sampler: Sampler,
        /// Those that can be used.
        choices: &'static str,
    },
    /// A region for a model without inpainting.
    #[error("this model can't make a region anew: choose a Stable Audio 3 model, or make all of it anew")]
    NoInpainting,
    /// A region that isn't one.
    #[error("a region from {start} to {end} s can't be made anew: it must lie within the {seconds} s and not be empty")]
    Region {
        /// Where it starts.
        start: f64,
        /// Where it ends.
        end: f64,
        /// How long the sound is.
        seconds: f64,
    },
    /// More or fewer than a batch holds.
    #[error("{0} variations can't be made at once: choose 1 to 64")]
    Variations(usize),
    /// A range of latents that isn't there.
    #[error("latents {start} to {end} can't be decoded: there are {length}")]
    Range {
        /// The first one.
        start: usize,
        /// The one after the last.
        end: usize,
        /// How many there are.
        length: usize,
    },
    /// A source without sound.
    #[error("the source audio is empty: choose one with sound in it")]
    Empty,
}

/// Everything that stops Stable Audio.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StableError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The files.
    #[error(transparent)]
    Weights(WeightsError),
    /// A LoRA.
    #[error(transparent)]
    Lora(#[from] LoraError),
    /// The request.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Shapes of latents.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// The device's memory is used up.
    #[error(
        "the graphics processor has no memory left for this: close other programs that use it, make fewer bars or variations at once, or choose the processor"
    )]
    DeviceMemory,
    /// The network's numbers are infinite or undefined.
    #[error("the model lost its numbers at step {} of {steps}: choose a lower guidance, or another device or model file", .index + 1)]
    NotFinite {
        /// The step, from 0.
        index: usize,
        /// Steps in all.
        steps: usize,
    },
    /// A small step gave numbers that can't be right.
    #[error("this device computes the model wrongly ({0}): choose another device, or update its driver")]
    Device(String),
    /// The text can't be read.
    #[error("the prompt can't be read ({0}): write it in other words")]
    Prompt(String),
    /// The network or its device failed.
    #[error("the model failed ({0}): try again, or choose another device")]
    Model(String),
}

impl StableError {
    /// What an error means while a device is checked.
    pub(crate) fn of_check(self) -> Self {
        match self {
            Self::NotFinite { .. } => Self::Device("its numbers are infinite or undefined".into()),
            other => other,
        }
    }
}

impl From<WeightsError> for StableError {
    fn from(error: WeightsError) -> Self {
        if error == WeightsError::Cancelled { Self::Cancelled } else { Self::Weights(error) }
    }
}

impl From<candle_core::Error> for StableError {
    fn from(error: candle_core::Error) -> Self {
        if is_out_of_memory(&error) { Self::DeviceMemory } else { Self::Model(first_line(&error)) }
    }
}

/// Whether a device's memory ended. No backend has a type for it: CUDA, cuBLAS and Metal say it in words of their own.
pub fn is_out_of_memory(error: &candle_core::Error) -> bool {
    use candle_core::Error;
    const WORDS: [&str; 5] =
        ["out_of_memory", "out of memory", "cublas_status_alloc_failed", "failed to create metal resource: buffer", "insufficient memory"];
    match error {
        Error::WithBacktrace { inner, .. } | Error::Context { inner, .. } | Error::WithPath { inner, .. } => is_out_of_memory(inner),
        Error::Cuda(_) | Error::Metal(_) => {
            let text = error.to_string().to_lowercase();
            WORDS.iter().any(|words| text.contains(words))
        }
        _ => false,
    }
}

/// What an error says, without the backtrace below it.
pub(crate) fn first_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
