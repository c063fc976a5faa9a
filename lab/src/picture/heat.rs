//! The spectrogram in colour, its axis of frequency and its scale of levels.

use super::{
    canvas::Canvas,
    layout::{Layout, Rect},
    spectrogram::{RANGE, Spectrogram},
    text::{Align, Fonts},
    theme::{self, Colour},
};

/// Frequencies with a label.
const LABELS: [(f32, &str); 9] = [
    (50.0, "50"),
    (100.0, "100"),
    (200.0, "200"),
    (500.0, "500"),
    (1000.0, "1k"),
    (2000.0, "2k"),
    (5000.0, "5k"),
    (10_000.0, "10k"),
    (16_000.0, "16k"),
];

/// Draws cells, labels and scale.
pub fn draw(canvas: &mut Canvas, fonts: &Fonts, panel: Rect, spectrum: &Spectrogram) {
    for row in 0..spectrum.rows {
        for column in 0..spectrum.columns {
            let colour = heat(spectrum.brightness(row, column));
            canvas.blend(panel.left as i32 + column as i32, panel.top as i32 + row as i32, colour, 1.0);
        }
    }
    for (hertz, label) in LABELS {
        let y = panel.top + spectrum.row_of(hertz);
        canvas.shade(Rect { top: y - 0.5, bottom: y + 0.5, ..panel }, theme::BAR, 0.22);
        fonts.plain.draw(canvas, (panel.left - 12.0, y + 6.0), 17.0, theme::MUTED, Align::Right, label);
    }
    fonts.plain.draw(canvas, (panel.left - 12.0, panel.bottom + 20.0), 15.0, theme::MUTED, Align::Right, "Hz");
    scale(canvas, fonts, spectrum.top);
}

/// Colours beside the spectrogram with their levels.
fn scale(canvas: &mut Canvas, fonts: &Fonts, top: f32) {
    let area = Layout::new().scale;
    for y in area.top as i32..area.bottom as i32 {
        let place = 1.0 - (y as f32 + 0.5 - area.top) / area.height();
        canvas.shade(Rect { top: y as f32, bottom: y as f32 + 1.0, ..area }, heat(place), 1.0);
    }
    for step in 0..=6 {
        let level = top - RANGE * step as f32 / 6.0;
        let y = area.top + area.height() * step as f32 / 6.0;
        let baseline = (y + 6.0).clamp(area.top + 12.0, area.bottom);
        fonts.plain.draw(canvas, (area.right + 46.0, baseline), 16.0, theme::MUTED, Align::Right, &format!("{level:.0}").replace('-', "−"));
    }
    fonts.plain.draw(canvas, (area.right + 46.0, area.bottom + 20.0), 15.0, theme::MUTED, Align::Right, "dBFS");
}

/// Inferno, a perceptually even map (van der Walt and Smith for matplotlib, CC0; its table as in `colorous`, see assets/LICENSES.md), a
/// little lifted out of black so that the panel's edge shows.
fn heat(place: f32) -> Colour {
    let colour = colorous::INFERNO.eval_continuous(f64::from(place));
    [colour.r.max(8), colour.g.max(8), colour.b.max(16)]
}
