//! Opens a window of its own to look at and type into: `cargo run --profile ci -p inlay-window --example look`.

use std::path::PathBuf;
use std::sync::Arc;

use inlay_window::egui::{self, Align, Color32, Layout, RichText};
use inlay_window::{App, DragOut, Handle, Outside, Settings, WindowEditor, WindowState};
use nice_plug_core::context::PluginApi;
use nice_plug_core::context::gui::{GuiContext, GuiContextInner};
use nice_plug_core::editor::{Editor as _, EditorHandle as _};
use nice_plug_core::params::internals::ParamPtr;
use nice_plug_core::plugin::PluginState;

#[derive(Default)]
struct Look {
    text: String,
    said: String,
    frames: usize,
    dropped: Vec<PathBuf>,
}

impl App for Look {
    fn ui(&mut self, ui: &mut egui::Ui, outside: &mut Outside<'_>) {
        self.frames += 1;
        self.dropped.extend(ui.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect::<Vec<_>>()));
        egui::CentralPanel::default().show(ui, |ui| {
            ui.heading("A window inside somebody else's program");
            ui.horizontal(|ui| {
                ui.label("Type here:");
                ui.add(egui::TextEdit::singleline(&mut self.text).desired_width(400.0));
            });
            ui.label(format!("“{}”", self.text));
            let hovered = ui.input(|input| !input.raw.hovered_files.is_empty());
            ui.label(RichText::new("Drop files anywhere.").color(if hovered { Color32::YELLOW } else { Color32::GRAY }));
            for file in &self.dropped {
                ui.horizontal(|ui| {
                    let label = ui.add(egui::Label::new(file.display().to_string()).sense(egui::Sense::click_and_drag()));
                    if label.drag_started() && outside.drag_out(file) == DragOut::Unsupported {
                        self.said = "This system can't drag files out of the window".to_owned();
                    }
                    if ui.button("Show in the file manager").clicked() {
                        outside.reveal(file, || eprintln!("There is no file manager"));
                    }
                });
            }
            ui.label(&self.said);
            ui.with_layout(Layout::bottom_up(Align::LEFT), |ui| {
                ui.weak(format!("{} frames, {} pixels per point", self.frames, ui.pixels_per_point()));
                if ui.button("Panic").clicked() {
                    panic!("somebody pressed the button");
                }
            });
            outside.grip(ui);
        });
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = Settings::new("Look");
    let state = WindowState::new(&settings);
    let editor = WindowEditor::new(settings, state, |_| Look::default());
    let spawned = editor.spawn(None, false, None, GuiContext::new(Arc::new(NoHost)), None)?;
    Ok(Handle::run_until_closed(spawned.window)?)
}

/// There is no host around this window, and no parameter to set.
struct NoHost;

impl GuiContextInner for NoHost {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Standalone
    }

    unsafe fn raw_begin_set_parameter(&self, _param: ParamPtr) {}

    unsafe fn raw_set_parameter_normalized(&self, _param: ParamPtr, _normalized: f32) {}

    unsafe fn raw_end_set_parameter(&self, _param: ParamPtr) {}

    fn get_state(&self) -> PluginState {
        unreachable!("nothing here asks for the state")
    }

    fn set_state(&self, _state: PluginState) {}

    fn request_restart(&self) {}
}
