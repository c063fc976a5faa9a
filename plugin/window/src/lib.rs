//! A window for an egui interface inside somebody else's program.
//!
//! Hosts hand a plugin a parent window and little else; this crate turns that into a place where an [`App`] can be drawn and typed
//! into. It stands on baseview (windows, events, an OpenGL context) and egui's painter, and answers the host through the traits
//! that nice-plug has for editors. It knows nothing of what the interface is about.
//!
//! ```
//! use inlay_window::{App, Outside, Settings, WindowEditor, WindowState, egui};
//!
//! struct Hello;
//!
//! impl App for Hello {
//!     fn ui(&mut self, ui: &mut egui::Ui, _outside: &mut Outside<'_>) {
//!         ui.label("Hello");
//!     }
//! }
//!
//! let settings = Settings::new("Hello");
//! let state = WindowState::new(&settings);
//! let editor = WindowEditor::new(settings, state, |_opening| Hello);
//! # let _ = editor;
//! ```
//!
//! # Threads
//!
//! On X11 the window has a thread of its own, elsewhere it lives on the host's main thread. An [`App`] is made, called and dropped
//! on the window's thread and on no other, whichever that is.
//!
//! # Keys
//!
//! Keys are the host's unless they are wanted here: all that edit text while a text field has the focus, those that move between
//! controls while another control has it, and whatever [`App::claims`]. Hosts that keep keys for themselves and pass them to the
//! plugin by a call of their own (VST3) are asked by the same rule, and a key that arrives both ways counts once.
//!
//! # Nothing changes, nothing is drawn
//!
//! A frame is drawn after input, when egui asked for one, when the host changed something, and when [`App::stale`] says so.

mod app;
mod clipboard;
mod cursor;
mod editor;
mod failure;
mod handler;
mod host;
mod input;
mod outside;
mod platform;
mod repaint;
mod reveal;
mod scaling;
mod shared;
mod state;
mod surface;

pub use app::{App, Opening};
pub use editor::{Handle, OpenWindow, Settings, WindowEditor};
pub use egui;
pub use failure::WindowError;
pub use outside::{DragOut, Outside};
pub use reveal::reveal;
pub use state::WindowState;
