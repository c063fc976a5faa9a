//! The host's transport in the player's words.
//!
//! # Realtime safety
//! Arithmetic only.

use inlay_player::Transport;
use nice_plug::prelude::Transport as Said;

/// What the host said for a block.
pub(crate) fn heard(said: &Said) -> Transport {
    let count = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok());
    Transport {
        playing: said.playing,
        tempo: said.tempo,
        // as said: what the framework works out from the other, the player does better
        beats: said.pos_beats,
        frames: said.pos_samples.or_else(|| Some((said.pos_seconds? * f64::from(said.sample_rate)).round() as i64)),
        bar: said.bar_start_pos_beats(),
        metre: count(said.time_sig_numerator).zip(count(said.time_sig_denominator)),
        cycle: said.loop_range_beats(),
    }
}
