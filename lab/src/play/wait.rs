//! Waiting for somebody who listens.

use crate::{platform::interrupt::presses, said};
use crossbeam_channel::{Receiver, bounded, never, select};
use std::io::IsTerminal as _;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::time::Duration;

/// Until Enter is pressed, or, where standard input is no terminal, for `once`. Breaks after Ctrl-C.
pub(super) fn for_enter(once: Duration) -> ControlFlow<()> {
    let (lines, end) = if std::io::stdin().is_terminal() {
        said::aside("playing; press Enter to go on");
        (lines().clone(), never())
    } else {
        (never(), crossbeam_channel::after(once))
    };
    select! {
        recv(lines) -> _ => ControlFlow::Continue(()),
        recv(end) -> _ => ControlFlow::Continue(()),
        recv(presses()) -> _ => ControlFlow::Break(()),
    }
}

/// A message for each line on standard input. Its thread waits there for as long as the process lives.
fn lines() -> &'static Receiver<()> {
    static LINES: OnceLock<Receiver<()>> = OnceLock::new();
    LINES.get_or_init(|| {
        let (sender, receiver) = bounded(0);
        std::thread::spawn(move || {
            for line in std::io::stdin().lines() {
                if line.is_err() || sender.send(()).is_err() {
                    return;
                }
            }
        });
        receiver
    })
}
