//! What waits for the worker, in the order in which it is done.

use super::{
    job::{Running, Work},
    status::Status,
};
use std::{collections::VecDeque, sync::Arc};

/// Whose job comes first. One that runs gives way within a step to one that comes before it, and begins again after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Somebody waits for it.
    User,
    /// A take follows the project's tempo.
    Retime,
    /// Made in case somebody will want it.
    Speculative,
}

/// What is sent to the worker.
pub(super) enum Message {
    Work(Box<Work>),
    Load,
    Unload,
}

/// Jobs by priority; among equals, first come, first served.
pub(super) struct Queue {
    waiting: [VecDeque<Box<Work>>; 3],
    status: Arc<Status>,
}

impl Queue {
    pub fn new(status: Arc<Status>) -> Self {
        Self { waiting: Default::default(), status }
    }

    /// A job that [`Status::waits`] was told of.
    pub fn push(&mut self, work: Box<Work>) {
        self.waiting[work.priority as usize].push_back(work);
    }

    /// The next job that is still wanted.
    pub fn pop(&mut self) -> Option<Running> {
        loop {
            let work = self.waiting.iter_mut().find_map(VecDeque::pop_front)?;
            self.status.begins(work.priority);
            if let Some(running) = Work::begin(work) {
                return Some(running);
            }
        }
    }

    /// A job that gave way: the first of its kind.
    pub fn again(&mut self, running: Running) {
        if let Some(work) = running.wait_again() {
            self.status.waits(work.priority);
            self.waiting[work.priority as usize].push_front(work);
        }
    }
}
