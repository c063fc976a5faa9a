//! Regions: the parts of a take that are made anew.

pub mod span;
mod text;

use crate::time::Bars;
use serde::{Deserialize, Serialize};
pub use span::Span;
pub use text::RegionText;

/// Latents in a beat.
const LATENTS: f64 = 8.0;

/// Why something is no region of a take.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RegionError {
    /// A length of zero (or below, or no number).
    #[error("the region is empty: it needs a length above 0 beats")]
    Empty,
    /// A start before the take or at or behind its end, or no number.
    #[error("the region starts at beat {start}, outside of the loop's {beats} beats (they count from 0)")]
    Start {
        /// Beats from the downbeat.
        start: f64,
        /// Beats of the take.
        beats: f64,
    },
    /// Longer than the take.
    #[error("the region is {length} beats long and the loop only {beats}: make it shorter")]
    Long {
        /// Beats.
        length: f64,
        /// Beats of the take.
        beats: f64,
    },
    /// A text that doesn't follow the grammar.
    #[error("{0} isn't a region: write 3 for bar 3, 3-4 for bars 3 to 4, or 3.2-3.4 for bar 3 from beat 2 up to beat 4")]
    Text(String),
    /// A bar that the take hasn't.
    #[error("bar {bar} is outside of the loop: it has {bars} (they count from 1)")]
    Bar {
        /// As asked, from 1.
        bar: u32,
        /// Bars of the take.
        bars: Bars,
    },
    /// A beat that a bar hasn't.
    #[error("there is no beat {0} in a bar of 4/4: beats count from 1 and stay below 5")]
    Beat(f64),
}

/// A stretch of a take: start in [0, beats) and length in (0, beats], in beats. An end beyond the last beat wraps.
///
/// Deserialising checks against the longest take; whoever knows the take calls [`Region::check`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Region {
    start: f64,
    length: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Region", deny_unknown_fields)]
struct Raw {
    start: f64,
    length: f64,
}

impl TryFrom<Raw> for Region {
    type Error = RegionError;
    fn try_from(raw: Raw) -> Result<Self, RegionError> {
        let [.., longest] = Bars::ALL;
        Self::new(raw.start, raw.length, longest)
    }
}

impl From<Region> for Raw {
    fn from(region: Region) -> Raw {
        Raw { start: region.start, length: region.length }
    }
}

impl Region {
    /// A region of a take of `take` bars; start and length in beats.
    ///
    /// # Errors
    /// [`RegionError::Empty`], [`RegionError::Start`] or [`RegionError::Long`]; numbers that are none are refused too.
    pub fn new(start: f64, length: f64, take: Bars) -> Result<Self, RegionError> {
        let beats = take.beats().get();
        if !(0.0..beats).contains(&start) {
            return Err(RegionError::Start { start, beats });
        }
        if length.is_nan() || length <= 0.0 {
            return Err(RegionError::Empty);
        }
        if length > beats {
            return Err(RegionError::Long { length, beats });
        }
        // −0.0 would show as "-0".
        Ok(Self { start: start + 0.0, length })
    }

    /// All of a take.
    pub fn whole(take: Bars) -> Self {
        Self { start: 0.0, length: take.beats().get() }
    }

    /// The same region, if it is one of a take of `take` bars.
    ///
    /// # Errors
    /// As [`Region::new`].
    pub fn check(self, take: Bars) -> Result<Self, RegionError> {
        Self::new(self.start, self.length, take)
    }

    /// Reads `3` (bar 3), `3-4` (bars 3 to 4 inclusive), `3.2-3.4` (bar 3 from beat 2 up to beat 4), `4-1` (across the seam).
    ///
    /// Bars and beats count from 1. Beats may have decimals: `3.2.5` is bar 3, beat 2 ½, so `1.1-1.1.125` is an eighth of a beat.
    /// A bar alone stands for all of itself, at either side of the dash; `3.2` without a dash is that one beat. An end at beat 5
    /// is the bar's end; an end before the start runs across the seam.
    ///
    /// # Errors
    /// A sentence about what can't be read, or about what lies outside of the take.
    pub fn parse(text: &str, take: Bars) -> Result<Self, RegionError> {
        text::parse(text, take)
    }

    /// The region in the words that [`Region::parse`] reads.
    pub fn text(self, take: Bars) -> RegionText {
        RegionText::new(self, take)
    }

    /// First beat, from 0.
    pub fn start(self) -> f64 {
        self.start
    }

    /// Beats, above 0.
    pub fn length(self) -> f64 {
        self.length
    }

    /// Where it ends, in beats: beyond the take's last beat where it runs across the seam.
    pub fn end(self) -> f64 {
        self.start + self.length
    }

    /// Whether `beat` (of any pass of the loop) lies inside.
    pub fn contains(self, beat: f64, take: Bars) -> bool {
        (beat - self.start).rem_euclid(take.beats().get()) < self.length
    }

    /// The latents (8 a beat) that are made: [floor(8·start), ceil(8·end)), at most all.
    pub fn latents(self, take: Bars) -> Span {
        let count = take.beat_count() as usize * LATENTS as usize;
        let first = (self.start * LATENTS).floor() as usize;
        let end = (self.end() * LATENTS).ceil() as usize;
        Span::new(first, end - first, count)
    }

    /// The samples that are made of a take with `samples` of them: from floor(start · samples / beats + ½) up to the same of the end.
    ///
    /// As the reference's `inpaint_audio`. Empty where the region is shorter than a sample.
    pub fn frames(self, samples: usize, take: Bars) -> Span {
        let place = |beat: f64| (beat * samples as f64 / take.beats().get() + 0.5).floor() as usize;
        let first = place(self.start);
        Span::new(first, place(self.end()) - first, samples)
    }

    /// The same stretch where every beat is `factor` beats ([`crate::feel::Making::beats_made`]).
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self { start: self.start * factor, length: self.length * factor }
    }
}

/// The union of regions of one take: in order of their starts, none touching another. All of a take is one region from 0.
pub fn merge(regions: &[Region], take: Bars) -> Vec<Region> {
    let beats = take.beats().get();
    let mut sorted = regions.to_vec();
    sorted.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.length.total_cmp(&b.length)));
    let mut union: Vec<Region> = Vec::new();
    for region in sorted {
        match union.last_mut() {
            Some(last) if region.start <= last.end() => last.length = last.length.max(region.end() - last.start),
            _ => union.push(region),
        }
    }
    // Only the last can run across the seam: what it reaches at the front joins it.
    while let Some(last) = union.last().copied() {
        let reach = last.end() - beats;
        match union.first().copied() {
            Some(first) if union.len() > 1 && first.start <= reach => {
                union.remove(0);
                let length = last.length.max(first.end() + beats - last.start);
                if let Some(last) = union.last_mut() {
                    last.length = length;
                }
            }
            _ => break,
        }
    }
    if union.iter().any(|r| r.length >= beats) { vec![Region::whole(take)] } else { union }
}

#[cfg(test)]
mod test;
