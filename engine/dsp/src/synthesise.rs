//! Features to audio.

use crate::parts::{both, decimated, parts};
use crate::phases::{Given, solve};
use crate::regions::{self, Span};
use crate::{Features, HIGH_WINDOW, LOW_WINDOW, circle, denser, magnitudes, resample};

/// How audio is made from features.
pub struct Synthesis<'a> {
    /// How many threads of the current rayon pool to work on; the result doesn't depend on it.
    pub threads: usize,
    /// How much longer the windows behind the features are than those of this tempo: 1 for audio that was analysed at it. A model that
    /// knows only some tempos, or made its features at another one, saw sounds begin in windows of that tempo.
    pub stretch: f64,
    /// Random numbers in `[0, 1)`, by index: phases to begin with, where nothing better is known.
    pub turns: &'a (dyn Fn(u64) -> f32 + Sync),
    /// Asked in each iteration; `false` stops the work.
    pub proceed: &'a (dyn Fn() -> bool + Sync),
}

/// The work was stopped because it is no longer wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Stopped before the sound was finished.")]
pub struct Cancelled;

/// Log magnitudes to audio of exactly `samples` around the circle. What is shorter than the long window (93 ms) stays silent.
///
/// # Errors
/// [`Cancelled`] if `how` says so.
pub fn synthesise(features: &Features, samples: usize, how: &Synthesis) -> Result<Vec<f32>, Cancelled> {
    if samples < LOW_WINDOW {
        return Ok(vec![0.0; samples]);
    }
    let magnitudes = magnitudes(&denser(features, samples));
    let times = magnitudes.frames / features.frames();
    let all: Vec<usize> = (0..magnitudes.frames).collect();
    let (high, low) = parts(magnitudes, times, samples, how);
    let (high, low) = both(how.threads, || high.task(all.clone(), None, how), || low.task(all.clone(), None, how));
    let (mut audio, low) = solve([high, low], how)?;
    resample::add(&low, &mut audio, &[(0, samples)], 1.0, how.threads);
    Ok(audio)
}

/// Audio whose spans have these features, and which goes on outside of them as `parent` does; nothing is promised farther away.
pub(crate) fn fill(features: &Features, parent: &[f32], spans: &[Span], how: &Synthesis) -> Result<Vec<f32>, Cancelled> {
    let samples = parent.len();
    let magnitudes = magnitudes(&denser(features, samples));
    let times = magnitudes.frames / features.frames();
    let frames = magnitudes.frames;
    let (high, low) = parts(magnitudes, times, samples, how);
    // The low band's frames don't stand on whole samples of their own circle: one more on either side.
    let low_window = LOW_WINDOW + 64;
    let active = |window: usize| -> Vec<usize> {
        let near = regions::widened(spans, window / 2, samples);
        let inside = regions::mask(&near, samples);
        (0..frames).filter(|i| inside(circle::centre(*i, samples, frames) % samples)).collect()
    };
    let (given_high, given_low) = given(parent, spans, low_window, how.threads);
    let high = || high.task(active(HIGH_WINDOW), Some(given_high), how);
    let low = || low.task(active(low_window), Some(given_low), how);
    let (high, low) = both(how.threads, high, low);
    let (mut audio, low) = solve([high, low], how)?;
    resample::add(&low, &mut audio, spans, 1.0, how.threads);
    Ok(audio)
}

/// The high and the low band of a parent as far as frames see that reach into spans.
fn given(parent: &[f32], spans: &[Span], low_window: usize, threads: usize) -> (Given, Given) {
    let samples = parent.len();
    let fewer = decimated(samples);
    let inside = regions::mask(spans, samples);
    let place = |m: usize| (m as u64 * samples as u64 / fewer as u64) as usize;
    let seen = regions::widened(spans, low_window, samples);
    let audio = resample::down(parent, fewer, &regions::mask(&seen, samples));
    let low = Given { made: (0..fewer).map(|m| f32::from(u8::from(inside(place(m))))).collect(), audio };
    let mut audio = parent.to_vec();
    resample::add(&low.audio, &mut audio, &regions::widened(spans, HIGH_WINDOW, samples), -1.0, threads);
    (Given { made: (0..samples).map(|n| f32::from(u8::from(inside(n)))).collect(), audio }, low)
}

#[cfg(test)]
pub(crate) mod test;
