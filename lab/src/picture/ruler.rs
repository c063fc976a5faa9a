//! Bars, beats and regions: the musical axis both panels share.

use super::{
    canvas::Canvas,
    layout::Rect,
    text::{Align, Fonts},
    theme,
};

/// Beats in a bar.
const METRE: u32 = 4;

/// Maps beats to columns.
#[derive(Debug, Clone, Copy)]
pub struct Ruler {
    beats: u32,
    left: f32,
    width: f32,
}

impl Ruler {
    /// A ruler over the width of `panel`.
    pub fn new(beats: u32, panel: Rect) -> Self {
        Self { beats: beats.max(1), left: panel.left, width: panel.width() }
    }

    /// The column of a place in beats.
    pub fn x(&self, beat: f64) -> f32 {
        self.left + (beat / f64::from(self.beats)) as f32 * self.width
    }

    /// Lines at bars and beats, over what is there; `strength` scales them.
    pub fn lines(&self, canvas: &mut Canvas, panel: Rect, strength: f32) {
        for beat in 1..self.beats {
            let bar = beat % METRE == 0;
            let x = self.x(f64::from(beat)).round();
            let (colour, cover) = if bar { (theme::BAR, 0.55) } else { (theme::BEAT, 0.5) };
            if bar || self.beats <= 32 {
                canvas.shade(Rect { left: x - 0.5, right: x + 0.5, ..panel }, colour, cover * strength);
            }
        }
    }

    /// Numbers of bars, ticks at beats.
    pub fn bars(&self, canvas: &mut Canvas, fonts: &Fonts, area: Rect) {
        for beat in 0..self.beats {
            let x = self.x(f64::from(beat)).round();
            let bar = beat % METRE == 0;
            let top = if bar { area.top + 6.0 } else { area.bottom - 7.0 };
            let colour = if bar { theme::BAR } else { theme::BEAT };
            if bar || self.beats <= 32 {
                canvas.fill(Rect { left: x, right: x + 1.0, top, bottom: area.bottom }, colour);
            }
            if bar {
                let label = (beat / METRE + 1).to_string();
                fonts.plain.draw(canvas, (x + 7.0, area.bottom - 11.0), 19.0, theme::TEXT, Align::Left, &label);
            } else if self.beats <= 16 {
                let label = format!("{}.{}", beat / METRE + 1, beat % METRE + 1);
                fonts.plain.draw(canvas, (x, area.bottom - 11.0), 14.0, theme::MUTED, Align::Centre, &label);
            }
        }
    }

    /// Seconds below the spectrogram, and a tick at each.
    pub fn seconds(&self, canvas: &mut Canvas, fonts: &Fonts, area: Rect, bpm: f64) {
        let length = f64::from(self.beats) * 60.0 / bpm.max(1.0);
        let step = [0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0].into_iter().find(|s| length / s <= 14.0).unwrap_or(60.0);
        let mut i = 0u32;
        while f64::from(i) * step < length - step * 0.2 {
            let x = self.x(f64::from(i) * step * bpm / 60.0).round();
            canvas.fill(Rect { left: x, right: x + 1.0, top: area.top, bottom: area.top + 5.0 }, theme::BAR);
            let seconds = f64::from(i) * step;
            let align = if i == 0 { Align::Left } else { Align::Centre };
            fonts.plain.draw(canvas, (x, area.top + 22.0), 15.0, theme::MUTED, align, &format!("{seconds} s"));
            i += 1;
        }
    }

    /// Shades a region, to be drawn before the waveform; one that runs across the seam shows at both ends.
    pub fn shade(&self, canvas: &mut Canvas, waves: Rect, start: f64, length: f64) {
        for (from, to) in self.parts(start, length) {
            canvas.shade(Rect { left: self.x(from), right: self.x(to), ..waves }, theme::REGION, 0.18);
        }
    }

    /// Frames a region and names it.
    pub fn frame(&self, canvas: &mut Canvas, fonts: &Fonts, waves: Rect, spectrum: Rect, start: f64, length: f64) {
        let parts = self.parts(start, length);
        for (i, &(from, to)) in parts.iter().enumerate() {
            let (left, right) = (self.x(from), self.x(to));
            canvas.fill(Rect { left, right, top: waves.top - 3.0, bottom: waves.top }, theme::REGION);
            for (open, x) in [(i == 0, left), (i + 1 == parts.len(), right)] {
                if open {
                    canvas.shade(Rect { left: x - 1.0, right: x + 1.0, ..waves }, theme::REGION, 0.9);
                    canvas.shade(Rect { left: x - 1.0, right: x + 1.0, ..spectrum }, theme::REGION, 0.75);
                }
            }
            let room = right - left - 20.0;
            if i == 0 && room > 40.0 {
                let label = fonts.plain.shorten(&name(start, length, f64::from(self.beats)), 16.0, room);
                fonts.plain.draw(canvas, (left + 10.0, waves.top + 21.0), 16.0, theme::REGION, Align::Left, &label);
            }
        }
    }

    /// A region as one or, across the seam, two stretches from beat to beat.
    fn parts(&self, start: f64, length: f64) -> Vec<(f64, f64)> {
        let (beats, end) = (f64::from(self.beats), start + length);
        if end > beats { vec![(start, beats), (0.0, end - beats)] } else { vec![(start, end)] }
    }
}

/// What a region is called: bars where it is whole bars, else bar.beat.
fn name(start: f64, length: f64, beats: f64) -> String {
    let metre = f64::from(METRE);
    let end = (start + length) % beats;
    if start % metre == 0.0 && length % metre == 0.0 {
        let (first, last) = (start / metre + 1.0, if end == 0.0 { beats } else { end } / metre);
        return if length == metre { format!("new: bar {first}") } else { format!("new: bars {first}–{last}") };
    }
    let place = |beat: f64| format!("{}.{}", (beat / metre).floor() + 1.0, (beat % metre * 100.0).round() / 100.0 + 1.0);
    format!("new: {} – {}", place(start), place(end))
}
