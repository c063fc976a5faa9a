//! Two channels from one: a side signal that vanishes in mono.
//!
//! The model makes one channel, mid. Its side is mid through a short fixed decorrelator and a high-pass: left is
//! mid + w · side, right is mid − w · side. Left and right together are mid again, transients stay where they are, and bass
//! stays in the middle.

mod filter;

use crate::rates::around;
use filter::HighPass;

/// Places of the decorrelator's taps in samples at 44.1 kHz (0.9 to 20 ms), with their signs: velvet noise, one tap in each
/// 24th of the time (Karjalainen and Järveläinen 2007; as a decorrelator Alary, Politis and Välimäki 2017).
///
/// Of 400 000 draws the one whose worst third of an octave from 400 Hz to 16 kHz is nearest to flat, in side itself and between
/// left and right at w = 0.35: within 1.5 dB.
const TAPS: [i32; 24] =
    [-61, -96, -119, 170, -191, 246, 253, 312, 354, -382, -422, -443, -495, -506, -557, -599, 602, -655, -683, -733, 761, 778, 822, 851];
/// Place of the last tap.
const LAST: usize = 851;
/// Samples worked on together.
const STRETCH: usize = 2048;
/// The taps fall by 12 dB over these samples (20 ms), so that the tail is heard less than its onset.
const LENGTH: f32 = 882.0;
/// Below this there is no side, in Hz.
const LOW: f64 = 250.0;

/// A listener's choice of width: a factor on the take's own, 0 (mono) to 2, 1 is neutral.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Width(f32);

/// Why a number is no width.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("a width of {0} can't be used: choose 0 (mono) to 2, where 1 is the take's own")]
pub struct WidthError(pub f32);

impl Width {
    /// The take as it was made.
    pub const NEUTRAL: Width = Width(1.0);
    /// Both channels the same.
    pub const MONO: Width = Width(0.0);

    /// # Errors
    /// [`WidthError`] unless 0 ≤ `factor` ≤ 2 (so NaN is refused too).
    pub fn new(factor: f32) -> Result<Self, WidthError> {
        if (0.0..=2.0).contains(&factor) { Ok(Self(factor)) } else { Err(WidthError(factor)) }
    }

    /// The factor.
    pub fn get(self) -> f32 {
        self.0
    }
}

impl Default for Width {
    fn default() -> Self {
        Self::NEUTRAL
    }
}

/// How wide a take that the model made is by itself. (One from audio has a side of its own, of weight 1.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OwnWidth {
    /// Whatever isn't drums.
    #[default]
    Made,
    /// Drums: nearer to the middle.
    Drums,
}

impl OwnWidth {
    /// The weight of side at neutral [`Width`].
    pub fn factor(self) -> f32 {
        match self {
            OwnWidth::Made => 0.35,
            OwnWidth::Drums => 0.15,
        }
    }
}

/// The side of a loop at 44.1 kHz, as long as `mid`. Around the circle: turning `mid` turns it.
///
/// Side is made at 44.1 kHz only and resampled with mid, so that a take sounds the same at every rate; and for ever and on every machine, as
/// what [`rates`](crate::rates) makes is.
#[must_use = "the loop given is not changed"]
pub fn side_of(mid: &[f32]) -> Vec<f32> {
    let n = mid.len();
    if n == 0 {
        return Vec::new();
    }
    let gain = |place: i32| place.signum() as f32 * libm::powf(0.25, place.unsigned_abs() as f32 / LENGTH);
    let energy: f32 = TAPS.iter().map(|&t| gain(t) * gain(t)).sum();
    let taps = TAPS.map(|place| (gain(place) / energy.sqrt(), LAST - place.unsigned_abs() as usize));

    let around = around(mid, LAST, n + LAST);
    let mut side = vec![0.0f32; n];
    // a stretch at a time, which stays near the processor while all taps pass over it
    for (i, side) in side.chunks_mut(STRETCH).enumerate() {
        for (weight, late) in taps {
            side.iter_mut().zip(&around[i * STRETCH + late..]).for_each(|(s, m)| *s += weight * m);
        }
    }
    HighPass::new(LOW, 44_100.0).run_around(&mut side);
    side
}

/// Left and right of a loop: mid ± `weight` · side. Their sum is twice mid, whatever the weight.
///
/// `weight` is the take's own ([`OwnWidth::factor`]) times the [`Width`] chosen. A shorter `side` counts as silence where it ends.
pub fn widen(mid: &[f32], side: &[f32], weight: f32) -> (Vec<f32>, Vec<f32>) {
    let side = side.iter().copied().chain(std::iter::repeat(0.0));
    mid.iter().zip(side).map(|(m, s)| (m + weight * s, m - weight * s)).unzip()
}

/// Mid and side of two channels, so that [`widen`] with weight 1 gives them back.
pub fn mid_side(left: &[f32], right: &[f32]) -> (Vec<f32>, Vec<f32>) {
    left.iter().zip(right).map(|(l, r)| (0.5 * (l + r), 0.5 * (l - r))).unzip()
}

#[cfg(test)]
mod test;
