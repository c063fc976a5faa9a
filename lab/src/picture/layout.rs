//! Where things are on the picture.

/// Width of the picture in pixels.
pub const WIDTH: usize = 1600;
/// Height of the picture in pixels.
pub const HEIGHT: usize = 900;
/// Size of the title's letters in pixels.
pub const TITLE: f32 = 38.0;
/// Size of the second line's letters in pixels.
pub const SUBTITLE: f32 = 21.0;

/// A rectangle; `right` and `bottom` lie outside of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// First column.
    pub left: f32,
    /// First row.
    pub top: f32,
    /// One past the last column.
    pub right: f32,
    /// One past the last row.
    pub bottom: f32,
}

impl Rect {
    /// Pixels from left to right.
    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    /// Pixels from top to bottom.
    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }

    /// The row half way down.
    pub fn middle(&self) -> f32 {
        (self.top + self.bottom) / 2.0
    }

    /// Whole columns.
    pub fn columns(&self) -> usize {
        self.width() as usize
    }

    /// Whole rows.
    pub fn rows(&self) -> usize {
        self.height() as usize
    }
}

/// The picture's parts, from top to bottom.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Numbers of the bars.
    pub ruler: Rect,
    /// Left and right channel.
    pub waves: [Rect; 2],
    /// The spectrogram.
    pub spectrum: Rect,
    /// Seconds below it.
    pub seconds: Rect,
    /// The colour scale beside it.
    pub scale: Rect,
}

impl Layout {
    /// The one layout there is.
    pub fn new() -> Self {
        let row = |top: f32, bottom: f32| Rect { left: 84.0, top, right: 1492.0, bottom };
        Self {
            ruler: row(108.0, 142.0),
            waves: [row(142.0, 260.0), row(263.0, 381.0)],
            spectrum: row(401.0, 849.0),
            seconds: row(849.0, 884.0),
            scale: Rect { left: 1512.0, top: 401.0, right: 1526.0, bottom: 849.0 },
        }
    }
}

impl Default for Layout {
    fn default() -> Self {
        Self::new()
    }
}
