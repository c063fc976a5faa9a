//! The grammar of regions: bar, bar-bar, bar.beat-bar.beat.

use super::{Region, RegionError};
use crate::pitch::quote;
use crate::time::Bars;
use std::fmt;

const BEATS: f64 = Bars::BEATS as f64;

/// One side of the dash.
struct Place {
    /// Beats from the downbeat to where the bar begins.
    bar: f64,
    /// Beats into the bar; without, the whole bar is meant.
    beat: Option<f64>,
}

pub(super) fn parse(text: &str, take: Bars) -> Result<Region, RegionError> {
    let wrong = || RegionError::Text(quote(text.trim()));
    let parts: Vec<&str> = text.split(['-', '–']).map(str::trim).collect();
    let (start, end, inclusive) = match parts[..] {
        [one] => {
            let start = place(one, wrong, take)?;
            let end = match start.beat {
                // A beat by its number is that beat; in between beats nobody knows how much is meant.
                Some(beat) if beat.fract() == 0.0 && beat < BEATS => start.bar + beat + 1.0,
                Some(_) => return Err(wrong()),
                None => start.bar + BEATS,
            };
            (start, end, true)
        }
        [from, to] => {
            let end = place(to, wrong, take)?;
            (place(from, wrong, take)?, end.bar + end.beat.unwrap_or(BEATS), end.beat.is_none())
        }
        _ => return Err(wrong()),
    };
    let beats = take.beats().get();
    let first = start.bar + start.beat.unwrap_or(0.0);
    match start.beat {
        Some(beat) if beat >= BEATS => return Err(RegionError::Beat(beat + 1.0)),
        // "2-1" goes all the way round, "3.2-3.2" nowhere.
        _ if first == end && !inclusive => return Err(RegionError::Empty),
        _ => {}
    }
    let length = if end > first { end - first } else { end + beats - first };
    Region::new(first, length, take)
}

fn place(text: &str, wrong: impl Fn() -> RegionError, take: Bars) -> Result<Place, RegionError> {
    let (bar, beat) = text.split_once('.').map_or((text, None), |(bar, beat)| (bar, Some(beat)));
    let digits = |t: &str| !t.is_empty() && t.len() <= 18 && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(bar) {
        return Err(wrong());
    }
    let bar: u32 = bar.parse().map_err(|_| wrong())?;
    let beat = match beat {
        None => None,
        Some(beat) => {
            let (whole, part) = beat.split_once('.').unwrap_or((beat, "0"));
            if !digits(whole) || !digits(part) {
                return Err(wrong());
            }
            let beat: f64 = beat.parse().map_err(|_| wrong())?;
            if !(1.0..=BEATS + 1.0).contains(&beat) {
                return Err(RegionError::Beat(beat));
            }
            Some(beat - 1.0)
        }
    };
    // The first beat behind the take is a good end, and says so as a start.
    let last = if beat == Some(0.0) { take.get() + 1 } else { take.get() };
    if !(1..=last).contains(&bar) {
        return Err(RegionError::Bar { bar, bars: take });
    }
    Ok(Place { bar: f64::from(bar - 1) * BEATS, beat })
}

/// A region as bars and beats: displayed as "3", "3-4" or "3.2-3.4.5".
///
/// All of a take that doesn't begin on a bar line has no words of its own: it is shown as all its bars. What is no region of the take
/// (one read from a file may not be) is shown where it lies, in bars that the take hasn't: nothing wraps there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegionText {
    start: f64,
    end: f64,
}

impl RegionText {
    pub(super) fn new(region: Region, take: Bars) -> Self {
        let beats = take.beats().get();
        let Region { start, length } = region;
        if region.check(take).is_err() {
            return Self { start, end: start + length };
        }
        if length == beats && start % BEATS != 0.0 {
            return Self { start: 0.0, end: beats };
        }
        let end = start + length;
        Self { start, end: if end > beats { end - beats } else { end } }
    }
}

impl fmt::Display for RegionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bar = |beat: f64| (beat / BEATS).floor() as u32 + 1;
        let place = |beat: f64| format!("{}.{}", bar(beat), beat % BEATS + 1.0);
        let on_bars = self.start % BEATS == 0.0 && self.end % BEATS == 0.0;
        // An end on a bar line belongs to the bar before it.
        let (first, last) = (bar(self.start), (self.end / BEATS) as u32);
        match on_bars {
            true if first == last => write!(f, "{first}"),
            true => write!(f, "{first}-{last}"),
            false => write!(f, "{}-{}", place(self.start), place(self.end)),
        }
    }
}
