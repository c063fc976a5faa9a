//! The output is the same, bit for bit, whatever the blocks.

#[path = "support/host.rs"]
mod host;

use host::{Rig, noise, sizes, steady, take};
use inlay_player::{Event, EventKind, PlayMode, Quantize, Transport};

/// What happens in the song, by frame.
const EVENTS: [(usize, EventKind); 12] = [
    (0, EventKind::NoteOn { note: 37, velocity: 0.7 }),
    (9_000, EventKind::NoteOff { note: 37 }),
    (30_001, EventKind::NoteOn { note: 38, velocity: 0.2 }),
    (61_003, EventKind::NoteOn { note: 36, velocity: 1.0 }),
    (61_050, EventKind::NoteOn { note: 37, velocity: 0.9 }),
    (70_000, EventKind::NoteOff { note: 36 }),
    (95_990, EventKind::Select { slot: 0 }),
    (120_000, EventKind::NoteOff { note: 37 }),
    (140_000, EventKind::NoteOff { note: 38 }),
    (191_990, EventKind::Select { slot: 2 }),
    (192_100, EventKind::Select { slot: 1 }),
    (250_000, EventKind::NoteOn { note: 43, velocity: 0.5 }),
];

fn play(bpm: f64, mode: PlayMode, quantize: Quantize, sizes: impl IntoIterator<Item = usize>) -> Vec<f32> {
    let mut rig = Rig::new(44_100);
    (rig.mode, rig.quantize) = (mode, quantize);
    // One rendition for this tempo, one that isn't, and a clip.
    for (slot, made_for) in [(0, bpm), (1, 90.0)] {
        let content = take(&slot.to_string(), 4.0, made_for, 44_100, |frames| noise(frames, u64::from(slot)));
        rig.controls.load(slot, content, Quantize::Now).unwrap();
    }
    let mut clip = take("clip", 4.0, bpm, 44_100, |frames| noise(frames, 9));
    clip.clip = Some(8.37);
    rig.controls.load(2, clip, Quantize::Now).unwrap();
    // The host starts, jumps, stops, and starts again: between two blocks, as hosts do.
    let parts = [(0..100_000, Some(1_000_003)), (100_000..200_000, Some(7)), (200_000..210_000, None), (210_000..400_000, Some(-88_200))];
    let mut sizes = sizes.into_iter();
    for (frames, song) in parts {
        let mut at = frames.start;
        while at < frames.end {
            let size = sizes.next().unwrap().min(frames.end - at);
            let here = EVENTS.iter().filter(|e| (at..at + size).contains(&e.0));
            let events: Vec<Event> = here.map(|(frame, kind)| Event { at: (frame - at) as u32, kind: *kind }).collect();
            let stopped = Transport { tempo: Some(bpm), ..Transport::default() };
            let transport = song.map_or(stopped, |song| steady(song + (at - frames.start) as i64, bpm, 44_100));
            rig.block(size, &transport, &events);
            at += size;
        }
    }
    rig.left
}

#[test]
fn the_same_samples_whatever_the_blocks() {
    for mode in [PlayMode::Switch, PlayMode::Gate, PlayMode::OneShot] {
        for quantize in [Quantize::Now, Quantize::Beat, Quantize::Bar, Quantize::Loop] {
            for bpm in [128.0, 97.3] {
                let reference = play(bpm, mode, quantize, std::iter::repeat(512));
                assert!(reference.iter().filter(|s| **s != 0.0).count() > 20_000, "{mode:?} sounds");
                for (name, sizes) in [
                    ("1", Box::new(std::iter::repeat(1_usize)) as Box<dyn Iterator<Item = usize>>),
                    ("17", Box::new(std::iter::repeat(17))),
                    ("8192", Box::new(std::iter::repeat(8192))),
                    ("random", Box::new(sizes(77))),
                ] {
                    let played = play(bpm, mode, quantize, sizes);
                    let first = played.iter().zip(&reference).position(|(a, b)| a.to_bits() != b.to_bits());
                    assert_eq!(first, None, "blocks of {name}, {mode:?}, {quantize:?}, {bpm} BPM");
                }
            }
        }
    }
}
