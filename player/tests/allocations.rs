//! The audio thread neither allocates nor frees.

#[path = "support/host.rs"]
mod host;

use host::{noise, take};
use inlay_music::{Beats, SampleRate};
use inlay_player::{Block, Event, EventKind, Mix, PlayMode, Player, Quantize, Transport};
/// Random numbers below `n`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

/// Allocations of this thread in `f`, and how many more of them it made than it freed.
fn counted(f: impl FnOnce()) -> (u64, i64) {
    let info = allocation_counter::measure(f);
    (info.count_total, info.count_current)
}

#[test]
fn the_counter_counts() {
    assert_eq!(counted(|| drop(std::hint::black_box(vec![1_u8; 100]))), (1, 0));
    let vec = std::hint::black_box(vec![1_u8; 100]);
    assert_eq!(counted(|| drop(vec)), (0, -1));
}

#[test]
fn nothing_is_allocated_or_freed_in_10_000_random_blocks() {
    let mut dice = Dice(42);
    let (mut player, mut controls) = Player::new(SampleRate::new(48_000).unwrap());
    let mut captured = None;
    let (mut left, mut right, input) = (vec![0.0; 8192], vec![0.0; 8192], vec![0.1; 8192]);
    let (mut song, mut tempo, mut playing, mut mode) = (0_i64, 120.0, true, PlayMode::Switch);
    let mut loads = 0;
    for block in 0..10_000_u64 {
        let quantize = [Quantize::Now, Quantize::Beat, Quantize::Bar, Quantize::Loop][dice.below(4) as usize];
        let slot = dice.below(8) as u8;
        // The conductor, on its own thread's account. What it can't tell it tells later.
        match dice.below(12) {
            0 => {
                let made_for = [120.0, 97.0, 133.7][dice.below(3) as usize];
                let content = take(&block.to_string(), 1.0, made_for, 48_000, |frames| noise(frames, block));
                loads += u64::from(controls.load(slot, content, quantize).is_ok());
            }
            1 => drop(controls.select(slot, quantize)),
            2 if dice.below(4) == 0 => drop(controls.clear(slot, quantize)),
            3 if dice.below(4) == 0 => drop(controls.audition(block % 2 == 0)),
            4 => captured = controls.capture(Beats::new(1.0).unwrap(), 1 + dice.below(30_000) as usize, quantize).ok().or(captured),
            5 if dice.below(4) == 0 => drop(controls.end_capture()),
            _ => {}
        }
        match dice.below(40) {
            0 => song = dice.below(10_000_000) as i64 - 5_000_000,
            1 => tempo = 60.0 + dice.below(100) as f64,
            2 => playing = !playing,
            3 => mode = [PlayMode::Switch, PlayMode::Gate, PlayMode::OneShot][dice.below(3) as usize],
            4..8 => tempo += 0.1,
            _ => {}
        }
        let frames = [1, 17, 64, 480, 8192][dice.below(5) as usize].min(1 + dice.below(8192) as usize);
        let beats = song as f64 * tempo / (60.0 * 48_000.0);
        let cycle = (dice.below(2) == 0).then(|| ((beats / 4.0).floor() * 4.0, (beats / 4.0).floor() * 4.0 + 3.0));
        let metre = Some((7, 8));
        let transport = Transport { playing, tempo: Some(tempo), beats: Some(beats), frames: Some(song), bar: None, metre, cycle };
        let note = 34 + dice.below(12) as u8;
        let at = dice.below(frames as u64) as u32;
        let events = [
            Event { at, kind: EventKind::NoteOn { note, velocity: 0.5 } },
            Event { at: at + 3, kind: EventKind::NoteOff { note } },
            Event { at: at + 9, kind: EventKind::Select { slot } },
        ];
        let events = &events[..dice.below(4) as usize];
        let mix = Mix { gain: dice.below(3) as f32, width: dice.below(3) as f32, mix: 0.5 };
        let counts = counted(|| {
            player.process(Block {
                transport: &transport,
                events,
                mix,
                mode,
                quantize,
                input: Some([&input[..frames], &input[..frames]]),
                output: [&mut left[..frames], &mut right[..frames]],
            });
            if block % 1000 == 999 {
                player.reset();
            }
        });
        assert_eq!(counts, (0, 0), "in block {block}");
        song += frames as i64;
        while controls.fact().is_some() {}
    }
    assert!(loads > 300, "takes came and went: {loads}");
    drop(captured);
}
