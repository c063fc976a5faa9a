//! Loops at other rates: what a project that is opened waits for.

use criterion::{Criterion, criterion_group, criterion_main};
use inlay_audio::{rates::resample_loop, stereo::side_of};
use inlay_music::Frames;

fn rates(c: &mut Criterion) {
    let noise = |length: usize| -> Vec<f32> {
        (0..length as u32).map(|i| (i.wrapping_mul(2_654_435_769) >> 8) as f32 / 16_777_216.0 - 0.5).collect()
    };
    let mut group = c.benchmark_group("four bars, one channel");
    // at 120 BPM, and at 92 BPM, where the lengths have no simple ratio
    for (name, from, to) in [
        ("44.1 to 48 kHz", 352_800, 384_000),
        ("44.1 to 48 kHz, 92 BPM", 460_174, 500_870),
        ("44.1 to 96 kHz", 352_800, 768_000),
        ("48 to 44.1 kHz", 384_000, 352_800),
        ("96 to 44.1 kHz", 768_000, 352_800),
    ] {
        let audio = noise(from);
        group.bench_function(name, |b| b.iter(|| resample_loop(&audio, Frames(to))));
    }
    let audio = noise(352_800);
    group.bench_function("side", |b| b.iter(|| side_of(&audio)));
    group.finish();
}

criterion_group!(benches, rates);
criterion_main!(benches);
