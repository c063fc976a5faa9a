//! What the worker and all handles see of each other without waiting.

use super::queue::Priority;
use crate::{maker::PROCESSOR, models::embedded::EmbeddedModel};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};

/// The model of an engine, for somebody who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelInfo {
    /// What to call it.
    pub name: String,
    /// Names the weights that make latents, once they are known.
    pub hash: Option<String>,
    /// Names the weights that latents belong to, once they are known.
    pub codec: Option<String>,
    /// Whether it is in memory.
    pub loaded: bool,
    /// What the model from disk runs on that is in memory, if one is. Inlay's own always runs on the processor, which makes a loop in a second.
    pub disk: Option<String>,
}

#[derive(Debug)]
pub(super) struct Status {
    /// Jobs that wait, by priority.
    waiting: [AtomicUsize; 3],
    /// Hosts that play.
    playing: Arc<AtomicUsize>,
    loaded: AtomicBool,
    /// Held for as long as a copy takes.
    model: Mutex<ModelInfo>,
    /// Bits of numbers: seconds that jobs take here for each one that is planned, by [`Pace`].
    pace: [AtomicU64; 3],
}

/// What takes its own time for what is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Inlay's own model.
    Own,
    /// A model from disk on the processor.
    Processor,
    /// One on another device.
    Graphics,
}

impl Pace {
    /// Of a model from disk that runs on `device`.
    pub fn on(device: &str) -> Self {
        if device == PROCESSOR { Self::Processor } else { Self::Graphics }
    }
}

impl Status {
    pub fn new(model: ModelInfo) -> Self {
        Self {
            waiting: Default::default(),
            playing: Arc::default(),
            loaded: AtomicBool::new(false),
            model: Mutex::new(model),
            pace: [1.0f64, 1.0, 0.1].map(|pace| AtomicU64::new(pace.to_bits())),
        }
    }

    /// One more job waits.
    pub fn waits(&self, priority: Priority) {
        self.waiting[priority as usize].fetch_add(1, Ordering::AcqRel);
    }

    /// One less.
    pub fn begins(&self, priority: Priority) {
        self.waiting[priority as usize].fetch_sub(1, Ordering::AcqRel);
    }

    /// Whether a job waits that comes before those of `priority`. Until the worker takes the next job this never goes back to false.
    pub fn more_urgent(&self, priority: Priority) -> bool {
        self.waiting[..priority as usize].iter().any(|w| w.load(Ordering::Acquire) > 0)
    }

    pub fn playing(&self) -> &Arc<AtomicUsize> {
        &self.playing
    }

    pub fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Acquire)
    }

    pub fn loads(&self, model: &EmbeddedModel) {
        let mut info = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        (info.hash, info.codec) = (Some(model.hash.clone()), Some(model.codec_hash.clone()));
        self.loaded.store(true, Ordering::Release);
    }

    /// A model from disk is in memory now, or none.
    pub fn runs_on(&self, device: Option<String>) {
        self.model.lock().unwrap_or_else(PoisonError::into_inner).disk = device;
    }

    pub fn unloads(&self) {
        self.runs_on(None);
        self.loaded.store(false, Ordering::Release);
    }

    pub fn model(&self) -> ModelInfo {
        let info = self.model.lock().unwrap_or_else(PoisonError::into_inner).clone();
        ModelInfo { loaded: self.is_loaded(), ..info }
    }

    /// Seconds that a job takes on this machine for each second of its plan.
    pub fn pace(&self, of: Pace) -> f64 {
        f64::from_bits(self.pace[of as usize].load(Ordering::Relaxed))
    }

    /// A job took so long; the next plans are more like it.
    pub fn took(&self, of: Pace, planned: f64, seconds: f64) {
        if planned > 0.0 {
            let pace = 0.5 * (self.pace(of) + (seconds / planned).clamp(0.005, 50.0));
            self.pace[of as usize].store(pace.to_bits(), Ordering::Relaxed);
        }
    }
}

/// A host plays while this lives: jobs leave a core to it.
#[derive(Debug)]
#[must_use = "the engine takes all cores again as soon as this is dropped"]
pub struct Playing(Arc<AtomicUsize>);

impl Playing {
    pub(super) fn new(hosts: &Arc<AtomicUsize>) -> Self {
        hosts.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(hosts))
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
