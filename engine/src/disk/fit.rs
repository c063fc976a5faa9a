//! Free audio to a loop of exactly so many bars at exactly a tempo.

mod likeness;

use crate::error::JobError;
use inlay_audio::{
    rates::resample_loop,
    stretch::stretch_loop,
    tempo::{Near, near},
};
use inlay_music::{Bars, Frames, SampleRate};
use inlay_stable::Stereo;
use likeness::Likeness;
use std::fmt;

/// Up to this the length is corrected by resampling: 3.5 cents are nothing that a vocoder should be heard for.
const RESAMPLED: f64 = 0.002;
/// How long the end of a cut takes to fade into what led to its start, in seconds. It ends at the seam: the downbeat keeps its attack.
const FADE: f64 = 0.030;

/// How far the audio was from what was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Report {
    asked: f64,
    heard: Option<Near>,
    /// Where the loop was cut, in seconds.
    start: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tempo = |bpm: f64| (bpm * 100.0).round() / 100.0;
        let (asked, start) = (tempo(self.asked), (self.start * 100.0).round() / 100.0);
        match self.heard {
            None => write!(f, "the model played no beat that could be heard: the loop was cut at {asked} BPM as asked, {start} s into it"),
            Some(near) if near.bpm == self.asked => {
                write!(f, "the model kept to {asked} BPM; the loop begins {start} s into what it played")
            }
            Some(near) => {
                let off = 100.0 * (near.bpm / self.asked - 1.0);
                write!(
                    f,
                    "the model played {} BPM ({off:+.2} %): the loop was cut {start} s into it and stretched to {asked} BPM",
                    tempo(near.bpm)
                )
            }
        }
    }
}

/// The best `bars` of `audio`, which was asked for at `asked` beats a minute, as a loop of `length` samples at `rate`.
pub(super) fn fit(audio: &Stereo, rate: SampleRate, asked: f64, bars: f64, length: Frames) -> Result<(Stereo, Report), JobError> {
    let hertz = f64::from(rate.get());
    let mid: Vec<f32> = audio[0].iter().zip(&audio[1]).map(|(l, r)| 0.5 * (l + r)).collect();
    let seconds = mid.len() as f64 / hertz;
    let heard = near(&mid, rate, asked);
    let beat = 60.0 / heard.map_or(asked, |near| near.bpm);
    let (bar, whole) = (f64::from(Bars::BEATS) * beat, bars * f64::from(Bars::BEATS) * beat);
    let samples = |seconds: f64| (seconds * hertz).round() as usize;
    let count = samples(whole);
    // what isn't there is silence
    let latest = mid.len().saturating_sub(count);

    let likeness = Likeness::new(&mid, rate, samples(beat));
    let places = candidates(heard.map(|near| near.downbeat), beat, bar, (seconds - whole).max(0.0));
    let score = |start: &f64| likeness.of(samples(*start).min(latest), count);
    let scored = places.into_iter().map(|start| (score(&start), start));
    let start = scored.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |best| best.1);

    let first = samples(start).min(latest);
    let channels = cut(audio, first, count, rate);
    let off = length.get() as f64 / count as f64 - 1.0;
    let channels = if off.abs() < RESAMPLED {
        channels.map(|c| resample_loop(&c, length))
    } else {
        let mut stretched = stretch_loop(&[&channels[0], &channels[1]], length, rate)?.into_iter();
        [stretched.next().unwrap_or_default(), stretched.next().unwrap_or_default()]
    };
    Ok((channels, Report { asked, heard, start: first as f64 / hertz }))
}

/// Where the loop may begin, in seconds up to `latest`: on downbeats; else on beats, and where no beat is known at any.
fn candidates(downbeat: Option<f64>, beat: f64, bar: f64, latest: f64) -> Vec<f64> {
    let every = |from: f64, step: f64| -> Vec<f64> {
        std::iter::successors(Some(from), |at| Some(at + step)).take_while(|at| *at <= latest + 1e-3).map(|at| at.min(latest)).collect()
    };
    let Some(downbeat) = downbeat else { return every(0.0, beat) };
    let on_bars = every(downbeat % bar, bar);
    if on_bars.is_empty() { every(downbeat % beat, beat) } else { on_bars }
}

/// `count` samples from `first` on, whose end fades into what led to their start: what came before it where there is any, else silence.
pub(super) fn cut(audio: &Stereo, first: usize, count: usize, rate: SampleRate) -> Stereo {
    let fade = ((FADE * f64::from(rate.get())) as usize).min(count / 4);
    audio.each_ref().map(|channel| {
        let mut out: Vec<f32> = channel.iter().skip(first).copied().chain(std::iter::repeat(0.0)).take(count).collect();
        for (i, sample) in out[count - fade..].iter_mut().enumerate() {
            let before = (first + i).checked_sub(fade).and_then(|at| channel.get(at)).copied().unwrap_or(0.0);
            let (sin, cos) = (std::f32::consts::FRAC_PI_2 * (i + 1) as f32 / (fade + 1) as f32).sin_cos();
            *sample = cos * *sample + sin * before;
        }
        out
    })
}

/// `length` samples of the circle `audio`, from `before` samples ahead of its first.
pub(super) fn wrapped(audio: &[f32], before: usize, length: usize) -> Vec<f32> {
    let n = audio.len().max(1);
    audio.iter().cycle().skip(n - 1 - (before + n - 1) % n).take(length).copied().collect()
}

#[cfg(test)]
mod test;
