//! Linear layers of the embedded model's sizes, in floating-point operations a second.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inlay_kernels::{Epilogue, Packed, linear};
use std::hint::black_box;

fn layers(c: &mut Criterion) {
    let mut group = c.benchmark_group("linear");
    for (m, k, n) in [(256, 128, 384), (128, 256, 768), (64, 384, 1152), (64, 1152, 384)] {
        let (x, w) = (vec![0.5; m * k], Packed::from_weight(&vec![0.25; n * k], n, k));
        let mut out = vec![0.0; m * n];
        group.throughput(Throughput::Elements(2 * (m * n * k) as u64));
        group.bench_function(format!("{m}x{k}x{n}"), |b| b.iter(|| linear(black_box(&x), &w, Epilogue::default(), &mut out)));
    }
    group.finish();
}

criterion_group!(benches, layers);
criterion_main!(benches);
