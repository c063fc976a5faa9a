//! Another length at the same pitch, for takes that the model didn't make.
//!
//! The phase vocoder is the crate `timestretch`. What is added here makes its result a loop of an exact count of samples: it hears
//! the loop with its own end before and its own start behind, the little that its ratio is rounded by (to 1/512) is resampled
//! away around the circle (1.7 cents at a ratio of 1 at most, 3.4 at a half, 0.8 at two), and just before the seam its end fades into what leads to its start.
//!
//! Measured: sines come out within 0.1 dB but for those at the vocoder's crossover (1.5 kHz ± 100 Hz: up to 4 dB less), hits within 3 ms.

use crate::rates::resample_loop;
use inlay_music::{Frames, SampleRate};
use timestretch::{Backend, DurationRatio, Parameters, RatePolicy, SessionConfig, SessionError, render};

/// Why a loop can't be stretched.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StretchError {
    /// The ratio lies outside of what sounds like anything.
    #[error("this audio would become {0:.2} times as long, and 0.25 to 8 times can be made: count its tempo double or half")]
    TooFar(f64),
    /// Neither mono nor stereo, or channels of different lengths.
    #[error("only mono and stereo audio can be stretched: mix it down to two channels of one length")]
    Channels,
    /// A sample is no number, or the vocoder gave up; the text is its own.
    #[error("this audio can't be stretched ({0}): export it again from where it was made")]
    Failed(String),
}

/// The vocoder rounds its ratio down to a whole number of these: a hair above the nearest one is asked for.
const STEPS: f64 = 512.0;
/// What the vocoder hears of the loop before its start and behind its end, in seconds: several of its windows.
const AROUND: f64 = 0.4;
/// How long the end takes to fade into what leads to the start, in seconds. It ends at the seam, so the downbeat keeps its attack.
const FADE: f64 = 0.030;

/// The loop of `channels` (one or two of equal length, at `rate`) as `length` samples around its circle, pitch kept.
///
/// Both channels go through together, so their phases stay with each other. Places scale with the length, within 5 ms. The same
/// length gives the same samples, bit for bit; an empty loop gives silence.
///
/// # Errors
/// [`StretchError::TooFar`] below a quarter of the length and above eight times, [`StretchError::Channels`] for three and more
/// or ragged channels, [`StretchError::Failed`] for samples that are no numbers.
pub fn stretch_loop(channels: &[&[f32]], length: Frames, rate: SampleRate) -> Result<Vec<Vec<f32>>, StretchError> {
    let n = channels.first().map_or(0, |c| c.len());
    if !(1..=2).contains(&channels.len()) || channels.iter().any(|c| c.len() != n) {
        return Err(StretchError::Channels);
    }
    if n == length.get() {
        return Ok(channels.iter().map(|c| c.to_vec()).collect());
    }
    if n == 0 || length.get() == 0 {
        return Ok(vec![vec![0.0; length.get()]; channels.len()]);
    }
    let ratio = length.get() as f64 / n as f64;
    if !(0.25..=8.0).contains(&ratio) {
        return Err(StretchError::TooFar(ratio));
    }

    // The vocoder's windows are made for three rates. Others are close to one of them, or brought to one.
    let native = match rate.get() {
        0..32_000 => {
            let up = Frames((n as f64 * 44_100.0 / f64::from(rate.get())).round() as usize);
            let channels: Vec<Vec<f32>> = channels.iter().map(|c| resample_loop(c, up)).collect();
            let channels: Vec<&[f32]> = channels.iter().map(Vec::as_slice).collect();
            return stretched(&channels, ratio, length, 44_100);
        }
        32_000..46_000 => 44_100,
        46_000..70_000 => 48_000,
        _ => 96_000,
    };
    stretched(channels, ratio, length, native)
}

/// As [`stretch_loop`], by a `ratio` in bounds, with the windows of the rate `native`.
fn stretched(channels: &[&[f32]], ratio: f64, length: Frames, native: u32) -> Result<Vec<Vec<f32>>, StretchError> {
    let n = channels[0].len();
    let failed = |e: SessionError| StretchError::Failed(e.to_string());
    let around = (AROUND * f64::from(native)) as usize;
    let input: Vec<f32> = (0..n + 2 * around).flat_map(|i| channels.iter().map(move |c| c[(n - around % n + i) % n])).collect();
    let config = SessionConfig {
        source_sample_rate: native,
        output_sample_rate: native,
        channels: channels.len(),
        // The same samples on every system.
        backend: Backend::Portable,
        parameters: Parameters::keylock(DurationRatio::new(((ratio * STEPS).round() + 0.01) / STEPS).map_err(failed)?.tempo()),
        rate_policy: RatePolicy::NativeOnly,
        ..SessionConfig::default()
    };
    let rendered = render(&input, config).map_err(failed)?;
    let achieved = rendered.report.parameters.achieved_stretch;

    // The loop lies in the middle of what came out.
    let start = (around as f64 * achieved).round() as usize;
    let turn = (n as f64 * achieved).round() as usize;
    let fade = ((FADE * f64::from(native)) as usize).min(start).min(turn / 2);
    if rendered.samples.len() < (start + turn) * channels.len() {
        return Err(StretchError::Failed("it came out too short".into()));
    }
    let mut out: Vec<Vec<f32>> = (0..channels.len())
        .map(|c| rendered.samples.iter().skip(c).step_by(channels.len()).copied().take(start + turn).collect())
        .collect();
    close(&mut out, start, fade);
    Ok(out.iter().map(|c| resample_loop(&c[start..], length)).collect())
}

/// Fades the last `fade` samples of each channel into those before `start`, which the loop's first sample follows.
fn close(channels: &mut [Vec<f32>], start: usize, fade: usize) {
    // How alike the two are says what their sum loses in the middle of the fade.
    let (mut both, mut old, mut new) = (0.0, 0.0, 0.0);
    for c in channels.iter() {
        for (&a, &b) in c[c.len() - fade..].iter().zip(&c[start - fade..start]) {
            let (a, b) = (f64::from(a), f64::from(b));
            (both, old, new) = (both + a * b, old + a * a, new + b * b);
        }
    }
    let alike = if old * new > 0.0 { (both / (old * new).sqrt()).max(0.0) } else { 1.0 };
    for c in channels.iter_mut() {
        let end = c.len() - fade;
        for i in 0..fade {
            let (sin, cos) = (std::f64::consts::FRAC_PI_2 * (i + 1) as f64 / (fade + 1) as f64).sin_cos();
            let level = 1.0 / (1.0 + 2.0 * alike * sin * cos).sqrt();
            let faded = level * (cos * f64::from(c[end + i]) + sin * f64::from(c[start - fade + i]));
            c[end + i] = faded as f32;
        }
    }
}

#[cfg(test)]
mod test;
