//! What the next take is made with: bars, tempo, feel, key, seed.

use crate::drafts::Draft;
use crate::frame::{Editor, Scene, Side};
use crate::knobs::{Knob, Knobs};
use crate::numbers;
use crate::theme::{ROW, Theme};
use crate::widgets::{caption, choices, sign, switch};
use egui::{Button, ComboBox, RichText, Ui, Vec2};
use inlay_music::{Bars, Key, Seed};
use inlay_session::Command;

/// What the row remembers.
#[derive(Debug, Default)]
pub(crate) struct DeskRow {
    tempo: Draft,
    seed: Draft,
}

/// What has room for all of it in one row, in points.
const WIDE: f32 = 870.0;

/// Tonics as they are offered; any key can be typed into the prompt.
const TONICS: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

/// The bars of the next take.
pub(crate) fn bars(knobs: &dyn Knobs) -> Bars {
    let choice = knobs.choice(Knob::Bars).min(Bars::ALL.len() - 1);
    Bars::ALL[choice]
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let narrow = ui.available_width() < WIDE;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        caption(ui, "Bars");
        choices(ui, scene.knobs, Knob::Bars, "Bars", &["1", "2", "4", "8", "16"]);
        tempo(&mut editor.desk, ui, scene);
        caption(ui, "Feel");
        choices(ui, scene.knobs, Knob::Feel, "Feel", &["½", "1", "2×"]);
        key(ui, scene);
        if narrow {
            ui.end_row();
            ui.set_row_height(ROW);
        }
        seed(&mut editor.desk, ui, scene);
        for (side, text, name) in
            [(Side::Details, "Details", "Details of making"), (Side::History, "History", "All takes of this instance")]
        {
            let open = editor.side == side;
            let button = ui.add(Button::selectable(open, text).frame_when_inactive(true).min_size(Vec2::new(0.0, ROW)));
            if button.on_hover_text(name).clicked() {
                editor.turn(side);
            }
        }
        if sign(ui, "?", "Keys and help").clicked() {
            editor.turn(Side::Help);
        }
    });
    for draft in [&editor.desk.tempo, &editor.desk.seed] {
        refusal(ui, draft);
    }
}

/// The host's tempo, or one's own.
fn tempo(row: &mut DeskRow, ui: &mut Ui, scene: &mut Scene<'_>) {
    caption(ui, "Tempo");
    let desk = &scene.snapshot.desk;
    let own = desk.own_tempo.is_some();
    let host = ui.add(Button::selectable(!own, "Host").min_size(Vec2::new(0.0, ROW)));
    if host.on_hover_text("New takes follow the project's tempo").clicked() {
        scene.ask(Command::OwnTempo(own.then_some(()).map_or(Some(desk.tempo), |()| None)));
        row.tempo.forget();
    }
    let shown = numbers::shown(desk.tempo.get());
    let color = match (row.tempo.refused(), own) {
        (Some(_), _) => Theme::FAILURE,
        (None, true) => Theme::TEXT,
        (None, false) => Theme::DIM,
    };
    let typed = row.tempo.show(ui, &shown, "Tempo in BPM", |edit| {
        edit.desired_width(40.0).text_color(color).align(egui::Align2::CENTER_CENTER).margin(egui::Margin::symmetric(4, 6))
    });
    match typed.done.map(|text| numbers::tempo(&text)) {
        Some(Ok(bpm)) => scene.ask(Command::OwnTempo(Some(bpm))),
        Some(Err(why)) => row.tempo.refuse(why),
        None => {}
    }
    typed.response.on_hover_text(row.tempo.refused().unwrap_or("Type a tempo from 40 to 240 for new takes"));
}

/// The key of this instance, or the project's.
fn key(ui: &mut Ui, scene: &mut Scene<'_>) {
    let desk = &scene.snapshot.desk;
    caption(ui, "Key");
    let text = match (desk.key, desk.project_key) {
        (Some(key), _) => key.short(),
        (None, Some(project)) => format!("{} (project)", project.short()),
        (None, None) => "Any".into(),
    };
    let mut chosen = None;
    let mut project = None;
    let shown = ComboBox::from_id_salt("key").selected_text(text).width(64.0).height(340.0).show_ui(ui, |ui| {
        let none = desk.project_key.map_or("Any".to_owned(), |k| format!("Project: {}", k.short()));
        if ui.selectable_label(desk.key.is_none(), none).clicked() {
            chosen = Some(None);
        }
        if let Some(key) = desk.key
            && ui.button(format!("Make {} the project's key", key.short())).on_hover_text("For all instances of Inlay").clicked()
        {
            project = Some(Some(key));
            chosen = Some(None);
        }
        if desk.project_key.is_some() && ui.button("No key for the project").clicked() {
            project = Some(None);
        }
        ui.separator();
        ui.columns(2, |columns| {
            for (column, minor) in columns.iter_mut().zip(["", "m"]) {
                for tonic in TONICS {
                    let name = format!("{tonic}{minor}");
                    let Ok(key) = name.parse::<Key>() else { continue };
                    if column.selectable_label(desk.key == Some(key), &name).clicked() {
                        chosen = Some(Some(key));
                    }
                }
            }
        });
    });
    shown.response.accessible_name("Key");
    if let Some(key) = project {
        scene.ask(Command::ProjectKey(key));
    }
    if let Some(key) = chosen {
        scene.ask(Command::Key(key));
    }
}

/// The seed: shown, typed, pinned.
fn seed(row: &mut DeskRow, ui: &mut Ui, scene: &mut Scene<'_>) {
    caption(ui, "Seed");
    let said = scene.snapshot.desk.seed.to_string();
    let color = if row.seed.refused().is_some() { Theme::FAILURE } else { Theme::TEXT };
    let typed = row.seed.show(ui, &said, "Seed", |edit| edit.desired_width(86.0).text_color(color).margin(egui::Margin::symmetric(4, 6)));
    if let Some(seed) = typed.changed.and_then(|text| text.parse::<Seed>().ok()) {
        keep(scene, seed);
    }
    if let Some(Err(error)) = typed.done.map(|text| text.parse::<Seed>()) {
        row.seed.refuse(inlay_session::sentence(&error.to_string()));
    }
    let take = scene.selected().map(|e| e.seed);
    let hint = "The same words and seed give the same take";
    let hint = take.map_or_else(|| hint.to_owned(), |seed| format!("{hint}. The selected take has seed {seed}."));
    typed.response.on_hover_text(row.seed.refused().unwrap_or(&hint));
    if let Some(seed) = take {
        let kept = seed == scene.snapshot.desk.seed && scene.knobs.get(Knob::SeedLock) >= 0.5;
        if ui.add_enabled_ui(!kept, |ui| sign(ui, "⤵", "Keep this take's seed").clicked()).inner {
            row.seed.put(ui, &seed.to_string());
            keep(scene, seed);
        }
    }
    let lock = switch(ui, scene.knobs, Knob::SeedLock, "🔒", "🔓");
    lock.accessible_name("Keep the seed").on_hover_ui(|ui| {
        ui.label(RichText::new("Locked: the next take is made with this seed. Open: with a new one."));
    });
}

/// The next take is made with this seed.
fn keep(scene: &mut Scene<'_>, seed: Seed) {
    scene.ask(Command::Seed(seed));
    // who names a seed wants that one
    if scene.knobs.get(Knob::SeedLock) < 0.5 {
        scene.knobs.put(Knob::SeedLock, 1.0);
    }
}

/// Why what was typed can't be used, below its row.
pub(crate) fn refusal(ui: &mut Ui, draft: &Draft) {
    if let Some(why) = draft.refused() {
        ui.label(RichText::new(why).color(Theme::FAILURE).small());
    }
}
