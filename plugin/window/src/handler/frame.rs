//! From input to a picture.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use baseview::{MouseCursor, MouseEvent, WindowContext, WindowSize};
use egui::{Context, OutputCommand, Pos2, Vec2, ViewportId};
use keyboard_types::KeyboardEvent;
use nice_plug_core::context::gui::GuiContext;

use super::content::Content;
use crate::cursor::cursor;
use crate::failure::{self, FrameError};
use crate::input::Input;
use crate::input::capture::Focus;
use crate::outside::Wishes;
use crate::platform::Platform;
use crate::repaint::Repaint;
use crate::shared::Shared;
use crate::surface::Surface;
use crate::{App, Opening, Outside, reveal};

/// Everything of a window but the window itself.
pub(super) struct Inside<A: App> {
    // Dropped in this order: an interface may hold textures.
    content: Content<A>,
    egui: Context,
    surface: Surface,
    input: Input,
    repaint: Repaint,
    platform: Platform,
    shared: Arc<Shared>,
    min_size: Vec2,
}

/// What is to be done with the window after a frame.
#[derive(Default)]
pub(super) struct Then {
    pub(super) cursor: MouseCursor,
    pub(super) resize: Option<Vec2>,
    pub(super) take_focus: bool,
    pub(super) again: bool,
}

impl<A: App> Inside<A> {
    pub(super) fn new(
        window: &WindowContext,
        open: impl FnOnce(Opening) -> A,
        gui: GuiContext,
        shared: Arc<Shared>,
        min_size: Vec2,
    ) -> Result<Self, FrameError> {
        let surface = Surface::new(window)?;
        let egui = context(&shared);
        let opening = Opening { egui: egui.clone(), gui };
        let (content, egui) = match catch_unwind(AssertUnwindSafe(|| open(opening))) {
            Ok(app) => (Content::App(app), egui),
            Err(panic) => (Content::Failed(failure::message(&*panic)), context(&shared)),
        };
        let now = Instant::now();
        Ok(Self {
            content,
            egui,
            surface,
            input: Input::new(now),
            repaint: Repaint::default(),
            platform: Platform::new(window),
            shared,
            min_size,
        })
    }

    /// Leaves the interface and its context, which may be in any state.
    pub(super) fn fail(&mut self, reason: String) {
        tracing::error!("The editor's interface panicked: {reason}");
        self.content.fail(reason);
        self.egui = context(&self.shared);
        self.shared.set_focus(Focus::Nothing);
    }

    /// Whether a frame is due.
    pub(super) fn look(&mut self, changed: bool, now: Instant) -> bool {
        for key in self.shared.take_keys() {
            self.input.host_key(key, now);
            self.repaint.now(now);
        }
        if changed || self.content.is_stale() {
            self.repaint.now(now);
        }
        if let Some(at) = self.shared.take_frame() {
            self.repaint.ask(now, at.saturating_duration_since(now));
        }
        self.repaint.is_due(now)
    }

    pub(super) fn key(&mut self, event: &KeyboardEvent) -> bool {
        let now = Instant::now();
        let event = self.platform.translate(event);
        let taken = self.input.key(&event, self.shared.focus(), self.shared.claims(), now);
        if taken {
            self.repaint.now(now);
        } else {
            self.platform.forward(&event);
        }
        taken
    }

    pub(super) fn mouse(&mut self, event: &MouseEvent, scale: f64) {
        self.input.mouse(event, scale);
        self.repaint.now(Instant::now());
    }

    pub(super) fn accepts(&mut self, files: &[PathBuf], pos: Pos2) -> bool {
        self.content.accepts(files, pos)
    }

    pub(super) fn focused(&mut self, focused: bool) {
        self.input.focus(focused);
        self.repaint.now(Instant::now());
    }

    /// What has to be done now and then although nothing is drawn.
    pub(super) fn tick(&mut self) {
        if self.platform.tick() {
            self.repaint.now(Instant::now());
        }
    }

    pub(super) fn frame(&mut self, size: WindowSize, has_focus: bool, now: Instant) -> Result<Then, FrameError> {
        self.repaint.start(now);
        let pressed = self.input.pressed();
        let raw = self.input.take(size, self.surface.max_texture_side(), now);
        let mut wishes = Wishes::default();
        let mut outside = Outside {
            can_drag: self.platform.can_drag(),
            dragging: self.platform.is_dragging(),
            size: crate::scaling::screen(size).size(),
            min_size: self.min_size,
            wishes: &mut wishes,
        };
        let content = &mut self.content;
        let output = self.egui.run_ui(raw, |ui| content.ui(ui, &mut outside));
        for command in output.platform_output.commands {
            match command {
                OutputCommand::CopyText(text) => self.input.clipboard.copy(text),
                OutputCommand::OpenUrl(open) => reveal::browse(&open.url),
                _ => {}
            }
        }
        let primitives = self.egui.tessellate(output.shapes, output.pixels_per_point);
        self.surface.paint(size, &primitives, output.textures_delta)?;

        let delay = output.viewport_output.get(&ViewportId::ROOT).map_or(Duration::MAX, |viewport| viewport.repaint_delay);
        self.repaint.ask(Instant::now(), delay);
        if let Some(file) = wishes.drag {
            self.platform.drag(&file);
        }
        Ok(Then {
            cursor: self.platform.drag_cursor().unwrap_or_else(|| cursor(output.platform_output.cursor_icon)),
            resize: wishes.resize,
            take_focus: self.keyboard(pressed, has_focus),
            again: delay.is_zero(),
        })
    }

    /// Sees to it that the system's focus follows that of the interface: a text field takes it, and it goes back once nothing has it, so
    /// that Tab goes on from a field. Says whether the window should take it.
    fn keyboard(&mut self, pressed: bool, has_focus: bool) -> bool {
        let (before, focus) = (self.shared.focus(), Focus::of(&self.egui));
        self.shared.set_focus(focus);
        if before != Focus::Nothing && focus == Focus::Nothing {
            self.platform.give_focus_back();
        }
        let wanted = focus == Focus::Text && !has_focus && (before != Focus::Text || pressed);
        wanted && !self.platform.take_focus()
    }
}

impl<A: App> Drop for Inside<A> {
    fn drop(&mut self) {
        self.content.close();
        if self.shared.focus() != Focus::Nothing {
            self.platform.give_focus_back();
        }
    }
}

fn context(shared: &Arc<Shared>) -> Context {
    let context = Context::default();
    // Zooming the interface by Ctrl and + isn't for a window whose size the host rules.
    context.options_mut(|options| options.zoom_with_keyboard = false);
    let shared = shared.clone();
    context.set_request_repaint_callback(move |request| {
        if let Some(at) = Instant::now().checked_add(request.delay) {
            shared.ask_frame(at);
        }
    });
    context
}
