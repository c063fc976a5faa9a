//! One worker thread per engine: a queue of jobs, one model, and a pool for the work inside a job.
//!
//! Handles are cheap to clone. Nobody has to join the thread: it ends when the last handle is gone and the running job is over.

mod device;
mod job;
mod memory;
mod queue;
mod thread;

#[cfg(test)]
mod test;

pub use device::DeviceChoice;
pub use job::{Event, Job, Outcome};
pub use queue::Priority;

use crate::{error::JobError, make, order::Order};
use crossbeam_channel::{Sender, unbounded};
use std::{num::NonZeroUsize, path::PathBuf, sync::Arc, thread::available_parallelism};

/// How an engine works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Threads for one job. The takes don't depend on it.
    pub threads: NonZeroUsize,
    /// A folder with other weights of the same model (laid out like `assets/model`); those inside the binary without.
    pub weights: Option<PathBuf>,
    /// What the networks run on.
    pub device: DeviceChoice,
    /// Refuse jobs that need more than this many bytes; without, more than what the system has free.
    pub memory: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { threads: available_parallelism().unwrap_or(NonZeroUsize::MIN), weights: None, device: DeviceChoice::default(), memory: None }
    }
}

/// Makes takes in the background.
#[derive(Debug, Clone)]
pub struct Engine {
    inbox: Sender<queue::Message>,
}

impl Engine {
    /// Starts the worker. The model is unpacked when the first job needs it.
    ///
    /// # Errors
    /// [`JobError::Gone`] where the system gives no thread.
    pub fn start(settings: Settings) -> Result<Self, JobError> {
        let (inbox, messages) = unbounded();
        std::thread::Builder::new()
            .name("inlay worker".into())
            .spawn(move || thread::Worker::new(settings).run(&messages))
            .map_err(|_| JobError::Gone)?;
        Ok(Self { inbox })
    }

    /// Queues an order. What is wrong with it is said at once, before any work.
    ///
    /// # Errors
    /// [`JobError`] for an order that can't be made.
    pub fn submit(&self, order: Order, priority: Priority) -> Result<Job, JobError> {
        make::check(&order)?;
        let (job, work) = job::pair(order, priority);
        self.inbox.send(queue::Message::Work(Box::new(work))).map_err(|_| JobError::Gone)?;
        Ok(job)
    }

    /// Unpacks the model in the background, so that the first job starts at once.
    pub fn load(&self) {
        // a worker that is gone is noticed by the next job
        let _ = self.inbox.send(queue::Message::Load);
    }

    /// Gives the model's memory back once no job waits; the next one unpacks it again.
    pub fn unload(&self) {
        let _ = self.inbox.send(queue::Message::Unload);
    }
}

/// What the worker and a job's handle share.
type Shared = Arc<job::Flags>;
