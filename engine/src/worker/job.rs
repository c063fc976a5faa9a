//! A job: the handle that asks and the work that answers.

use super::queue::Priority;
use crate::{
    error::JobError,
    make::Made,
    order::Order,
    progress::{Progress, Timing},
};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// Reports that wait for a reader; while there are as many, no more are added.
const UNREAD: usize = 256;

/// What a job tells.
#[derive(Debug, Clone)]
pub enum Event {
    /// It goes on. A job that gave way to a more urgent one begins again from the start. Somebody who reads seldom misses some.
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

/// What handle and worker share of a job.
#[derive(Debug)]
struct Flags {
    cancelled: AtomicBool,
    /// Where its end is told, while it waits: whoever takes this tells it.
    seat: Mutex<Option<Sender<Event>>>,
}

impl Flags {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn take(&self) -> Option<Sender<Event>> {
        self.seat.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        if let Some(events) = self.take() {
            // nobody listens any more: nothing to tell
            let _ = events.send(Event::Ended(Err(JobError::Cancelled)));
        }
    }
}

/// A job that was asked for. Dropping the handle cancels it: nobody would hear of its end.
#[derive(Debug)]
pub struct Job {
    events: Receiver<Event>,
    flags: Arc<Flags>,
}

impl Job {
    /// What the job tells, as it comes.
    pub fn events(&self) -> &Receiver<Event> {
        &self.events
    }

    /// Stops the job: at once if it waits, within one step if it runs. One that is over stays as it ended.
    pub fn cancel(&self) {
        self.flags.cancel();
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

/// The worker's side of a job that waits.
pub(super) struct Work {
    pub order: Order,
    pub priority: Priority,
    flags: Arc<Flags>,
    /// Breaks in the middle.
    #[cfg(test)]
    pub fault: Option<fn()>,
}

impl Work {
    /// Nothing if it was cancelled.
    pub fn begin(work: Box<Self>) -> Option<Running> {
        let events = work.flags.take()?;
        Some(Running { work, events })
    }
}

/// The worker's side of a job that runs.
pub(super) struct Running {
    pub work: Box<Work>,
    events: Sender<Event>,
}

impl Running {
    pub fn is_cancelled(&self) -> bool {
        self.work.flags.is_cancelled()
    }

    pub fn tell(&self, progress: Progress) {
        if self.events.len() < UNREAD {
            let _ = self.events.send(Event::Progress(progress));
        }
    }

    pub fn end(self, outcome: Result<Outcome, JobError>) {
        // nobody listens any more: nothing to tell
        let _ = self.events.send(Event::Ended(outcome));
    }

    /// Back into the queue; nothing if it was cancelled meanwhile.
    pub fn wait_again(self) -> Option<Box<Work>> {
        let Self { work, events } = self;
        *work.flags.seat.lock().unwrap_or_else(PoisonError::into_inner) = Some(events);
        if work.flags.is_cancelled() {
            // either this or the handle that cancelled it finds the seat taken: its end is told once
            work.flags.cancel();
            return None;
        }
        Some(work)
    }
}

pub(super) fn pair(order: Order, priority: Priority) -> (Job, Box<Work>) {
    let (sender, receiver) = unbounded();
    let flags = Arc::new(Flags { cancelled: AtomicBool::new(false), seat: Mutex::new(Some(sender)) });
    let work = Work {
        order,
        priority,
        flags: Arc::clone(&flags),
        #[cfg(test)]
        fault: None,
    };
    (Job { events: receiver, flags }, Box::new(work))
}
