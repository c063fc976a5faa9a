//! The tempo of a file, where its first bar begins and how much of it makes a take.

mod grid;
mod near;
mod search;

pub use near::{Near, REACH, near};

use crate::onsets::{Listen, Onset, onsets};
use inlay_music::{Bars, Bpm, Frames, SampleRate};

/// Why a file has no place in bars.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TempoError {
    /// Too little begins in it for a tempo.
    #[error("no tempo can be heard in this audio: give one (as 120), or choose audio with a beat")]
    NoBeat,
    /// Less than a bar.
    #[error("this audio is shorter than one bar at {0}: choose a longer file, or a faster tempo")]
    TooShort(Bpm),
}

/// What was heard in a file, or follows from a given tempo.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    /// Beats a minute.
    pub bpm: Bpm,
    /// Share of what begins that falls on sixteenths of this tempo, 0 to 1. Below 0.5 it is a guess.
    pub confidence: f32,
    /// Half and double the tempo, as far as they can be made.
    pub alternatives: Vec<Bpm>,
    /// Where the first bar begins.
    pub downbeat: Frames,
    /// The longest that fits from there.
    pub bars: Bars,
}

/// A file may end this much before its last bar does, in seconds: exports and compressed formats cut a little.
const SLACK: f64 = 0.025;

/// The tempo, downbeat and bars of one channel of audio that doesn't loop.
///
/// Onsets vote: a tempo is good when they fall on its beats, halves and quarters of them (the spectrum of the onsets at these
/// rates), and likelier near 115 BPM; kicks choose between half and double. A line laid through the onsets near the grid
/// makes it exact; where the file is just so many bars at nearly that tempo, it is the file's: loops are cut like that.
/// `downbeat` is where kick, and what comes in first, are most at home.
///
/// # Errors
/// [`TempoError::NoBeat`] for silence and less than four onsets, [`TempoError::TooShort`] where no bar fits.
pub fn detect(mono: &[f32], rate: SampleRate) -> Result<Detected, TempoError> {
    let heard = Heard::new(mono, rate);
    if heard.all.len() < 4 {
        return Err(TempoError::NoBeat);
    }
    let rough = search::tempo(&heard.all, &heard.low).ok_or(TempoError::NoBeat)?;
    let measured = search::refined(&heard.all, rough);
    let bpm = grid::whole_bars(heard.seconds, measured).unwrap_or(measured);
    placed(&heard, Bpm::new(bpm.clamp(Bpm::MIN, Bpm::MAX)).map_err(|_| TempoError::NoBeat)?, rate)
}

/// Downbeat and bars of one channel of audio at a tempo that somebody gave. Audio without onsets starts with its first sample.
///
/// # Errors
/// [`TempoError::TooShort`] where no bar fits.
pub fn locate(mono: &[f32], rate: SampleRate, bpm: Bpm) -> Result<Detected, TempoError> {
    placed(&Heard::new(mono, rate), bpm, rate)
}

/// What both ways need of the audio.
struct Heard {
    all: Vec<Onset>,
    low: Vec<Onset>,
    seconds: f64,
}

impl Heard {
    fn new(mono: &[f32], rate: SampleRate) -> Self {
        // More than a minute doesn't make a tempo clearer.
        let part = &mono[..mono.len().min(rate.get() as usize * 60)];
        Self {
            all: onsets(part, rate, Listen::default()),
            low: onsets(part, rate, Listen { below: Some(150.0), round: false }),
            seconds: mono.len() as f64 / f64::from(rate.get()),
        }
    }
}

fn placed(heard: &Heard, bpm: Bpm, rate: SampleRate) -> Result<Detected, TempoError> {
    let bar = 240.0 / bpm.get();
    let fits = |from: f64| Bars::ALL.into_iter().rev().find(|b| from + f64::from(b.get()) * bar <= heard.seconds + SLACK);
    // A file of so many bars begins with the first of them.
    let whole = grid::whole_bars(heard.seconds, bpm.get()).is_some_and(|exact| (exact / bpm.get() - 1.0).abs() < 1e-3);
    let mut start = grid::downbeat(heard, 60.0 / bpm.get(), whole);
    if fits(start).is_none() {
        // A single bar from the file's start is better than none from its second beat.
        start = 0.0;
    }
    let bars = fits(start).ok_or(TempoError::TooShort(bpm))?;
    let downbeat = (start * f64::from(rate.get())).round() as usize;
    Ok(Detected {
        bpm,
        confidence: grid::on_sixteenths(&heard.all, 60.0 / bpm.get(), start),
        alternatives: [0.5, 2.0].iter().filter_map(|f| Bpm::new(bpm.get() * f).ok()).collect(),
        downbeat: Frames(downbeat),
        bars,
    })
}

#[cfg(test)]
mod test;
