//! Capturing the track (Inlay FX).

use crate::frame::Scene;
use crate::theme::{ROW, Theme};
use crate::widgets::caption;
use egui::{Button, ProgressBar, RichText, Ui, Vec2};
use inlay_session::{CaptureView, Command};

pub(crate) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal(|ui| {
        let bars = crate::desk::bars(scene.knobs);
        match scene.snapshot.capture {
            CaptureView::Idle => {
                let button = ui.add(Button::new(format!("Capture {bars}")).min_size(Vec2::new(0.0, ROW)));
                if button.on_hover_text("Captures the track from the next bar on, while the song runs").clicked() {
                    scene.ask(Command::Capture(bars));
                }
                caption(ui, "What is captured can be inpainted and varied, and plays where it was in the song.");
            }
            CaptureView::Armed => {
                stop(ui, scene);
                ui.label(RichText::new("Waiting for the next bar: start the song").color(Theme::ACCENT));
            }
            CaptureView::Running { done, beats } => {
                stop(ui, scene);
                ui.visuals_mut().extreme_bg_color = Theme::RAISED;
                let bar = ProgressBar::new((done / beats) as f32)
                    .desired_width(240.0)
                    .desired_height(24.0)
                    .corner_radius(5)
                    .fill(Theme::ACCENT.gamma_multiply(0.45));
                ui.add(bar.text(RichText::new(format!("Bar {} of {}", (done / 4.0) as u32 + 1, (beats / 4.0) as u32)).color(Theme::TEXT)));
            }
        }
    });
}

fn stop(ui: &mut Ui, scene: &mut Scene<'_>) {
    if ui.add(Button::new("End capture").min_size(Vec2::new(0.0, ROW))).clicked() {
        scene.ask(Command::EndCapture);
    }
}
