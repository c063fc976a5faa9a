//! The marks on the wave: parts that shall be made anew.

use super::Wave;
use crate::frame::Scene;
use crate::regions::{Grip, Part, dragged, grip};
use crate::theme::Theme;
use crate::view::View;
use egui::{
    Button, CornerRadius, CursorIcon, EventFilter, Key, Painter, PointerButton, Popup, Rect, Response, SetOpenCommand, Stroke, StrokeKind,
    Ui, Vec2, pos2,
};
use inlay_music::Region;
use inlay_session::Command;

/// How close to an edge counts as on it, in points.
const NEAR: f32 = 6.0;

/// Where the wave is drawn, and what of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub view: View,
    pub rect: Rect,
    /// What the pointer does is about the marks.
    pub pointed: bool,
}

impl Place {
    fn beat(self, x: f32) -> f64 {
        self.view.beat((x - self.rect.left()) / self.rect.width())
    }

    /// What a press takes hold of.
    fn grip(self, parts: &[Part], x: f32) -> Grip {
        let near = f64::from(NEAR / self.rect.width()) * self.view.length;
        grip(parts, self.beat(x), near, self.view.beats)
    }
}

/// What pointer and keys do to the marks of the selected take; gives them as they are then.
pub(super) fn change(wave: &mut Wave, ui: &Ui, response: &Response, scene: &mut Scene<'_>, place: Place) -> Vec<Part> {
    let here: Vec<Region> = scene.marks().copied().collect();
    let before: Vec<Part> = wave.parts.take().unwrap_or_else(|| here.iter().map(Part::of).collect());
    let mut parts = before.clone();
    if place.pointed {
        by_pointer(wave, ui, response, place, &mut parts);
    }
    by_keys(wave, ui, response, place.view, &mut parts);
    menu(wave, ui, response, place, &mut parts);
    if wave.held.is_some() {
        wave.parts = Some(parts.clone());
    } else if parts != before || response.drag_stopped() {
        let bars = scene.bars();
        let asked: Vec<Region> = parts.iter().filter_map(|p| p.region(bars)).collect();
        if asked != here {
            // those of a longer take wait for it
            let others = scene.snapshot.desk.regions.iter().filter(|r| r.check(bars).is_err());
            scene.ask(Command::Regions(asked.iter().chain(others).copied().collect()));
        }
    }
    parts
}

fn by_pointer(wave: &mut Wave, ui: &Ui, response: &Response, place: Place, parts: &mut Vec<Part>) {
    let beats = place.view.beats;
    if let Some(pos) = response.hover_pos().filter(|_| wave.held.is_none()) {
        let icon = match place.grip(parts, pos.x) {
            Grip::Start { .. } | Grip::End { .. } => CursorIcon::ResizeHorizontal,
            Grip::Move { .. } => CursorIcon::Grab,
            Grip::New { .. } => CursorIcon::Text,
        };
        ui.ctx().set_cursor_icon(icon);
    }
    if response.drag_started_by(PointerButton::Primary)
        && let Some(origin) = ui.input(|i| i.pointer.press_origin())
    {
        let grip = place.grip(parts, origin.x);
        wave.chosen = grip.index().unwrap_or(parts.len());
        wave.held = Some((parts.clone(), grip));
        response.request_focus();
    }
    if let Some((before, grip)) = &wave.held
        && let Some(pos) = response.interact_pointer_pos()
    {
        let snap = !ui.input(|i| i.modifiers.shift);
        *parts = dragged(before, *grip, place.beat(pos.x), wave.grid, snap, beats);
    }
    if response.drag_stopped() {
        wave.held = None;
    }
    let Some(pos) = response.interact_pointer_pos() else { return };
    if response.clicked() {
        response.request_focus();
        if let Some(index) = place.grip(parts, pos.x).index() {
            wave.chosen = index;
        }
    }
    if response.double_clicked() {
        let grip = place.grip(parts, pos.x);
        if let Some(index) = grip.index() {
            parts.remove(index);
        } else {
            wave.chosen = parts.len();
            *parts = dragged(parts, grip, place.beat(pos.x) + 1e-6, wave.grid, true, beats);
        }
    }
}

/// What a right click offers; on a mark it is about that one.
fn menu(wave: &mut Wave, ui: &Ui, response: &Response, place: Place, parts: &mut Vec<Part>) {
    if let (true, Some(pos)) = (response.secondary_clicked(), response.interact_pointer_pos())
        && let Some(index) = place.grip(parts, pos.x).index()
    {
        wave.chosen = index;
    }
    let by_key = response.has_focus() && ui.input(|i| i.key_pressed(Key::M));
    let menu = Popup::context_menu(response);
    let menu = if by_key { menu.open_memory(Some(SetOpenCommand::Toggle)).at_position(place.rect.left_top()) } else { menu };
    menu.show(|ui| {
        let some = !parts.is_empty();
        if ui.button("Mark all of it").clicked() {
            *parts = vec![Part { start: 0.0, length: place.view.beats }];
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

/// With the keyboard: Enter marks, Home and End choose, arrows move, Shift and arrows resize, Delete takes off.
fn by_keys(wave: &mut Wave, ui: &Ui, response: &Response, view: View, parts: &mut Vec<Part>) {
    if !response.has_focus() {
        return;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    let (before, chosen) = (parts.clone(), wave.chosen);
    let beats = view.beats;
    let step = wave.grid.step().min(beats);
    let pressed = |key| ui.input(|i| i.key_pressed(key));
    let presses = |back, forth| ui.input(|i| i.num_presses(forth) as i64 - i.num_presses(back) as i64);
    let shift = ui.input(|i| i.modifiers.shift);
    if pressed(Key::Enter) {
        let start = parts.last().map_or(0.0, |p| p.end(beats)).rem_euclid(beats);
        wave.chosen = parts.len();
        parts.push(Part { start, length: step.min(beats - start) });
    }
    if !parts.is_empty() {
        let count = parts.len() as i64;
        let next = wave.chosen.min(parts.len() - 1) as i64 + presses(Key::Home, Key::End);
        wave.chosen = next.rem_euclid(count) as usize;
    }
    if (pressed(Key::Delete) || pressed(Key::Backspace)) && wave.chosen < parts.len() {
        parts.remove(wave.chosen);
    }
    let turn = presses(Key::ArrowLeft, Key::ArrowRight) as f64 * step;
    if let (true, Some(part)) = (turn != 0.0, parts.get_mut(wave.chosen)) {
        if shift {
            part.length = (part.length + turn).clamp(step, beats);
        } else {
            part.start = (part.start + turn).rem_euclid(beats);
        }
    }
    if (*parts != before || wave.chosen != chosen)
        && let Some(part) = parts.get(wave.chosen)
    {
        wave.view = Some(view.showing(part.start, part.start + part.length));
    }
}

/// Draws one of them.
pub(super) fn paint(painter: &Painter, part: Part, chosen: bool, view: View, rect: Rect) {
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
