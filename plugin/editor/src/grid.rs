//! What regions snap to.

/// Lines that edges snap to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Grid {
    /// Bars.
    #[default]
    Bar,
    /// Beats.
    Beat,
    /// Half beats.
    Eighth,
    /// Quarters of a beat.
    Sixteenth,
}

impl Grid {
    pub const ALL: [Grid; 4] = [Grid::Bar, Grid::Beat, Grid::Eighth, Grid::Sixteenth];

    pub fn name(self) -> &'static str {
        match self {
            Grid::Bar => "Bar",
            Grid::Beat => "Beat",
            Grid::Eighth => "1/8",
            Grid::Sixteenth => "1/16",
        }
    }

    /// Beats between lines.
    pub fn step(self) -> f64 {
        match self {
            Grid::Bar => 4.0,
            Grid::Beat => 1.0,
            Grid::Eighth => 0.5,
            Grid::Sixteenth => 0.25,
        }
    }

    /// The line nearest to a beat; the beat itself where nothing snaps.
    pub fn snapped(self, beat: f64, snap: bool) -> f64 {
        if snap { (beat / self.step()).round() * self.step() } else { beat }
    }
}
