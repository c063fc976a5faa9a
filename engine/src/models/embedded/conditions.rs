//! What the denoiser is told besides the noisy latents.

use super::{LANE, LATENT, LATENTS_PER_BEAT};
use candle_core::{Device, Result, Tensor};
use inlay_diffusion::Latents;
use inlay_music::{Bars, Chord};

/// Sines and cosines of a latent's place in the music.
pub(super) const PHASES: usize = 2 * PERIODS.len();
/// Beats after which each of them repeats.
const PERIODS: [f32; 6] = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0];
/// Tempo range that the model has seen, in beats a minute of the making.
pub const TEMPO: (f64, f64) = (85.0, 170.0);

/// Known latents for inpainting.
#[derive(Debug, Clone)]
pub struct Known {
    /// `[B,T,64]`, one item per variation.
    pub latents: Latents,
    /// `[T]`: whether a latent is known (true) or to be made.
    pub keep: Vec<bool>,
}

/// The conditions of a batch of variations.
#[derive(Debug, Clone)]
pub struct Conditions {
    /// Tokens of the prompt `[L,384]`.
    pub prompt: Tensor,
    /// Tokens of what shall not be heard `[L,384]`; the learned null token without.
    pub negative: Option<Tensor>,
    /// Tempo in the making, beats a minute.
    pub bpm: f64,
    /// Bars in the making: 1, 2 or 4.
    pub bars: Bars,
    /// Chord lane `[T·13]`; all zero without.
    pub lane: Option<Vec<f32>>,
    /// What is given.
    pub known: Option<Known>,
}

impl Conditions {
    /// How many latents are to be made at once.
    pub fn time(&self) -> usize {
        self.bars.beat_count() as usize * LATENTS_PER_BEAT
    }

    /// log2(bpm/120), log2(bars/2) `[2]`.
    pub(super) fn globals(&self, device: &Device) -> Result<Tensor> {
        let bpm = self.bpm.clamp(TEMPO.0, TEMPO.1);
        Tensor::new(&[(bpm / 120.0).log2() as f32, (f64::from(self.bars.get()) / 2.0).log2() as f32], device)
    }

    /// Known latents · keep, keep, lane and phase side by side `[B,T,154 − 64]`.
    pub(super) fn still(&self, batch: usize, lane: Option<&[f32]>, device: &Device) -> Result<Tensor> {
        let (time, phase) = (self.time(), phases(self.time()));
        let mut rows = Vec::with_capacity(batch * time * (LATENT + 1 + LANE + PHASES));
        for item in 0..batch {
            for t in 0..time {
                let keep = self.known.as_ref().is_some_and(|k| k.keep[t]);
                match self.known.as_ref().filter(|_| keep).and_then(|k| k.latents.item(item)) {
                    Some(known) => rows.extend(&known[t * LATENT..(t + 1) * LATENT]),
                    None => rows.extend([0.0; LATENT]),
                }
                rows.push(if keep { 1.0 } else { 0.0 });
                match lane {
                    Some(lane) => rows.extend(&lane[t * LANE..(t + 1) * LANE]),
                    None => rows.extend([0.0; LANE]),
                }
                rows.extend(&phase[t * PHASES..(t + 1) * PHASES]);
            }
        }
        Tensor::from_vec(rows, (batch, time, LATENT + 1 + LANE + PHASES), device)
    }
}

/// `[T·12]`: sine and cosine of the position within each period.
pub(super) fn phases(time: usize) -> Vec<f32> {
    let angle = |t: usize, period: f32| 2.0 * std::f32::consts::PI * (t as f32 / LATENTS_PER_BEAT as f32) / period;
    (0..time).flat_map(|t| PERIODS.iter().flat_map(move |p| [angle(t, *p).sin(), angle(t, *p).cos()])).collect()
}

/// One chord for each latent → lane `[T·13]`: its pitch classes, and 1 in the last place.
pub fn chord_lane(chords: &[Chord]) -> Vec<f32> {
    let cell = |chord: &Chord| {
        let mut cell = [0.0; LANE];
        chord.lane().iter().for_each(|pitch| cell[usize::from(pitch)] = 1.0);
        cell[LANE - 1] = 1.0;
        cell
    };
    chords.iter().flat_map(cell).collect()
}
