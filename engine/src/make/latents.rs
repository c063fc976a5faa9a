//! Latents of a whole take, made in calls of at most four bars.

use super::{
    BAR, Bench, harmony, sampling,
    shape::Shape,
    windows::{self, WINDOW},
};
use crate::{
    error::JobError,
    models::embedded::{Conditions, EmbeddedDenoiser, EmbeddedModel, Known, LANE, LATENT, Prepared},
    pools::Pools,
    progress::{Stage, Watch},
};
use candle_core::Tensor;
use half::f16;
use inlay_diffusion::{Branches, Denoiser, Latents, NoiseSource, Parameterisation, Predictions, Sampling, Start, Stream, sample};
use inlay_music::{Bars, ChordChart};

/// How much A′ and A″ differ from A in a long loop.
const AGAIN: f64 = 0.6;
/// Latents that they keep at either end, so that each join is A's own wrap.
const JOIN: usize = 4;

/// An order whose words are read: all variations at once.
pub(super) struct Run<'a> {
    model: &'a EmbeddedModel,
    pools: &'a Pools,
    shape: Shape,
    sampling: Sampling<'static>,
    prompt: Tensor,
    negative: Option<Tensor>,
    lane: Option<Vec<f32>>,
    noise: NoiseSource,
    /// The chords of the take.
    pub chart: Option<ChordChart>,
}

impl<'a> Run<'a> {
    /// Reads the words of a job.
    pub fn new(bench: &mut Bench<'a, '_>, shape: Shape) -> Result<Self, JobError> {
        let Bench { model, order, watch, notices, pools } = bench;
        let (model, pools): (&EmbeddedModel, &Pools) = (model, pools);
        let request = &order.request;
        watch.enter(Stage::Text)?;
        let words = harmony::words(request)?;
        let prompt = pools.run(|| model.text.embed(&words))?;
        if prompt.cut {
            notices.push("the prompt is longer than the model can read: its end was left out".into());
        }
        let negative = match &request.negative {
            Some(negative) => {
                let words = negative.plain().map_err(JobError::Negative)?;
                Some(pools.run(|| model.text.embed(&words))?)
            }
            None => None,
        };
        if negative.as_ref().is_some_and(|n| n.cut) {
            notices.push("what should not be heard is longer than the model can read: its end was left out".into());
        }
        let chart = harmony::chart(request)?;
        let lane = chart.as_ref().map(|chart| harmony::lane(chart, request, shape)).transpose()?;
        let first = request.variation;
        Ok(Self {
            model,
            pools,
            shape,
            sampling: sampling(request)?,
            prompt: prompt.tokens,
            negative: negative.map(|n| n.tokens),
            lane,
            noise: NoiseSource::new((0..order.variations).map(|i| (request.seed.get(), first.wrapping_add(i)))),
            chart,
        })
    }

    /// From noise `[B,T,64]`: A; A A′ for eight bars; A A′ A A″ for sixteen.
    pub fn generate(&self, watch: &mut Watch<'_>) -> Result<Latents, JobError> {
        watch.enter(Stage::Sampling)?;
        let total = self.shape.latents();
        let parts = total.div_ceil(WINDOW);
        let frames = total.min(WINDOW);
        let noise = self.noise.normals(Stream::Latents, frames, LATENT)?;
        let first = self.sample(&self.lane_at(0..frames), Start::Noise(noise), None, (0, parts), watch)?;
        let mut made = vec![first.clone()];
        for part in 1..parts {
            let lane = self.lane_at(part * WINDOW..(part + 1) * WINDOW);
            if part == 2 && lane == self.lane_at(0..WINDOW) {
                made.push(first.clone());
                continue;
            }
            let stream = if part == 3 { Stream::ADoublePrime } else { Stream::APrime };
            let source = self.noise.clone().with_pass(part as u16);
            let start = Start::From { latents: first.clone(), amount: AGAIN, noise: source.normals(stream, WINDOW, LATENT)? };
            let keep = (0..WINDOW).map(|t| !(JOIN..WINDOW - JOIN).contains(&t)).collect();
            made.push(self.sample(&lane, start, Some(Known { latents: first.clone(), keep }), (part, parts), watch)?);
        }
        Ok(Latents::join(&made)?)
    }

    /// From `known` `[T·64]`, all of it anew at `amount`.
    pub fn vary(&self, known: &[f32], amount: f64, watch: &mut Watch<'_>) -> Result<Latents, JobError> {
        self.remake(known, &vec![true; self.shape.latents()], Some(amount), watch)
    }

    /// From `known` `[T·64]`, where `make` says, from noise or (with an amount) from what was there.
    pub fn remake(&self, known: &[f32], make: &[bool], amount: Option<f64>, watch: &mut Watch<'_>) -> Result<Latents, JobError> {
        watch.enter(Stage::Sampling)?;
        let total = self.shape.latents();
        let one = Latents::new(1, total, LATENT, known.to_vec())?;
        let mut work = Latents::stack(&vec![one; self.noise.batch()])?;
        let windows = windows::plan(&windows::stretches(make), total);
        for (i, window) in windows.iter().enumerate() {
            let frames = total.min(WINDOW);
            // each bar keeps its place mod 4: latent t of the take is latent t mod 128 of the window
            let places: Vec<usize> = (0..frames).map(|p| (window.first + (p + frames - window.first % frames) % frames) % total).collect();
            let inside = |t: usize| window.make.iter().any(|r| r.contains(&t) || r.contains(&(t + total)));
            let keep: Vec<bool> = places.iter().map(|t| !inside(*t)).collect();
            let here = gather(&work, &places)?;
            let lane = self.lane.as_ref().map(|lane| places.iter().flat_map(|t| &lane[t * LANE..][..LANE]).copied().collect());
            let noise = self.noise.clone().with_pass(i as u16).normals(Stream::Latents, frames, LATENT)?;
            let start = match amount {
                Some(amount) => Start::From { latents: here.clone(), amount, noise },
                None => Start::Noise(noise),
            };
            let known = keep.contains(&true).then(|| Known { latents: here, keep: keep.clone() });
            let made = self.sample(&lane, start, known, (i, windows.len()), watch)?;
            scatter(&made, &places, &keep, &mut work);
        }
        Ok(work)
    }

    fn lane_at(&self, latents: std::ops::Range<usize>) -> Option<Vec<f32>> {
        self.lane.as_ref().map(|lane| lane[latents.start * LANE..latents.end * LANE].to_vec())
    }

    /// One call of the sampler over 1, 2 or 4 bars; known latents come back as they were. `pass` is (index, number of calls).
    fn sample(
        &self,
        lane: &Option<Vec<f32>>,
        start: Start,
        known: Option<Known>,
        pass: (usize, usize),
        watch: &Watch<'_>,
    ) -> Result<Latents, JobError> {
        let frames = match &start {
            Start::Noise(latents) | Start::From { latents, .. } => latents.frames(),
        };
        let conditions = Conditions {
            prompt: self.prompt.clone(),
            negative: self.negative.clone(),
            bpm: self.shape.bpm,
            bars: Bars::new((frames / BAR) as u32)?,
            lane: lane.clone(),
            known: known.clone(),
        };
        let unet = &self.model.unet;
        let prepared = self.pools.run(|| Prepared::new(unet, &conditions, self.noise.batch(), &self.model.device))?;
        let mut denoiser = Pooled { denoiser: EmbeddedDenoiser { unet, prepared }, pools: self.pools };
        let source = self.noise.clone().with_pass(pass.0 as u16);
        let mut made = sample(&mut denoiser, &self.sampling, start, &source, &mut |step| {
            watch.flow((pass.0 as f64 + step.done as f64 / step.total.max(1) as f64) / pass.1 as f64)
        })?;
        if let Some(Known { latents, keep }) = known {
            let places: Vec<usize> = (0..frames).collect();
            let make: Vec<bool> = keep.iter().map(|k| !k).collect();
            scatter(&latents, &places, &make, &mut made);
        }
        Ok(made)
    }
}

/// A denoiser whose every step runs on the pool that is right at its time.
struct Pooled<'a> {
    denoiser: EmbeddedDenoiser<'a>,
    pools: &'a Pools,
}

impl Denoiser for Pooled<'_> {
    type Error = candle_core::Error;

    fn parameterisation(&self) -> Parameterisation {
        self.denoiser.parameterisation()
    }

    fn predict(&mut self, x: &Latents, time: f32, branches: Branches) -> candle_core::Result<Predictions> {
        self.pools.run(|| self.denoiser.predict(x, time, branches))
    }
}

/// The latents at `places`, in that order.
fn gather(from: &Latents, places: &[usize]) -> Result<Latents, JobError> {
    let data = from.items().flat_map(|item| places.iter().flat_map(|t| &item[t * LATENT..][..LATENT])).copied().collect();
    Ok(Latents::new(from.batch(), places.len(), LATENT, data)?)
}

/// Puts latents back to their places, but for those to keep.
fn scatter(from: &Latents, places: &[usize], keep: &[bool], to: &mut Latents) {
    for (from, to) in from.items().zip(to.items_mut()) {
        for ((row, t), keep) in from.chunks_exact(LATENT).zip(places).zip(keep) {
            if !keep {
                to[t * LATENT..][..LATENT].copy_from_slice(row);
            }
        }
    }
}

/// Latents as all later work sees them.
pub(super) fn rounded(latents: &[f32]) -> Vec<f16> {
    latents.iter().map(|v| f16::from_f32(*v)).collect()
}

/// And as numbers again.
pub(super) fn numbers(latents: &[f16]) -> Vec<f32> {
    latents.iter().map(|v| v.to_f32()).collect()
}
