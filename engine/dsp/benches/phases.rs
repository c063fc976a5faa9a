//! Phases of 4 bars at 120 BPM, beside the plain transforms that Griffin-Lim's 40 iterations over one band would need.

use criterion::{Criterion, criterion_group, criterion_main};
use inlay_dsp::{Features, Synthesis, synthesise};
use realfft::RealFftPlanner;

fn phases(c: &mut Criterion) {
    let frames = 1024;
    // Beats of decaying noise, in all bands.
    let data = (0..Features::BANDS * frames).map(|i| -1.0 - (i % frames % 64) as f32 / 12.0).collect();
    let Ok(features) = Features::new(frames, data) else { return };
    let turns = |i: u64| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32 / (1u64 << 24) as f32;
    let mut group = c.benchmark_group("phases");
    group.sample_size(10);
    for threads in [1, 2] {
        let how = Synthesis { threads, turns: &turns, proceed: &|| true, stretch: 1.0 };
        group.bench_function(format!("4 bars at 120 BPM, {threads} threads"), |b| b.iter(|| synthesise(&features, 352_800, &how)));
    }
    let plan = RealFftPlanner::<f32>::new().plan_fft_forward(1024);
    let (mut x, mut y, mut scratch) = (plan.make_input_vec(), plan.make_output_vec(), plan.make_scratch_vec());
    group.bench_function("80 x 1024 plain transforms", |b| {
        b.iter(|| (0..80 * frames).all(|_| plan.process_with_scratch(&mut x, &mut y, &mut scratch).is_ok()))
    });
    group.finish();
}

criterion_group!(benches, phases);
criterion_main!(benches);
