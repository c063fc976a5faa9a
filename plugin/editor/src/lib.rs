//! What a producer sees: the whole interface as a function of a snapshot.
//!
//! [`Editor::show`] draws one frame from a [`Snapshot`](inlay_session::Snapshot) and sends [`Command`](inlay_session::Command)s. It
//! reaches the host's parameters through [`Knobs`] and the window's surroundings through [`Outside`]; it knows neither.

mod actions;
mod capture;
mod desk;
mod details;
mod drafts;
mod export;
mod file;
mod frame;
mod grid;
mod history;
mod keys;
mod knobs;
mod lane;
mod library;
mod messages;
mod numbers;
mod outside;
mod prompt;
mod regions;
mod ruler;
mod slots;
mod theme;
mod view;
mod wave;
mod widgets;

pub use frame::Editor;
pub use keys::claims;
pub use knobs::{Knob, Knobs};
pub use outside::Outside;
pub use theme::{Theme, style};

#[cfg(test)]
mod test;
