//! Sample rates: loops are resampled on their circle.
//!
//! A loop at another rate is the same circle cut into another count of samples, so it is resampled with an index that
//! wraps: there is no start, no end and no delay. Going up it is first doubled by a steep filter and then cut anew by a short kernel that
//! has an octave of room; going down the other way round. Together they are flat to 0.945 of the lower rate's Nyquist frequency and below
//! −100 dB from there upwards of 1.0.
//!
//! The same input gives the same samples for ever and on every machine, which projects rely on: places are whole numbers, filters
//! are made without the system's mathematics, every sum has a fixed order, and nothing is fused. A test holds the bits.

mod sharp;
mod short;
mod window;

use inlay_music::Frames;
use short::Kernel;

/// The loop `audio`, one channel, as `length` samples around the same circle.
///
/// Sample `j` lies at `j · audio.len() / length` of the input, computed in whole numbers. The same length gives the same
/// samples, bit for bit; an empty loop gives silence. `length` below a 64th of the input aliases (no rate asks for that).
#[must_use = "the loop given is not changed"]
pub fn resample_loop(audio: &[f32], length: Frames) -> Vec<f32> {
    let (n, m) = (audio.len(), length.get());
    if n == m {
        return audio.to_vec();
    }
    if n == 0 || m == 0 {
        return vec![0.0; m];
    }
    if n < m {
        Kernel::same().place(&sharp::double(audio), m)
    } else {
        // where what comes down is, twice as many samples have room
        let scale = (n as f64 / (2 * m) as f64).min(32.0);
        sharp::halve(&Kernel::new(scale).place(audio, 2 * m))
    }
}

/// `length` samples of the circle `audio`, from the one that lies `before` samples ahead of its first.
pub(crate) fn around(audio: &[f32], before: usize, length: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(length);
    let mut at = (audio.len() - before % audio.len()) % audio.len();
    while out.len() < length {
        out.extend_from_slice(&audio[at..audio.len().min(at + length - out.len())]);
        at = 0;
    }
    out
}

#[cfg(test)]
mod test;
