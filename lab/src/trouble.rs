//! How a command ends when it doesn't succeed: a sentence and an exit code.

use crate::platform::interrupt;
use inlay_engine::JobError;
use std::fmt;

/// A sentence for the user, and whose turn it is.
#[derive(Debug)]
pub enum Trouble {
    /// The command was used wrongly; exit code 2.
    Usage(String),
    /// There was no command at all: this help answers it; exit code 2.
    Help(String),
    /// The command was right and couldn't be carried out; exit code 1.
    Failed(anyhow::Error),
    /// Somebody pressed Ctrl-C; exit code 130, as shells have it.
    Cancelled,
    /// Parts of the command failed, and have been said; exit code 1.
    Said,
}

/// What commands return.
pub type Outcome<T = ()> = Result<T, Trouble>;

impl Trouble {
    /// Wrong use, in a sentence that says what to do.
    pub fn usage(sentence: impl fmt::Display) -> Self {
        Self::Usage(sentence.to_string())
    }

    /// The process's exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Help(_) => 2,
            Self::Failed(_) | Self::Said => 1,
            Self::Cancelled => interrupt::CODE,
        }
    }

    /// The same with `place` (a file, a line) before the sentence.
    #[must_use]
    pub fn at(self, place: impl fmt::Display) -> Self {
        match self {
            Self::Usage(sentence) => Self::Usage(format!("{place}: {sentence}")),
            Self::Failed(error) => Self::Failed(error.context(place.to_string())),
            other => other,
        }
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<JobError> for Trouble {
    fn from(error: JobError) -> Self {
        use JobError::{Chart, Feel, Negative, NoRegion, Prompt, Region, Sampler, Settings, Time, Variations};
        match error {
            JobError::Cancelled => Self::Cancelled,
            Prompt(_) | Negative(_) | Feel(_) | Time(_) | Chart(_) | Region(_) | NoRegion | Sampler(_) | Settings(_) | Variations(_) => {
                Self::usage(error)
            }
            failed => Self::Failed(failed.into()),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) | Self::Help(sentence) => f.write_str(sentence),
            // The alternate form puts the causes after the sentence, parted by colons.
            Self::Failed(error) => write!(f, "{error:#}"),
            Self::Cancelled => f.write_str("stopped"),
            Self::Said => f.write_str("not everything could be done (see above)"),
        }
    }
}
