//! Why a job failed, in sentences that a producer understands.

use crate::models::embedded::WeightsError;
use inlay_diffusion::{SampleError, SamplerError, SettingsError, ShapeError};
use inlay_helper::HelperError;
use inlay_music::{ChartError, FeelError, PromptError, RegionError, TimeError};
use inlay_stable::{StableError, is_out_of_memory};

/// Why a job ended without takes.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum JobError {
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// The words can't be used.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// What shall not be heard can't be used.
    #[error("what should not be heard can't be used: {0}")]
    Negative(PromptError),
    /// Feel, tempo and bars don't go together.
    #[error(transparent)]
    Feel(#[from] FeelError),
    /// Bars or tempo can't be used.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// The chords don't fit.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// A region doesn't fit the take.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// Inpainting without a place.
    #[error("inpainting needs a region: say which bars or beats shall be made anew")]
    NoRegion,
    /// The request needs something to start from, or has something that it can't use.
    #[error("{0} starts from {1}")]
    Source(String, &'static str),
    /// The sampler's name is unknown.
    #[error(transparent)]
    Sampler(#[from] SamplerError),
    /// A setting is out of range.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Not 1 to [`Order::MOST`](crate::Order::MOST) variations.
    #[error("{0} variations can't be made at once: choose 1 to 64")]
    Variations(u32),
    /// The sound isn't as long as its bars at its tempo.
    #[error("the audio has {found} samples, but its bars at its tempo have {expected}: cut it to whole bars, or correct its tempo")]
    Length {
        /// By tempo and bars.
        expected: usize,
        /// Of the audio.
        found: usize,
    },
    /// The sound holds nothing that can be worked on.
    #[error(
        "the audio is silent, or its two channels cancel each other out in the middle: choose one with sound in it, or one channel of it"
    )]
    Silent,
    /// Audio from a file can't be brought to this tempo.
    #[error(transparent)]
    Stretch(#[from] inlay_audio::stretch::StretchError),
    /// The take's latents don't fit its bars.
    #[error("this take's data is damaged ({0}): make it again, or open another copy of the file")]
    Damaged(String),
    /// A take's sound can't be made again.
    #[error(transparent)]
    Redo(#[from] crate::redo::RedoError),
    /// More than a model from disk makes.
    #[error("this loop would be {seconds:.1} s long, and this model makes up to {most:.1} s: make fewer bars, or choose a faster tempo")]
    Long {
        /// Seconds that were asked for.
        seconds: f64,
        /// Seconds that can be made.
        most: f64,
    },
    /// A model from disk made no sound.
    #[error("silence came out: try another seed, other words, or less guidance")]
    Mute,
    /// A region that is longer than a model from disk makes.
    #[error("this part and what is around it would be more than the {most:.1} s that this model makes: choose a shorter part")]
    LongPart {
        /// Seconds that can be made.
        most: f64,
    },
    /// A model from disk can't be used, or can't make this.
    #[error(transparent)]
    Disk(StableError),
    /// Neither the graphics processor nor the processor can.
    #[error("the graphics processor can't make this ({graphics}), nor can the processor: {processor}")]
    Neither {
        /// Why the graphics processor can't.
        graphics: Box<JobError>,
        /// Why the processor can't.
        processor: Box<JobError>,
    },
    /// The helper for the graphics processor failed.
    #[error(transparent)]
    Helper(HelperError),
    /// The job needs more memory than there is.
    #[error(
        "this needs about {needed} MB of memory and {free} MB are free: close other programs, or make fewer bars or variations at once"
    )]
    Memory {
        /// Megabytes that it takes.
        needed: u64,
        /// Megabytes that are free.
        free: u64,
    },
    /// The graphics processor's memory is used up.
    #[error(
        "the graphics processor has no memory left for this: close other programs that use it, make fewer bars or variations at once, or choose the processor"
    )]
    DeviceMemory,
    /// The model's files can't be used.
    #[error(transparent)]
    Weights(WeightsError),
    /// The network or its device failed.
    #[error("the model failed ({0}): try again; if it fails again, save the project and open it anew")]
    Model(String),
    /// A part of Inlay broke.
    #[error("something went wrong inside Inlay ({0}): the next job runs as usual; please report this")]
    Panic(String),
    /// The worker is gone.
    #[error("the part of Inlay that makes takes has stopped: try again")]
    Gone,
}

impl From<candle_core::Error> for JobError {
    fn from(error: candle_core::Error) -> Self {
        if is_out_of_memory(&error) {
            return Self::DeviceMemory;
        }
        // a backtrace is no sentence
        let text = error.to_string();
        Self::Model(text.lines().next().unwrap_or_default().to_owned())
    }
}

impl From<StableError> for JobError {
    fn from(error: StableError) -> Self {
        match error {
            StableError::Cancelled => Self::Cancelled,
            StableError::DeviceMemory => Self::DeviceMemory,
            error => Self::Disk(error),
        }
    }
}

impl From<HelperError> for JobError {
    fn from(error: HelperError) -> Self {
        match error {
            HelperError::Cancelled => Self::Cancelled,
            HelperError::DeviceMemory => Self::DeviceMemory,
            error => Self::Helper(error),
        }
    }
}

impl From<WeightsError> for JobError {
    fn from(error: WeightsError) -> Self {
        if error == WeightsError::DeviceMemory { Self::DeviceMemory } else { Self::Weights(error) }
    }
}

impl From<ShapeError> for JobError {
    fn from(error: ShapeError) -> Self {
        Self::Model(error.to_string())
    }
}

impl From<inlay_dsp::Cancelled> for JobError {
    fn from(_: inlay_dsp::Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<SampleError<candle_core::Error>> for JobError {
    fn from(error: SampleError<candle_core::Error>) -> Self {
        match error {
            SampleError::Cancelled => Self::Cancelled,
            SampleError::Denoiser(error) => error.into(),
            SampleError::Settings(error) => error.into(),
            other => Self::Model(other.to_string()),
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use candle_core::{Error, MetalError};

    /// An error with the words that a driver uses.
    #[derive(Debug)]
    struct Driver(&'static str);

    impl std::fmt::Display for Driver {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Driver {}

    fn cuda(words: &'static str) -> Error {
        Error::Cuda(Box::new(Driver(words)))
    }

    #[test]
    fn a_device_without_memory_says_what_to_do() {
        let buffer = "Failed to create metal resource: Buffer";
        let command = "Command buffer had following error: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)";
        for error in [
            cuda(r#"DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")"#),
            cuda(r#"DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")"#).bt(),
            cuda("CublasError(CUBLAS_STATUS_ALLOC_FAILED)").context("in a linear layer"),
            Error::Metal(MetalError::Message(buffer.into())),
            Error::Metal(MetalError::Message(command.into())).with_path("unet.safetensors"),
        ] {
            let sampled = SampleError::Denoiser(cuda("out of memory"));
            assert_eq!(JobError::from(sampled), JobError::DeviceMemory);
            assert_eq!(JobError::from(error), JobError::DeviceMemory);
        }
    }

    #[test]
    fn other_failures_of_a_device_stay_what_they_are() {
        for error in [cuda("DriverError(CUDA_ERROR_ILLEGAL_ADDRESS)"), Error::Msg("a tensor that is out of memory's order".into())] {
            assert!(matches!(JobError::from(error), JobError::Model(_)));
        }
    }
}
