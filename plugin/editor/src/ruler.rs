//! Bars and beats over the wave.

use crate::theme::Theme;
use crate::view::View;
use egui::{Align2, FontId, Painter, Rect, Stroke, pos2};

/// Height of the ruler in points.
pub(crate) const HEIGHT: f32 = 20.0;

/// How many beats lie between lines so that they stand apart.
fn step(view: View, width: f32) -> f64 {
    let steps = [0.25, 0.5, 1.0, 4.0, 8.0, 16.0];
    let apart = |step: f64| f64::from(width) * step / view.length;
    steps.into_iter().find(|s| apart(*s) >= 9.0).unwrap_or(16.0)
}

/// Draws the numbers into `ruler`, and lines through `wave`.
pub(crate) fn paint(painter: &Painter, ruler: Rect, wave: Rect, view: View) {
    let step = step(view, ruler.width());
    let mut beat = (view.start / step).ceil() * step;
    let bar_width = f64::from(ruler.width()) * 4.0 / view.length;
    while beat <= view.start + view.length + 1e-9 {
        let x = ruler.left() + view.share(beat) * ruler.width();
        let on_bar = (beat / 4.0).fract().abs() < 1e-9;
        let on_beat = beat.fract().abs() < 1e-9;
        let color = if on_bar { Theme::LINE } else { Theme::RAISED };
        let top = if on_bar { ruler.top() + 2.0 } else { ruler.bottom() - 5.0 };
        painter.vline(x, top..=ruler.bottom(), Stroke::new(1.0, Theme::DIM.gamma_multiply(if on_bar { 0.9 } else { 0.5 })));
        painter.vline(x, wave.y_range(), Stroke::new(1.0, color));
        if beat < view.beats && (on_bar || on_beat && bar_width >= 170.0) {
            let (bar, within) = ((beat / 4.0).floor() as u32 + 1, (beat % 4.0) as u32 + 1);
            let text = if on_bar { bar.to_string() } else { format!("{bar}.{within}") };
            let color = if on_bar { Theme::TEXT } else { Theme::DIM };
            painter.text(pos2(x + 4.0, ruler.top() + 1.0), Align2::LEFT_TOP, text, FontId::proportional(12.0), color);
        }
        beat += step;
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn lines_stand_apart_however_close_one_looks() {
        for beats in [4.0, 16.0, 64.0] {
            for width in [200.0, 600.0, 1600.0] {
                let view = View::whole(beats);
                let apart = f64::from(width) * step(view, width) / view.length;
                assert!(apart >= 9.0, "{beats} beats in {width}: {apart}");
                assert!(step(view.zoomed(16.0, 0.0), width) <= step(view, width));
            }
        }
    }
}
