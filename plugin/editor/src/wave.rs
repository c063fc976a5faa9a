//! The take as a wave over bars and beats, and the parts of it that shall be made anew.

use crate::frame::{Editor, Scene};
use crate::grid::Grid;
use crate::regions::{Grip, Part, dragged, grip};
use crate::ruler;
use crate::theme::Theme;
use crate::view::View;
use egui::epaint::Mesh;
use egui::{
    Align2, Button, Color32, CornerRadius, CursorIcon, EventFilter, FontId, Key, Painter, Popup, Rect, Response, Role, Sense,
    SetOpenCommand, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};
use inlay_music::Region;
use inlay_session::{Command, Peaks};
use std::sync::Arc;

/// How close to an edge counts as on it, in points.
const NEAR: f32 = 6.0;

/// What the wave remembers.
#[derive(Debug, Default)]
pub(crate) struct Wave {
    pub view: Option<View>,
    pub grid: Grid,
    /// The regions when the pointer went down, and what it took hold of.
    held: Option<(Vec<Part>, Grip)>,
    /// Regions as they are dragged, before the session has them.
    parts: Option<Vec<Part>>,
    /// The region that keys move.
    chosen: usize,
    drawn: Option<Drawn>,
}

/// A wave that was drawn, to be drawn again while nothing changes.
#[derive(Debug)]
struct Drawn {
    peaks: Arc<Peaks>,
    view: View,
    rect: Rect,
    mesh: Arc<Mesh>,
}

impl Wave {
    /// Zooms around the middle of what is seen.
    pub fn zoom(&mut self, beats: f64, factor: f64) {
        let view = self.view.map_or(View::whole(beats), |v| v.of(beats));
        self.view = Some(view.zoomed(factor, view.start + view.length / 2.0));
    }
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>, height: f32) {
    let wave = &mut editor.wave;
    let bars = scene.bars();
    let beats = bars.beats().get();
    let view = wave.view.map_or(View::whole(beats), |v| v.of(beats));
    let (all, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click_and_drag());
    let (ruler_rect, rect) = all.split_top_bottom_at_y(all.top() + ruler::HEIGHT);
    let has_take = scene.selected().is_some();
    let count = scene.snapshot.desk.regions.len();
    response.widget_info(|| {
        let name = if has_take { format!("Take, {beats} beats, {count} regions") } else { "No take yet".into() };
        WidgetInfo::labeled(Role::Canvas, true, name)
    });

    let view = looked(ui, &response, view, all, rect);
    wave.view = Some(view);
    let mut parts: Vec<Part> = wave.parts.clone().unwrap_or_else(|| scene.snapshot.desk.regions.iter().map(Part::of).collect());
    if has_take {
        let before = parts.clone();
        if !on_ruler(ui, all, rect) {
            by_pointer(wave, ui, &response, view, rect, &mut parts);
        }
        if by_keys(wave, ui, &response, &mut parts, beats)
            && let Some(part) = parts.get(wave.chosen)
        {
            wave.view = Some(view.showing(part.start, part.start + part.length));
        }
        menu(wave, ui, &response, view, rect, &mut parts);
        by_steps(ui, &response, scene);
        if wave.held.is_none() {
            wave.parts = None;
            if parts != before || response.drag_stopped() {
                let regions: Vec<Region> = parts.iter().filter_map(|p| p.region(bars)).collect();
                if regions != scene.snapshot.desk.regions {
                    scene.ask(Command::Regions(regions));
                }
            }
        } else {
            wave.parts = Some(parts.clone());
        }
    }

    let painter = ui.painter_at(all);
    painter.rect_filled(rect, CornerRadius::same(4), Theme::PANEL);
    ruler::paint(&painter, ruler_rect, rect, view);
    match scene.selected().and_then(|e| e.peaks.clone()) {
        Some(peaks) => painter.add(Shape::mesh(drawn(&mut wave.drawn, peaks, view, rect))),
        None => painter.add(empty(&painter, scene, rect)),
    };
    let chosen = response.has_focus().then_some(wave.chosen);
    for (index, part) in parts.iter().enumerate() {
        paint_part(&painter, *part, chosen == Some(index), view, rect);
    }
    playhead(&painter, scene, view, all);
    if !view.is_whole() {
        let x = |share: f64| rect.left() + share as f32 * rect.width();
        let seen = x(view.start / view.beats)..=x((view.start + view.length) / view.beats);
        let bar = Rect::from_x_y_ranges(seen, rect.bottom() - 5.0..=rect.bottom() - 2.0);
        painter.rect_filled(bar, CornerRadius::same(1), Theme::DIM);
    }
    let frame = if response.has_focus() { Stroke::new(2.0, Theme::FOCUS) } else { Stroke::new(1.0, Theme::LINE) };
    painter.rect_stroke(rect, CornerRadius::same(4), frame, StrokeKind::Inside);
}

/// What the wheel, a pinch, and dragging the ruler do to the view.
fn looked(ui: &Ui, response: &Response, view: View, all: Rect, rect: Rect) -> View {
    if on_ruler(ui, all, rect) {
        let along = if response.dragged() { response.drag_delta().x } else { 0.0 };
        return view.scrolled(-f64::from(along / rect.width()) * view.length);
    }
    let Some(pos) = response.hover_pos() else { return view };
    let (zoom, scroll) = ui.input(|i| (i.zoom_delta(), i.smooth_scroll_delta()));
    let mut view = view;
    if zoom != 1.0 {
        view = view.zoomed(f64::from(zoom), view.beat((pos.x - rect.left()) / rect.width()));
    }
    let along = if scroll.x == 0.0 && !view.is_whole() { scroll.y } else { scroll.x };
    if along != 0.0 {
        view = view.scrolled(-f64::from(along / rect.width()) * view.length);
    }
    view
}

/// Whether the pointer went down on the ruler.
fn on_ruler(ui: &Ui, all: Rect, rect: Rect) -> bool {
    ui.input(|i| i.pointer.press_origin()).is_some_and(|origin| all.contains(origin) && origin.y < rect.top())
}

/// Up and down step through the takes.
fn by_steps(ui: &Ui, response: &Response, scene: &mut Scene<'_>) {
    if response.has_focus() {
        for (key, forward) in [(Key::ArrowDown, true), (Key::ArrowUp, false)] {
            if ui.input(|i| i.key_pressed(key) && i.modifiers.is_none()) {
                scene.ask(Command::Step { forward });
            }
        }
    }
}

fn by_pointer(wave: &mut Wave, ui: &Ui, response: &Response, view: View, rect: Rect, parts: &mut Vec<Part>) {
    let beats = view.beats;
    let beat_at = |x: f32| view.beat((x - rect.left()) / rect.width());
    let near = f64::from(NEAR / rect.width()) * view.length;
    if let Some(pos) = response.hover_pos().filter(|_| wave.held.is_none()) {
        let icon = match grip(parts, beat_at(pos.x), near, beats) {
            Grip::Start { .. } | Grip::End { .. } => CursorIcon::ResizeHorizontal,
            Grip::Move { .. } => CursorIcon::Grab,
            Grip::New { .. } => CursorIcon::Text,
        };
        ui.ctx().set_cursor_icon(icon);
    }
    if response.drag_started_by(egui::PointerButton::Primary)
        && let Some(origin) = ui.input(|i| i.pointer.press_origin())
    {
        let grip = grip(parts, beat_at(origin.x), near, beats);
        if let Grip::Move { index, .. } | Grip::Start { index } | Grip::End { index } = grip {
            wave.chosen = index;
        } else {
            wave.chosen = parts.len();
        }
        wave.held = Some((parts.clone(), grip));
        response.request_focus();
    }
    if let Some((before, grip)) = &wave.held
        && let Some(pos) = response.interact_pointer_pos()
    {
        let snap = !ui.input(|i| i.modifiers.shift);
        *parts = dragged(before, *grip, beat_at(pos.x), wave.grid, snap, beats);
    }
    if response.drag_stopped() {
        wave.held = None;
    }
    if let (true, Some(pos)) = (response.clicked(), response.interact_pointer_pos()) {
        response.request_focus();
        match grip(parts, beat_at(pos.x), near, beats) {
            Grip::Move { index, .. } | Grip::Start { index } | Grip::End { index } => wave.chosen = index,
            Grip::New { .. } => {}
        }
    }
    if let (true, Some(pos)) = (response.double_clicked(), response.interact_pointer_pos()) {
        match grip(parts, beat_at(pos.x), near, beats) {
            Grip::Move { index, .. } | Grip::Start { index } | Grip::End { index } => drop(parts.remove(index)),
            new @ Grip::New { .. } => {
                wave.chosen = parts.len();
                *parts = dragged(parts, new, beat_at(pos.x) + 1e-6, wave.grid, true, beats);
            }
        }
    }
}

/// What a right click offers; on a mark it is about that one.
fn menu(wave: &mut Wave, ui: &Ui, response: &Response, view: View, rect: Rect, parts: &mut Vec<Part>) {
    let near = f64::from(NEAR / rect.width()) * view.length;
    if let (true, Some(pos)) = (response.secondary_clicked(), response.interact_pointer_pos())
        && let Grip::Move { index, .. } | Grip::Start { index } | Grip::End { index } =
            grip(parts, view.beat((pos.x - rect.left()) / rect.width()), near, view.beats)
    {
        wave.chosen = index;
    }
    let by_key = response.has_focus() && ui.input(|i| i.key_pressed(Key::M));
    let menu = Popup::context_menu(response);
    let menu = if by_key { menu.open_memory(Some(SetOpenCommand::Toggle)).at_position(rect.left_top()) } else { menu };
    menu.show(|ui| {
        let some = !parts.is_empty();
        if ui.button("Mark all of it").clicked() {
            *parts = vec![Part { start: 0.0, length: view.beats }];
            ui.close();
        }
        if ui.add_enabled(wave.chosen < parts.len(), Button::new("Take this mark off")).clicked() {
            parts.remove(wave.chosen);
            ui.close();
        }
        if ui.add_enabled(some, Button::new("Take all marks off")).clicked() {
            parts.clear();
            ui.close();
        }
    });
}

/// With the keyboard: Enter marks, arrows move, Shift and arrows resize, Delete takes off. Whether anything changed.
fn by_keys(wave: &mut Wave, ui: &Ui, response: &Response, parts: &mut Vec<Part>, beats: f64) -> bool {
    if !response.has_focus() {
        return false;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    let before = parts.clone();
    let step = wave.grid.step().min(beats);
    let pressed = |key| ui.input(|i| i.key_pressed(key));
    let shift = ui.input(|i| i.modifiers.shift);
    let turn = ui.input(|i| i.num_presses(Key::ArrowRight) as f64 - i.num_presses(Key::ArrowLeft) as f64) * step;
    if pressed(Key::Enter) {
        let start = parts.last().map_or(0.0, |p| p.end(beats)).rem_euclid(beats);
        wave.chosen = parts.len();
        parts.push(Part { start, length: step.min(beats - start) });
    }
    wave.chosen = wave.chosen.min(parts.len().saturating_sub(1));
    if (pressed(Key::Delete) || pressed(Key::Backspace)) && wave.chosen < parts.len() {
        parts.remove(wave.chosen);
    }
    if let (true, Some(part)) = (turn != 0.0, parts.get_mut(wave.chosen)) {
        if shift {
            part.length = (part.length + turn).clamp(step, beats);
        } else {
            part.start = (part.start + turn).rem_euclid(beats);
        }
    }
    *parts != before
}

/// The wave as a mesh, from the last frame where nothing changed.
fn drawn(last: &mut Option<Drawn>, peaks: Arc<Peaks>, view: View, rect: Rect) -> Arc<Mesh> {
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

fn paint_part(painter: &Painter, part: Part, chosen: bool, view: View, rect: Rect) {
    let x = |beat: f64| rect.left() + view.share(beat) * rect.width();
    for (from, to) in part.pieces(view.beats) {
        let piece = Rect::from_x_y_ranges(x(from)..=x(to), rect.y_range()).intersect(rect);
        if piece.width() > 0.0 {
            painter.rect_filled(piece, CornerRadius::ZERO, Theme::REGION.gamma_multiply(0.18));
            let stroke = Stroke::new(if chosen { 2.5 } else { 1.0 }, Theme::REGION);
            painter.rect_stroke(piece, CornerRadius::ZERO, stroke, StrokeKind::Inside);
        }
    }
    // grips at the edges
    for beat in [part.start, part.end(view.beats)] {
        let handle = Rect::from_center_size(pos2(x(beat), rect.center().y), Vec2::new(5.0, 26.0)).intersect(rect);
        if handle.width() > 0.0 {
            painter.rect_filled(handle, CornerRadius::same(2), Theme::REGION);
        }
    }
}

/// Where the take plays.
fn playhead(painter: &Painter, scene: &Scene<'_>, view: View, rect: Rect) {
    let sounding = scene.now.and_then(|now| now.sounding);
    if let Some((slot, phase)) = sounding
        && slot == scene.snapshot.selected
    {
        let x = rect.left() + view.share(phase) * rect.width();
        if rect.x_range().contains(x) {
            painter.vline(x, rect.y_range(), Stroke::new(2.0, Theme::ACCENT));
        }
    }
}

/// What to do where there is nothing to see.
fn empty(painter: &Painter, scene: &Scene<'_>, rect: Rect) -> Shape {
    let text = if scene.selected().is_some() {
        "The sound of this take is being made again …"
    } else if scene.is_making() {
        "Your loop is being made …"
    } else {
        "Type what you want to hear and press Enter,\nor drop an audio file here"
    };
    let galley = painter.layout(text.into(), FontId::proportional(16.0), Theme::DIM, rect.width() - 20.0);
    let place = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
    Shape::galley(place.min, galley, Theme::DIM)
}
