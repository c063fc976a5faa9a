//! A job: the handle that asks and the work that answers.

use super::{Shared, queue::Priority};
use crate::{
    error::JobError,
    make::Made,
    order::Order,
    progress::{Progress, Timing},
};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// What a job tells.
#[derive(Debug, Clone)]
pub enum Event {
    /// It goes on.
    Progress(Progress),
    /// It is over; nothing comes after this.
    Ended(Result<Outcome, JobError>),
}

/// What a finished job leaves.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Takes and notices.
    pub made: Made,
    /// Seconds of each stage.
    pub timing: Timing,
}

/// The flags of a job.
#[derive(Debug, Default)]
pub(super) struct Flags {
    pub cancelled: AtomicBool,
}

/// A job that was asked for. Dropping the handle cancels it: nobody would hear of its end.
#[derive(Debug)]
pub struct Job {
    events: Receiver<Event>,
    flags: Shared,
}

impl Job {
    /// What the job tells, as it comes.
    pub fn events(&self) -> &Receiver<Event> {
        &self.events
    }

    /// Stops the job within one step.
    pub fn cancel(&self) {
        self.flags.cancelled.store(true, Ordering::Relaxed);
    }

    /// Waits for the end, telling `progress` on the way.
    ///
    /// # Errors
    /// Why the job ended without takes.
    pub fn wait(&self, mut progress: impl FnMut(Progress)) -> Result<Outcome, JobError> {
        loop {
            match self.events.recv() {
                Ok(Event::Progress(p)) => progress(p),
                Ok(Event::Ended(outcome)) => return outcome,
                Err(_) => return Err(JobError::Gone),
            }
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// The worker's side of a job.
pub(super) struct Work {
    pub order: Order,
    pub priority: Priority,
    pub events: Sender<Event>,
    pub flags: Shared,
}

impl Work {
    pub fn end(&self, outcome: Result<Outcome, JobError>) {
        // nobody listens any more: nothing to tell
        let _ = self.events.send(Event::Ended(outcome));
    }
}

pub(super) fn pair(order: Order, priority: Priority) -> (Job, Work) {
    let (sender, receiver) = unbounded();
    let flags = Shared::default();
    (Job { events: receiver, flags: Arc::clone(&flags) }, Work { order, priority, events: sender, flags })
}
