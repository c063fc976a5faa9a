//! X11. Windows there see all keys under the pointer and nobody passes on what they leave, so that is done here, over a connection of
//! our own which is opened when it is first needed.

mod drag;
mod drivers;
mod keycode;
mod layout;
mod server;

use std::path::Path;
use std::sync::OnceLock;

use baseview::{MouseCursor, WindowContext};
use keyboard_types::KeyboardEvent;
use raw_window_handle::{HasWindowHandle, RawWindowHandle};
use x11rb::protocol::xproto::Window;

use drag::Drag;
pub(crate) use drivers::keep_drivers;
use layout::Layout;
use server::Server;

pub(crate) struct Platform {
    window: Option<Window>,
    server: Lazy,
    layout: Option<Layout>,
    /// A dead key that waits for its letter.
    dead: Option<char>,
    /// Who had the keyboard before a text field took it.
    before: Option<Window>,
    drag: Option<Drag>,
}

enum Lazy {
    Untried,
    Open(Box<Server>),
    Failed,
}

impl Platform {
    pub(crate) fn new(window: &WindowContext) -> Self {
        let window = match window.window_handle().map(|handle| handle.as_raw()) {
            Ok(RawWindowHandle::Xlib(handle)) => Window::try_from(handle.window).ok(),
            Ok(RawWindowHandle::Xcb(handle)) => Some(handle.window.get()),
            _ => None,
        };
        Self { window, server: Lazy::Untried, layout: None, dead: None, before: None, drag: None }
    }

    /// What the key writes on this keyboard, where the windowing library gets it wrong: letters with Ctrl, the key beside the left
    /// shift, and accents.
    pub(crate) fn translate(&mut self, event: &KeyboardEvent) -> KeyboardEvent {
        if self.layout.is_none() && layout::matters(event) {
            self.layout = self.server().and_then(Layout::read);
        }
        match &self.layout {
            Some(layout) => layout.translate(event, &mut self.dead),
            None => event.clone(),
        }
    }

    /// Gives a key that isn't wanted here to the host.
    pub(crate) fn forward(&mut self, event: &KeyboardEvent) {
        let Some(window) = self.window else { return };
        if let Some(server) = self.server() {
            server.forward(window, event);
        }
    }

    /// Takes the keyboard for a text field. When the window closes, it falls back to the window around it.
    pub(crate) fn take_focus(&mut self) -> bool {
        let Some(window) = self.window else { return false };
        let Some(before) = self.server().and_then(|server| server.take_focus(window)) else { return false };
        if before != window {
            self.before = Some(before);
        }
        true
    }

    /// Gives the keyboard back to whoever had it.
    pub(crate) fn give_focus_back(&mut self) {
        let (Some(window), Some(before)) = (self.window, self.before.take()) else { return };
        if let Some(server) = self.server() {
            server.give_focus(window, before);
        }
    }

    pub(crate) fn can_drag(&self) -> bool {
        self.window.is_some() && !matches!(self.server, Lazy::Failed)
    }

    pub(crate) fn is_dragging(&self) -> bool {
        self.drag.as_ref().is_some_and(Drag::is_held)
    }

    pub(crate) fn drag(&mut self, file: &Path) {
        if self.drag.is_none() {
            let started = self.window.map(|window| Drag::start(window, file));
            self.drag = started.and_then(|drag| drag.map_err(|error| tracing::warn!("The file can't be dragged: {error}")).ok());
        }
    }

    /// What the pointer should look like while it carries a file.
    pub(crate) fn drag_cursor(&self) -> Option<MouseCursor> {
        let drag = self.drag.as_ref().filter(|drag| drag.is_held())?;
        Some(if drag.is_accepted() { MouseCursor::Copy } else { MouseCursor::HandGrabbing })
    }

    /// Moves a drag on. Says whether what is shown of it has changed.
    pub(crate) fn tick(&mut self) -> bool {
        let Some(drag) = &mut self.drag else { return false };
        let before = (drag.is_held(), drag.is_accepted());
        let goes_on = drag.step().unwrap_or_else(|error| {
            tracing::warn!("The drag has ended: {error}");
            false
        });
        let changed = before != (drag.is_held(), drag.is_accepted());
        if !goes_on {
            self.drag = None;
        }
        changed || !goes_on
    }

    fn server(&mut self) -> Option<&Server> {
        if let Lazy::Untried = self.server {
            self.server = match Server::connect() {
                Ok(server) => Lazy::Open(Box::new(server)),
                Err(error) => {
                    tracing::warn!("The X server can't be reached a second time, so keys can't be passed on: {error}");
                    Lazy::Failed
                }
            };
        }
        if let Lazy::Open(server) = &self.server { Some(server) } else { None }
    }
}

/// The scale that the desktop is set to, before any window has been open. Hosts ask for the size first.
pub(crate) fn scale() -> Option<f64> {
    static SCALE: OnceLock<Option<f64>> = OnceLock::new();
    *SCALE.get_or_init(|| Server::connect().ok()?.scale())
}
