//! The plugin: *Inlay*, an instrument, and *Inlay FX*, an effect, for CLAP and VST3.
//!
//! The shell is thin. What plays is the [player](inlay_player), which knows no host; what an instance is, is its
//! [session](inlay_session), which knows no framework. Here they meet the host: parameters, notes, transport, state, window.

mod dirty;
mod entry;
mod events;
mod host;
mod kind;
mod pane;
mod params;
mod pinned;
mod shell;
mod state;
mod transport;
mod turning;

pub use entry::{GetPluginFactory, clap_entry};
pub use kind::{Effect, Instrument, Kind};
pub use params::{FeelChoice, Length, ModeChoice, Parameters, QuantizeChoice};
pub use shell::Shell;

/// The instrument: notes in, stereo out.
pub type Inlay = Shell<Instrument>;
/// The effect: stereo in and out.
pub type InlayFx = Shell<Effect>;
