//! What the user should know, where it belongs.

use crate::frame::Scene;
use crate::theme::Theme;
use egui::{Button, Frame, Margin, RichText, Ui, Vec2};
use inlay_session::{Command, Message, Place, Tone};

/// The messages of some places, each with a way to take it off.
pub(crate) fn show(ui: &mut Ui, scene: &mut Scene<'_>, here: impl Fn(Place) -> bool) {
    for message in scene.snapshot.messages.iter().filter(|m| here(m.place)) {
        Frame::new().fill(Theme::PANEL).corner_radius(5).inner_margin(Margin::symmetric(6, 2)).show(ui, |ui| {
            ui.horizontal(|ui| one(ui, scene, message));
        });
    }
}

fn one(ui: &mut Ui, scene: &mut Scene<'_>, message: &Message) {
    let (color, sign) = match message.tone {
        Tone::Notice => (Theme::NOTICE, "ℹ"),
        Tone::Failure => (Theme::FAILURE, "⚠"),
    };
    ui.label(RichText::new(sign).color(color));
    let buttons = if message.file.is_some() { 34.0 + 62.0 } else { 34.0 };
    let room = (ui.available_width() - buttons).max(60.0);
    let text = words(scene, message);
    ui.scope(|ui| {
        ui.set_max_width(room);
        ui.add(egui::Label::new(RichText::new(&text).color(color)).wrap());
    });
    if let Some(file) = &message.file
        && ui.add(Button::new("Show").min_size(Vec2::new(50.0, 22.0))).on_hover_text("Shows it in the file manager").clicked()
    {
        scene.outside.reveal(file);
    }
    let close = ui.add(Button::new("✖").frame(false).min_size(Vec2::splat(22.0)));
    if close.accessible_name(format!("Dismiss: {text}")).clicked() {
        scene.ask(Command::Dismiss(message.id));
    }
}

fn words(scene: &Scene<'_>, message: &Message) -> String {
    match (message.place, &message.file) {
        (Place::Slot(slot), _) => format!("Slot {}: {}", slot + 1, message.text),
        (_, Some(_)) if !scene.outside.can_drag_out() => format!("{}. Show it, and drag it from there into the host.", message.text),
        _ => message.text.clone(),
    }
}
