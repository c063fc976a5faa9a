//! Parts of a take that are drawn, moved and resized.

use crate::grid::Grid;
use inlay_music::{Bars, Region};

/// The shortest part, in beats.
const SHORTEST: f64 = 0.125;

/// A region as it is being drawn: start from 0 to the take's end, length above 0, wrapping around the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    pub start: f64,
    pub length: f64,
}

/// What a pointer that went down does to the regions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Grip {
    /// Draws a new one from this beat on.
    New { anchor: f64 },
    /// Moves one; the pointer stays so far behind its start.
    Move { index: usize, behind: f64 },
    /// Moves its start.
    Start { index: usize },
    /// Moves its end.
    End { index: usize },
}

impl Grip {
    /// The part that is held; none where a new one is drawn.
    pub fn index(self) -> Option<usize> {
        match self {
            Grip::Move { index, .. } | Grip::Start { index } | Grip::End { index } => Some(index),
            Grip::New { .. } => None,
        }
    }
}

impl Part {
    pub fn of(region: &Region) -> Self {
        Self { start: region.start(), length: region.length() }
    }

    pub fn region(self, bars: Bars) -> Option<Region> {
        Region::new(self.start, self.length, bars).ok()
    }

    /// Whether it holds a beat, around the end too.
    pub fn holds(self, beat: f64, beats: f64) -> bool {
        (beat - self.start).rem_euclid(beats) < self.length
    }

    /// Its pieces from left to right: two where it runs across the end.
    pub fn pieces(self, beats: f64) -> Vec<(f64, f64)> {
        let end = self.start + self.length;
        if end > beats + 1e-9 { vec![(self.start, beats), (0.0, end - beats)] } else { vec![(self.start, end)] }
    }

    /// Its end on the take.
    pub fn end(self, beats: f64) -> f64 {
        let end = self.start + self.length;
        if end > beats + 1e-9 { end - beats } else { end }
    }
}

/// What a press at a beat takes hold of; `near` is how close to an edge counts, in beats.
pub(crate) fn grip(parts: &[Part], beat: f64, near: f64, beats: f64) -> Grip {
    // what lies at the other end of the wave isn't near, though it sounds next
    let close = |a: f64, b: f64| (a - b).abs() <= near;
    // the last one drawn is on top
    for (index, part) in parts.iter().enumerate().rev() {
        if part.length < beats - 1e-9 {
            if close(part.end(beats), beat) {
                return Grip::End { index };
            }
            if close(part.start, beat) {
                return Grip::Start { index };
            }
        }
    }
    let inside = parts.iter().enumerate().rev().find(|(_, p)| p.holds(beat.rem_euclid(beats), beats));
    match inside {
        Some((index, part)) => Grip::Move { index, behind: (beat - part.start).rem_euclid(beats) },
        None => Grip::New { anchor: beat },
    }
}

/// What the regions are while the pointer is at a beat, from what they were when it went down.
pub(crate) fn dragged(parts: &[Part], grip: Grip, beat: f64, grid: Grid, snap: bool, beats: f64) -> Vec<Part> {
    let mut parts = parts.to_vec();
    let line = |beat: f64| grid.snapped(beat, snap);
    let least = if snap { grid.step().min(beats) } else { SHORTEST };
    match grip {
        Grip::New { anchor } => {
            let (from, to) = if beat >= anchor { (anchor, beat) } else { (beat, anchor) };
            let (from, to) = if snap {
                let step = grid.step().min(beats);
                ((from / step).floor() * step, (to / step).ceil() * step)
            } else {
                (from, to)
            };
            let start = from.clamp(0.0, (beats - least).max(0.0));
            let length = (to - start).clamp(least, beats - start);
            parts.push(Part { start, length });
        }
        Grip::Move { index, behind } => {
            if let Some(part) = parts.get_mut(index) {
                part.start = line(beat - behind).rem_euclid(beats);
            }
        }
        Grip::Start { index } => {
            if let Some(part) = parts.get_mut(index) {
                let end = part.start + part.length;
                part.length = (part.length - (line(beat) - part.start)).clamp(least, beats);
                part.start = (end - part.length).rem_euclid(beats);
            }
        }
        Grip::End { index } => {
            if let Some(part) = parts.get_mut(index) {
                part.length = (part.length + line(beat) - part.end(beats)).clamp(least, beats);
            }
        }
    }
    parts
}

#[cfg(test)]
mod test {
    use super::*;

    const BEATS: f64 = 16.0;

    fn part(start: f64, length: f64) -> Part {
        Part { start, length }
    }

    #[test]
    fn drawing_covers_the_cells_that_are_touched() {
        let drawn = dragged(&[], Grip::New { anchor: 5.0 }, 7.0, Grid::Bar, true, BEATS);
        assert_eq!(drawn, [part(4.0, 4.0)]);
        let back = dragged(&[], Grip::New { anchor: 9.0 }, 7.0, Grid::Bar, true, BEATS);
        assert_eq!(back, [part(4.0, 8.0)]);
        let free = dragged(&[], Grip::New { anchor: 5.0 }, 7.3, Grid::Bar, false, BEATS);
        assert!((free[0].length - 2.3).abs() < 1e-9);
    }

    #[test]
    fn drawing_beyond_the_take_ends_with_it() {
        assert_eq!(dragged(&[], Grip::New { anchor: 13.0 }, 40.0, Grid::Beat, true, BEATS), [part(13.0, 3.0)]);
        assert_eq!(dragged(&[], Grip::New { anchor: 2.0 }, -9.0, Grid::Beat, true, BEATS), [part(0.0, 2.0)]);
    }

    #[test]
    fn edges_and_insides_are_told_apart() {
        let parts = [part(4.0, 4.0)];
        assert_eq!(grip(&parts, 4.05, 0.1, BEATS), Grip::Start { index: 0 });
        assert_eq!(grip(&parts, 8.05, 0.1, BEATS), Grip::End { index: 0 });
        assert_eq!(grip(&parts, 5.0, 0.1, BEATS), Grip::Move { index: 0, behind: 1.0 });
        assert_eq!(grip(&parts, 12.0, 0.1, BEATS), Grip::New { anchor: 12.0 });
    }

    #[test]
    fn an_edge_at_the_other_end_is_not_within_reach() {
        assert_eq!(grip(&[part(0.0, 4.0)], 15.95, 0.1, BEATS), Grip::New { anchor: 15.95 });
        assert_eq!(grip(&[part(12.0, 4.0)], 0.05, 0.1, BEATS), Grip::New { anchor: 0.05 });
        assert_eq!(grip(&[part(12.0, 4.0)], 15.95, 0.1, BEATS), Grip::End { index: 0 });
        assert_eq!(grip(&[part(14.0, 4.0)], 2.05, 0.1, BEATS), Grip::End { index: 0 });
    }

    #[test]
    fn a_part_moves_across_the_end_and_keeps_its_length() {
        let moved = dragged(&[part(8.0, 4.0)], Grip::Move { index: 0, behind: 1.0 }, 15.0, Grid::Beat, true, BEATS);
        assert_eq!(moved, [part(14.0, 4.0)]);
        assert_eq!(moved[0].pieces(BEATS), [(14.0, 16.0), (0.0, 2.0)]);
        assert_eq!(moved[0].end(BEATS), 2.0);
        assert!(moved[0].holds(1.0, BEATS) && !moved[0].holds(3.0, BEATS));
    }

    #[test]
    fn edges_move_and_never_meet() {
        let parts = [part(4.0, 8.0)];
        assert_eq!(dragged(&parts, Grip::End { index: 0 }, 9.2, Grid::Beat, true, BEATS), [part(4.0, 5.0)]);
        assert_eq!(dragged(&parts, Grip::Start { index: 0 }, 6.0, Grid::Beat, true, BEATS), [part(6.0, 6.0)]);
        assert_eq!(dragged(&parts, Grip::Start { index: 0 }, 14.0, Grid::Beat, true, BEATS)[0].length, 1.0);
        assert_eq!(dragged(&parts, Grip::End { index: 0 }, 2.0, Grid::Beat, true, BEATS)[0].length, 1.0);
    }

    #[test]
    fn an_end_on_the_take_s_end_is_not_its_start() {
        let grown = dragged(&[part(8.0, 6.0)], Grip::End { index: 0 }, 16.0, Grid::Bar, true, BEATS);
        assert_eq!(grown, [part(8.0, 8.0)]);
    }
}
