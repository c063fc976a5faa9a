//! How much memory this process has while it works. What differs between systems is here.

use inlay_engine::Stage;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(1);
const STAGES: [Stage; 8] =
    [Stage::Loading, Stage::Text, Stage::Listening, Stage::Sampling, Stage::Decoding, Stage::Phases, Stage::Fitting, Stage::Closing];

/// Looks at the process's memory again and again, on a thread of its own, and remembers the most for each stage of a job.
#[derive(Debug)]
pub struct Meter {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    stage: AtomicUsize,
    most: [AtomicUsize; STAGES.len()],
    over: AtomicBool,
}

impl Meter {
    /// Begins to look, in [`Stage::Loading`].
    pub fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let eye = Arc::clone(&shared);
        let look = move || {
            while !eye.over.load(Relaxed) {
                if let (Some(most), Some(now)) = (eye.most.get(eye.stage.load(Relaxed)), memory_stats::memory_stats()) {
                    most.fetch_max(now.physical_mem, Relaxed);
                }
                std::thread::sleep(PAUSE);
            }
        };
        // Without that thread nothing is measured, and no memory is shown.
        let thread = std::thread::Builder::new().name("memory meter".into()).spawn(look).ok();
        Self { shared, thread }
    }

    /// What is seen from now on belongs to `stage`.
    pub fn enter(&self, stage: Stage) {
        if let Some(at) = STAGES.iter().position(|s| *s == stage) {
            self.shared.stage.store(at, Relaxed);
        }
    }

    /// The most bytes in each stage that was seen.
    pub fn stages(&self) -> Vec<(Stage, usize)> {
        let seen = STAGES.iter().zip(&self.shared.most).map(|(stage, most)| (*stage, most.load(Relaxed)));
        seen.filter(|(_, most)| *most > 0).collect()
    }

    /// The most bytes at any time: the system's own count where it keeps one, which misses no short moment.
    pub fn peak(&self) -> usize {
        self.stages().into_iter().map(|(_, most)| most).fold(counted().unwrap_or(0), usize::max)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.shared.over.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            // A meter that panicked has nothing more to tell.
            let _ = thread.join();
        }
    }
}

/// Linux counts the most memory a process ever had (`VmHWM`, in KiB).
#[cfg(target_os = "linux")]
fn counted() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()?.checked_mul(1024)
}

#[cfg(not(target_os = "linux"))]
fn counted() -> Option<usize> {
    None
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn memory_that_is_used_is_seen() {
        let meter = Meter::start();
        meter.enter(Stage::Sampling);
        let block = vec![1u8; 64 << 20];
        while !meter.stages().iter().any(|(stage, most)| *stage == Stage::Sampling && *most >= block.len()) {
            std::thread::sleep(PAUSE);
        }
        assert!(meter.peak() >= block.len());
        assert_eq!(block.last(), Some(&1));
    }
}
