//! Sample rates: loops are resampled on their circle, files from end to end.
//!
//! A loop at another rate is the same circle cut into another count of samples, so it is resampled with an index that
//! wraps: there is no start, no end and no delay. The kernel is a Kaiser-windowed sinc of 256 taps of the lower rate:
//! flat to 0.945 of its Nyquist frequency, below −100 dB from there upwards of 1.0.

mod kernel;

use audioadapter_buffers::direct::SequentialSliceOfSlices;
use inlay_music::{Frames, SampleRate};
use kernel::Kernel;
use rubato::{Fft, FixedSync, Resampler, WindowFunction};
use std::sync::OnceLock;

/// Why audio can't be brought to another rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// The channels of one file differ in length.
    #[error("the channels of this audio differ in length: export it again as one stereo file")]
    Ragged,
    /// The resampler refused the work; the text is its own.
    #[error("this audio can't be converted from {from} Hz to {to} Hz ({reason}): export it at 44100 or 48000 Hz")]
    Refused {
        /// Rate of the audio.
        from: u32,
        /// Rate asked for.
        to: u32,
        /// What the resampler said.
        reason: String,
    },
}

/// The loop `audio`, one channel, as `length` samples around the same circle.
///
/// Sample `j` lies at `j · audio.len() / length` of the input, computed in whole numbers. The same length gives the same
/// samples, bit for bit; an empty loop gives silence. `length` below a 64th of the input aliases (no rate asks for that).
#[must_use = "the loop given is not changed"]
pub fn resample_loop(audio: &[f32], length: Frames) -> Vec<f32> {
    // Going up, the kernel is that of the input's rate whatever the output's: one table serves all.
    static UP: OnceLock<Kernel> = OnceLock::new();

    let (n, m) = (audio.len(), length.get());
    if n == m {
        return audio.to_vec();
    }
    if n == 0 || m == 0 {
        return vec![0.0; m];
    }
    let down;
    let kernel = if n < m {
        UP.get_or_init(|| Kernel::new(1.0))
    } else {
        down = Kernel::new((n as f64 / m as f64).min(64.0));
        &down
    };

    // Input around which the kernel can run without wrapping; `before` samples of the loop's end come first.
    let before = kernel.taps() / 2 - 1;
    let wrapped = |i: usize| audio[(n - before % n + i) % n];
    let around: Vec<f32> = (0..n + kernel.taps()).map(wrapped).collect();

    kernel.run(&around, n, m)
}

/// Whole audio that doesn't loop, brought from one rate to another: no delay, round(length · `to` / `from`) frames.
///
/// Channels are slices of equal length. The same rate gives the same samples, bit for bit.
///
/// # Errors
/// [`RateError::Ragged`] for channels of different lengths, [`RateError::Refused`] if the resampler can't do it.
pub fn convert(channels: &[&[f32]], from: SampleRate, to: SampleRate) -> Result<Vec<Vec<f32>>, RateError> {
    let length = channels.first().map_or(0, |c| c.len());
    if channels.iter().any(|c| c.len() != length) {
        return Err(RateError::Ragged);
    }
    if from == to || length == 0 {
        return Ok(channels.iter().map(|c| c.to_vec()).collect());
    }
    let refused = |reason: String| RateError::Refused { from: from.get(), to: to.get(), reason };

    // At least 512 frames of the lower rate a transform put the cutoff at 0.973 of its Nyquist frequency. An even count of
    // both sides: the delay is half a transform, and half a sample of it could not be taken off.
    let (rate_in, rate_out) = (from.get() as usize, to.get() as usize);
    let common = gcd(rate_in, rate_out);
    let blocks = 512_usize.div_ceil(rate_in.min(rate_out) / common).next_multiple_of(2);
    let chunk = blocks * (rate_in / common);
    let mut resampler =
        Fft::<f32>::new_custom(rate_in, rate_out, chunk, 1, channels.len(), WindowFunction::BlackmanHarris2, FixedSync::Both)
            .map_err(|e| refused(e.to_string()))?;
    let input = SequentialSliceOfSlices::new(channels, channels.len(), length).map_err(|e| refused(e.to_string()))?;
    let mixed = resampler.process_all(&input, length, None).map_err(|e| refused(e.to_string()))?.take_data();

    let frames = (length as u128 * rate_out as u128 * 2 + rate_in as u128) / (2 * rate_in as u128);
    let frames = usize::try_from(frames).map_err(|e| refused(e.to_string()))?;
    let channel = |c| {
        let mut samples: Vec<f32> = mixed.iter().skip(c).step_by(channels.len()).copied().take(frames).collect();
        samples.resize(frames, 0.0);
        samples
    };
    Ok((0..channels.len()).map(channel).collect())
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod test;
