//! How a command ends when it doesn't succeed: a sentence and an exit code.

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
            Self::Failed(_) => 1,
        }
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) | Self::Help(sentence) => f.write_str(sentence),
            // The alternate form puts the causes after the sentence, parted by colons.
            Self::Failed(error) => write!(f, "{error:#}"),
        }
    }
}
