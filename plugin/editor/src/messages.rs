//! What the user should know, where it belongs.

use crate::frame::Scene;
use crate::theme::Theme;
use egui::{Button, Frame, Margin, RichText, Ui, Vec2};
use inlay_session::{Command, Place, Tone};

/// The messages of some places, each with a way to take it off.
pub(crate) fn show(ui: &mut Ui, scene: &mut Scene<'_>, here: impl Fn(Place) -> bool) {
    let mut gone = None;
    for message in scene.snapshot.messages.iter().filter(|m| here(m.place)) {
        let (color, sign) = match message.tone {
            Tone::Notice => (Theme::NOTICE, "ℹ"),
            Tone::Failure => (Theme::FAILURE, "⚠"),
        };
        Frame::new().fill(Theme::PANEL).corner_radius(5).inner_margin(Margin::symmetric(6, 2)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(sign).color(color));
                let room = (ui.available_width() - 34.0).max(60.0);
                let text = match message.place {
                    Place::Slot(slot) => format!("Slot {}: {}", slot + 1, message.text),
                    _ => message.text.clone(),
                };
                ui.scope(|ui| {
                    ui.set_max_width(room);
                    ui.add(egui::Label::new(RichText::new(&text).color(color)).wrap());
                });
                let close = ui.add(Button::new("✖").frame(false).min_size(Vec2::splat(22.0)));
                if close.accessible_name(format!("Dismiss: {text}")).clicked() {
                    gone = Some(message.id);
                }
            });
        });
    }
    if let Some(id) = gone {
        scene.ask(Command::Dismiss(id));
    }
}
