//! Warm runs of one request, and what they computed, for a comparison with other programs.

use crate::clock::{Clock, Seconds, forget_peak, peak};
use candle_core::Device;
use inlay_diffusion::{Latents, NoiseSource, Sequence, Stream};
use inlay_stable::{Folder, Made, Request, StableAudio3, Stereo};
use safetensors::{Dtype, tensor::TensorView};
use serde::Serialize;
use std::{error::Error, ops::ControlFlow, path::Path};

/// What is printed.
#[derive(Serialize)]
struct Report {
    runs: Vec<Stages>,
    latents: usize,
    peak_mb: u64,
    threads: usize,
}

/// Seconds of one run.
#[derive(Serialize)]
struct Stages {
    /// To the first step: the prompt, and all that is computed of it and the length once.
    text: Seconds,
    sampling: Seconds,
    decoding: Seconds,
    total: Seconds,
}

/// Prints what `runs` runs take after one that pays for allocations and caches; `out` gets what that one drew and made.
pub fn measure(folder: &Path, request: &Request<'_>, runs: usize, out: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let model = StableAudio3::load(&Folder::read(folder, None)?, &Device::Cpu, &[], &inlay_stable::Loading::unwatched())?;
    forget_peak();
    let (_, made, sound) = run(&model, request)?;
    let latents = made.latents.frames();
    if let Some(out) = out {
        write(out, request, &made.latents, &sound)?;
    }
    drop((made, sound));
    let runs = (0..runs).map(|_| Ok(run(&model, request)?.0)).collect::<Result<_, Box<dyn Error>>>()?;
    let report = Report { runs, latents, peak_mb: peak(), threads: rayon::current_num_threads() };
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

fn run(model: &StableAudio3, request: &Request<'_>) -> Result<(Stages, Made, Vec<Stereo>), Box<dyn Error>> {
    let start = Clock::now();
    let mut first = None;
    let made = model.sample(request, &mut |_| {
        first.get_or_insert_with(Clock::now);
        ControlFlow::Continue(())
    })?;
    let (first, sampled) = (first.unwrap_or(start), Clock::now());
    let sound = model.sound(&made, &mut |_, _| ControlFlow::Continue(()))?;
    let end = Clock::now();
    Ok((Stages { text: first - start, sampling: sampled - first, decoding: end - sampled, total: end - start }, made, sound))
}

/// Writes `initial_noise` and `latents` `[1, latents, channels]`, `step_noise` `[steps, 1, latents, channels]` and `audio` `[1, 2, samples]`.
fn write(path: &Path, request: &Request<'_>, latents: &Latents, sound: &[Stereo]) -> Result<(), Box<dyn Error>> {
    let (frames, channels) = (latents.frames(), latents.channels());
    let initial = request.noise.normals(Stream::Latents, frames, channels)?;
    let fresh = fresh(&request.noise, request.steps * latents.item_len());
    let audio: Vec<f32> = sound.iter().flatten().flatten().copied().collect();
    let samples = audio.len() / 2;
    let tensors = [
        ("initial_noise", vec![1, frames, channels], bytes(initial.data())),
        ("step_noise", vec![request.steps, 1, frames, channels], bytes(&fresh)),
        ("latents", vec![1, frames, channels], bytes(latents.data())),
        ("audio", vec![1, 2, samples], bytes(&audio)),
    ];
    let views = tensors.iter().map(|(name, shape, bytes)| Ok((*name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)));
    let views = views.collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    Ok(safetensors::serialize_to_file(views, None, path)?)
}

/// The fresh noise of all steps of one variation, as the sampler draws it: one step's after the other's.
fn fresh(noise: &NoiseSource, count: usize) -> Vec<f32> {
    let mut numbers = vec![0.0; count];
    if let Some((seed, variation)) = noise.items().next() {
        Sequence { seed, stream: Stream::Sampler, variation }.fill_normals(0, &mut numbers);
    }
    numbers
}

fn bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}
