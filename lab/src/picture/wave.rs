//! One channel as peaks and body.

use super::{canvas::Canvas, layout::Rect, theme};

/// The loudest sample, at least a tiny one, so that silence can be divided by it.
pub fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(1e-6, |peak, s| if s.is_finite() { s.abs().max(peak) } else { peak })
}

/// Draws `samples` over the width of `panel`: from lowest to highest sample of each column dark, root mean square bright. `peak` is what
/// reaches the edge, so that two channels share a scale.
pub fn draw(canvas: &mut Canvas, panel: Rect, samples: &[f32], peak: f32) {
    let columns = panel.columns();
    let middle = panel.middle();
    let half = (panel.height() / 2.0 - 6.0) / peak;
    canvas.shade(Rect { top: middle - 0.5, bottom: middle + 0.5, ..panel }, theme::PEAK, 0.7);
    for column in 0..columns {
        let part = &samples[column * samples.len() / columns..((column + 1) * samples.len() / columns).min(samples.len())];
        let Some(Column { low, high, body }) = Column::of(part) else { continue };
        let x = panel.left as i32 + column as i32;
        canvas.column(x, middle - high * half, middle - low * half, theme::PEAK, 1.0);
        // The body keeps inside the peaks where a column is one-sided.
        canvas.column(x, middle - body.min(high.max(0.0)) * half, middle + body.min((-low).max(0.0)) * half, theme::BODY, 1.0);
    }
}

/// What one column of pixels says of its samples.
struct Column {
    low: f32,
    high: f32,
    body: f32,
}

impl Column {
    fn of(part: &[f32]) -> Option<Self> {
        let mut column = Self { low: f32::MAX, high: f32::MIN, body: 0.0 };
        let mut power = 0.0f64;
        let mut count = 0u32;
        for s in part.iter().copied().filter(|s| s.is_finite()) {
            column.low = column.low.min(s);
            column.high = column.high.max(s);
            power += f64::from(s) * f64::from(s);
            count += 1;
        }
        column.body = (power / f64::from(count.max(1))).sqrt() as f32;
        (count > 0).then_some(column)
    }
}
