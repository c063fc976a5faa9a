//! How takes are made, for those who want to know.

use crate::drafts::Draft;
use crate::frame::{Editor, Scene};
use crate::knobs::Knob;
use crate::theme::{ROW, Theme};
use crate::widgets::{caption, choices, sign, slider};
use egui::{Button, Grid, RichText, ScrollArea, Slider, Ui, Vec2};
use inlay_session::Command;

/// What the panel remembers.
#[derive(Debug, Default)]
pub(crate) struct Details {
    negative: Draft,
    /// The frame in which the panel was drawn last: where that isn't the one before, it was opened.
    drawn: Option<u64>,
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
        ui.heading("Model");
        models(editor, ui, scene, width);
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
        ui.heading("Made");
        facts(ui, scene);
    });
}

/// What can make takes.
fn models(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>, width: f32) {
    let now = ui.ctx().cumulative_frame_nr();
    // who opens the panel may just have put a model into its place
    if !editor.details.drawn.is_some_and(|drawn| drawn == now || drawn + 1 == now) {
        scene.ask(Command::LookForModels);
    }
    editor.details.drawn = Some(now);
    let model = scene.snapshot.model.clone();
    caption(ui, "Takes are made by");
    for choice in &model.choices {
        let name = choice.name.as_deref().unwrap_or("Inlay's own");
        let button = Button::selectable(choice.chosen, name).frame_when_inactive(true).min_size(Vec2::new(width, ROW)).truncate();
        let pressed = ui.add_enabled(choice.problem.is_none(), button).on_hover_text(&choice.words);
        if pressed.clicked() && !choice.chosen {
            scene.ask(Command::Model(choice.folder.clone()));
        }
        if let Some(problem) = &choice.problem {
            ui.add(egui::Label::new(RichText::new(problem).color(Theme::FAILURE)).wrap());
        } else if choice.chosen {
            ui.add(egui::Label::new(RichText::new(&choice.words).color(Theme::DIM)).wrap());
        }
    }
    if let Some(mut processor) = model.processor {
        let hint = "Takes longer, and leaves the graphics processor to others";
        if ui.checkbox(&mut processor, "On the processor only").on_hover_text(hint).changed() {
            scene.ask(Command::Processor(processor));
        }
    }
    for (index, lora) in model.loras.iter().enumerate() {
        ui.horizontal(|ui| {
            let mut strength = lora.strength;
            ui.spacing_mut().slider_width = (width - 150.0).max(60.0);
            let name = format!("Strength of {}", lora.name);
            let slider = ui.add(Slider::new(&mut strength, 0.0..=2.0).max_decimals(2)).accessible_name(&name).on_hover_text(&name);
            if slider.changed() {
                scene.ask(Command::Lora { index, strength: Some(strength) });
            }
            if sign(ui, "✖", &format!("Take {} off", lora.name)).clicked() {
                scene.ask(Command::Lora { index, strength: None });
            }
        });
        caption(ui, &lora.name);
    }
    if let Some(folder) = &model.folder {
        let text = format!("More: drop a model's folder (or a LoRA) on the window, or put it into {}", folder.display());
        ui.add(egui::Label::new(RichText::new(text).color(Theme::DIM)).wrap());
    }
}

/// What makes takes, and what the selected one was made with.
fn facts(ui: &mut Ui, scene: &Scene<'_>) {
    let model = &scene.snapshot.model;
    let mut rows = vec![("Runs on", model.device.clone())];
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
