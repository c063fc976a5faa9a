//! Level over time and frequency, with a logarithmic axis of frequency.
//!
//! One window length can't show both a bass note and a hat, so low rows are taken from long windows and high rows from short ones, with a
//! smooth change between (a constant-Q picture from few transforms). The loop is a circle: windows run across its seam.

use realfft::{RealFftPlanner, num_complex::Complex32};

/// Lowest frequency shown, hertz.
pub const LOWEST: f32 = 32.0;
/// Highest frequency shown, hertz.
pub const HIGHEST: f32 = 18_000.0;
/// Levels from the loudest down to the darkest colour, decibels.
pub const RANGE: f32 = 72.0;

/// Window lengths at 44.1 kHz, and the frequency below which each is used alone.
const WINDOWS: [(usize, f32); 4] = [(8192, 120.0), (4096, 400.0), (2048, 1600.0), (1024, 5000.0)];

/// Levels in decibels relative to a sine of full scale, rows from the highest frequency to the lowest.
#[derive(Debug, Clone)]
pub struct Spectrogram {
    /// Columns of the picture.
    pub columns: usize,
    /// Rows of the picture.
    pub rows: usize,
    /// `[rows · columns]` levels.
    pub levels: Vec<f32>,
    /// The level of the brightest colour: the loudest cell, rounded up to 6 dB.
    pub top: f32,
}

impl Spectrogram {
    /// The row (from the top, with its fraction) of a frequency.
    pub fn row_of(&self, hertz: f32) -> f32 {
        self.rows as f32 * (1.0 - (hertz / LOWEST).ln() / (HIGHEST / LOWEST).ln())
    }

    /// Level as 0 (darkest) to 1 (brightest).
    pub fn brightness(&self, row: usize, column: usize) -> f32 {
        ((self.levels[row * self.columns + column] - self.top) / RANGE + 1.0).clamp(0.0, 1.0)
    }
}

/// The spectrogram of a loop, `rows` × `columns` cells, both channels' power together.
pub fn analyse(left: &[f32], right: &[f32], rate: u32, columns: usize, rows: usize) -> Spectrogram {
    let mut result = Spectrogram { columns, rows, levels: vec![-200.0; rows * columns], top: 0.0 };
    let length = left.len().min(right.len());
    if length == 0 || rate == 0 {
        return result;
    }
    let mut planner = RealFftPlanner::new();
    let mut banks: Vec<Bank> = WINDOWS.iter().map(|&(size, _)| Bank::new(&mut planner, size, rate)).collect();
    let plan: Vec<(f32, f32, f32)> = (0..rows).map(|row| row_plan(row, rows)).collect();
    for column in 0..columns {
        let centre = ((column as f64 + 0.5) * length as f64 / columns as f64) as usize;
        for bank in &mut banks {
            bank.transform(&left[..length], &right[..length], centre);
        }
        for (row, &(from, to, place)) in plan.iter().enumerate() {
            let first = (place as usize).min(WINDOWS.len() - 1);
            let second = (first + 1).min(WINDOWS.len() - 1);
            let mix = place - first as f32;
            let level = banks[first].level(from, to) * (1.0 - mix) + banks[second].level(from, to) * mix;
            result.levels[row * columns + column] = level;
        }
    }
    let loudest = result.levels.iter().copied().fold(-120.0f32, f32::max);
    result.top = (loudest / 6.0).ceil() * 6.0;
    result
}

/// A row's lowest and highest frequency, and which windows serve it: 1.25 is three parts of window 1 and one of window 2.
fn row_plan(row: usize, rows: usize) -> (f32, f32, f32) {
    let at = |row: f32| LOWEST * (HIGHEST / LOWEST).powf(1.0 - row / rows as f32);
    let (from, to) = (at(row as f32 + 1.0), at(row as f32));
    let centre = (from * to).sqrt();
    let mut place = (WINDOWS.len() - 1) as f32;
    for (i, pair) in WINDOWS.windows(2).enumerate() {
        let (low, high) = (pair[0].1, pair[1].1);
        if centre < high {
            let mix = ((centre / low).ln() / (high / low).ln()).clamp(0.0, 1.0);
            place = i as f32 + mix * mix * (3.0 - 2.0 * mix);
            break;
        }
    }
    (from, to, place)
}

/// Transforms of one window length.
struct Bank {
    fft: std::sync::Arc<dyn realfft::RealToComplex<f32>>,
    window: Vec<f32>,
    input: Vec<f32>,
    output: Vec<Complex32>,
    power: Vec<f32>,
    bin: f32,
}

impl Bank {
    fn new(planner: &mut RealFftPlanner<f32>, size: usize, rate: u32) -> Self {
        // The same time span at every rate: a power of two keeps the transform fast.
        let size = ((size as f64 * f64::from(rate) / 44_100.0) as usize).next_power_of_two().clamp(256, 1 << 17);
        let window: Vec<f32> = (0..size).map(|i| (std::f32::consts::PI * i as f32 / size as f32).sin().powi(2)).collect();
        let fft = planner.plan_fft_forward(size);
        let (input, output) = (fft.make_input_vec(), fft.make_output_vec());
        Self { fft, window, input, power: vec![0.0; output.len()], output, bin: rate as f32 / size as f32 }
    }

    /// Power spectrum around `centre`, 1 for a sine of full scale in both channels.
    fn transform(&mut self, left: &[f32], right: &[f32], centre: usize) {
        let (size, length) = (self.window.len(), left.len());
        let scale = 4.0 / size as f32;
        let start = (centre + length - (size / 2) % length) % length;
        self.power.fill(0.0);
        for channel in [left, right] {
            for (i, (x, w)) in self.input.iter_mut().zip(&self.window).enumerate() {
                let sample = channel[(start + i) % length];
                *x = if sample.is_finite() { sample * w } else { 0.0 };
            }
            // The lengths are the plan's own, the only thing it could refuse.
            if self.fft.process(&mut self.input, &mut self.output).is_ok() {
                for (p, c) in self.power.iter_mut().zip(&self.output) {
                    *p += c.norm_sqr() * scale * scale / 2.0;
                }
            }
        }
    }

    /// Level between two frequencies: the strongest bin of a wide row, an interpolated one of a row narrower than a bin.
    fn level(&self, from: f32, to: f32) -> f32 {
        let (first, last) = (from / self.bin, to / self.bin);
        if last >= (self.power.len() - 1) as f32 {
            return -200.0;
        }
        let mut level = decibels(self.between((first + last) / 2.0));
        for i in first.ceil() as usize..=last.floor() as usize {
            level = level.max(decibels(self.power[i]));
        }
        level
    }

    /// Power at a place between bins: a parabola through the logarithms of the three nearest, the shape of a window's main lobe.
    fn between(&self, at: f32) -> f32 {
        let middle = (at.round() as usize).clamp(1, self.power.len() - 2);
        let log = |i: usize| (self.power[i] + 1e-20).ln();
        let (a, b, c) = (log(middle - 1), log(middle), log(middle + 1));
        let d = (at - middle as f32).clamp(-0.5, 0.5);
        (b + d * (c - a) / 2.0 + d * d * ((a + c) / 2.0 - b)).exp()
    }
}

fn decibels(power: f32) -> f32 {
    10.0 * (power + 1e-20).log10()
}
