//! Makes takes from orders: the rules around the model (`lab/reference/SPEC.md`, "Rules around it").

mod again;
mod harmony;
mod latents;
mod listen;
pub(crate) mod patch;
mod shape;
mod sound;
mod windows;

#[cfg(test)]
pub(crate) mod test;

use crate::{
    error::JobError,
    models::embedded::{EmbeddedModel, LATENTS_PER_BEAT},
    order::{Order, Source},
    pools::Pools,
    progress::{Plan, Stage, Watch},
};
use half::f16;
use inlay_diffusion::{Guidance, Sampler, Sampling, Schedule};
use inlay_music::{About, Bars, Request, SampleRate, Sound, Take, TakeId, Task, loop_length};
use latents::Run;
use sha2::{Digest, Sha256};
use shape::Shape;
use std::sync::Arc;

/// Latents of a bar.
const BAR: usize = Bars::BEATS as usize * LATENTS_PER_BEAT;

/// What an order became.
#[derive(Debug, Clone)]
pub struct Made {
    /// One take for each variation.
    pub takes: Vec<Arc<Take>>,
    /// What the user should know: sentences.
    pub notices: Vec<String>,
}

/// One job at work.
pub(crate) struct Bench<'a, 'w> {
    pub model: &'a EmbeddedModel,
    pub order: &'a Order,
    /// What the heavy work runs on.
    pub pools: &'a Pools,
    pub watch: &'a mut Watch<'w>,
    pub notices: Vec<String>,
}

/// Makes what `order` asks for: the steps on the current thread, the work inside them on `pools`.
pub(crate) fn make(model: &EmbeddedModel, order: &Order, pools: &Pools, watch: &mut Watch<'_>) -> Result<Made, JobError> {
    check(order)?;
    let request = &order.request;
    let mut bench = Bench { model, order, pools, watch, notices: vec![] };
    let takes = match (&request.task, &order.source) {
        (_, Source::Again { about, latents }) => again::again(&mut bench, about, latents.as_deref())?,
        (Task::Generate, Source::Nothing) => generate(&mut bench)?,
        (Task::Inpaint { regions }, Source::Take { take, heard }) => {
            let heard = heard.as_deref().unwrap_or(&take.sound);
            patch::inpaint(&mut bench, take, heard, regions)?
        }
        (Task::Vary { amount }, Source::Take { take, .. }) => vary(&mut bench, take, amount.get())?,
        (Task::Transform { amount }, Source::Audio(sound)) => {
            bench.watch.enter(Stage::Listening)?;
            let heard = listen::take_of(&bench, request, sound)?;
            vary(&mut bench, &heard, amount.get())?
        }
        (Task::Retime, Source::Take { take, .. }) => vec![retime(&mut bench, take)?],
        (Task::Generate, _) => return Err(JobError::Source("generating".into(), "nothing: use vary or inpaint to start from something")),
        (Task::Transform { .. }, _) => return Err(JobError::Source("transforming".into(), "an audio file: give it one")),
        (task, _) => return Err(JobError::Source(task.to_string(), "a take: give it one that Inlay made, or an audio file")),
    };
    Ok(Made { takes: takes.into_iter().map(Arc::new).collect(), notices: bench.notices })
}

/// What can be said before any work starts.
pub(crate) fn check(order: &Order) -> Result<(), JobError> {
    let request = &order.request;
    check_counts(order)?;
    if let Source::Again { about, latents } = &order.source {
        if order.variations != 1 || about.request != *request {
            return Err(JobError::Source("making a take again".into(), "what was kept of it alone"));
        }
        again::check(about, latents.as_deref())?;
        if latents.is_some() {
            return Ok(());
        }
    }
    request.prompt.understand_at(Some(request.bpm))?;
    if let Some(negative) = &request.negative {
        negative.plain().map_err(JobError::Negative)?;
    }
    // a take of another model keeps the name of its sampler at another tempo, or as it is
    if order.denoises() {
        request.sampler.parse::<Sampler>()?;
    }
    harmony::chart(request)?;
    if matches!(request.task, Task::Generate | Task::Transform { .. }) {
        Shape::of_request(request)?;
    }
    Ok(())
}

/// How many takes, and which regions: whatever makes them.
pub(crate) fn check_counts(order: &Order) -> Result<(), JobError> {
    if !(1..=Order::MOST).contains(&order.variations) {
        return Err(JobError::Variations(order.variations));
    }
    if let Task::Inpaint { regions } = &order.request.task {
        if regions.is_empty() {
            return Err(JobError::NoRegion);
        }
        regions.iter().try_for_each(|region| region.check(order.request.bars).map(drop))?;
    }
    Ok(())
}

/// Seconds that the stages are likely to take on two cores, for the first estimate of the time left.
pub(crate) fn plan(order: &Order, loaded: bool) -> Plan {
    let request = &order.request;
    let seconds = request.bars.beats().get() * 60.0 / request.bpm.get() * f64::from(order.variations);
    let latents = f64::from(request.bars.beat_count() * order.variations) * LATENTS_PER_BEAT as f64;
    let loading = if loaded { 0.0 } else { 0.3 };
    let known = matches!(order.source, Source::Again { latents: Some(_), .. }) || matches!(request.task, Task::Retime);
    let denoised = if known { 0.0 } else { latents * f64::from(request.steps) * 1.5e-4 };
    let listened = if matches!(order.source, Source::Audio(_)) { 0.01 * seconds } else { 0.0 };
    let stages = vec![
        (Stage::Loading, loading),
        (Stage::Text, 0.02),
        (Stage::Listening, listened),
        (Stage::Sampling, denoised),
        (Stage::Decoding, latents * 1e-4),
        (Stage::Phases, seconds * 0.03),
    ];
    Plan { stages, round: Stage::Decoding }
}

fn generate(bench: &mut Bench<'_, '_>) -> Result<Vec<Take>, JobError> {
    let request = &bench.order.request;
    let run = Run::new(bench, Shape::of_request(request)?)?;
    let batch = run.generate(bench.watch)?;
    let wide = width(request)?;
    let take = |(i, latents)| {
        let about = about(bench.model, request, i, run.chart.clone(), None, wide);
        sound::new_take(bench, about, latents, None, (i, batch.batch()))
    };
    batch.items().enumerate().map(take).collect()
}

fn vary(bench: &mut Bench<'_, '_>, parent: &Take, amount: f64) -> Result<Vec<Take>, JobError> {
    let request = &bench.order.request;
    // a file that is transformed is no take
    let origin = matches!(request.task, Task::Vary { .. }).then(|| parent.id.clone());
    if amount == 0.0 {
        // nothing changes: the take itself under the new request
        let chart = harmony::chart(request)?;
        let of = |i: u32| {
            let about = about(bench.model, request, i as usize, chart.clone(), origin.clone(), parent.about.width);
            let About { model, codec, gain, from_audio, made_by, made_at, .. } = parent.about.clone();
            let about = About { model, codec, gain, from_audio, made_by, made_at, ..about };
            finish(about, parent.latents.to_vec(), parent.sound.clone())
        };
        return Ok((0..bench.order.variations).map(of).collect());
    }
    let shape = Shape::of_take(request, parent)?;
    let known = listen::known(bench, request, parent, shape)?;
    let run = Run::new(bench, shape)?;
    let batch = run.vary(&known.latents, amount, bench.watch)?;
    let wide = width(request)?;
    let take = |(i, latents)| {
        let about = about(bench.model, request, i, run.chart.clone(), origin.clone(), wide);
        sound::new_take(bench, about, latents, Some(known.gain), (i, batch.batch()))
    };
    batch.items().enumerate().map(take).collect()
}

fn retime(bench: &mut Bench<'_, '_>, parent: &Take) -> Result<Take, JobError> {
    let request = &bench.order.request;
    let made_at = Some(parent.about.made_at.unwrap_or(parent.about.request.bpm));
    let about = About { request: request.clone(), parent: Some(parent.id.clone()), made_at, ..parent.about.clone() };
    // a file's sound is stretched; who has the original passes that, since stretching adds up
    if parent.about.sound_is_its_own() {
        bench.watch.enter(Stage::Phases)?;
        return listen::stretched(about, parent);
    }
    let known = listen::known(bench, &parent.about.request, parent, Shape::of_take(request, parent)?)?;
    let about = About { codec: bench.model.codec_hash.clone(), ..about };
    sound::new_take(bench, about, &known.latents, Some(known.gain), (0, 1))
}

/// Weight of the side signal of what the model makes for these words: drums stay nearer to the middle.
fn width(request: &Request) -> Result<f32, JobError> {
    use inlay_audio::stereo::OwnWidth;
    let own = if request.prompt.understand_at(Some(request.bpm))?.pitched { OwnWidth::Made } else { OwnWidth::Drums };
    Ok(own.factor())
}

/// What there is to say of variation `index` before it has sound.
fn about(
    model: &EmbeddedModel,
    request: &Request,
    index: usize,
    chords: Option<inlay_music::ChordChart>,
    parent: Option<TakeId>,
    width: f32,
) -> About {
    let variation = request.variation.wrapping_add(index as u32);
    About {
        request: Request { variation, ..request.clone() },
        chords,
        parent,
        made_at: None,
        model: model.hash.clone(),
        codec: model.codec_hash.clone(),
        gain: 1.0,
        width,
        from_audio: false,
        made_by: None,
    }
}

/// A take of its parts, named by their content.
pub(crate) fn finish(about: About, latents: Vec<f16>, sound: Sound) -> Take {
    let mut hash = Sha256::new();
    // serializing plain data to memory has nothing to fail on; an empty text would only make the name less telling
    hash.update(serde_json::to_vec(&about).unwrap_or_default());
    latents.iter().for_each(|v| hash.update(v.to_le_bytes()));
    hash.update(sound.rate.get().to_le_bytes());
    for channel in &sound.channels {
        channel.iter().for_each(|v| hash.update(v.to_le_bytes()));
    }
    let id = TakeId(hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect());
    Take { id, about, latents: latents.into(), sound }
}

/// Samples of a request's loop at a rate.
fn length(request: &Request, rate: SampleRate) -> usize {
    loop_length(request.bpm, request.bars.beats(), rate).get()
}

/// Checks that a sound is exactly as long as a request says.
pub(crate) fn check_length(request: &Request, sound: &Sound) -> Result<(), JobError> {
    let expected = length(request, sound.rate);
    let even = sound.channels.iter().all(|c| c.len() == expected);
    if even && (1..=2).contains(&sound.channels.len()) { Ok(()) } else { Err(JobError::Length { expected, found: sound.frames().get() }) }
}

/// How a request is sampled.
fn sampling(request: &Request) -> Result<Sampling<'static>, JobError> {
    let guidance = if request.guidance == 1.0 { Guidance::NONE } else { Guidance { strength: request.guidance, ..Guidance::EMBEDDED } };
    Ok(Sampling { schedule: &Schedule::Cosine, sampler: request.sampler.parse()?, steps: request.steps as usize, guidance, inpaint: None })
}

/// Whether latents are those of a request's take.
pub(crate) fn fits(request: &Request, latents: &[f16]) -> Result<(), JobError> {
    Shape::of_latents(request, latents.len()).map(drop)
}

/// Beats in the making of a request, for estimates.
pub(crate) fn making_beats(request: &Request) -> u32 {
    Shape::of_request(request).map_or(request.bars.beat_count(), |shape| shape.bars.beat_count())
}
