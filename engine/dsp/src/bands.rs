//! Features to the magnitudes of full spectra.

use crate::{FLOOR, FRAMES_PER_BEAT, Features, HIGH_WINDOW, LOW_BINS, LOW_WINDOW, MEL_BANDS, RATE, SPLIT};
use std::sync::OnceLock;

const HIGH_BINS: usize = HIGH_WINDOW / 2 + 1;
/// Log magnitude far above anything that is music (+86 dB): more would only end in infinities.
const LOUDEST: f32 = 10.0;

/// Frames of a loop; at least one beat of them.
pub(crate) fn frames_of(beats: usize) -> usize {
    beats.max(1).saturating_mul(FRAMES_PER_BEAT)
}

/// Triangles from the split to 20 kHz on the HTK mel scale, over the bins of the short window.
pub(crate) struct Bands {
    /// Of each band: its first bin and the weights from there on, which sum to 1.
    gather: Vec<(usize, Vec<f32>)>,
    /// Of each bin: the two bands it can lie in and their weights, which sum to 1 (or 0 where there is no band).
    spread: Vec<[(usize, f32); 2]>,
}

/// The one set of bands there is.
pub(crate) fn bands() -> &'static Bands {
    static BANDS: OnceLock<Bands> = OnceLock::new();
    BANDS.get_or_init(Bands::new)
}

impl Bands {
    fn new() -> Self {
        let f = |bin: usize| bin as f64 * f64::from(RATE) / HIGH_WINDOW as f64;
        let mel = |f: f64| 2595.0 * (1.0 + f / 700.0).log10();
        let (first, last) = (mel(SPLIT), mel(20_000.0));
        let edge = |i: usize| 700.0 * (10f64.powf((first + (last - first) * i as f64 / (MEL_BANDS + 1) as f64) / 2595.0) - 1.0);
        let triangles: Vec<Vec<f32>> = (0..MEL_BANDS)
            .map(|i| {
                let (a, b, c) = (edge(i), edge(i + 1), edge(i + 2));
                let mut triangle: Vec<f32> =
                    (0..HIGH_BINS).map(|k| ((f(k) - a) / (b - a)).min((c - f(k)) / (c - b)).max(0.0) as f32).collect();
                if triangle.iter().all(|w| *w == 0.0) {
                    // A band narrower than a bin takes the nearest one.
                    let nearest = (0..HIGH_BINS).min_by(|&p, &q| (f(p) - b).abs().total_cmp(&(f(q) - b).abs()));
                    triangle[nearest.unwrap_or(0)] = 1.0;
                }
                triangle
            })
            .collect();
        let gather = triangles
            .iter()
            .map(|t| {
                let sum: f32 = t.iter().sum();
                let first = t.iter().position(|w| *w > 0.0).unwrap_or(0);
                let last = t.iter().rposition(|w| *w > 0.0).unwrap_or(0);
                (first, t[first..=last].iter().map(|w| w / sum).collect())
            })
            .collect();
        let spread = (0..HIGH_BINS)
            .map(|k| {
                let sum = triangles.iter().map(|t| t[k]).sum::<f32>().max(1e-6);
                let mut of = triangles.iter().enumerate().filter(|(_, t)| t[k] > 0.0).map(|(i, t)| (i, t[k] / sum));
                std::array::from_fn(|_| of.next().unwrap_or((0, 0.0)))
            })
            .collect();
        Self { gather, spread }
    }

    /// Bins of a band with their weights.
    pub fn gather(&self, band: usize) -> impl Iterator<Item = (usize, f32)> {
        let (first, weights) = &self.gather[band];
        weights.iter().enumerate().map(move |(i, w)| (first + i, *w))
    }
}

/// Magnitudes of full spectra that are to be given phases, frame by frame. Bins outside of the two ranges hold nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Magnitudes {
    /// Bins `0..130` of the long window.
    pub low: Vec<f32>,
    /// Bins [`Magnitudes::HIGH_FROM`]`..`[`Magnitudes::HIGH_TO`] of the short window.
    pub high: Vec<f32>,
    /// Frames of both.
    pub frames: usize,
}

impl Magnitudes {
    /// First bin of the short window above the split.
    pub const HIGH_FROM: usize = 33;
    /// One past the last bin of the short window below 20 kHz.
    pub const HIGH_TO: usize = 465;
    /// Bins in `high`.
    pub const HIGH_BINS: usize = Self::HIGH_TO - Self::HIGH_FROM;
}

/// Log magnitudes to full spectra: low (nothing above the split) and high (nothing below it).
#[must_use]
pub fn magnitudes(features: &Features) -> Magnitudes {
    let frames = features.frames();
    // What rounding leaves of silence is silence: tiny numbers are slow.
    let sounding = |x: f32| if x > FLOOR * 1e-4 { x } else { 0.0 };
    let linear = |x: f32, window: usize| sounding(x.min(LOUDEST).exp() - FLOOR) * (window / 4) as f32;
    let mut low = vec![0.0; frames * LOW_BINS];
    for bin in 0..LOW_BINS {
        for (i, x) in features.row(bin).iter().enumerate() {
            low[i * LOW_BINS + bin] = linear(*x, LOW_WINDOW);
        }
    }
    let mut bands_of = vec![0.0; frames * MEL_BANDS];
    for band in 0..MEL_BANDS {
        for (i, x) in features.row(LOW_BINS + band).iter().enumerate() {
            bands_of[i * MEL_BANDS + band] = linear(*x, HIGH_WINDOW);
        }
    }
    let spread = &bands().spread[Magnitudes::HIGH_FROM..Magnitudes::HIGH_TO];
    let mut high = vec![0.0; frames * Magnitudes::HIGH_BINS];
    for (bins, bands_of) in high.chunks_exact_mut(Magnitudes::HIGH_BINS).zip(bands_of.chunks_exact(MEL_BANDS)) {
        for (x, spread) in bins.iter_mut().zip(spread) {
            let [(a, v), (b, w)] = spread;
            *x = v * bands_of[*a] + w * bands_of[*b];
        }
    }
    Magnitudes { low, high, frames }
}

/// Slow tempos: frames are interpolated around the circle until a hop is at most 512 samples.
#[must_use]
pub fn denser(features: &Features, samples: usize) -> Features {
    let frames = features.frames();
    let times = samples.div_ceil(frames.saturating_mul(512)).max(1);
    let mut data = Vec::with_capacity(features.data().len() * times);
    for row in features.data().chunks_exact(frames) {
        for (i, x) in row.iter().enumerate() {
            let next = row[(i + 1) % frames];
            data.extend((0..times).map(|k| k as f32 / times as f32).map(|k| x * (1.0 - k) + next * k));
        }
    }
    Features::trusted(frames * times, data)
}

#[cfg(test)]
mod test;
