//! Threads that give way to those of a host.

use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

/// Between idle and normal: niceness 10 where there is niceness, "below normal" on Windows.
const BELOW_NORMAL: u8 = 22;

/// Lowers the priority of the current thread. What the system refuses stays as it is: jobs run all the same.
pub(crate) fn give_way() {
    if let Ok(value) = ThreadPriorityValue::try_from(BELOW_NORMAL) {
        let _ = set_current_thread_priority(ThreadPriority::Crossplatform(value));
    }
}
