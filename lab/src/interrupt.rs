//! Ctrl-C (and being asked to end by the system), as something that can be waited for.

use crossbeam_channel::{Receiver, bounded, never};
use std::sync::OnceLock;

/// A message for each press, at most one of which waits. From the first call on a press doesn't end the process any more.
pub fn presses() -> &'static Receiver<()> {
    static PRESSES: OnceLock<Receiver<()>> = OnceLock::new();
    PRESSES.get_or_init(|| {
        let (sender, receiver) = bounded(1);
        let tell = move || {
            // A press that finds one waiting adds nothing.
            let _ = sender.try_send(());
        };
        // Where the system takes no handler, a press goes on ending the process.
        match ctrlc::set_handler(tell) {
            Ok(()) => receiver,
            Err(_) => never(),
        }
    })
}
