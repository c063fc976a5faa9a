//! The colours of the picture: dark, so that the spectrogram's glow carries it.

/// Red, green, blue of sRGB.
pub type Colour = [u8; 3];

/// Around the panels.
pub const BACKGROUND: Colour = [13, 14, 20];
/// Behind waveform and spectrogram.
pub const PANEL: Colour = [20, 21, 30];
/// Titles.
pub const TEXT: Colour = [240, 236, 230];
/// Labels of axes and second lines.
pub const MUTED: Colour = [150, 150, 166];
/// Lines between beats.
pub const BEAT: Colour = [70, 72, 92];
/// Lines between bars.
pub const BAR: Colour = [128, 130, 156];
/// The program's name, and what was made anew.
pub const ACCENT: Colour = [255, 190, 110];
/// A region's shade and frame.
pub const REGION: Colour = [96, 212, 204];
/// The waveform's peaks.
pub const PEAK: Colour = [150, 60, 122];
/// The waveform's root mean square.
pub const BODY: Colour = [252, 160, 110];
