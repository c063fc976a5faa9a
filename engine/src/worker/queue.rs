//! What waits for the worker, in the order in which it is done.

use super::job::Work;
use std::{collections::VecDeque, sync::atomic::Ordering};

/// Whose job comes first.
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
#[derive(Default)]
pub(super) struct Queue {
    waiting: [VecDeque<Box<Work>>; 3],
}

impl Queue {
    pub fn push(&mut self, work: Box<Work>) {
        self.waiting[work.priority as usize].push_back(work);
    }

    /// The next job that is still wanted; the others are told that they are cancelled.
    pub fn pop(&mut self) -> Option<Box<Work>> {
        loop {
            let work = self.waiting.iter_mut().find_map(VecDeque::pop_front)?;
            if !work.flags.cancelled.load(Ordering::Relaxed) {
                return Some(work);
            }
            work.end(Err(crate::JobError::Cancelled));
        }
    }
}
