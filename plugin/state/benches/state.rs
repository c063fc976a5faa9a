//! Saving and loading eight slots of four bars, and as much as a project keeps, beside copying the same bytes.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use half::f16;
use inlay_audio::file::round_24;
use inlay_music::{About, Bars, Bpm, Feel, Prompt, Request, SampleRate, Seed, Sound, Take, TakeId, Task, loop_length};
use inlay_state::{Kept, LIMIT, Parcel, Saved, Slot, open};
use std::sync::Arc;

/// Four bars at 120 BPM that pack about as well as a drum loop does.
fn take(number: u32, channels: usize) -> Take {
    let request = Request {
        task: Task::Generate,
        prompt: Prompt::new("dusty boom bap drums").unwrap(),
        negative: None,
        bars: Bars::new(4).unwrap(),
        bpm: Bpm::new(120.0).unwrap(),
        key: None,
        chords: None,
        feel: Feel::Normal,
        seed: Seed(number.into()),
        variation: 0,
        steps: 16,
        guidance: 3.0,
        sampler: "dpm++2m".into(),
    };
    let frames = loop_length(request.bpm, request.bars.beats(), SampleRate::CD).get();
    let mut state = number + 1;
    let mut tone = || -> Arc<[f32]> {
        let sample = |n: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 8) as f32 / 8_388_608.0 - 1.0;
            let decay = (-((n % 22_050) as f32) / 4_000.0).exp();
            round_24(0.3 * (n as f32 * 0.03).sin() + 0.01 * decay * noise)
        };
        (0..frames).map(sample).collect()
    };
    let sound = Sound { rate: SampleRate::CD, channels: (0..channels).map(|_| tone()).collect() };
    let about = About {
        request,
        chords: None,
        parent: None,
        made_at: None,
        model: "0123456789abcdef".into(),
        codec: "0123456789abcdef".into(),
        gain: 1.0,
        width: 0.35,
        from_audio: false,
        made_by: None,
    };
    Take { id: TakeId(format!("{number:032x}")), about, latents: vec![f16::from_f32(0.7); 128 * 64].into(), sound }
}

/// Eight slots with so many voices each, and favourites until the limit is reached.
fn saved(channels: usize, filled: bool) -> Saved {
    let mut saved = Saved::default();
    for number in 0..8 {
        let take = take(number, channels);
        saved.slots[number as usize] = Slot { take: Some(take.id.clone()), pinned: false };
        saved.takes.push(Kept::new(Arc::new(Parcel::pack(&take).unwrap())));
    }
    let mut number = 8;
    while filled && saved.size() < LIMIT {
        saved.takes.push(Kept { favourite: true, ..Kept::new(Arc::new(Parcel::pack(&take(number, channels)).unwrap())) });
        number += 1;
    }
    saved
}

fn state(c: &mut Criterion) {
    for (name, saved) in [("8 slots", saved(1, false)), ("8 slots, stereo", saved(2, false)), ("32 MB", saved(1, true))] {
        let json = saved.to_json();
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.sample_size(20);
        group.bench_function("copy the bytes", |b| b.iter_batched(|| (), |()| json.clone(), BatchSize::LargeInput));
        group.bench_function("trim and save", |b| {
            b.iter_batched(
                || saved.clone(),
                |mut saved| {
                    saved.trim(LIMIT);
                    saved.to_json()
                },
                BatchSize::LargeInput,
            );
        });
        group.bench_function("read as JSON", |b| b.iter(|| serde_json::from_str::<serde_json::Value>(&json).unwrap()));
        group.bench_function("load", |b| b.iter(|| Saved::from_json(&json).unwrap()));
        group.bench_function("load and open the slots", |b| {
            b.iter(|| {
                let saved = Saved::from_json(&json).unwrap().saved;
                let parcels: Vec<&Parcel> = saved.in_slots().map(|k| &*k.take).collect();
                open(&parcels, 2)
            });
        });
        group.finish();
    }
    let take = take(0, 1);
    let parcel = Parcel::pack(&take).unwrap();
    let mut group = c.benchmark_group("one take");
    group.sample_size(20);
    group.bench_function("pack", |b| b.iter(|| Parcel::pack(&take).unwrap()));
    group.bench_function("open", |b| b.iter(|| parcel.open()));
    group.finish();
}

criterion_group!(benches, state);
criterion_main!(benches);
