//! Kicks that are known to begin on beats.

use std::f64::consts::TAU;

/// A sine that falls in pitch and dies away.
#[derive(Debug, Clone, Copy)]
pub struct Kick {
    /// Its name.
    pub name: &'static str,
    /// Where its pitch ends, in Hz.
    pub pitch: f64,
    /// How many times that it begins above.
    pub above: f64,
    /// Seconds of the fall.
    pub fall: f64,
    /// Seconds of the tail.
    pub tail: f64,
    /// Whether the tail is over before the next one, so that a detector has no excuse.
    pub sure: bool,
}

/// A punchy one, a deep one, and one of an 808.
pub const ALL: [Kick; 3] = [
    Kick { name: "punchy kick", pitch: 52.0, above: 6.0, fall: 0.018, tail: 0.08, sure: true },
    Kick { name: "deep kick", pitch: 45.0, above: 2.0, fall: 0.03, tail: 0.2, sure: true },
    Kick { name: "808 kick", pitch: 48.0, above: 1.0, fall: 0.05, tail: 0.4, sure: false },
];

/// A loop of `samples` at 44.1 kHz with a kick on every beat, hats between them, and tails that go on round the circle.
pub fn on_beats(kick: &Kick, bpm: f64, samples: usize) -> Vec<f32> {
    let mut audio = vec![0.0f32; samples];
    let beat = 60.0 / bpm * 44_100.0;
    let mut noise = 1u32;
    for k in 0..(samples as f64 / beat).round() as usize {
        let start = (k as f64 * beat).round() as usize;
        let mut turns = 0.0;
        for i in 0..((2.0 * beat) as usize).min(samples) {
            let t = i as f64 / 44_100.0;
            turns += kick.pitch * (1.0 + kick.above * (-t / kick.fall).exp()) / 44_100.0;
            audio[(start + i) % samples] += (0.7 * (TAU * turns).sin() * (-t / kick.tail).exp()) as f32;
        }
        let between = start + (beat / 2.0) as usize;
        for i in 0..3000 {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let value = (noise >> 8) as f32 / (1 << 23) as f32 - 1.0;
            audio[(between + i) % samples] += 0.1 * value * (-(i as f32) / 600.0).exp();
        }
    }
    audio
}
