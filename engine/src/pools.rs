//! The threads that the work inside a job runs on: all cores, or all but one while a host plays.

use crate::{error::JobError, worker::give_way};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::{
    num::NonZeroUsize,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Two pools, of which one works at a time. Takes don't depend on which: sums have a fixed order.
#[derive(Debug)]
pub(crate) struct Pools {
    all: ThreadPool,
    /// One thread less; made when a host first plays. None where the system gives no more threads, or there is one only.
    fewer: OnceLock<Option<ThreadPool>>,
    /// Hosts that play.
    playing: Arc<AtomicUsize>,
    background: bool,
}

impl Pools {
    /// # Errors
    /// Where the system gives no threads.
    pub fn new(threads: NonZeroUsize, background: bool, playing: &Arc<AtomicUsize>) -> Result<Self, JobError> {
        let all = build(threads.get(), background).map_err(|e| JobError::Model(e.to_string()))?;
        Ok(Self { all, fewer: OnceLock::new(), playing: Arc::clone(playing), background })
    }

    /// Runs `work` on the pool that is right now, and waits for it.
    pub fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.now().install(work)
    }

    /// Threads that work right now.
    pub fn threads(&self) -> usize {
        self.now().current_num_threads()
    }

    fn now(&self) -> &ThreadPool {
        let all = self.all.current_num_threads();
        if all == 1 || self.playing.load(Ordering::Acquire) == 0 {
            return &self.all;
        }
        self.fewer.get_or_init(|| build(all - 1, self.background).ok()).as_ref().unwrap_or(&self.all)
    }
}

fn build(threads: usize, background: bool) -> Result<ThreadPool, rayon::ThreadPoolBuildError> {
    let begin = move |_| {
        if background {
            give_way();
        }
    };
    ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("inlay worker {i}")).start_handler(begin).build()
}
