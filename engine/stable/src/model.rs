//! The parts together: from words to latents, from latents to audio and back.

mod flow;
mod request;

use crate::conditioner::{Conditioner, Context, Padding};
use crate::dit::{Conditions, Dit};
use crate::error::{SettingsError, StableError};
use crate::folder::{Config, Folder, layout};
use crate::length::Length;
use crate::loading::Loading;
use crate::lora::{Lora, Stack};
use crate::nn::cpu::serves;
use crate::same::{PartProgress, Same};
use crate::sampler::{Progress, Run, Sampler};
use crate::schedule::levels;
use crate::t5gemma::{TextEncoder, Tokens};
use crate::weights::Weights;
use candle_core::{Device, Tensor};
use flow::{Guided, Without};
pub(crate) use flow::{latents, tensor};
use inlay_diffusion::{Latents, NoiseSource, ShapeError, Step, Stream};
pub use request::{Request, Source};
use std::{ops::Range, sync::Arc};

/// Two channels of samples.
pub type Stereo = [Vec<f32>; 2];

/// A Stable Audio 3 model on a device.
#[derive(Debug)]
pub struct StableAudio3 {
    config: Config,
    device: Device,
    text: TextEncoder,
    conditioner: Conditioner,
    dit: Dit,
    codec: Same,
}

/// What sampling made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// `[variations, latents, channels]`
    pub latents: Latents,
    /// How much of it is heard.
    pub length: Length,
    /// The prompt had more words than the model reads; the rest was left out.
    pub cut: bool,
}

/// What a model tells while it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Part {
    /// Before an evaluation of the network.
    Step {
        /// Evaluations that were done.
        done: usize,
        /// Evaluations in all.
        all: usize,
    },
    /// Before a part is decoded.
    Decode {
        /// Parts that were done.
        done: usize,
        /// Parts in all.
        all: usize,
    },
}

/// The noise of a run.
pub(crate) struct Noise<'a> {
    pub start: Latents,
    /// For each step.
    pub fresh: &'a dyn Fn(usize) -> Result<Latents, StableError>,
}

impl StableAudio3 {
    /// Loads the weights of a folder, changed by LoRAs with their strengths, in their order.
    ///
    /// # Errors
    /// [`StableError`] where a file or a LoRA doesn't fit, before memory is asked for; where the device can't hold the model; or
    /// [`StableError::Cancelled`], within a layer.
    pub fn load(folder: &Folder, device: &Device, loras: &[(Lora, f32)], loading: &Loading<'_>) -> Result<Self, StableError> {
        let config = folder.config().clone();
        let stack = Stack::new(loras, &layout(&config))?;
        let weights = Weights::new(folder.weights.clone(), device).with_loras(Arc::new(stack));
        loading.begin(config.dit.depth + 2);
        loading.part()?;
        let text = TextEncoder::new(folder, device)?;
        let conditioner = Conditioner::new(&config, &weights.pp("conditioner.conditioners"))?;
        let dit = Dit::new(&config.dit, &weights.pp("model.model"), loading)?;
        loading.part()?;
        Ok(Self {
            text,
            conditioner,
            dit,
            codec: Same::new(&config.codec, &weights.pp("pretransform.model"))?,
            device: device.clone(),
            config,
        })
    }

    /// What the model's configuration says.
    pub fn config(&self) -> &Config {
        &self.config
    }

    #[cfg(test)]
    pub(crate) fn conditioner(&self) -> &Conditioner {
        &self.conditioner
    }

    #[cfg(test)]
    pub(crate) fn text(&self) -> &TextEncoder {
        &self.text
    }

    /// A prompt's tokens, and whether it is too long.
    ///
    /// # Errors
    /// Where the tokenizer can't read it.
    pub fn tokens(&self, prompt: &str) -> Result<Tokens, StableError> {
        self.text.tokens(prompt)
    }

    /// Makes latents. `progress` is called before each evaluation of the network.
    ///
    /// The same request makes the same latents on the same machine, whatever the number of threads, and a variation becomes what it
    /// would become alone.
    ///
    /// # Errors
    /// [`StableError`], as its variants say; [`StableError::Cancelled`] at most one evaluation after `progress` wants it.
    pub fn sample(&self, request: &Request<'_>, progress: Progress<'_>) -> Result<Made, StableError> {
        let length = self.length(request)?;
        let channels = self.config.latent_channels();
        let start = request.noise.normals(Stream::Latents, length.latents, channels)?;
        let fresh = |step: usize| fresh(&request.noise, step, length.latents, channels);
        self.run(request, Noise { start, fresh: &fresh }, progress)
    }

    /// One step over a second of noise, and its sound: a driver that computes wrongly is found before anybody hears it.
    ///
    /// # Errors
    /// [`StableError::Device`] where numbers aren't finite or far from the size that velocities and sounds have; [`StableError::Cancelled`].
    pub fn check(&self, loading: &Loading<'_>) -> Result<(), StableError> {
        let request = Request { steps: 1, ..Request::new("", 1.0f64.min(self.config.seconds()), 0) };
        let made = self.sample(&request, &mut |_| loading.tried()).map_err(StableError::of_check)?;
        let sound = self.decode(&made.latents, 0..made.length.heard(&self.config), &mut |_, _| loading.tried())?;
        plausible(&made.latents, &sound)
    }

    /// How long what is asked for is.
    ///
    /// # Errors
    /// [`SettingsError`] where the model can't make it.
    pub fn length(&self, request: &Request<'_>) -> Result<Length, SettingsError> {
        Length::new(&self.config, request.seconds, request.headroom)
    }

    /// The run itself, with the noise given.
    pub(crate) fn run(&self, request: &Request<'_>, noise: Noise<'_>, progress: Progress<'_>) -> Result<Made, StableError> {
        let length = self.length(request)?;
        request.check(self.config.seconds())?;
        // before the first step: told so that a run can be stopped here, too
        let mut before = |_, _| progress(Step { index: 0, steps: request.steps, time: 1.0, done: 0, total: request.steps });
        let known = request.source.audio().map(|audio| self.encoded(audio, length, &mut before)).transpose()?;
        let (mut flow, cut) = self.flow(request, length, noise.start.batch(), known.as_ref())?;
        let (mut x, mut start) = (noise.start, 1.0);
        if let (Source::Vary { amount, .. }, Some(known)) = (&request.source, &known) {
            start = *amount as f32;
            for item in x.items_mut() {
                item.iter_mut().zip(known.data()).for_each(|(n, z)| *n = z * (1.0 - start) + *n * start);
            }
        }
        let sampler = request.sampler(&self.config);
        check_sampler(sampler)?;
        let levels = levels(request.steps, start, &self.config.shift, length.valid);
        let run = Run { sampler, levels: &levels, flow: &mut flow, noise: noise.fresh, progress };
        Ok(Made { latents: run.walk(x)?, length, cut })
    }

    /// The denoiser with all that is asked for, and whether the prompt was cut.
    fn flow<'a>(
        &'a self,
        request: &'a Request<'_>,
        length: Length,
        batch: usize,
        known: Option<&Latents>,
    ) -> Result<(Guided<'a>, bool), StableError> {
        let (contexts, seconds, cut) = self.contexts(request)?;
        // of each branch of guidance
        let valid = vec![length.valid; batch];
        let local = match (&request.source, known) {
            (Source::Inpaint { regions, .. }, Some(known)) => {
                Some(self.local(known, &self.keep(regions, request.seconds, length), batch)?)
            }
            _ => None,
        };
        let prepare = |branches: &[Option<Context>]| {
            let n = branches.len();
            let valid = valid.repeat(n);
            let conditions = Conditions {
                contexts: &branches.iter().flat_map(|context| vec![context.clone(); batch]).collect::<Vec<_>>(),
                global: seconds.repeat((n * batch, 1))?,
                local: local.as_ref().map(|local| local.repeat((n, 1, 1))).transpose()?,
                time: length.latents,
                valid: self.config.mask_padding.then_some(valid.as_slice()),
            };
            self.dit.prepare(&conditions)
        };
        let with = prepare(&contexts[..1])?;
        let without = match request.guidance.scale {
            1.0 => Without::Nothing,
            _ if serves(&self.device) => Without::Apart(prepare(&contexts[1..])?),
            _ => Without::Together(prepare(&contexts)?),
        };
        Ok((Guided { dit: &self.dit, with, without, guidance: &request.guidance, valid, device: &self.device }, cut))
    }

    /// What the prompt and its opposite become, and the length `[1, width]`.
    fn contexts(&self, request: &Request<'_>) -> Result<([Option<Context>; 2], Tensor, bool), StableError> {
        let seconds = self.conditioner.seconds(request.seconds as f32)?;
        let mut prompts = vec![self.text.tokens(request.prompt)?];
        let negative = request.negative.filter(|_| request.guidance.scale != 1.0);
        if let Some(negative) = negative {
            prompts.push(self.text.tokens(negative)?);
        }
        let cut = prompts.iter().any(|p| p.cut);
        let mut hidden = self.text.hidden(&prompts)?.into_iter();
        let with = self.conditioner.context(hidden.next().flatten().as_ref(), &seconds, Padding::Learned)?;
        // without words there is no context at all, not even the length
        let without = match negative {
            Some(_) => Some(self.conditioner.context(hidden.next().flatten().as_ref(), &seconds, Padding::Zero)?),
            None => None,
        };
        Ok(([Some(with), without], seconds, cut))
    }

    /// Latents of a source, cut or filled up with silence to the length that is made.
    fn encoded(&self, audio: &Stereo, length: Length, progress: PartProgress<'_>) -> Result<Latents, StableError> {
        let samples = length.latents * self.config.samples_per_latent();
        let fit = |channel: &Vec<f32>| channel.iter().copied().chain(std::iter::repeat(0.0)).take(samples).collect::<Vec<f32>>();
        if audio.iter().any(Vec::is_empty) {
            return Err(SettingsError::Empty.into());
        }
        self.encode(&[fit(&audio[0]), fit(&audio[1])], progress)
    }

    /// Whether each latent is kept: not where a region, in seconds, holds its first sample, nor behind the sound.
    fn keep(&self, regions: &[Range<f64>], seconds: f64, length: Length) -> Vec<bool> {
        let rate = f64::from(self.config.sample_rate);
        let at = |seconds: f64| (seconds * rate) as usize;
        (0..length.latents)
            .map(|i| i * self.config.samples_per_latent())
            .map(|sample| sample < at(seconds) && !regions.iter().any(|r| (at(r.start)..at(r.end)).contains(&sample)))
            .collect()
    }

    /// The local condition `[batch, latents, 1 + channels]`: 1 or 0, and what is kept.
    fn local(&self, known: &Latents, keep: &[bool], batch: usize) -> Result<Tensor, StableError> {
        let channels = known.channels();
        let mut rows = Vec::with_capacity(keep.len() * (1 + channels));
        for (keep, latent) in keep.iter().zip(known.data().chunks_exact(channels)) {
            rows.push(if *keep { 1.0 } else { 0.0 });
            rows.extend(latent.iter().map(|z| if *keep { *z } else { 0.0 }));
        }
        let local = Tensor::from_vec(rows, (1, keep.len(), 1 + channels), &self.device)?;
        Ok(local.repeat((batch, 1, 1))?)
    }

    /// Latents `[1, latents, channels]` of two channels at the model's rate. What is missing to whole windows is silence.
    ///
    /// # Errors
    /// [`StableError::Cancelled`] where `progress` wants it; [`SettingsError::Empty`] without samples.
    pub fn encode(&self, audio: &Stereo, progress: PartProgress<'_>) -> Result<Latents, StableError> {
        let samples = audio[0].len().min(audio[1].len());
        let both: Vec<f32> = audio.iter().flat_map(|channel| channel.iter().take(samples)).copied().collect();
        let audio = Tensor::from_vec(both, (1, 2, samples), &self.device)?;
        flow::latents(&self.codec.encode(&audio, progress)?)
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
        let audio = self.codec.decode(&flow::tensor(latents, &self.device)?, range, None, progress)?;
        let channel = |item: usize, channel: usize| audio.get(item)?.get(channel)?.to_vec1::<f32>();
        Ok((0..latents.batch()).map(|i| Ok([channel(i, 0)?, channel(i, 1)?])).collect::<Result<_, candle_core::Error>>()?)
    }

    /// What is heard: only the latents that it needs are decoded, samples lie in −1 to 1 and are as many as were asked for.
    ///
    /// # Errors
    /// As [`StableAudio3::decode`].
    pub fn sound(&self, made: &Made, progress: PartProgress<'_>) -> Result<Vec<Stereo>, StableError> {
        let mut sounds = self.decode(&made.latents, 0..made.length.heard(&self.config), progress)?;
        for channel in sounds.iter_mut().flatten() {
            channel.truncate(made.length.samples);
            channel.iter_mut().for_each(|v| *v = v.clamp(-1.0, 1.0));
        }
        Ok(sounds)
    }
}

/// Whether Stable Audio 3 can be walked with a sampler.
///
/// # Errors
/// [`SettingsError::OtherSampler`] with those that it can.
pub(crate) fn check_sampler(sampler: Sampler) -> Result<(), StableError> {
    if Sampler::STRAIGHT.contains(&sampler) {
        return Ok(());
    }
    Err(SettingsError::OtherSampler { sampler, choices: "ping-pong, euler, rk4 or dpm++2m" }.into())
}

/// Whether numbers have about the size that latents and sounds have.
///
/// # Errors
/// [`StableError::Device`] where they don't.
pub(crate) fn plausible(latents: &Latents, sound: &[Stereo]) -> Result<(), StableError> {
    let size = |numbers: &mut dyn Iterator<Item = &f32>| {
        let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), v| (sum + f64::from(*v).powi(2), count + 1.0));
        f64::sqrt(sum / f64::max(count, 1.0))
    };
    let (latents, sound) = (size(&mut latents.data().iter()), size(&mut sound.iter().flatten().flatten()));
    // NaN is in no range either
    if (1e-2..=1e2).contains(&latents) && (1e-6..=1e2).contains(&sound) {
        return Ok(());
    }
    Err(StableError::Device(format!("latents of size {latents:.2e}, sound of size {sound:.2e}")))
}

/// Fresh noise of a step: element i of an item is number step · size + i of its sequence.
pub(crate) fn fresh(source: &NoiseSource, step: usize, frames: usize, channels: usize) -> Result<Latents, StableError> {
    let mut latents = Latents::zeros(source.batch(), frames, channels)?;
    source.fill_normals(Stream::Sampler, (step * latents.item_len()) as u64, &mut latents);
    Ok(latents)
}

#[cfg(test)]
mod test;
