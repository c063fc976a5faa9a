//! The plugin's own interface, of an instance that nobody uses.

use std::path::Path;
use std::sync::Arc;

use inlay_editor::{Editor, Knob, Outside, style};
use inlay_music::{Amount, Bars, Feel};
use inlay_player::Quantize;
use inlay_session::{Host, Knobs, Live, Session, TRIGGERS};
use inlay_window::egui;

/// Draws it, frame by frame.
pub type Interface = Box<dyn FnMut(&mut egui::Ui)>;

/// Makes it anew, as at each opening.
pub fn interface(context: &egui::Context) -> Interface {
    style(context);
    let snapshot = Session::new(Arc::new(Still), Arc::default(), false).snapshot();
    let mut editor = Editor::new();
    Box::new(move |ui| editor.show(ui, &snapshot, &Live::default(), &mut Still, &mut Still, &mut |_| {}))
}

/// A host, its parameters, and a system, in which nothing happens.
struct Still;

impl Host for Still {
    fn knobs(&self) -> Knobs {
        let [bars, ..] = Bars::ALL;
        let (feel, amount) = (Feel::Normal, Amount::DEFAULT);
        Knobs { bars, feel, steps: 16, guidance: 3.0, amount, seed_lock: false, slot: 0, quantize: Quantize::Bar }
    }

    fn changed(&self) {}

    fn triggers(&self) -> [bool; TRIGGERS] {
        [false; TRIGGERS]
    }
}

impl inlay_editor::Knobs for Still {
    fn get(&self, _: Knob) -> f32 {
        0.0
    }

    fn default_value(&self, _: Knob) -> f32 {
        0.0
    }

    fn steps(&self, _: Knob) -> Option<usize> {
        Some(4)
    }

    fn text(&self, _: Knob, value: f32) -> String {
        value.to_string()
    }

    fn begin(&mut self, _: Knob) {}

    fn set(&mut self, _: Knob, _: f32) {}

    fn end(&mut self, _: Knob) {}
}

impl Outside for Still {
    fn reveal(&mut self, _: &Path) {}

    fn drag_out(&mut self, _: &Path) -> bool {
        false
    }

    fn can_drag_out(&self) -> bool {
        false
    }
}
