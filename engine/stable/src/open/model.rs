//! The parts together.

use super::conditioner::Conditioner;
use super::config::{OpenConfig, OpenObjective};
use super::dit::Dit;
use super::flow::Guided;
use super::folder::OpenFolder;
use super::oobleck::Oobleck;
use super::sampler::{Run, SIGMA_MAX, ddim, sigmas};
use super::t5::TextEncoder;
use crate::error::{SettingsError, StableError};
use crate::length::Length;
use crate::loading::Loading;
use crate::model::{Made, Noise, Request, Source, Stereo, fresh, latents, plausible, tensor};
use crate::same::PartProgress;
use crate::sampler::{self, Progress, Sampler};
use crate::t5gemma::Tokens;
use crate::weights::Weights;
use candle_core::{DType, Device, Tensor};
use inlay_diffusion::{Latents, ShapeError, Stream};
use std::{f64::consts::FRAC_PI_2, ops::Range};

/// A Stable Audio Open model on a device.
#[derive(Debug)]
pub struct StableAudioOpen {
    pub(super) config: OpenConfig,
    device: Device,
    pub(super) text: TextEncoder,
    pub(super) conditioner: Conditioner,
    pub(super) dit: Dit,
    pub(super) codec: Oobleck,
}

impl StableAudioOpen {
    /// Loads the weights of a folder.
    ///
    /// # Errors
    /// [`StableError`] where a file doesn't fit, or where the device can't hold the model; [`StableError::Cancelled`], within a layer.
    pub fn load(folder: &OpenFolder, device: &Device, loading: &Loading<'_>) -> Result<Self, StableError> {
        let config = folder.config().clone();
        let weights = Weights::new(folder.weights.clone(), device);
        let (text_config, text_weights) = (folder.text_config.clone(), folder.text_weights.clone());
        loading.begin(config.dit.depth + 2);
        loading.part()?;
        let text = TextEncoder::new(&folder.tokenizer()?, config.max_length, text_config, text_weights, device)?;
        let conditioner = Conditioner::new(&config, &weights.pp("conditioner.conditioners"))?;
        let dit = Dit::new(&config.dit, &weights.pp("model.model"), loading)?;
        loading.part()?;
        Ok(Self {
            text,
            conditioner,
            dit,
            codec: Oobleck::new(&config.codec, &weights.pp("pretransform.model"))?,
            device: device.clone(),
            config,
        })
    }

    /// What the model's configuration says.
    pub fn config(&self) -> &OpenConfig {
        &self.config
    }

    /// A prompt's tokens, and whether it is too long.
    ///
    /// # Errors
    /// Where the tokenizer can't read it.
    pub fn tokens(&self, prompt: &str) -> Result<Tokens, StableError> {
        self.text.tokens(prompt)
    }

    /// How long what is asked for is. A sound always has all of the model's latents; what is behind the seconds is thrown away.
    ///
    /// # Errors
    /// [`SettingsError`] where the model can't make it.
    pub fn length(&self, request: &Request<'_>) -> Result<Length, SettingsError> {
        let (seconds, most) = (request.seconds, self.config.seconds());
        let samples = (seconds * f64::from(self.config.sample_rate)) as usize;
        if !(0.0..=most).contains(&seconds) || samples == 0 {
            return Err(SettingsError::Seconds { seconds, most });
        }
        Ok(Length { samples, latents: self.config.latents(), valid: self.config.latents() })
    }

    /// One step over a few latents of noise, and their sound: a driver that computes wrongly is found before anybody hears it.
    ///
    /// # Errors
    /// [`StableError::Device`] where numbers aren't finite or far from the size that velocities and sounds have; [`StableError::Cancelled`].
    pub fn check(&self, loading: &Loading<'_>) -> Result<(), StableError> {
        let request = Request { steps: 1, ..Request::new("", 1.0f64.min(self.config.seconds()), 0) };
        let (frames, channels) = (16.min(self.config.latents()), self.config.latent_channels());
        let start = request.noise.normals(Stream::Latents, frames, channels)?;
        let fresh = |step: usize| fresh(&request.noise, step, frames, channels);
        let noise = Noise { start, fresh: &fresh };
        let made = self.run(&request, noise, None, &mut |_| loading.tried()).map_err(StableError::of_check)?;
        let sound = self.decode(&made.latents, 0..frames, &mut |_, _| loading.tried())?;
        plausible(&made.latents, &sound)
    }

    /// Makes latents. `progress` is called before each evaluation of the network.
    ///
    /// # Errors
    /// [`StableError`], as its variants say; [`StableError::Cancelled`] at most one evaluation after `progress` wants it.
    pub fn sample(&self, request: &Request<'_>, progress: Progress<'_>) -> Result<Made, StableError> {
        let length = self.length(request)?;
        request.check(self.config.seconds())?;
        let channels = self.config.latent_channels();
        let start = request.noise.normals(Stream::Latents, length.latents, channels)?;
        let known = match request.source {
            Source::Nothing => None,
            Source::Vary { audio, .. } => Some(self.encode(audio)?),
            Source::Inpaint { .. } => return Err(SettingsError::NoInpainting.into()),
        };
        let fresh = |step: usize| fresh(&request.noise, step, length.latents, channels);
        self.run(request, Noise { start, fresh: &fresh }, known.as_ref(), progress)
    }

    /// The run itself, with the noise and the source's latents given.
    pub(super) fn run(
        &self,
        request: &Request<'_>,
        noise: Noise<'_>,
        known: Option<&Latents>,
        progress: Progress<'_>,
    ) -> Result<Made, StableError> {
        let frames = noise.start.frames();
        let length = Length { latents: frames, valid: frames, ..self.length(request)? };
        let sampler = self.sampler(request)?;
        let (model, cut) = self.guided(request, length, noise.start.batch())?;
        let amount = match request.source {
            Source::Vary { amount, .. } => amount,
            _ => 1.0,
        };
        let mut x = noise.start;
        // noise of the size `of_noise`, and as much of the source as belongs to it
        let mut mix = |of_source: f32, of_noise: f32| {
            for item in x.items_mut() {
                item.iter_mut().for_each(|n| *n *= of_noise);
                if let Some(known) = known {
                    item.iter_mut().zip(known.data()).for_each(|(n, z)| *n += of_source * z);
                }
            }
        };
        let latents = match sampler {
            Sampler::VDdim => {
                if known.is_some() {
                    return Err(other(sampler, "dpm++3m-sde, dpm++2m-sde or dpm++2m to start from audio"));
                }
                ddim(&model, request.steps, x, progress)?
            }
            Sampler::DpmPp2m | Sampler::DpmPp2mSde | Sampler::DpmPp3mSde => {
                let largest = if amount < 1.0 { libm::tan(amount * FRAC_PI_2).min(SIGMA_MAX) } else { SIGMA_MAX };
                mix(1.0, largest as f32);
                let sigmas = sigmas(request.steps, largest);
                Run { sampler, sigmas: &sigmas, model: &model, noise: noise.fresh, progress }.walk(x)?
            }
            Sampler::PingPong | Sampler::Euler | Sampler::Rk4 => {
                mix(1.0 - amount as f32, amount as f32);
                let levels = levels(request.steps, amount);
                let mut flow = model;
                sampler::Run { sampler, levels: &levels, flow: &mut flow, noise: noise.fresh, progress }.walk(x)?
            }
        };
        Ok(Made { latents, length, cut })
    }

    /// The sampler that is asked for, or the one that the model is made for.
    fn sampler(&self, request: &Request<'_>) -> Result<Sampler, StableError> {
        let sampler = request.sampler.unwrap_or(self.config.objective.usual());
        self.config.objective.check(sampler)?;
        Ok(sampler)
    }

    /// The denoiser with all that is asked for, and whether the prompt was cut.
    pub(super) fn guided<'a>(&'a self, request: &'a Request<'_>, length: Length, batch: usize) -> Result<(Guided<'a>, bool), StableError> {
        // a piece begins at its beginning
        let seconds: Vec<f32> =
            self.config.numbers.iter().map(|(name, _)| if name == "seconds_start" { 0.0 } else { request.seconds as f32 }).collect();
        let seconds = self.conditioner.seconds(&seconds, &self.device)?;
        let negative = request.negative.filter(|_| request.guidance.scale != 1.0);
        let prompts = [Some(request.prompt), negative].into_iter().flatten().map(|p| self.text.tokens(p)).collect::<Result<Vec<_>, _>>()?;
        let cut = prompts.iter().any(|p| p.cut);
        let hidden = self.text.hidden(&prompts)?;
        let contexts =
            hidden.iter().map(|h| self.conditioner.context(h.as_ref(), &seconds, &self.device)).collect::<Result<Vec<_>, _>>()?;
        let global = Tensor::cat(&seconds, 1)?.repeat((batch, 1))?;
        let prepare = |index: usize| {
            let context = contexts.get(index).map(|c| vec![c.clone(); batch]);
            self.dit.prepare(context.as_deref(), &global, length.latents)
        };
        let without = if request.guidance.scale == 1.0 { None } else { Some(prepare(1)?) };
        Ok((Guided { dit: &self.dit, with: prepare(0)?, without, guidance: &request.guidance, device: &self.device }, cut))
    }

    /// Latents `[1, latents, channels]` of two channels at the model's rate, cut or filled up with silence to the model's length: the
    /// middle of what the codec takes them for.
    ///
    /// # Errors
    /// [`SettingsError::Empty`] without samples.
    pub fn encode(&self, audio: &Stereo) -> Result<Latents, StableError> {
        let shape = (1, self.config.latents(), self.config.latent_channels());
        self.encode_with(audio, &Tensor::zeros(shape, DType::F32, &self.device)?)
    }

    /// The same with the codec's own deviation times `noise`.
    pub(super) fn encode_with(&self, audio: &Stereo, noise: &Tensor) -> Result<Latents, StableError> {
        if audio.iter().any(Vec::is_empty) {
            return Err(SettingsError::Empty.into());
        }
        let samples = self.config.latents() * self.config.samples_per_latent();
        let fit = |channel: &Vec<f32>| channel.iter().copied().chain(std::iter::repeat(0.0)).take(samples).collect::<Vec<f32>>();
        let audio = Tensor::from_vec(audio.iter().flat_map(fit).collect::<Vec<f32>>(), (1, 2, samples), &self.device)?;
        latents(&self.codec.encode(&audio, noise)?)
    }

    /// Audio of the latents `range`, each variation's two channels: what decoding everything would give there. Not clamped.
    ///
    /// # Errors
    /// [`StableError::Cancelled`] where `progress` wants it; [`SettingsError::Range`] where there are no such latents.
    pub fn decode(&self, latents: &Latents, range: Range<usize>, progress: PartProgress<'_>) -> Result<Vec<Stereo>, StableError> {
        if latents.channels() != self.config.latent_channels() {
            let expected = [latents.batch(), latents.frames(), self.config.latent_channels()];
            return Err(ShapeError::Different { expected, found: latents.shape() }.into());
        }
        let audio = self.codec.decode(&tensor(latents, &self.device)?, range, progress)?;
        let channel = |item: usize, channel: usize| audio.get(item)?.get(channel)?.to_vec1::<f32>();
        Ok((0..latents.batch()).map(|i| Ok([channel(i, 0)?, channel(i, 1)?])).collect::<Result<_, candle_core::Error>>()?)
    }

    /// What is heard: only the latents that it needs are decoded, samples lie in −1 to 1 and are as many as were asked for.
    ///
    /// # Errors
    /// As [`StableAudioOpen::decode`].
    pub fn sound(&self, made: &Made, progress: PartProgress<'_>) -> Result<Vec<Stereo>, StableError> {
        let heard = made.length.samples.div_ceil(self.config.samples_per_latent()).min(made.length.latents);
        let mut sounds = self.decode(&made.latents, 0..heard, progress)?;
        for channel in sounds.iter_mut().flatten() {
            channel.truncate(made.length.samples);
            channel.iter_mut().for_each(|v| *v = v.clamp(-1.0, 1.0));
        }
        Ok(sounds)
    }
}

impl OpenObjective {
    /// The sampler that it is made for.
    pub(crate) fn usual(self) -> Sampler {
        match self {
            Self::V => Sampler::DpmPp3mSde,
            Self::Denoiser => Sampler::PingPong,
        }
    }

    /// Whether it can be walked with a sampler.
    ///
    /// # Errors
    /// [`SettingsError::OtherSampler`] with those that it can.
    pub(crate) fn check(self, sampler: Sampler) -> Result<(), StableError> {
        let (allowed, choices): (&[Sampler], _) = match self {
            Self::V => (
                &[Sampler::DpmPp3mSde, Sampler::DpmPp2mSde, Sampler::DpmPp2m, Sampler::VDdim],
                "dpm++3m-sde, dpm++2m-sde, dpm++2m or v-ddim",
            ),
            Self::Denoiser => (&[Sampler::PingPong, Sampler::Euler, Sampler::Rk4], "ping-pong, euler or rk4"),
        };
        if allowed.contains(&sampler) { Ok(()) } else { Err(other(sampler, choices)) }
    }
}

fn other(sampler: Sampler, choices: &'static str) -> StableError {
    SettingsError::OtherSampler { sampler, choices }.into()
}

/// Noise levels of the small model, even in the logarithm of signal to noise.
pub(super) fn levels(steps: usize, start: f64) -> Vec<f32> {
    let first = if start < 1.0 { libm::log((1.0 - start) / start + 1e-6) } else { -6.0 };
    let level = |i: usize| match i {
        0 => start as f32,
        i if i == steps => 0.0,
        i => (1.0 / (1.0 + libm::exp(first + (2.0 - first) * i as f64 / steps as f64))) as f32,
    };
    (0..=steps).map(level).collect()
}
