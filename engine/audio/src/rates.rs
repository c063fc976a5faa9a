//! Sample rates: loops are resampled on their circle.
//!
//! A loop at another rate is the same circle cut into another count of samples, so it is resampled with an index that
//! wraps: there is no start, no end and no delay. The kernel is a Kaiser-windowed sinc of 256 taps of the lower rate:
//! flat to 0.945 of its Nyquist frequency, below −100 dB from there upwards of 1.0.

mod kernel;

use inlay_music::Frames;
use kernel::Kernel;
use std::sync::OnceLock;

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

#[cfg(test)]
mod test;
