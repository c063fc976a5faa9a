//! What stops a helper, in sentences that a producer understands.

/// Why a helper can't do what it was asked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HelperError {
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// The graphics processor's memory is used up.
    #[error(
        "the graphics processor has no memory left for this: close other programs that use it, make less at once, or choose the processor"
    )]
    DeviceMemory,
    /// The program ended before its first word.
    #[error("{program} doesn't start ({reason}): install NVIDIA's driver and the CUDA libraries that it needs")]
    Began {
        /// Which one.
        program: String,
        /// Its last words, or how it ended.
        reason: String,
    },
    /// The file can't be started.
    #[error("{program} can't be started ({reason}): put the helper there that belongs to this Inlay")]
    Start {
        /// Which one.
        program: String,
        /// The system's words.
        reason: String,
    },
    /// It belongs to another Inlay.
    #[error("{program} is of Inlay {found}, and this is Inlay {expected}: put the one that belongs to it there")]
    Version {
        /// Which one.
        program: String,
        /// Its version.
        found: String,
        /// Ours.
        expected: String,
    },
    /// It ended in the middle.
    #[error("the helper for the graphics processor stopped ({0}): try again, update the driver, or choose the processor")]
    Died(String),
    /// It says what is none of its language.
    #[error("the helper for the graphics processor can't be understood ({0}): put the one that belongs to this Inlay there")]
    Garbled(String),
    /// A folder's name can't be told.
    #[error("{0} has a name that can't be told to the helper for the graphics processor: rename it with plain letters")]
    Path(String),
    /// The model, the request or the device.
    #[error("{0}")]
    Said(String),
}
