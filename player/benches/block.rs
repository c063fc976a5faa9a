//! A block of 64 frames at 48 kHz (1.33 ms) with 8 loaded slots, notes and a capture, beside a plain copy of as many frames.

use criterion::{Criterion, criterion_group, criterion_main};
use inlay_music::{Beats, Bpm, Rendition, SampleRate, TakeId, loop_length};
use inlay_player::{Block, Controls, Event, EventKind, Loop, Mix, PlayMode, Player, Quantize, Transport};
use std::hint::black_box;
use std::sync::Arc;

const FRAMES: usize = 64;

fn loaded() -> Option<(Player, Controls)> {
    let (rate, bpm, beats) = (SampleRate::new(48_000).ok()?, Bpm::new(120.0).ok()?, Beats::new(16.0).ok()?);
    let (player, mut controls) = Player::new(rate);
    for slot in 0..8 {
        let left: Arc<[f32]> = (0..loop_length(bpm, beats, rate).get()).map(|i| (i % 999) as f32 / 999.0 - 0.5).collect();
        let rendition = Rendition { take: TakeId(slot.to_string()), rate, right: Arc::clone(&left), left };
        let content = Loop { beats, clip: None, renditions: [Some((bpm, Arc::new(rendition))), None] };
        controls.load(slot, content, Quantize::Now).ok()?;
    }
    Some((player, controls))
}

fn block(c: &mut Criterion) {
    let mut group = c.benchmark_group("64 frames at 48 kHz");
    let source = vec![0.25_f32; 768_000];
    let (mut left, mut right) = ([0.0_f32; FRAMES], [0.0_f32; FRAMES]);
    let mut at = 0;
    group.bench_function("a plain copy", |b| {
        b.iter(|| {
            at = (at + FRAMES) % (source.len() - FRAMES);
            left.copy_from_slice(&source[at..at + FRAMES]);
            right.copy_from_slice(&source[at..at + FRAMES]);
            black_box((&left, &right));
        })
    });
    // A steady tempo (rate exactly 1), another tempo than the takes' (varispeed), and a note in every block (a fade all the time).
    for (name, tempo, notes) in
        [("at the takes' tempo", 120.0, false), ("by varispeed", 127.3, false), ("a note in each block", 127.3, true)]
    {
        let Some((mut player, mut controls)) = loaded() else { return };
        let Some(mut captured) = Beats::new(4096.0).ok().and_then(|b| controls.capture(b, 1 << 16, Quantize::Now).ok()) else { return };
        let input = [0.1_f32; FRAMES];
        let mut n = 0_u64;
        group.bench_function(name, |b| {
            b.iter(|| {
                let beats = n as f64 * tempo / (60.0 * 48_000.0);
                let transport = Transport { playing: true, tempo: Some(tempo), beats: Some(beats), ..Transport::default() };
                let note = 36 + (n / 64 % 8) as u8;
                let events = [Event { at: 17, kind: EventKind::NoteOn { note, velocity: 1.0 } }];
                player.process(Block {
                    transport: &transport,
                    events: if notes { &events } else { &[] },
                    mix: Mix { gain: 0.7, width: 1.2, mix: 0.9 },
                    mode: PlayMode::Switch,
                    quantize: Quantize::Now,
                    input: Some([&input, &input]),
                    output: [&mut left, &mut right],
                });
                n += FRAMES as u64;
                if n.is_multiple_of(65_536) {
                    if let Ok(chunk) = captured.ring.read_chunk(captured.ring.slots()) {
                        chunk.commit_all();
                    }
                    while controls.fact().is_some() {}
                }
                black_box((&left, &right));
            })
        });
    }
    group.finish();
}

criterion_group!(benches, block);
criterion_main!(benches);
