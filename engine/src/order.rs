//! Orders: a request and what it starts from.

use crate::maker::{DiskModel, Maker};
use half::f16;
use inlay_music::{About, Request, Sound, Take, Task};
use std::sync::Arc;

/// A request, its source, and how many variations of it are wanted at once.
#[derive(Debug, Clone)]
pub struct Order {
    /// What to make. Its `variation` is that of the first take.
    pub request: Request,
    /// What it starts from.
    pub source: Source,
    /// How many takes: variation, variation + 1, … They share the work that doesn't depend on the seed.
    pub variations: u32,
    /// What makes them.
    pub maker: Maker,
}

impl Order {
    /// The most takes of one order.
    pub const MOST: u32 = 64;

    /// The model from disk that has to be loaded for it. What leaves a sound as it is doesn't need one.
    pub(crate) fn disk(&self) -> Option<&Arc<DiskModel>> {
        match &self.maker {
            Maker::Disk(model) if self.denoises() => Some(model),
            _ => None,
        }
    }

    /// Whether a denoiser has to work for it.
    pub fn denoises(&self) -> bool {
        match (&self.request.task, &self.source) {
            (Task::Retime, _) | (_, Source::Again { latents: Some(_), .. }) => false,
            (Task::Vary { amount } | Task::Transform { amount }, _) => amount.get() > 0.0,
            _ => true,
        }
    }

    /// Makes a take again whose sound wasn't kept: from its latents, or, if it was generated, from its request alone. With
    /// the same Inlay on the same machine it is the same take, bit for bit (see [`redo`](crate::redo)).
    pub fn again(about: Arc<About>, latents: Option<Arc<[f16]>>) -> Self {
        Self { request: about.request.clone(), source: Source::Again { about, latents }, variations: 1, maker: Maker::Own }
    }
}

/// What a request starts from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Nothing: generate.
    Nothing,
    /// A take as it is heard now: inpaint, vary, retime.
    Take {
        /// The take.
        take: Arc<Take>,
        /// The rendition being heard, where it isn't the take's own sound: inpainting keeps its samples, rate and tempo.
        heard: Option<Arc<Sound>>,
    },
    /// A loop from a file, cut to exactly the request's bars at its tempo: transform.
    Audio(Arc<Sound>),
    /// What was kept of a take: [`Order::again`].
    Again {
        /// What it is.
        about: Arc<About>,
        /// Its latents, if they were kept.
        latents: Option<Arc<[f16]>>,
    },
}
