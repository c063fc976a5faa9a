//! Latents to sound.

use super::{Bench, finish, latents, length, shape::Shape};
use crate::{
    error::JobError,
    models::embedded::{LATENT, TEMPO},
    progress::Stage,
};
use candle_core::Tensor;
use half::f16;
use inlay_audio::{
    file::round_24,
    loudness::{ceiling_gain, level_gain},
    stereo::side_of,
};
use inlay_diffusion::{Sequence, Stream};
use inlay_dsp::{FLOOR, Features, Synthesis, synthesise};
use inlay_music::{About, SampleRate, Sound, Take};
use std::sync::Arc;

/// Where in a job a take is: its number and how many there are.
pub(super) type Place = (usize, usize);

/// A take that the model made wholly: latents `[T·64]` to magnitudes to sound, at the level of all takes or at its parent's `gain`
/// (less where it would pass −1 dBFS).
pub(super) fn new_take(
    bench: &mut Bench<'_, '_>,
    mut about: About,
    made: &[f32],
    gain: Option<f32>,
    place: Place,
) -> Result<Take, JobError> {
    let latents = latents::rounded(made);
    let mid = sounding(bench, &about, &latents, place)?;
    let side = side_of(&mid);
    about.gain = match gain {
        None => level_gain(&mid, &side, about.width, SampleRate::CD),
        Some(parents) => parents.min(ceiling_gain(&mid, &side, about.width)),
    };
    let sound = at_level(mid, about.gain);
    Ok(finish(about, latents, sound))
}

/// What latents sound like at the model's own level.
pub(super) fn sounding(bench: &mut Bench<'_, '_>, about: &About, latents: &[f16], place: Place) -> Result<Vec<f32>, JobError> {
    let features = decode(bench, latents, place)?;
    let samples = length(&about.request, SampleRate::CD);
    let shape = Shape::of_latents(&about.request, latents.len())?;
    with_phases(bench, about, shape, place, |how| synthesise(&features, samples, how))
}

/// A take's sound.
pub(super) fn at_level(mut mid: Vec<f32>, gain: f32) -> Sound {
    mid.iter_mut().for_each(|v| *v = round_24(*v * gain));
    Sound { rate: SampleRate::CD, channels: vec![Arc::from(mid)] }
}

/// Log magnitudes of latents.
pub(super) fn decode(bench: &mut Bench<'_, '_>, latents: &[f16], place: Place) -> Result<Features, JobError> {
    bench.watch.enter_take(Stage::Decoding, place)?;
    let time = latents.len() / LATENT;
    let z = Tensor::from_vec(latents::numbers(latents), (1, time, LATENT), &bench.model.device)?;
    let decode = || {
        let features = bench.model.codec.decode(&z)?;
        Ok::<_, candle_core::Error>((features.dim(2)?, features.flatten_all()?.to_vec1()?))
    };
    let (frames, numbers) = bench.pools.run(decode)?;
    Features::new(frames, numbers).map_err(|e| JobError::Model(e.to_string()))
}

/// Runs phase reconstruction with the request's own chance, stoppable.
pub(super) fn with_phases(
    bench: &mut Bench<'_, '_>,
    about: &About,
    shape: Shape,
    place: Place,
    run: impl FnOnce(&Synthesis<'_>) -> Result<Vec<f32>, inlay_dsp::Cancelled> + Send,
) -> Result<Vec<f32>, JobError> {
    bench.watch.enter_take(Stage::Phases, place)?;
    let request = &about.request;
    // what the network makes has the windows of the nearest tempo that it knows, of the time when it was made
    let made = about.made_at.unwrap_or(request.bpm).get() / request.bpm.get() * shape.bpm;
    let stretch = made.clamp(TEMPO.0, TEMPO.1) / shape.bpm;
    let chance = Sequence { seed: request.seed.get(), stream: Stream::Phases, variation: request.variation };
    let turns = move |index: u64| {
        let mut turn = [0.0];
        chance.fill_uniforms(index, &mut turn);
        turn[0]
    };
    let Bench { pools, watch, .. } = bench;
    let watch = &**watch;
    let threads = pools.threads();
    Ok(pools.run(|| run(&Synthesis { threads, stretch, turns: &turns, proceed: &|| watch.proceed() }))?)
}

/// The same sound `gain` times as loud, in log magnitudes: their floor stays.
pub(super) fn leveled(features: &Features, gain: f32) -> Result<Features, JobError> {
    let data = features.data().iter().map(|v| ((v.exp() - FLOOR).max(0.0) * gain + FLOOR).ln()).collect();
    Features::new(features.frames(), data).map_err(|e| JobError::Model(e.to_string()))
}
