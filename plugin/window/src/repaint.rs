//! When the next frame is due.

use std::time::{Duration, Instant};

/// Frames that somebody asked for. Nothing is drawn that nobody asked for.
#[derive(Debug, Default)]
pub(crate) struct Repaint {
    due: Option<Instant>,
}

impl Repaint {
    /// Asks for a frame in `delay`. The earliest wish counts.
    pub(crate) fn ask(&mut self, now: Instant, delay: Duration) {
        // egui says "never" with the longest duration there is, which no instant can be moved by.
        let Some(at) = now.checked_add(delay) else { return };
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// Asks for a frame as soon as possible.
    pub(crate) fn now(&mut self, now: Instant) {
        self.ask(now, Duration::ZERO);
    }

    /// Whether a frame should be drawn at `now`.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// A frame is about to be drawn: earlier wishes are met by it, later ones stay, because egui repeats only those that it has
    /// a new reason for.
    pub(crate) fn start(&mut self, now: Instant) {
        if self.is_due(now) {
            self.due = None;
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn nothing_is_due_that_nobody_asked_for() {
        assert!(!Repaint::default().is_due(Instant::now()));
    }

    #[test]
    fn never_is_never() {
        let mut repaint = Repaint::default();
        let now = Instant::now();
        repaint.ask(now, Duration::MAX);
        assert!(!repaint.is_due(now + Duration::from_secs(86_400)));
    }

    #[test]
    fn the_earliest_wish_counts() {
        let (mut repaint, now) = (Repaint::default(), Instant::now());
        repaint.ask(now, Duration::from_millis(500));
        repaint.ask(now, Duration::from_millis(100));
        repaint.ask(now, Duration::from_millis(900));
        assert!(!repaint.is_due(now + Duration::from_millis(99)));
        assert!(repaint.is_due(now + Duration::from_millis(100)));
    }

    #[test]
    fn a_frame_meets_the_wishes_before_it_and_leaves_those_after() {
        let (mut repaint, now) = (Repaint::default(), Instant::now());
        repaint.now(now);
        repaint.start(now);
        assert!(!repaint.is_due(now + Duration::from_secs(1)));

        repaint.ask(now, Duration::from_millis(500));
        repaint.start(now + Duration::from_millis(10));
        assert!(repaint.is_due(now + Duration::from_millis(500)));
    }
}
