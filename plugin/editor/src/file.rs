//! A file that was dropped: what was heard in it, and corrections.

use crate::drafts::Draft;
use crate::frame::{Editor, Scene};
use crate::theme::{ROW, Theme};
use crate::view::View;
use crate::wave::mesh;
use crate::widgets::{caption, primary};
use egui::{
    Align2, Button, Color32, CornerRadius, FontId, Frame, LayerId, Margin, Rect, RichText, Shape, Stroke, StrokeKind, Ui, Vec2, pos2,
};
use inlay_music::Bars;
use inlay_session::{Command, FileView};

/// What the panel remembers.
#[derive(Debug, Default)]
pub(crate) struct FilePanel {
    tempo: Draft,
}

/// Files over the window, and files let go.
pub(crate) fn take_drops(ui: &Ui, scene: &mut Scene<'_>) {
    let (hovered, dropped) = ui.input(|i| (i.raw.hovered_files.len(), i.raw.dropped_files.clone()));
    if let Some(file) = dropped.first() {
        scene.ask(Command::Drop(file.path().to_path_buf()));
    }
    if hovered > 0 {
        let screen = ui.ctx().content_rect();
        let painter = ui.ctx().layer_painter(LayerId::new(egui::Order::Foreground, egui::Id::unique("drop")));
        painter.rect_filled(screen, 0, Color32::from_black_alpha(150));
        painter.rect_stroke(screen.shrink(8.0), CornerRadius::same(8), Stroke::new(3.0, Theme::ACCENT), StrokeKind::Inside);
        let text = if hovered == 1 { "Let go to start from this audio" } else { "Let go to start from the first of these files" };
        painter.text(screen.center(), Align2::CENTER_CENTER, text, FontId::proportional(20.0), Theme::TEXT);
    }
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(file) = scene.snapshot.file.clone() else { return };
    Frame::new().fill(Theme::PANEL).corner_radius(6).inner_margin(Margin::same(8)).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(&file.name).strong());
            caption(ui, "Tempo");
            let shown = format!("{:.2}", file.bpm);
            let typed = editor.file.tempo.show(ui, &shown, "Tempo of the file", |e| e.desired_width(54.0));
            if typed.response.lost_focus()
                && let Ok(bpm) = editor.file.tempo.text().trim().replace(',', ".").parse::<f64>()
                && bpm != file.bpm
                && editor.file.tempo.text() != shown
            {
                correct(scene, &FileView { bpm, ..file.clone() });
            }
            for (text, factor) in [("×½", 0.5), ("×2", 2.0)] {
                if ui.add(Button::new(text).min_size(Vec2::new(0.0, ROW))).on_hover_text("Half or double its tempo").clicked() {
                    correct(scene, &FileView { bpm: file.bpm * factor, ..file.clone() });
                }
            }
            caption(ui, "Bars");
            for bars in Bars::ALL {
                if ui.add(Button::selectable(bars == file.bars, bars.get().to_string()).min_size(Vec2::new(24.0, ROW))).clicked() {
                    correct(scene, &FileView { bars, ..file.clone() });
                }
            }
            caption(ui, "Start");
            let beat = 60.0 / file.bpm;
            for (text, by, hint) in
                [("◀", -beat, "A beat earlier"), ("▶", beat, "A beat later"), ("‹", -0.01, "10 ms earlier"), ("›", 0.01, "10 ms later")]
            {
                let button = ui.add(Button::new(text).min_size(Vec2::new(24.0, ROW))).accessible_name(hint);
                if button.on_hover_text(hint).clicked() {
                    correct(scene, &FileView { start: file.start + by, ..file.clone() });
                }
            }
            if primary(ui, "Use", 60.0).on_hover_text("Makes a take of this part as it is").clicked() {
                scene.ask(Command::Accept);
            }
            let words = !scene.snapshot.desk.prompt.trim().is_empty();
            let transform = ui.add_enabled(words, Button::new("Transform").min_size(Vec2::new(0.0, ROW)));
            let transform = transform.on_hover_text("Makes something new from it, with the words above");
            if transform.on_disabled_hover_text("Type above what it shall become").clicked() {
                scene.ask(Command::Transform);
            }
            if ui.add(Button::new("Forget").min_size(Vec2::new(0.0, ROW))).clicked() {
                scene.ask(Command::Reject);
            }
        });
        outline(ui, scene, &file);
    });
}

fn correct(scene: &mut Scene<'_>, file: &FileView) {
    scene.ask(Command::Correct { bpm: file.bpm, bars: file.bars, start: file.start });
}

/// The file's wave with the part that is taken; a click moves the start.
fn outline(ui: &mut Ui, scene: &mut Scene<'_>, file: &FileView) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 40.0), egui::Sense::click());
    let response = response.accessible_name("Start of the part that is taken").on_hover_text("Click where the first bar begins");
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, CornerRadius::same(4), Theme::BACK);
    painter.add(Shape::mesh(mesh(&file.peaks, View::whole(1.0), rect, Theme::WAVE)));
    let x = |seconds: f64| rect.left() + (seconds / file.seconds.max(1e-9)) as f32 * rect.width();
    let end = file.start + file.bars.beats().get() * 60.0 / file.bpm;
    let part = Rect::from_min_max(pos2(x(file.start), rect.top()), pos2(x(end), rect.bottom())).intersect(rect);
    painter.rect(part, 0, Theme::REGION.gamma_multiply(0.2), Stroke::new(1.5, Theme::REGION), StrokeKind::Inside);
    if let (true, Some(pos)) = (response.clicked(), response.interact_pointer_pos()) {
        let start = f64::from((pos.x - rect.left()) / rect.width()) * file.seconds;
        correct(scene, &FileView { start, ..file.clone() });
    }
}
