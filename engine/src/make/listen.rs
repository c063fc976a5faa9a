//! Audio that the model didn't make: taken in, and brought to another tempo.

use super::{Bench, check_length, finish, latents, length, shape::Shape};
use crate::error::JobError;
use candle_core::Tensor;
use inlay_audio::{file::round_24, rates::resample_loop};
use inlay_dsp::{Features, analyse};
use inlay_music::{About, Frames, Request, SampleRate, Sound, Take};
use std::sync::Arc;

/// Peak at which the model listens.
const PEAK: f32 = 0.9;

/// A loop from a file as a take: its samples stay as they are (24 bit), its latents are what the model hears in it.
pub(super) fn take_of(bench: &Bench<'_, '_>, request: &Request, sound: &Sound) -> Result<Take, JobError> {
    check_length(request, sound)?;
    let channels: Vec<Arc<[f32]>> = sound.channels.iter().map(|c| c.iter().map(|v| round_24(*v)).collect()).collect();
    let sound = Sound { rate: sound.rate, channels };
    let (latents, gain) = heard(bench, request, &sound, Shape::of_request(request)?)?;
    let about = About {
        gain,
        // a side of its own, or none
        width: if sound.channels.len() == 2 { 1.0 } else { 0.0 },
        from_audio: true,
        ..super::about(bench.model, request, 0, None, None, 1.0)
    };
    Ok(finish(about, latents::rounded(&latents), sound))
}

/// Latents `[T·64]` of a sound, and the gain from the model's level to the sound's.
pub(super) fn heard(bench: &Bench<'_, '_>, request: &Request, sound: &Sound, shape: Shape) -> Result<(Vec<f32>, f32), JobError> {
    let mut mid = middle(request, sound);
    let peak = mid.iter().fold(0.0f32, |p, v| p.max(v.abs()));
    if peak < 1e-6 {
        return Err(JobError::Silent);
    }
    mid.iter_mut().for_each(|v| *v *= PEAK / peak);
    let latents = bench.pools.run(|| {
        let features = analyse(&mid, shape.beats());
        let tensor = Tensor::from_slice(features.data(), (1, Features::BANDS, features.frames()), &bench.model.device)?;
        bench.model.codec.encode(&tensor)?.flatten_all()?.to_vec1()
    })?;
    Ok((latents, peak / PEAK))
}

/// The one channel that the model works on: the middle, on the circle of the model's rate.
pub(super) fn middle(request: &Request, sound: &Sound) -> Vec<f32> {
    let mid: Vec<f32> = match sound.channels.as_slice() {
        [left, right] => left.iter().zip(right.iter()).map(|(l, r)| 0.5 * (l + r)).collect(),
        [mid] => mid.to_vec(),
        _ => vec![],
    };
    resample_loop(&mid, Frames(length(request, SampleRate::CD)))
}

/// A take with sound from a file at the tempo of `about`'s request, pitch kept.
pub(super) fn stretched(about: About, parent: &Take) -> Result<Take, JobError> {
    let samples = length(&about.request, parent.sound.rate);
    let channels: Vec<&[f32]> = parent.sound.channels.iter().map(|c| c.as_ref()).collect();
    let stretched = inlay_audio::stretch::stretch_loop(&channels, Frames(samples), parent.sound.rate)?;
    let channels = stretched.into_iter().map(|c| c.into_iter().map(round_24).collect()).collect();
    Ok(finish(about, parent.latents.to_vec(), Sound { rate: parent.sound.rate, channels }))
}

/// What a take is to the model.
pub(super) struct Known {
    /// Latents `[T·64]`.
    pub latents: Vec<f32>,
    /// From the model's level to the take's.
    pub gain: f32,
}

/// A take's own latents and gain, or, if they belong to another codec or were lost, what the model hears in its sound.
pub(super) fn known(bench: &Bench<'_, '_>, request: &Request, take: &Take, shape: Shape) -> Result<Known, JobError> {
    if take.about.codec == bench.model.codec_hash && !take.latents.is_empty() {
        return Ok(Known { latents: latents::numbers(&take.latents), gain: take.about.gain });
    }
    let (latents, gain) = heard(bench, request, &take.sound, shape)?;
    Ok(Known { latents, gain })
}
