//! A host for tests: it keeps exact time, and calls a player block by block.
#![allow(dead_code, reason = "each test uses its part")]

use inlay_music::{Beats, Bpm, Rendition, SampleRate, TakeId, loop_length};
use inlay_player::{Block, Controls, Event, Loop, Mix, PlayMode, Player, Quantize, Transport};
use std::sync::Arc;

/// Sound made by a function of the frame.
pub fn sound(frames: usize, f: impl Fn(usize) -> f32) -> Arc<[f32]> {
    (0..frames).map(f).collect()
}

/// A sine of `hertz` and amplitude 0.5 that closes over the loop: the frequency is rounded to whole periods.
pub fn tone(frames: usize, rate: u32, hertz: f64) -> Arc<[f32]> {
    let periods = (hertz * frames as f64 / f64::from(rate)).round();
    sound(frames, |i| (0.5 * (std::f64::consts::TAU * periods * i as f64 / frames as f64 + 0.4).sin()) as f32)
}

/// White noise in ±0.5.
pub fn noise(frames: usize, seed: u64) -> Arc<[f32]> {
    sound(frames, |i| {
        let mut x = (i as u64 ^ (seed << 40)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((x >> 40) as f32 / (1u64 << 24) as f32) - 0.5
    })
}

/// A take of `beats` for one tempo.
pub fn take(name: &str, beats: f64, bpm: f64, rate: u32, make: impl Fn(usize) -> Arc<[f32]>) -> Loop {
    let (bpm, beats, rate) = (Bpm::new(bpm).unwrap(), Beats::new(beats).unwrap(), SampleRate::new(rate).unwrap());
    let left = make(loop_length(bpm, beats, rate).get());
    let rendition = Rendition { take: TakeId(name.into()), rate, right: Arc::clone(&left), left };
    Loop { beats, clip: None, renditions: [Some((bpm, Arc::new(rendition))), None] }
}

/// Sizes of blocks, one after the other, for ever.
pub fn sizes(seed: u64) -> impl Iterator<Item = usize> {
    let mut x = seed | 1;
    std::iter::repeat_with(move || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        1 + (x % [3, 64, 700, 4096][(x >> 60) as usize % 4]) as usize
    })
}

/// A player and its host.
pub struct Rig {
    pub player: Player,
    pub controls: Controls,
    pub rate: u32,
    pub mode: PlayMode,
    pub quantize: Quantize,
    pub mix: Mix,
    pub left: Vec<f32>,
    pub right: Vec<f32>,
}

impl Rig {
    pub fn new(rate: u32) -> Self {
        let (player, controls) = Player::new(SampleRate::new(rate).unwrap());
        let (mode, quantize, mix) = (PlayMode::Switch, Quantize::Bar, Mix::default());
        Self { player, controls, rate, mode, quantize, mix, left: Vec::new(), right: Vec::new() }
    }

    /// Frames played so far.
    pub fn now(&self) -> usize {
        self.left.len()
    }

    /// One block.
    pub fn block(&mut self, frames: usize, transport: &Transport, events: &[Event]) {
        self.block_with(frames, transport, events, None);
    }

    /// One block with an input.
    pub fn block_with(&mut self, frames: usize, transport: &Transport, events: &[Event], input: Option<[&[f32]; 2]>) {
        let at = self.now();
        self.left.resize(at + frames, f32::NAN);
        self.right.resize(at + frames, f32::NAN);
        let output = [&mut self.left[at..], &mut self.right[at..]];
        let (mix, mode, quantize) = (self.mix, self.mode, self.quantize);
        self.player.process(Block { transport, events, mix, mode, quantize, input, output });
    }

    /// Blocks of `sizes` until `frames` have been played; the transport is asked for at each block's first frame, counted from now.
    pub fn run(&mut self, frames: usize, sizes: impl IntoIterator<Item = usize>, transport: impl Fn(usize) -> Transport) {
        let mut sizes = sizes.into_iter();
        let mut at = 0;
        while at < frames {
            let size = sizes.next().unwrap_or(512).min(frames - at);
            self.block(size, &transport(at), &[]);
            at += size;
        }
    }

    /// Frames with the host stopped.
    pub fn stopped(&mut self, frames: usize) {
        self.run(frames, std::iter::repeat(256), |_| Transport::default());
    }
}

/// What an exact host says at frame `song` of a song at one tempo.
pub fn steady(song: i64, bpm: f64, rate: u32) -> Transport {
    let beats = song as f64 * bpm / (60.0 * f64::from(rate));
    Transport {
        playing: true,
        tempo: Some(bpm),
        beats: Some(beats),
        frames: Some(song),
        bar: Some((beats / 4.0 + 1e-9).floor() * 4.0),
        metre: Some((4, 4)),
        cycle: None,
    }
}

/// The same, of a host that rounds its position to 1/1920 beat.
pub fn rounded(mut transport: Transport) -> Transport {
    transport.beats = transport.beats.map(|b| (b * 1920.0).round() / 1920.0);
    transport
}

/// The same, of a host that cuts it off.
pub fn cut(mut transport: Transport) -> Transport {
    transport.beats = transport.beats.map(|b| (b * 1920.0).floor() / 1920.0);
    transport
}
