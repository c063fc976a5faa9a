//! How takes are made, for those who want to know.

use crate::drafts::Draft;
use crate::frame::{Editor, Scene};
use crate::knobs::Knob;
use crate::theme::Theme;
use crate::widgets::{caption, choices, slider};
use egui::{Grid, RichText, ScrollArea, Ui};
use inlay_session::Command;

/// What the panel remembers.
#[derive(Debug, Default)]
pub(crate) struct Details {
    negative: Draft,
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    ScrollArea::vertical().show(ui, |ui| {
        let width = ui.available_width() - 4.0;
        ui.heading("Details");
        caption(ui, "What should not be heard");
        let said = &scene.snapshot.desk.negative;
        let typed = editor.details.negative.show(ui, said, "What should not be heard", |edit| {
            edit.desired_width(width).char_limit(1000).hint_text(RichText::new("hi-hats, distorted …").color(Theme::DIM))
        });
        if let Some(text) = typed.changed {
            scene.ask(Command::Negative(text));
        }
        let hints = [
            (Knob::Guidance, "Guidance", "How closely takes follow the words"),
            (Knob::Steps, "Steps", "More steps take longer and can sound cleaner; 8 is a draft"),
            (Knob::Amount, "Variation", "How far variations go from their take"),
        ];
        for (knob, name, hint) in hints {
            slider(ui, scene.knobs, knob, name, width).on_hover_text(hint);
        }
        let mut ahead = scene.snapshot.ahead;
        let text = "Make the next variations while this one plays";
        if ui.checkbox(&mut ahead, text).changed() {
            scene.ask(Command::Ahead(ahead));
        }
        ui.separator();
        ui.heading("Playing");
        caption(ui, "A slot changes at");
        choices(ui, scene.knobs, Knob::Quantize, "A slot changes at", &["Now", "Beat", "Bar", "Loop"]);
        caption(ui, "Notes C1 to G1");
        choices(ui, scene.knobs, Knob::Mode, "Notes", &["Switch", "Gate", "One shot"]);
        slider(ui, scene.knobs, Knob::Gain, "Gain", width);
        slider(ui, scene.knobs, Knob::Width, "Width", width);
        if scene.snapshot.effect {
            slider(ui, scene.knobs, Knob::Mix, "Mix", width);
        }
        ui.separator();
        ui.heading("Model");
        facts(ui, scene);
    });
}

/// What makes takes, and what the selected one was made with.
fn facts(ui: &mut Ui, scene: &Scene<'_>) {
    let model = &scene.snapshot.model;
    let mut rows = vec![("Model", model.name.clone()), ("Runs on", model.device.clone())];
    if let Some(take) = scene.selected() {
        rows.push(("This take", take.prompt.clone()));
        if !take.negative.is_empty() {
            rows.push(("without", take.negative.clone()));
        }
        rows.push(("Made by", take.model.clone()));
        rows.push(("Length", format!("{} at {}", take.bars, take.bpm)));
        rows.push(("Seed", format!("{}, variation {}", take.seed, take.variation + 1)));
        rows.extend(take.key.map(|k| ("Key", k.to_string())));
        rows.extend(take.chords.as_ref().map(|c| ("Chords", c.to_string())));
    }
    Grid::new("facts").num_columns(2).spacing([8.0, 4.0]).show(ui, |ui| {
        for (name, value) in rows {
            caption(ui, name);
            ui.add(egui::Label::new(value).wrap());
            ui.end_row();
        }
    });
}
