//! A file that was dropped: what was heard in it, and corrections.

use crate::desk;
use crate::drafts::Draft;
use crate::frame::{Editor, Scene};
use crate::numbers;
use crate::theme::{ROW, Theme};
use crate::view::View;
use crate::wave::mesh;
use crate::widgets::{caption, primary};
use egui::{
    Align2, Button, Color32, CornerRadius, FontId, Frame, LayerId, Margin, Rect, RichText, Shape, Stroke, StrokeKind, Ui, Vec2, pos2,
};
use inlay_music::{Bars, Bpm, Feel};
use inlay_session::{Command, FileView};
use std::path::{Path, PathBuf};

/// What the panel remembers.
#[derive(Debug, Default)]
pub(crate) struct FilePanel {
    tempo: Draft,
}

/// Files over the window, and files let go.
pub(crate) fn take_drops(ui: &Ui, scene: &mut Scene<'_>) {
    let kinds: Vec<Kind> =
        ui.input(|i| i.raw.hovered_files.iter().map(|file| file.path.as_deref().map_or(Kind::Audio, Kind::of)).collect());
    let mut dropped: Vec<PathBuf> = ui.input(|i| i.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect());
    // a model before what changes it; of audio the first
    dropped.sort_by_key(|path| Kind::of(path));
    let audio = dropped.iter().position(|path| Kind::of(path) == Kind::Audio).map_or(dropped.len(), |first| first + 1);
    for path in dropped.into_iter().take(audio.min(MOST)) {
        scene.ask(Command::Drop(path));
    }
    let hovered = kinds.len();
    if hovered > 0 {
        let screen = ui.ctx().content_rect();
        let painter = ui.ctx().layer_painter(LayerId::new(egui::Order::Foreground, egui::Id::unique("drop")));
        painter.rect_filled(screen, 0, Color32::from_black_alpha(150));
        painter.rect_stroke(screen.shrink(8.0), CornerRadius::same(8), Stroke::new(3.0, Theme::ACCENT), StrokeKind::Inside);
        let text = match (hovered, kinds.iter().min()) {
            (_, Some(Kind::Model)) => "Let go to make takes with this model",
            (_, Some(Kind::Weights)) => "Let go to change the model with this",
            (1, _) => "Let go to start from this audio",
            _ => "Let go to start from the first of these files",
        };
        painter.text(screen.center(), Align2::CENTER_CENTER, text, FontId::proportional(20.0), Theme::TEXT);
    }
}

/// Files that are taken of one drop.
const MOST: usize = 8;

/// What a file over the window is, by its name: the window's thread reads no disks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A folder, most likely, or a model's configuration.
    Model,
    /// A LoRA, or a file of a model.
    Weights,
    Audio,
}

impl Kind {
    fn of(path: &Path) -> Self {
        match path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()) {
            None => Self::Model,
            // as in stable-audio-open-1.0, and a model's configuration
            Some(ending) if ending == "json" || ending.chars().all(|c| c.is_ascii_digit()) => Self::Model,
            Some(ending) if ["safetensors", "ckpt", "pt"].contains(&ending.as_str()) => Self::Weights,
            // what isn't audio says so when it is read
            Some(_) => Self::Audio,
        }
    }
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(file) = scene.snapshot.file.clone() else { return };
    Frame::new().fill(Theme::PANEL).corner_radius(6).inner_margin(Margin::same(8)).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(short(&file.name)).strong()).on_hover_text(&file.name);
            caption(ui, "Tempo");
            let tempo = &mut editor.file.tempo;
            let color = if tempo.refused().is_some() { Theme::FAILURE } else { Theme::TEXT };
            let typed = tempo.show(ui, &numbers::shown(file.bpm), "Tempo of the file", |e| e.desired_width(54.0).text_color(color));
            match typed.done.map(|text| numbers::tempo(&text)) {
                Some(Ok(bpm)) => correct(scene, &FileView { bpm: bpm.get(), ..file.clone() }),
                Some(Err(why)) => tempo.refuse(why),
                None => {}
            }
            for (text, factor, hint) in [("×½", 0.5, "Half its tempo"), ("×2", 2.0, "Double its tempo")] {
                let scaled = scaled(&file, factor);
                let button = ui.add_enabled(scaled.is_some(), Button::new(text).min_size(Vec2::new(0.0, ROW)));
                let button = button.on_hover_text(hint).on_disabled_hover_text("Takes are made at 40 to 240 BPM");
                if let (true, Some(scaled)) = (button.clicked(), scaled) {
                    correct(scene, &scaled);
                }
            }
            caption(ui, "Bars");
            for bars in Bars::ALL {
                if ui.add(Button::selectable(bars == file.bars, bars.get().to_string()).min_size(Vec2::new(24.0, ROW))).clicked() {
                    correct(scene, &FileView { bars, ..file.clone() });
                }
            }
            ui.end_row();
            ui.set_row_height(ROW);
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
        desk::refusal(ui, &editor.file.tempo);
        if let Some(silent) = silent(&file) {
            caption(ui, &format!("The part ends {silent:.1} s behind the file: there it is silent."));
        }
        outline(ui, scene, &file);
    });
}

/// A file at its tempo times a factor, with the bars that the same stretch has then, as far as takes have so many. None where takes
/// can't have that tempo.
fn scaled(file: &FileView, factor: f64) -> Option<FileView> {
    let bpm = Bpm::new(file.bpm * factor).ok()?;
    let wanted = f64::from(file.bars.get()) * factor;
    let [shortest, ..] = Bars::ALL;
    let fits = |bars: &Bars| f64::from(bars.get()) <= wanted && Feel::Normal.making(bpm, *bars).is_ok();
    let bars = Bars::ALL.into_iter().rev().find(fits).unwrap_or(shortest);
    Some(FileView { bpm: bpm.get(), bars, ..file.clone() })
}

/// A name that leaves room for what can be done.
fn short(name: &str) -> String {
    const LONGEST: usize = 32;
    if name.chars().count() <= LONGEST { name.to_owned() } else { name.chars().take(LONGEST - 1).chain(['…']).collect() }
}

/// Seconds of the part that lie behind the file's end, where that can be heard.
fn silent(file: &FileView) -> Option<f64> {
    let end = file.start + file.bars.beats().get() * 60.0 / file.bpm;
    Some(end - file.seconds).filter(|s| *s >= 0.05)
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

#[cfg(test)]
mod test {
    use super::*;
    use crate::test::entry;

    fn file(bpm: f64, bars: u32) -> FileView {
        let peaks = entry("drums").peaks.unwrap();
        FileView { name: "a.wav".into(), seconds: 10.0, bpm, bars: Bars::new(bars).unwrap(), start: 0.0, peaks }
    }

    fn scale(bpm: f64, bars: u32, factor: f64) -> Option<(f64, u32)> {
        scaled(&file(bpm, bars), factor).map(|f| (f.bpm, f.bars.get()))
    }

    #[test]
    fn at_twice_the_tempo_the_same_stretch_has_twice_the_bars() {
        assert_eq!(scale(70.0, 4, 2.0), Some((140.0, 8)));
        assert_eq!(scale(140.0, 4, 0.5), Some((70.0, 2)));
        assert_eq!(scale(70.0, 16, 2.0), Some((140.0, 16)), "takes have no more bars");
        assert_eq!(scale(140.0, 1, 0.5), Some((70.0, 1)), "nor fewer");
    }

    #[test]
    fn a_tempo_that_takes_cannot_have_is_not_offered() {
        assert_eq!(scale(130.0, 4, 2.0), None);
        assert_eq!(scale(70.0, 4, 0.5), None);
    }

    #[test]
    fn where_the_part_runs_on_behind_the_file_that_is_known() {
        assert_eq!(silent(&file(96.0, 4)), None);
        let silent = silent(&FileView { start: 2.0, ..file(96.0, 4) }).unwrap();
        assert!((silent - 2.0).abs() < 1e-9, "{silent}");
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(short("my loop.wav"), "my loop.wav");
        assert_eq!(short(&"ö".repeat(50)).chars().count(), 32);
    }
}
