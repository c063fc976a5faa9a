//! Ctrl-C (and being asked to end by the system: SIGTERM, SIGHUP, a closed console), as something that can be waited for.
//!
//! The first press ends the command at the next step, with whole files only. A second one ends the process at once, wherever it is.

use crossbeam_channel::{Receiver, Sender, bounded, never};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Exit code after Ctrl-C, as shells have it.
pub const CODE: u8 = 130;
/// Whether there was a press since somebody listens.
static PRESSED: AtomicBool = AtomicBool::new(false);

/// A message for the first press. From the first call on a press doesn't end the process any more, but a second does.
pub fn presses() -> &'static Receiver<()> {
    static PRESSES: OnceLock<Receiver<()>> = OnceLock::new();
    PRESSES.get_or_init(|| {
        let (sender, receiver) = bounded(1);
        let tell = move || {
            if again(&PRESSED, &sender) {
                std::process::exit(CODE.into());
            }
        };
        // Where the system takes no handler, a press goes on ending the process.
        match ctrlc::set_handler(tell) {
            Ok(()) => receiver,
            Err(_) => never(),
        }
    })
}

/// Whether there was a press since the first call of [`presses`].
pub fn pressed() -> bool {
    PRESSED.load(Relaxed)
}

/// Notes a press and tells `listener` of it; whether it isn't the first.
fn again(pressed: &AtomicBool, listener: &Sender<()>) -> bool {
    let again = pressed.swap(true, Relaxed);
    // A message that waits already says it all.
    let _ = listener.try_send(());
    again
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn the_second_press_is_not_the_first_even_where_nobody_took_that() {
        let (pressed, (sender, receiver)) = (AtomicBool::new(false), bounded(1));
        assert!(!again(&pressed, &sender) && pressed.load(Relaxed));
        assert!(again(&pressed, &sender));
        assert_eq!(receiver.try_iter().count(), 1);
    }
}
