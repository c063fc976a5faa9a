//! Numbers as waves: how noise levels and lengths in seconds reach the network.

use std::f32::consts::PI;

/// Frequencies of a feature vector.
const COUNT: usize = 128;

/// Where the reference's exponential isn't the nearest f32 but the one beside it. One step at the highest frequencies turns a wave by
/// 0.006 rad, which can be seen in what the network predicts.
const STEPS: [(usize, i32); 5] = [(26, -1), (27, 1), (44, 1), (86, -1), (124, 1)];

/// Cosines, then sines, of a number times 128 frequencies from 0.5 to 10 000, spread evenly by their logarithms.
///
/// Phases reach 62 832 rad, where one step of f32 is 0.004: the frequencies and the order of products are those the networks were
/// trained with, in f32. Cosines and sines themselves are exact to f32.
#[derive(Debug, Clone)]
pub(crate) struct Fourier {
    frequencies: Vec<f32>,
}

impl Fourier {
    /// How many numbers a number becomes.
    pub const WIDTH: usize = 2 * COUNT;

    /// The table of frequencies.
    pub fn new() -> Self {
        let (low, high) = (0.5f64.ln(), 1e4f64.ln());
        let step = 1.0 / (COUNT - 1) as f32;
        let frequency = |i: usize| {
            // an even ramp is counted from its nearer end, with one rounding
            let ramp = if i < COUNT / 2 { step * i as f32 } else { libm::fmaf(-step, (COUNT - 1 - i) as f32, 1.0) };
            let exponent = ramp * (high - low) as f32 + low as f32;
            let nearest = libm::exp(f64::from(exponent)) as f32;
            let beside = STEPS.iter().find(|(at, _)| *at == i).map_or(0, |(_, by)| *by);
            f32::from_bits(nearest.to_bits().wrapping_add_signed(beside))
        };
        Self { frequencies: (0..COUNT).map(frequency).collect() }
    }

    /// The features of `t`, 256 of them.
    pub fn features(&self, t: f32) -> Vec<f32> {
        let angles = || self.frequencies.iter().map(move |f| f64::from(t * f * 2.0 * PI));
        angles().map(|a| libm::cos(a) as f32).chain(angles().map(|a| libm::sin(a) as f32)).collect()
    }
}
