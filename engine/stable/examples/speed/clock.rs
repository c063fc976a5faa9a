//! What time and memory a process takes.

use cpu_time::ProcessTime;
use serde::Serialize;
use std::{fs, ops::Sub, time::Instant};

/// A moment.
#[derive(Clone, Copy)]
pub struct Clock {
    wall: Instant,
    cpu: ProcessTime,
}

/// Seconds between two moments.
#[derive(Serialize)]
pub struct Seconds {
    pub wall: f64,
    /// Of all processors.
    pub cpu: f64,
}

impl Clock {
    pub fn now() -> Self {
        Self { wall: Instant::now(), cpu: ProcessTime::now() }
    }
}

impl Sub for Clock {
    type Output = Seconds;

    fn sub(self, earlier: Self) -> Seconds {
        Seconds { wall: (self.wall - earlier.wall).as_secs_f64(), cpu: self.cpu.duration_since(earlier.cpu).as_secs_f64() }
    }
}

/// Megabytes of memory at most so far, where the system says so in `/proc`.
pub fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// Lets [`peak`] count from now on, where the system can: loading may have taken more than running does.
pub fn forget_peak() {
    // elsewhere there is no such file, and no peak either
    let _ = fs::write("/proc/self/clear_refs", "5");
}
