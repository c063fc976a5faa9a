//! Which stretches of a take the network sees at once: at most four bars, from a bar line.

// one stretch in a list is a list of stretches here, never a mistaken count
#![allow(clippy::single_range_in_vec_init)]

use super::BAR;
use std::ops::Range;

/// Latents of the longest window: the four bars that the network was trained with.
pub(super) const WINDOW: usize = 4 * BAR;
/// Longest stretch that is made in a window with something known around it.
const LONGEST: usize = 3 * BAR;
/// A window that continues what was made before begins at least this long before what it makes.
const CONTEXT: usize = BAR / 2;

/// One call of the sampler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// First latent of the window, on a bar line.
    pub first: usize,
    /// Latents to make, as stretches of the take; an end beyond the take's last latent wraps.
    pub make: Vec<Range<usize>>,
}

/// The stretches of a circle in which `mask` is true, in order of their starts; the last one may end beyond the circle's end.
pub(super) fn stretches(mask: &[bool]) -> Vec<Range<usize>> {
    let n = mask.len();
    if mask.iter().all(|m| *m) {
        return if n == 0 { vec![] } else { vec![0..n] };
    }
    let begins = (0..n).filter(|&i| mask[i] && !mask[(i + n - 1) % n]);
    begins.map(|i| i..i + (0..n).take_while(|d| mask[(i + d) % n]).count()).collect()
}

/// Windows over `make` (the stretches of a circle of `total` latents). A take of up to four bars is one window. In a longer one a
/// stretch of up to three bars gets the four bars that hold it most centrally; neighbours that fit together share a window; a longer
/// stretch goes window by window, each of which sees what was made before.
pub(super) fn plan(make: &[Range<usize>], total: usize) -> Vec<Window> {
    if total <= WINDOW {
        return if make.is_empty() { vec![] } else { vec![Window { first: 0, make: make.to_vec() }] };
    }
    let mut windows: Vec<Window> = vec![];
    let mut together: Vec<Range<usize>> = vec![];
    for stretch in make {
        let mut stretch = stretch.clone();
        if together.first().is_some_and(|first| stretch.end - first.start > LONGEST) {
            windows.push(central(std::mem::take(&mut together), total));
        }
        if stretch.len() >= total {
            // nothing is known: the first four bars close on themselves, the rest grows out of them
            windows.push(Window { first: 0, make: vec![0..WINDOW] });
            stretch = WINDOW..total;
        }
        while stretch.len() > LONGEST {
            // counted from one round later, so as not to fall below zero
            let first = (stretch.start + total - CONTEXT) / BAR * BAR;
            let end = (first + WINDOW - total).min(stretch.end);
            windows.push(Window { first: first % total, make: vec![stretch.start..end] });
            stretch = end..stretch.end;
        }
        if !stretch.is_empty() {
            together.push(stretch);
        }
    }
    if !together.is_empty() {
        windows.push(central(together, total));
    }
    windows
}

/// The four bars that hold all of `make` most centrally.
fn central(make: Vec<Range<usize>>, total: usize) -> Window {
    let start = make.first().map_or(0, |r| r.start);
    let end = make.last().map_or(0, |r| r.end);
    // the bar line nearest to (start + end − WINDOW) / 2, counted from one round later
    let first = (start + end + 2 * total - WINDOW + BAR) / (2 * BAR) * BAR;
    Window { first: first % total, make }
}

#[cfg(test)]
mod test {
    use super::*;

    fn covered(windows: &[Window], total: usize) -> Vec<usize> {
        let mut count = vec![0; total];
        for i in windows.iter().flat_map(|w| w.make.iter().cloned().flatten()) {
            count[i % total] += 1;
        }
        count
    }

    #[test]
    fn every_latent_is_made_exactly_once_and_inside_its_window() {
        for bars in [8, 16] {
            let total = bars * BAR;
            for start in (0..total).step_by(7) {
                for length in (1..=total).step_by(11) {
                    let mask: Vec<bool> = (0..total).map(|i| (i + total - start) % total < length).collect();
                    let windows = plan(&stretches(&mask), total);
                    assert_eq!(covered(&windows, total), mask.iter().map(|m| usize::from(*m)).collect::<Vec<_>>());
                    for w in &windows {
                        assert_eq!(w.first % BAR, 0);
                        for i in w.make.iter().cloned().flatten() {
                            assert!((i + total - w.first) % total < WINDOW, "{i} lies outside of {w:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_bar_lies_in_the_middle_of_its_window() {
        // bar 5 of 8: the bars 3 … 6 or 4 … 7 hold it most centrally
        let windows = plan(&[4 * BAR..5 * BAR], 8 * BAR);
        assert_eq!(windows.len(), 1);
        assert!([2 * BAR, 3 * BAR].contains(&windows[0].first));
    }

    #[test]
    fn a_region_at_the_seam_sees_both_sides() {
        let windows = plan(&[7 * BAR + 16..8 * BAR + 16], 8 * BAR);
        assert_eq!(windows, [Window { first: 6 * BAR, make: vec![7 * BAR + 16..8 * BAR + 16] }]);
    }

    #[test]
    fn neighbours_share_a_window_and_far_ones_do_not() {
        assert_eq!(plan(&[0..8, 2 * BAR..2 * BAR + 8], 16 * BAR).len(), 1);
        assert_eq!(plan(&[0..8, 8 * BAR..8 * BAR + 8], 16 * BAR).len(), 2);
    }

    #[test]
    fn a_later_window_sees_what_was_made_before() {
        let windows = plan(&[0..8 * BAR], 8 * BAR);
        assert_eq!(windows[0].make, [0..WINDOW]);
        assert!(windows[1].first < WINDOW && windows[1].make[0].start == WINDOW);
    }

    #[test]
    fn stretches_run_across_the_seam() {
        assert_eq!(stretches(&[true, false, false, true]), [3..5]);
        assert_eq!(stretches(&[true; 4]), [0..4]);
        assert_eq!(stretches(&[false; 4]), [0usize..0; 0]);
    }
}
