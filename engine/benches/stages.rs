//! Stages of the embedded model at four bars: text, one evaluation of the denoiser with and without guidance's other branch, decoding; and
//! what a project that is opened waits for.

use candle_core::{Device, Tensor};
use criterion::{Criterion, criterion_group, criterion_main};
use inlay_diffusion::{Branches, Denoiser, NoiseSource, Stream};
use inlay_engine::models::embedded::{Conditions, EmbeddedDenoiser, EmbeddedModel, LATENT, Prepared, Weights};
use inlay_engine::{Engine, Order, Priority, Settings, Source, render, render_all};
use inlay_music::{Bars, Bpm, Prompt, Request, SampleRate, Seed, Task};
use std::sync::Arc;

fn stages(c: &mut Criterion) {
    let model = EmbeddedModel::load(&Weights::embedded(), &Device::Cpu).expect("the embedded weights can be read");
    let prompt = "house drum loop with punchy kick";
    let mut group = c.benchmark_group("four bars");
    group.bench_function("text", |b| b.iter(|| model.text.embed(prompt)));
    let tokens = model.text.embed(prompt).expect("a plain prompt").tokens;
    let bars = Bars::new(4).expect("four bars");
    let conditions = Conditions { prompt: tokens, negative: None, bpm: 120.0, bars, lane: None, known: None };
    let noise = NoiseSource::variations(1, 0..1).normals(Stream::Latents, conditions.time(), LATENT).expect("a small shape");
    group.bench_function("prepare", |b| b.iter(|| Prepared::new(&model.unet, &conditions, 1, &model.device)));
    let prepared = Prepared::new(&model.unet, &conditions, 1, &model.device).expect("shapes that fit");
    let mut denoiser = EmbeddedDenoiser { unet: &model.unet, prepared };
    group.bench_function("denoise", |b| b.iter(|| denoiser.predict(&noise, 900.0, Branches::Conditioned)));
    group.bench_function("denoise guided", |b| b.iter(|| denoiser.predict(&noise, 500.0, Branches::Both)));
    let latents = Tensor::from_slice(noise.data(), (1, noise.frames(), LATENT), &model.device).expect("latents");
    group.bench_function("decode", |b| b.iter(|| model.codec.decode(&latents)));
    group.finish();
    opening(c);
}

/// A project's takes at a rate that isn't the model's: eight slots are rendered before the first block.
fn opening(c: &mut Criterion) {
    let (rate, bars) = (SampleRate::new(48_000).expect("a usual rate"), Bars::new(4).expect("four bars"));
    let request = Request {
        task: Task::Generate,
        prompt: Prompt::new("house drums").expect("words"),
        negative: None,
        bars,
        bpm: Bpm::DEFAULT,
        key: None,
        chords: None,
        feel: Default::default(),
        seed: Seed(1),
        variation: 0,
        steps: 2,
        guidance: 1.0,
        sampler: "ddim".into(),
    };
    let engine = Engine::start(Settings::default()).expect("a thread");
    let order = Order { request, source: Source::Nothing, variations: 1, maker: Default::default() };
    let outcome = engine.submit(order, Priority::User).and_then(|job| job.wait(|_| ())).expect("a loop");
    let take = &outcome.made.takes[0];
    let mut group = c.benchmark_group("four bars at 48 kHz");
    group.bench_function("render one", |b| b.iter(|| render(take, rate)));
    group.bench_function("render eight", |b| b.iter(|| render_all(&[&**take; 8], rate)));
    let (about, latents) = (Arc::new(take.about.clone()), take.latents.clone());
    group.bench_function("make again from latents", |b| {
        b.iter(|| engine.submit(Order::again(about.clone(), Some(latents.clone())), Priority::User).map(|job| job.wait(|_| ())))
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
