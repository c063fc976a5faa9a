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
        beats: said.pos_beats(),
        frames: said.pos_samples(),
        bar: said.bar_start_pos_beats(),
        metre: count(said.time_sig_numerator).zip(count(said.time_sig_denominator)),
        cycle: said.loop_range_beats(),
    }
}
