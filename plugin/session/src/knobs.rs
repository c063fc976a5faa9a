//! What an instance needs of its host.

use inlay_music::{Amount, Bars, Feel};
use inlay_player::Quantize;

/// The host's parameters that requests are made with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knobs {
    /// Length of new takes.
    pub bars: Bars,
    /// Half, normal or double time.
    pub feel: Feel,
    /// Diffusion steps.
    pub steps: u32,
    /// Strength of classifier-free guidance.
    pub guidance: f64,
    /// How far variations go.
    pub amount: Amount,
    /// Whether the seed stays as it is.
    pub seed_lock: bool,
    /// The slot that the parameter names.
    pub slot: u8,
    /// When a slot changes.
    pub quantize: Quantize,
}

/// The host of an instance, as its session sees it. Called by the conductor and by threads that load or save; never by the audio thread.
pub trait Host: Send + Sync {
    /// The parameters as they are now.
    fn knobs(&self) -> Knobs;

    /// Something changed that the project should be saved with. The session is locked.
    fn changed(&self);

    /// The conductor had a turn, and nothing is locked. On its thread.
    fn rest(&self) {}

    /// The trigger parameters as they are now, for a host that runs no audio.
    fn triggers(&self) -> [bool; crate::signals::TRIGGERS];
}
