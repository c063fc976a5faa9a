//! Our own connection to the X server.

use std::error::Error;

use keyboard_types::{KeyState, KeyboardEvent, Modifiers};
use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    ConnectionExt as _, EventMask, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, KeyButMask, KeyPressEvent, Window,
};
use x11rb::rust_connection::RustConnection;

use super::keycode;

/// What the server answers when a request fails, or that it doesn't answer.
pub(super) type Trouble = Box<dyn Error>;

pub(super) struct Server {
    pub(super) connection: RustConnection,
    pub(super) root: Window,
}

impl Server {
    pub(super) fn connect() -> Result<Self, Trouble> {
        let (connection, screen) = RustConnection::connect(None)?;
        let root = connection.setup().roots.get(screen).ok_or("the X server has no such screen")?.root;
        Ok(Self { connection, root })
    }

    /// Sends a key to the nearest window around ours that listens to keys. Failing is no loss: the key would have been lost anyway.
    pub(super) fn forward(&self, window: Window, event: &KeyboardEvent) {
        if let Err(error) = self.try_forward(window, event) {
            tracing::debug!("A key couldn't be passed on: {error}");
        }
    }

    fn try_forward(&self, window: Window, event: &KeyboardEvent) -> Result<(), Trouble> {
        let Some(keycode) = keycode::of(event.code) else { return Ok(()) };
        let (kind, mask) = match event.state {
            KeyState::Down => (KEY_PRESS_EVENT, EventMask::KEY_PRESS),
            KeyState::Up => (KEY_RELEASE_EVENT, EventMask::KEY_RELEASE),
        };
        let Some(listener) = self.listener(window, mask)? else { return Ok(()) };
        let pointer = self.connection.query_pointer(listener)?.reply()?;
        let key = KeyPressEvent {
            response_type: kind,
            detail: keycode,
            sequence: 0,
            time: CURRENT_TIME,
            root: self.root,
            event: listener,
            child: window,
            root_x: pointer.root_x,
            root_y: pointer.root_y,
            event_x: pointer.win_x,
            event_y: pointer.win_y,
            state: state(event.modifiers),
            same_screen: true,
        };
        self.connection.send_event(false, listener, mask, key)?.check()?;
        Ok(())
    }

    /// Toolkits sort events by the window that they name, so it has to be one that listens.
    fn listener(&self, window: Window, mask: EventMask) -> Result<Option<Window>, Trouble> {
        let mut window = window;
        loop {
            let parent = self.connection.query_tree(window)?.reply()?.parent;
            if parent == x11rb::NONE || parent == self.root {
                return Ok(None);
            }
            let attributes = self.connection.get_window_attributes(parent)?.reply()?;
            if attributes.all_event_masks.contains(mask) {
                return Ok(Some(parent));
            }
            window = parent;
        }
    }

    /// Gives our window the keyboard, and says who had it.
    pub(super) fn take_focus(&self, window: Window) -> Option<Window> {
        let take = || -> Result<Window, Trouble> {
            let before = self.connection.get_input_focus()?.reply()?.focus;
            self.connection.set_input_focus(InputFocus::PARENT, window, CURRENT_TIME)?.check()?;
            Ok(before)
        };
        take().map_err(|error| tracing::debug!("The keyboard couldn't be taken: {error}")).ok()
    }

    /// Gives the keyboard from our window to another, or if that is gone, to the one around ours.
    pub(super) fn give_focus(&self, window: Window, to: Window) {
        let give = || -> Result<(), Trouble> {
            if self.connection.get_input_focus()?.reply()?.focus != window {
                return Ok(());
            }
            let given = self.connection.set_input_focus(InputFocus::PARENT, to, CURRENT_TIME)?.check();
            if given.is_err() {
                let parent = self.connection.query_tree(window)?.reply()?.parent;
                self.connection.set_input_focus(InputFocus::PARENT, parent, CURRENT_TIME)?.check()?;
            }
            Ok(())
        };
        if let Err(error) = give() {
            tracing::debug!("The keyboard couldn't be given back: {error}");
        }
    }

    /// The desktop's scale, as toolkits read it.
    pub(super) fn scale(&self) -> Option<f64> {
        let resources = x11rb::resource_manager::new_from_default(&self.connection).ok()?;
        let dots = resources.get_value::<u32>("Xft.dpi", "").ok().flatten()?;
        (dots > 0).then_some(f64::from(dots) / 96.0)
    }
}

fn state(modifiers: Modifiers) -> KeyButMask {
    let masks = [
        (Modifiers::SHIFT, KeyButMask::SHIFT),
        (Modifiers::CAPS_LOCK, KeyButMask::LOCK),
        (Modifiers::CONTROL, KeyButMask::CONTROL),
        (Modifiers::ALT, KeyButMask::MOD1),
        (Modifiers::NUM_LOCK, KeyButMask::MOD2),
        (Modifiers::META, KeyButMask::MOD4),
    ];
    masks.into_iter().filter(|(held, _)| modifiers.contains(*held)).fold(KeyButMask::default(), |state, (_, mask)| state | mask)
}
