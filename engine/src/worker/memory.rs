//! How much memory a job takes, before it is asked for: Rust aborts where the system has none left.

use crate::{
    disk::Looked,
    error::JobError,
    make::making_beats,
    order::{Order, Source},
};
use inlay_music::{SampleRate, loop_length};

/// The networks and the binary's part that holds their weights: the peak of a process with the shortest loop is 233 MiB.
pub(super) const MODEL: u64 = 256 << 20;
/// Phase reconstruction per sample of the loop: 16 bars at 60 BPM take 53 more than the shortest loop.
const PER_SAMPLE: u64 = 60;
/// Sampling per variation and latent: 64 variations of four bars take 6 KiB each more than one.
const PER_LATENT: u64 = 12 << 10;
/// A finished take per sample, and what its file is made of: 12, from four variations of 16 bars at 60 BPM.
const PER_TAKE_SAMPLE: u64 = 16;

/// Bytes that `order` needs besides the model.
pub(super) fn needed(order: &Order) -> u64 {
    let request = &order.request;
    let samples = loop_length(request.bpm, request.bars.beats(), SampleRate::CD).get() as u64;
    let latents = u64::from(making_beats(request)) * 8;
    let given = match &order.source {
        Source::Nothing | Source::Again { .. } => 0,
        Source::Audio(sound) => sound.channels.len() as u64 * sound.frames().get() as u64 * 16,
        Source::Take { take, heard } => {
            // parent, child and what lies between, at the rate that is heard
            let sound = heard.as_deref().unwrap_or(&take.sound);
            2 * sound.frames().get() as u64 * 16 * (1 + u64::from(order.variations))
        }
    };
    samples * PER_SAMPLE + given + u64::from(order.variations) * (latents.min(128) * PER_LATENT + samples * PER_TAKE_SAMPLE)
}

/// What a model from disk needs besides its weights: a layer of the text encoder, activations of 8 s.
const DISK: u64 = 300 << 20;
/// Its activations and sounds per second.
const PER_SECOND: f64 = (12 << 20) as f64;

/// Per second, for the sounds that go to a helper and come back, of which several copies are there for a moment.
const PER_SECOND_ELSEWHERE: f64 = (4 << 20) as f64;

/// What matters of the models that are in memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    /// The one that the order needs is.
    pub has: bool,
    /// Bytes of one that will give way to it.
    pub bytes: u64,
    /// One from disk is worked with in another process.
    pub elsewhere: bool,
}

/// Bytes that the model needs that an order asks for, as far as it isn't in memory, and the work with it.
fn of_model(order: &Order, looked: Option<&Looked>, held: Held) -> u64 {
    match looked {
        None => {
            if held.has {
                0
            } else {
                MODEL
            }
        }
        Some(Looked { found, from, .. }) => {
            let loop_seconds = order.request.bars.beats().get() * 60.0 / order.request.bpm.get();
            // a bar more is made; Stable Audio Open always makes its whole length
            let longest = if found.inpaints() { 0.0 } else { found.seconds() };
            let seconds = (loop_seconds * (1.0 + 1.0 / f64::from(order.request.bars.get())) + from.headroom).max(longest);
            if held.elsewhere {
                return (seconds * PER_SECOND_ELSEWHERE) as u64;
            }
            let work = DISK + (seconds * PER_SECOND) as u64;
            if held.has {
                return work;
            }
            // the one that is there goes first
            work + found.memory().saturating_sub(held.bytes)
        }
    }
}

/// Refuses an order for which there isn't enough.
pub(super) fn check(order: &Order, looked: Option<&Looked>, held: Held, limit: Option<u64>) -> Result<(), JobError> {
    let needed = needed(order) + of_model(order, looked, held);
    let free = limit.unwrap_or_else(|| {
        let mut system = sysinfo::System::new();
        system.refresh_memory();
        // a system that tells nothing isn't in the way; a container may have less than its machine
        let machine = if system.total_memory() == 0 { u64::MAX } else { system.available_memory() };
        system.cgroup_limits().map_or(machine, |limits| limits.free_memory.min(machine))
    });
    if needed > free { Err(JobError::Memory { needed: needed >> 20, free: free >> 20 }) } else { Ok(()) }
}
