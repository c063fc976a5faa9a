//! Units of musical and of sampled time.
//!
//! Beats are the unit of musical time, frames (one sample of every channel) of audio; seconds are only for display.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a number is no tempo, no count of bars, no sample rate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TimeError {
    /// A tempo that is no number or lies outside of [`Bpm::MIN`]..=[`Bpm::MAX`].
    #[error("a tempo of {0} BPM can't be made: choose one from 40 to 240")]
    Tempo(f64),
    /// A count of bars that isn't one of [`Bars::ALL`].
    #[error("{0} bars can't be made: choose 1, 2, 4, 8 or 16")]
    Bars(u32),
    /// A sample rate outside of [`SampleRate::MIN`]..=[`SampleRate::MAX`].
    #[error("a sample rate of {0} Hz can't be used: choose one from 8000 to 384000")]
    Rate(u32),
    /// Beats that are negative or no number.
    #[error("{0} is no position in beats")]
    Beats(f64),
}

/// Tempo in quarter notes a minute, 40 to 240.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Bpm(f64);

impl Bpm {
    /// The slowest tempo a loop is made at.
    pub const MIN: f64 = 40.0;
    /// The fastest tempo a loop is made at.
    pub const MAX: f64 = 240.0;
    /// Taken where nobody said a tempo.
    pub const DEFAULT: Bpm = Bpm(120.0);

    /// # Errors
    /// [`TimeError::Tempo`] unless 40 ≤ `bpm` ≤ 240 (so NaN is refused too).
    pub fn new(bpm: f64) -> Result<Self, TimeError> {
        if (Self::MIN..=Self::MAX).contains(&bpm) { Ok(Self(bpm)) } else { Err(TimeError::Tempo(bpm)) }
    }

    /// Beats a minute.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Bpm {
    type Error = TimeError;
    fn try_from(bpm: f64) -> Result<Self, TimeError> {
        Self::new(bpm)
    }
}

impl From<Bpm> for f64 {
    fn from(bpm: Bpm) -> f64 {
        bpm.0
    }
}

impl fmt::Display for Bpm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} BPM", self.0)
    }
}

/// A place or a stretch in musical time, in quarter notes. Never negative, always finite.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Beats(f64);

impl Beats {
    /// The downbeat.
    pub const ZERO: Beats = Beats(0.0);

    /// # Errors
    /// [`TimeError::Beats`] for negative, infinite or undefined values.
    pub fn new(beats: f64) -> Result<Self, TimeError> {
        if beats.is_finite() && beats >= 0.0 { Ok(Self(beats)) } else { Err(TimeError::Beats(beats)) }
    }

    /// Quarter notes.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Beats {
    type Error = TimeError;
    fn try_from(beats: f64) -> Result<Self, TimeError> {
        Self::new(beats)
    }
}

impl From<Beats> for f64 {
    fn from(beats: Beats) -> f64 {
        beats.0
    }
}

/// How many bars of 4/4 a take has: 1, 2, 4, 8 or 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Bars(u32);

impl Bars {
    /// Every length a take can have, short to long.
    pub const ALL: [Bars; 5] = [Bars(1), Bars(2), Bars(4), Bars(8), Bars(16)];
    /// Beats in a bar. The model knows 4/4 only.
    pub const BEATS: u32 = 4;

    /// # Errors
    /// [`TimeError::Bars`] unless `bars` is one of [`Bars::ALL`].
    pub fn new(bars: u32) -> Result<Self, TimeError> {
        Self::ALL.into_iter().find(|b| b.0 == bars).ok_or(TimeError::Bars(bars))
    }

    /// The count of bars.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The whole take in beats, as a count.
    pub fn beat_count(self) -> u32 {
        self.0 * Self::BEATS
    }

    /// The whole take in beats.
    pub fn beats(self) -> Beats {
        Beats(f64::from(self.beat_count()))
    }
}

impl TryFrom<u32> for Bars {
    type Error = TimeError;
    fn try_from(bars: u32) -> Result<Self, TimeError> {
        Self::new(bars)
    }
}

impl From<Bars> for u32 {
    fn from(bars: Bars) -> u32 {
        bars.0
    }
}

impl fmt::Display for Bars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bar{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

/// A count of sample frames (one sample of every channel).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Frames(pub usize);

impl Frames {
    /// The count.
    pub fn get(self) -> usize {
        self.0
    }
}

/// Sample frames a second, 8 kHz to 384 kHz.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct SampleRate(u32);

impl SampleRate {
    /// Lowest rate.
    pub const MIN: u32 = 8_000;
    /// Highest rate.
    pub const MAX: u32 = 384_000;
    /// The rate of the embedded model.
    pub const CD: SampleRate = SampleRate(44_100);

    /// # Errors
    /// [`TimeError::Rate`] outside of 8 kHz to 384 kHz.
    pub fn new(hertz: u32) -> Result<Self, TimeError> {
        if (Self::MIN..=Self::MAX).contains(&hertz) { Ok(Self(hertz)) } else { Err(TimeError::Rate(hertz)) }
    }

    /// Hertz.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for SampleRate {
    type Error = TimeError;
    fn try_from(hertz: u32) -> Result<Self, TimeError> {
        Self::new(hertz)
    }
}

impl From<SampleRate> for u32 {
    fn from(rate: SampleRate) -> u32 {
        rate.0
    }
}

/// The length of a loop of `beats` at `bpm`: floor(beats · 60 / bpm · rate + 1/2) frames, computed in f64.
pub fn loop_length(bpm: Bpm, beats: Beats, rate: SampleRate) -> Frames {
    let exact = beats.get() * 60.0 / bpm.get() * f64::from(rate.get());
    Frames((exact + 0.5).floor() as usize)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn four_bars_at_92_bpm_have_460174_frames() {
        let length = loop_length(Bpm::new(92.0).unwrap(), Bars::new(4).unwrap().beats(), SampleRate::CD);
        assert_eq!(length, Frames(460_174));
    }

    #[test]
    fn refuses_a_tempo_that_is_no_number() {
        assert!(Bpm::new(f64::NAN).is_err());
        assert!(Bpm::new(39.9).is_err());
        assert!(Bpm::new(240.1).is_err());
    }

    #[test]
    fn refuses_three_bars() {
        assert_eq!(Bars::new(3), Err(TimeError::Bars(3)));
    }
}
