//! A take as a picture that is made to be looked at: the waveform over bars and beats, with the regions that were made anew, above a
//! spectrogram with a logarithmic axis of frequency.
//!
//! The same scene gives the same pixels on every machine with the same arithmetic: nothing here asks a clock, a locale or a font server.

pub mod canvas;
pub mod heat;
pub mod layout;
pub mod ruler;
pub mod spectrogram;
pub mod text;
pub mod theme;
pub mod wave;

#[cfg(test)]
mod test;

use canvas::Canvas;
use layout::{Layout, Rect};
use text::{Align, Fonts};

/// What a picture shows.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// First line, large: the prompt.
    pub title: &'a str,
    /// Second line: tempo, key, bars, seed.
    pub subtitle: &'a str,
    /// Left channel, −1 to 1.
    pub left: &'a [f32],
    /// Right channel, as long as the left one.
    pub right: &'a [f32],
    /// Sample frames a second.
    pub rate: u32,
    /// Quarter notes a minute.
    pub bpm: f64,
    /// Length of the loop in beats; bars have four.
    pub beats: u32,
    /// Regions made anew, as start and length in beats; an end beyond the last beat wraps.
    pub regions: &'a [(f64, f64)],
}

/// Draws `scene` in 1600 × 900 pixels.
pub fn draw(scene: &Scene) -> Canvas {
    let mut canvas = Canvas::new(layout::WIDTH, layout::HEIGHT, theme::BACKGROUND);
    let layout = Layout::new();
    let fonts = Fonts::embedded();
    heading(&mut canvas, &fonts, &layout, scene);
    for panel in layout.waves {
        canvas.fill(panel, theme::PANEL);
    }
    canvas.fill(layout.spectrum, theme::PANEL);
    let ruler = ruler::Ruler::new(scene.beats, layout.spectrum);
    let peak = wave::peak(scene.left).max(wave::peak(scene.right));
    for (panel, channel, name) in [(layout.waves[0], scene.left, "L"), (layout.waves[1], scene.right, "R")] {
        for &(start, length) in scene.regions {
            ruler.shade(&mut canvas, panel, start, length);
        }
        ruler.lines(&mut canvas, panel, 1.0);
        wave::draw(&mut canvas, panel, channel, peak);
        let at = (panel.left - 14.0, panel.middle() + 6.0);
        fonts.plain.draw(&mut canvas, at, 17.0, theme::MUTED, Align::Right, name);
    }
    let spectrum = spectrogram::analyse(scene.left, scene.right, scene.rate, layout.spectrum.columns(), layout.spectrum.rows());
    heat::draw(&mut canvas, &fonts, layout.spectrum, &spectrum);
    ruler.lines(&mut canvas, layout.spectrum, 0.55);
    ruler.bars(&mut canvas, &fonts, layout.ruler);
    ruler.seconds(&mut canvas, &fonts, layout.seconds, scene.bpm);
    let all = Rect { top: layout.waves[0].top, bottom: layout.waves[1].bottom, ..layout.waves[0] };
    for &(start, length) in scene.regions {
        ruler.frame(&mut canvas, &fonts, all, layout.spectrum, start, length);
    }
    canvas
}

/// Prompt and facts above the panels, the program's name at the right.
fn heading(canvas: &mut Canvas, fonts: &Fonts, layout: &Layout, scene: &Scene) {
    let room = layout.spectrum.width() - 130.0;
    let title = fonts.plain.shorten(scene.title, layout::TITLE, room);
    fonts.plain.draw(canvas, (layout.spectrum.left, 56.0), layout::TITLE, theme::TEXT, Align::Left, &title);
    let subtitle = fonts.plain.shorten(scene.subtitle, layout::SUBTITLE, room);
    fonts.plain.draw(canvas, (layout.spectrum.left, 88.0), layout::SUBTITLE, theme::MUTED, Align::Left, &subtitle);
    fonts.plain.draw(canvas, (layout.scale.right + 34.0, 56.0), 24.0, theme::ACCENT, Align::Right, "inlay");
}
