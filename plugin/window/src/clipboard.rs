//! The system's clipboard.

use arboard::{Clipboard as System, Error};

/// The clipboard, opened when it is first used: on X11 it costs a thread and a connection.
#[derive(Default)]
pub(crate) struct Clipboard {
    system: Option<System>,
}

impl Clipboard {
    /// Puts a text on the clipboard.
    pub(crate) fn copy(&mut self, text: String) {
        self.with(|system| system.set_text(text));
    }

    /// The text on the clipboard, if it holds one.
    pub(crate) fn paste(&mut self) -> Option<String> {
        self.with(System::get_text)
    }

    fn with<T>(&mut self, act: impl FnOnce(&mut System) -> Result<T, Error>) -> Option<T> {
        if self.system.is_none() {
            self.system = System::new().map_err(|error| tracing::warn!("The clipboard can't be reached: {error}")).ok();
        }
        match act(self.system.as_mut()?) {
            Ok(value) => Some(value),
            // An empty clipboard, or a picture on it, is nothing to complain about.
            Err(Error::ContentNotAvailable) => None,
            Err(error) => {
                tracing::warn!("The clipboard didn't work: {error}");
                None
            }
        }
    }
}
