//! What is shown in the tests' windows, and what it saw.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use inlay_window::{App, DragOut, Outside, egui};

use super::own::Interface;

/// Everything that a test wants to know or to set.
#[derive(Debug, Clone, Default)]
pub struct Show {
    pub text: String,
    /// How often the button below the field was pressed.
    pub pressed: usize,
    pub on_button: bool,
    pub frames: usize,
    pub size: egui::Vec2,
    pub scale: f32,
    pub hovered: Option<PathBuf>,
    pub dropped: Option<PathBuf>,
    pub dropped_at: egui::Pos2,
    pub dragging: bool,
    /// The file that is dragged out.
    pub file: Option<PathBuf>,
    pub stale: bool,
    pub panic: bool,
    /// The CPU time of the window's thread from its start to the end of its first frame.
    pub opening: Duration,
    thread: String,
}

impl Show {
    /// The CPU time of the window's thread.
    pub fn cpu(&self) -> Duration {
        cpu(&self.thread)
    }
}

/// CPU time to the nanosecond, as the scheduler counts it.
fn cpu(thread: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("{thread}/schedstat")).unwrap_or_default();
    Duration::from_nanos(stat.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

pub struct Field {
    pub show: Arc<Mutex<Show>>,
    /// What is shown instead.
    own: Option<Interface>,
    text: String,
    drawn: bool,
}

impl Field {
    pub fn new(show: Arc<Mutex<Show>>, own: Option<Interface>) -> Self {
        let thread = std::fs::read_link("/proc/thread-self").unwrap();
        show.lock().unwrap().thread = format!("/proc/{}", thread.display());
        Self { show, own, text: String::new(), drawn: false }
    }
}

impl App for Field {
    fn ui(&mut self, ui: &mut egui::Ui, outside: &mut Outside<'_>) {
        let mut show = self.show.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        assert!(!show.panic, "the test asked for it");
        self.drawn = true;
        if let Some(own) = &mut self.own {
            own(ui);
            show.frames += 1;
            return;
        }
        ui.put(egui::Rect::from_min_size(egui::pos2(20.0, 20.0), egui::vec2(400.0, 24.0)), egui::TextEdit::singleline(&mut self.text));
        let button = egui::Rect::from_min_size(egui::pos2(20.0, 60.0), egui::vec2(100.0, 24.0));
        let button = ui.put(button, egui::Button::new("Press"));
        show.pressed += usize::from(button.clicked());
        show.on_button = button.has_focus();
        let handle = egui::Rect::from_min_size(egui::pos2(20.0, 150.0), egui::vec2(400.0, 100.0));
        let response = ui.interact(handle, egui::Id::unique("handle"), egui::Sense::drag());
        ui.painter().rect_filled(handle, 4.0, egui::Color32::DARK_GREEN);
        if response.drag_started()
            && let Some(file) = &show.file
        {
            assert_eq!(outside.drag_out(file), DragOut::Started);
        }
        show.dragging = outside.is_dragging_out();
        ui.input(|input| {
            show.hovered = input.raw.hovered_files.first().and_then(|file| file.path.clone());
            if let Some(file) = input.raw.dropped_files.first() {
                show.dropped = Some(file.path().to_owned());
                show.dropped_at = input.pointer.latest_pos().unwrap_or_default();
            }
            show.size = input.content_rect().size();
            show.scale = input.pixels_per_point();
        });
        show.text.clone_from(&self.text);
        show.frames += 1;
    }

    fn stale(&mut self) -> bool {
        let mut show = self.show.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // The picture of the first frame is out when this is asked next.
        if show.opening.is_zero() && self.drawn {
            show.opening = show.cpu();
        }
        std::mem::take(&mut show.stale)
    }
}
