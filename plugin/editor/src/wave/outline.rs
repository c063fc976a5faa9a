//! The outline of a take's sound.

use crate::theme::Theme;
use crate::view::View;
use egui::epaint::Mesh;
use egui::{Color32, Rect, pos2};
use inlay_session::Peaks;
use std::sync::Arc;

/// A wave that was drawn, to be drawn again while nothing changes.
#[derive(Debug)]
pub(super) struct Drawn {
    peaks: Arc<Peaks>,
    view: View,
    rect: Rect,
    mesh: Arc<Mesh>,
}

/// The wave as a mesh, from the last frame where nothing changed.
pub(super) fn drawn(last: &mut Option<Drawn>, peaks: Arc<Peaks>, view: View, rect: Rect) -> Arc<Mesh> {
    if let Some(last) = last
        && Arc::ptr_eq(&last.peaks, &peaks)
        && last.view == view
        && last.rect == rect
    {
        return Arc::clone(&last.mesh);
    }
    let mesh = Arc::new(mesh(&peaks, view, rect, Theme::WAVE));
    *last = Some(Drawn { peaks, view, rect, mesh: Arc::clone(&mesh) });
    mesh
}

/// The outline of a sound, a column for each point.
pub(crate) fn mesh(peaks: &Peaks, view: View, rect: Rect, color: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    if peaks.range.is_empty() || rect.width() < 1.0 {
        return mesh;
    }
    // quiet takes are drawn larger, so that their shape is seen
    let loudest = peaks.range.iter().flatten().fold(0.05_f32, |m, s| m.max(s.abs()));
    let half = rect.height() * 0.46 / loudest;
    let middle = rect.center().y;
    let per_beat = peaks.range.len() as f64 / view.beats;
    let columns = rect.width().ceil() as usize;
    for column in 0..columns {
        let share = |c: usize| (c as f32 / rect.width()).min(1.0);
        let from = (view.beat(share(column)) * per_beat) as usize;
        let to = ((view.beat(share(column + 1)) * per_beat).ceil() as usize).clamp(from + 1, from + 1 + peaks.range.len());
        let Some(buckets) = peaks.range.get(from..to.min(peaks.range.len())) else { continue };
        let [low, high] = buckets.iter().fold([f32::INFINITY, f32::NEG_INFINITY], |[l, h], [a, b]| [l.min(*a), h.max(*b)]);
        if low > high {
            continue;
        }
        let x = rect.left() + column as f32;
        let (top, bottom) = (middle - high * half, middle - low * half);
        mesh.add_colored_rect(Rect::from_min_max(pos2(x, top - 0.5), pos2(x + 1.0, bottom + 0.5)), color);
    }
    mesh
}
