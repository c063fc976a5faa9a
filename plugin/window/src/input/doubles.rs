//! Keys that arrive twice: from the host's call and from the window.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use egui::Key;

/// The two ways of one key press lie within one turn of the host's event loop. Shorter than the fastest key repeat.
const APART: Duration = Duration::from_millis(25);

/// Which way a key came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Window,
    Host,
}

#[derive(Debug)]
struct Seen {
    way: Way,
    key: Key,
    down: bool,
    at: Instant,
}

/// What came lately, so that its double is known.
#[derive(Debug, Default)]
pub(crate) struct Doubles {
    seen: VecDeque<Seen>,
}

impl Doubles {
    /// Whether this is the second arrival of a key that came the other way just before. Each arrival has one double at most, so that
    /// keys which repeat aren't lost.
    pub(crate) fn is_double(&mut self, way: Way, key: Key, down: bool, at: Instant) -> bool {
        self.seen.retain(|seen| at.saturating_duration_since(seen.at) <= APART);
        let double = self.seen.iter().position(|seen| seen.way != way && seen.key == key && seen.down == down);
        match double {
            Some(index) => {
                self.seen.remove(index);
                true
            }
            None => {
                self.seen.push_back(Seen { way, key, down, at });
                false
            }
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_key_that_comes_both_ways_counts_once() {
        let (mut doubles, now) = (Doubles::default(), Instant::now());
        assert!(!doubles.is_double(Way::Host, Key::Space, true, now));
        assert!(doubles.is_double(Way::Window, Key::Space, true, now + MS));
    }

    #[test]
    fn a_key_that_comes_one_way_only_counts_each_time() {
        let (mut doubles, now) = (Doubles::default(), Instant::now());
        for press in 0..5 {
            assert!(!doubles.is_double(Way::Window, Key::A, true, now + press * MS));
        }
    }

    #[test]
    fn repeats_that_come_both_ways_count_half() {
        let (mut doubles, now) = (Doubles::default(), Instant::now());
        let counted = (0..10)
            .flat_map(|press| [(Way::Host, now + press * 30 * MS), (Way::Window, now + (press * 30 + 2) * MS)])
            .filter(|(way, at)| !doubles.is_double(*way, Key::Backspace, true, *at))
            .count();
        assert_eq!(counted, 10);
    }

    #[test]
    fn a_later_press_is_no_double() {
        let (mut doubles, now) = (Doubles::default(), Instant::now());
        assert!(!doubles.is_double(Way::Host, Key::Space, true, now));
        assert!(!doubles.is_double(Way::Window, Key::Space, true, now + 60 * MS));
    }

    #[test]
    fn a_release_is_no_double_of_a_press() {
        let (mut doubles, now) = (Doubles::default(), Instant::now());
        assert!(!doubles.is_double(Way::Host, Key::Space, true, now));
        assert!(!doubles.is_double(Way::Window, Key::Space, false, now));
    }
}
