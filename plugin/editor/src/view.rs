//! Which part of a take is seen.

/// A stretch of beats: all of a take, or what one zoomed into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct View {
    /// Beats of the take.
    pub beats: f64,
    /// First beat that is seen.
    pub start: f64,
    /// Beats that are seen.
    pub length: f64,
}

/// The closest that one can look.
const CLOSEST: f64 = 0.5;

impl View {
    /// All of a take of so many beats.
    pub fn whole(beats: f64) -> Self {
        Self { beats, start: 0.0, length: beats }
    }

    /// The same view of a take that may have another length.
    pub fn of(self, beats: f64) -> Self {
        if self.beats == beats { self } else { Self::whole(beats) }
    }

    /// Whether all of it is seen.
    pub fn is_whole(self) -> bool {
        self.length >= self.beats
    }

    /// Closer (factor above 1) or farther, with a beat kept in its place.
    pub fn zoomed(self, factor: f64, around: f64) -> Self {
        let length = (self.length / factor).clamp(CLOSEST.min(self.beats), self.beats);
        let share = (around - self.start) / self.length;
        Self { length, start: around - share * length, ..self }.held()
    }

    /// Farther along by so many beats.
    pub fn scrolled(self, beats: f64) -> Self {
        Self { start: self.start + beats, ..self }.held()
    }

    /// Farther along just so much that a stretch is seen, or its start where it is longer than what is seen.
    pub fn showing(self, from: f64, to: f64) -> Self {
        let start = if to > self.start + self.length { to - self.length } else { self.start };
        Self { start: start.min(from), ..self }.held()
    }

    fn held(self) -> Self {
        Self { start: self.start.clamp(0.0, self.beats - self.length), ..self }
    }

    /// Where a beat stands, from 0 (left) to 1 (right).
    pub fn share(self, beat: f64) -> f32 {
        ((beat - self.start) / self.length) as f32
    }

    /// The beat at a place.
    pub fn beat(self, share: f32) -> f64 {
        self.start + f64::from(share) * self.length
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn zooming_keeps_the_beat_under_the_pointer() {
        let view = View::whole(16.0).zoomed(2.0, 4.0);
        assert_eq!((view.length, view.start, view.share(4.0)), (8.0, 2.0, 0.25));
        assert_eq!(view.zoomed(0.01, 4.0), View::whole(16.0));
        assert_eq!(view.zoomed(1e9, 4.0).length, CLOSEST);
    }

    #[test]
    fn nothing_beyond_the_take_is_seen() {
        let view = View::whole(16.0).zoomed(4.0, 8.0);
        assert_eq!(view.scrolled(100.0).start, 12.0);
        assert_eq!(view.scrolled(-100.0).start, 0.0);
        assert_eq!(view.of(8.0), View::whole(8.0));
        assert_eq!(view.of(16.0), view);
    }

    #[test]
    fn what_is_moved_stays_in_sight() {
        let view = View { beats: 16.0, start: 4.0, length: 4.0 };
        assert_eq!(view.showing(5.0, 6.0), view);
        assert_eq!(view.showing(7.0, 9.0).start, 5.0);
        assert_eq!(view.showing(2.0, 3.0).start, 2.0);
        assert_eq!(view.showing(6.0, 14.0).start, 6.0);
        assert_eq!(view.showing(14.0, 18.0).start, 12.0);
    }

    #[test]
    fn a_beat_comes_back_from_its_place() {
        let view = View::whole(16.0).zoomed(3.0, 5.0);
        assert!((view.beat(view.share(6.25)) - 6.25).abs() < 1e-6);
    }
}
