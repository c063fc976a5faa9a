//! The eight slots.

use crate::frame::{Editor, Scene};
use crate::theme::Theme;
use crate::view::View;
use crate::wave::mesh;
use egui::epaint::Mesh;
use egui::{
    Align2, Color32, CornerRadius, FontId, Painter, Popup, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2,
};
use inlay_player::{FIRST_NOTE, SLOTS};
use inlay_session::{Command, Peaks};
use std::sync::Arc;

/// Height of a slot in points, and in a low window.
const HEIGHT: f32 = 66.0;
const LOW: f32 = 44.0;

/// What the row remembers: waves that were drawn.
#[derive(Debug, Default)]
pub(crate) struct SlotRow {
    drawn: [Option<Small>; SLOTS],
}

/// A wave, and what it was drawn from.
type Small = (Arc<Peaks>, Rect, Color32, Arc<Mesh>);

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let width = (ui.available_width() - 6.0 * (SLOTS as f32 - 1.0)) / SLOTS as f32;
        let height = if ui.ctx().content_rect().height() < 480.0 { LOW } else { HEIGHT };
        for slot in 0..SLOTS as u8 {
            let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), Sense::click());
            one(&mut editor.slots, ui, scene, slot, rect, &response);
        }
    });
}

/// The name of the note that plays a slot, where middle C is C3.
fn note(slot: u8) -> String {
    const NAMES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
    let note = FIRST_NOTE + slot;
    format!("{}{}", NAMES[usize::from(note % 12)], i32::from(note / 12) - 2)
}

fn one(row: &mut SlotRow, ui: &Ui, scene: &mut Scene<'_>, slot: u8, rect: Rect, response: &Response) {
    let view = &scene.snapshot.slots[usize::from(slot)];
    let entry = scene.entry(slot);
    let plays = scene.now.and_then(|n| n.sounding).is_some_and(|(s, _)| s == slot);
    let selected = scene.snapshot.selected == slot;
    let next = selected && !plays && scene.now.is_some_and(|n| n.running && n.sounding.is_some());
    let job = view.coming.and_then(|id| scene.snapshot.jobs.iter().find(|j| j.id == id));
    let favourite = entry.is_some_and(|e| e.favourite);

    let state = match (plays, next, job.is_some(), entry.is_some()) {
        (true, ..) => "playing",
        (_, true, ..) => "next",
        (_, _, true, _) => "being made",
        (_, _, _, true) => "ready",
        _ => "empty",
    };
    let words = entry.map(|e| e.prompt.clone()).unwrap_or_default();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Slot {}, {state}. {words}", slot + 1)));

    let painter = ui.painter_at(rect);
    let ground = if response.hovered() { Theme::HOVER } else { Theme::RAISED };
    painter.rect_filled(rect, CornerRadius::same(6), ground);
    let wave = rect.shrink2(Vec2::new(4.0, 0.0)).with_min_y(rect.top() + 20.0).with_max_y(rect.bottom() - 4.0);
    if let Some(peaks) = entry.and_then(|e| e.peaks.clone()) {
        let color = if plays { Theme::ACCENT } else { Theme::WAVE };
        painter.add(Shape::mesh(small(&mut row.drawn[usize::from(slot)], peaks, wave, color)));
    }
    if let (Some((s, phase)), Some(entry)) = (scene.now.and_then(|n| n.sounding), entry)
        && s == slot
    {
        let x = wave.left() + (phase / entry.bars.beats().get()) as f32 * wave.width();
        painter.vline(x, wave.y_range(), Stroke::new(1.5, Color32::WHITE));
    }
    if let Some(job) = job {
        let done = job.progress.map_or(0.0, |p| p.done as f32);
        let bar = Rect::from_min_size(pos2(rect.left(), rect.bottom() - 4.0), Vec2::new(rect.width() * done, 4.0));
        painter.rect_filled(bar, CornerRadius::ZERO, Theme::ACCENT);
    }
    labels(&painter, rect, slot, state, view.pinned, favourite);
    let frame = match () {
        () if response.has_focus() => Stroke::new(2.0, Theme::FOCUS),
        () if selected => Stroke::new(2.0, Theme::ACCENT),
        () => Stroke::new(1.0, Theme::LINE),
    };
    painter.rect_stroke(rect, CornerRadius::same(6), frame, StrokeKind::Inside);

    let hint = match (entry, job) {
        (Some(e), _) => format!("{}\n{} at {}, seed {}\nRight click for more", e.prompt, e.bars, e.bpm, e.seed),
        (None, Some(_)) => "A take is on its way".into(),
        (None, None) => "Empty. Select it, then Generate fills it.".into(),
    };
    let menu_key = response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::M));
    if response.clone().on_hover_text(hint).clicked() {
        scene.ask(Command::Select(slot));
    }
    let menu = Popup::context_menu(response);
    let menu = if menu_key { menu.open_memory(Some(egui::SetOpenCommand::Toggle)).at_position(rect.left_top()) } else { menu };
    menu.show(|ui| more(ui, scene, slot));
}

/// Number, note, state and signs.
fn labels(painter: &Painter, rect: Rect, slot: u8, state: &str, pinned: bool, favourite: bool) {
    let top = rect.top() + 3.0;
    let font = FontId::proportional(12.0);
    let number = painter.text(pos2(rect.left() + 6.0, top), Align2::LEFT_TOP, slot + 1, FontId::proportional(13.0), Theme::TEXT);
    let mut left = number.right() + 5.0;
    left = painter.text(pos2(left, top + 0.5), Align2::LEFT_TOP, note(slot), font.clone(), Theme::DIM).right() + 5.0;
    let mut right = rect.right() - 5.0;
    for (shown, sign, color) in [(favourite, "★", Theme::ACCENT), (pinned, "📌", Theme::TEXT)] {
        if shown {
            right = painter.text(pos2(right, top), Align2::RIGHT_TOP, sign, font.clone(), color).left() - 3.0;
        }
    }
    let (text, color) = match state {
        "playing" => ("▶", Theme::ACCENT),
        "next" => ("next", Theme::ACCENT),
        "empty" => ("", Theme::DIM),
        _ => return,
    };
    if left + 24.0 < right {
        painter.text(pos2(right, top), Align2::RIGHT_TOP, text, font, color);
    }
}

/// What else can be done with a slot.
fn more(ui: &mut Ui, scene: &mut Scene<'_>, slot: u8) {
    let view = &scene.snapshot.slots[usize::from(slot)];
    let (pinned, take) = (view.pinned, view.take.clone());
    let favourite = scene.entry(slot).is_some_and(|e| e.favourite);
    let selected = scene.snapshot.selected;
    let mut item = |ui: &mut Ui, on: bool, text: &str, command: Command| {
        if ui.add_enabled(on, egui::Button::new(text)).clicked() {
            scene.ask(command);
            ui.close();
        }
    };
    item(ui, true, if pinned { "Unpin" } else { "Pin: keep this take here" }, Command::Pin { slot, pinned: !pinned });
    if let Some(take) = take.clone() {
        let text = if favourite { "No favourite any more" } else { "Favourite" };
        item(ui, true, text, Command::Favourite { take, favourite: !favourite });
    }
    item(ui, take.is_some() && slot != selected, "Compare the selected slot with this", Command::Compare(Some(slot)));
    item(ui, take.is_some(), "Export", Command::Export(slot));
    item(ui, take.is_some() && !pinned, "Clear", Command::Clear(slot));
}

fn small(last: &mut Option<Small>, peaks: Arc<Peaks>, rect: Rect, color: Color32) -> Arc<Mesh> {
    if let Some((p, r, c, mesh)) = last
        && Arc::ptr_eq(p, &peaks)
        && (*r, *c) == (rect, color)
    {
        return Arc::clone(mesh);
    }
    let mesh = Arc::new(mesh(&peaks, View::whole(1.0), rect, color));
    *last = Some((peaks, rect, color, Arc::clone(&mesh)));
    mesh
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn slots_are_named_by_the_notes_that_play_them() {
        assert_eq!([0, 1, 7].map(note), ["C1", "C#1", "G1"]);
    }
}
