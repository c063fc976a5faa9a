//! How an engine works.

use crate::maker::Graphics;
use std::{num::NonZeroUsize, path::PathBuf, thread::available_parallelism, time::Duration};

/// How an engine works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Threads for one job while no host plays; one less while one does. The takes don't depend on it.
    pub threads: NonZeroUsize,
    /// A folder with other weights of the same model (laid out like `assets/model`); those inside the binary without.
    pub weights: Option<PathBuf>,
    /// The way to the graphics processor for models from disk; without, the one that this machine has when it is needed
    /// ([`graphics`](crate::maker::graphics)).
    pub graphics: Option<Graphics>,
    /// Refuse jobs that need more than this many bytes; without, more than what the system has free.
    pub memory: Option<u64>,
    /// Whether the threads run below normal priority, so that they never take time from a host's sound.
    pub background: bool,
    /// How long the model stays in memory without a job; for ever without.
    pub idle: Option<Duration>,
}

impl Default for Settings {
    /// For a program of its own: normal priority, and the model stays.
    fn default() -> Self {
        Self {
            threads: available_parallelism().unwrap_or(NonZeroUsize::MIN),
            weights: None,
            graphics: None,
            memory: None,
            background: false,
            idle: None,
        }
    }
}

impl Settings {
    /// Unused so long, the model of a plugin leaves the memory to the project.
    pub const IDLE: Duration = Duration::from_secs(10 * 60);

    /// For a guest in somebody else's program: below normal priority, and without the model after [`Settings::IDLE`].
    pub fn guest() -> Self {
        Self { background: true, idle: Some(Self::IDLE), ..Self::default() }
    }
}
