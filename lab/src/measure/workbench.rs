//! The steps behind a take, one by one: its latents to features to sound, and back.

use anyhow::{Context as _, Result};
use candle_core::{Device, Tensor};
use inlay_diffusion::{Latents, Sequence, Stream};
use inlay_dsp::{Features, Synthesis, synthesise};
use inlay_engine::models::embedded::{EmbeddedModel, LATENT, TEMPO, Weights};
use inlay_music::{Request, Take};
use std::thread::available_parallelism;

/// The codec and the phases outside of the engine's worker.
#[derive(Debug)]
pub struct Workbench {
    model: EmbeddedModel,
}

impl Workbench {
    /// Unpacks the weights.
    ///
    /// # Errors
    /// Where memory ends.
    pub fn new() -> Result<Self> {
        Ok(Self { model: EmbeddedModel::load(&Weights::embedded(), &Device::Cpu)? })
    }

    /// The latents of a take, `[1,T,64]`.
    ///
    /// # Errors
    /// Where they have no such shape.
    pub fn latents(take: &Take) -> Result<Latents> {
        let data: Vec<f32> = take.latents.iter().map(|v| v.to_f32()).collect();
        Ok(Latents::new(1, data.len() / LATENT, LATENT, data)?)
    }

    /// Log magnitudes of latents `[1,T,64]`.
    ///
    /// # Errors
    /// What the codec says.
    pub fn decode(&self, latents: &Latents) -> Result<Features> {
        let tensor = Tensor::from_slice(latents.data(), (1, latents.frames(), LATENT), &self.model.device)?;
        let features = self.model.codec.decode(&tensor)?;
        Ok(Features::new(features.dim(2)?, features.flatten_all()?.to_vec1()?)?)
    }

    /// Latents `[1,T,64]` of log magnitudes.
    ///
    /// # Errors
    /// What the codec says.
    pub fn encode(&self, features: &Features) -> Result<Latents> {
        let tensor = Tensor::from_slice(features.data(), (1, Features::BANDS, features.frames()), &self.model.device)?;
        let latents = self.model.codec.encode(&tensor)?;
        Ok(Latents::new(1, latents.dim(1)?, LATENT, latents.flatten_all()?.to_vec1()?)?)
    }

    /// Log magnitudes to `samples` of sound, by the chance that a request has for it: what the engine itself does.
    ///
    /// # Errors
    /// None that would be expected: nobody stops it.
    pub fn sound(features: &Features, samples: usize, request: &Request) -> Result<Vec<f32>> {
        let chance = Sequence { seed: request.seed.get(), stream: Stream::Phases, variation: request.variation };
        let turns = move |index: u64| {
            let mut turn = [0.0];
            chance.fill_uniforms(index, &mut turn);
            turn[0]
        };
        let bpm = request.feel.making(request.bpm, request.bars)?.bpm();
        let stretch = bpm.clamp(TEMPO.0, TEMPO.1) / bpm;
        let threads = available_parallelism().map_or(1, usize::from);
        synthesise(features, samples, &Synthesis { threads, stretch, turns: &turns, proceed: &|| true }).context("the phases were stopped")
    }
}
