//! Stages of the embedded model at four bars: text, one evaluation of the denoiser with and without guidance's other branch, decoding.

use candle_core::{Device, Tensor};
use criterion::{Criterion, criterion_group, criterion_main};
use inlay_diffusion::{Branches, Denoiser, NoiseSource, Stream};
use inlay_engine::models::embedded::{Conditions, EmbeddedDenoiser, EmbeddedModel, LATENT, Prepared, Weights};
use inlay_music::Bars;

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
}

criterion_group!(benches, stages);
criterion_main!(benches);
