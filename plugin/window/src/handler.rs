//! The window's side of the conversation with the windowing library.

mod content;
mod frame;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use baseview::dpi::LogicalSize;
use baseview::{
    DamageArea, DropData, DropEffect, Event, EventStatus, HandlerError, MouseEvent, TimerHandle, WindowContext, WindowEvent, WindowHandler,
    WindowSize,
};
use egui::Vec2;
use keyboard_types::KeyboardEvent;
use nice_plug_core::context::gui::GuiContext;

use crate::failure::{self, FrameError};
use crate::shared::Shared;
use crate::{App, Opening, WindowState, scaling};
use frame::{Inside, Then};

/// How often the window looks whether anything has changed.
const LOOK: Duration = Duration::from_millis(16);

/// An open window. baseview may call back while one of its own functions is at work, so everything that calls it happens without a
/// borrow of the inside.
pub(crate) struct Handler<A: App> {
    window: WindowContext,
    state: Arc<WindowState>,
    shared: Arc<Shared>,
    track: Arc<AtomicBool>,
    /// On X11 a timer is silent once nobody holds it.
    _timer: TimerHandle,
    size: Cell<WindowSize>,
    /// The picture is lost or has another size.
    damaged: Cell<bool>,
    /// Whether the window was ever drawn.
    drawn: Cell<bool>,
    inside: RefCell<Inside<A>>,
}

impl<A: App> Handler<A> {
    pub(crate) fn new(
        window: WindowContext,
        open: impl FnOnce(Opening) -> A,
        gui: GuiContext,
        state: Arc<WindowState>,
        shared: Arc<Shared>,
        track: Arc<AtomicBool>,
        min_size: Vec2,
    ) -> Result<Self, FrameError> {
        let size = window.size();
        state.set_scale(size.scale_factor);
        let inside = Inside::new(&window, open, gui, shared.clone(), min_size)?;
        let timer = window.create_timer(LOOK)?;
        Ok(Self {
            window,
            state,
            shared,
            track,
            _timer: timer,
            size: Cell::new(size),
            damaged: Cell::new(true),
            drawn: Cell::new(false),
            inside: RefCell::new(inside),
        })
    }

    /// Does something with the inside, whose panics end it but not the host. None if it panicked or is at work already.
    fn with<T>(&self, act: impl FnOnce(&mut Inside<A>) -> T) -> Option<T> {
        let mut inside = self.inside.try_borrow_mut().ok()?;
        match catch_unwind(AssertUnwindSafe(|| act(&mut inside))) {
            Ok(value) => Some(value),
            Err(panic) => {
                inside.fail(failure::message(&*panic));
                self.damaged.set(true);
                self.redraw();
                None
            }
        }
    }

    /// Asks for a frame. The windowing library asks for the first one itself; on X11 one that is asked for before the window is on the
    /// screen would never be answered, and neither would those after it.
    fn redraw(&self) {
        if self.drawn.get() {
            self.window.request_redraw();
        }
    }

    /// Looks whether a frame is due, and asks for it.
    fn look(&self) {
        if self.shared.is_hidden() {
            return;
        }
        let changed = self.track.swap(false, Ordering::AcqRel) | self.shared.take_change() | self.damaged.get();
        if self.with(|inside| inside.look(changed, Instant::now())).unwrap_or(false) {
            self.redraw();
        }
    }

    fn key(&self, event: &KeyboardEvent) -> EventStatus {
        let taken = self.with(|inside| inside.key(event)).unwrap_or(false);
        if taken {
            self.redraw();
            EventStatus::Captured
        } else {
            EventStatus::Ignored
        }
    }

    fn mouse(&self, event: &MouseEvent) -> EventStatus {
        let scale = self.size.get().scale_factor;
        let accepted = self.with(|inside| {
            inside.mouse(event, scale);
            let (MouseEvent::DragEntered { position, data, .. }
            | MouseEvent::DragMoved { position, data, .. }
            | MouseEvent::DragDropped { position, data, .. }) = event
            else {
                return None;
            };
            let DropData::Files(files) = data else { return Some(false) };
            Some(inside.accepts(files, scaling::pos(*position, scale)))
        });
        self.redraw();
        match accepted.flatten() {
            Some(true) => EventStatus::AcceptDrop(DropEffect::Copy),
            Some(false) => EventStatus::Ignored,
            None => EventStatus::Captured,
        }
    }

    /// Does what a frame asked for.
    fn then(&self, then: Then) {
        // A pointer, a size or a focus that the system refuses is no reason to stop.
        let refused = |what: &str, result: Result<(), baseview::Error>| {
            if let Err(error) = result {
                tracing::debug!("The system refused {what}: {error}");
            }
        };
        refused("a pointer", self.window.set_mouse_cursor(then.cursor));
        if then.take_focus {
            refused("the focus", self.window.focus());
        }
        if let Some(size) = then.resize {
            refused("a size", self.window.resize(LogicalSize::new(f64::from(size.x), f64::from(size.y))));
        }
        if then.again {
            self.redraw();
        }
    }
}

impl<A: App> WindowHandler for Handler<A> {
    fn draw(&self) -> Result<(), HandlerError> {
        let now = Instant::now();
        let first = !self.drawn.replace(true);
        let changed = self.shared.take_change() | self.damaged.get();
        if self.shared.is_hidden() || !self.with(|inside| inside.look(changed, now)).unwrap_or(false) {
            return Ok(());
        }
        self.damaged.set(false);
        // The size depends on the scale, which isn't known before.
        if first && scaling::differs(self.state.size(), self.size.get()) {
            let size = self.state.size();
            self.then(Then { resize: Some(size), ..Then::default() });
        }
        match self.with(|inside| inside.frame(self.size.get(), self.window.has_focus(), now)) {
            Some(Ok(then)) => self.then(then),
            Some(Err(error)) => {
                tracing::error!("The editor's window closes: {error}");
                return Err(error.into());
            }
            None => {}
        }
        Ok(())
    }

    fn damage(&self, _area: DamageArea<'_>) {
        self.damaged.set(true);
    }

    fn poll(&self) {
        if self.shared.is_closing() {
            self.window.request_close();
        } else {
            self.look();
        }
    }

    fn resized(&self, new_size: WindowSize) -> Result<(), HandlerError> {
        self.size.set(new_size);
        self.state.set_scale(new_size.scale_factor);
        self.state.set_size(egui::vec2(new_size.logical.width as f32, new_size.logical.height as f32));
        self.damaged.set(true);
        self.redraw();
        Ok(())
    }

    fn on_event(&self, event: Event) -> EventStatus {
        match event {
            Event::Keyboard(event) => self.key(&event),
            Event::Mouse(event) => self.mouse(&event),
            Event::Window(WindowEvent::Focused | WindowEvent::Unfocused) => {
                let focused = matches!(event, Event::Window(WindowEvent::Focused));
                self.with(|inside| inside.focused(focused));
                self.redraw();
                EventStatus::Captured
            }
            _ => EventStatus::Ignored,
        }
    }

    fn on_timer(&self, _timer: &TimerHandle) {
        self.with(Inside::tick);
        self.look();
    }
}
