//! How loud a loop is, the gain that brings it to the level of all takes, and the limiter of inpainted regions.

mod limit;

use ebur128::{Channel, EbuR128, Mode};
use inlay_music::SampleRate;

pub use limit::{Span, limit_regions};

/// The level of a generated take, in LUFS.
pub const TARGET: f64 = -18.0;
/// No sample of what is heard lies above this: −1 dBFS.
pub const CEILING: f32 = 0.891_250_9;

/// Integrated loudness in LUFS (ITU-R BS.1770-4, EBU R 128: K-weighting, both gates) of a loop played round and round.
///
/// `mid` is one channel, heard on both speakers (so it counts twice, 3 dB above the same samples on one). The filters start
/// with the loop's end behind them, and blocks of 400 ms are measured all around the circle, one every 25 ms, so that turning the
/// loop hardly changes the result (0.2 LU for the sparsest beats). `None` for silence: what is empty, below −70 LUFS or no number.
pub fn loudness(mid: &[f32], rate: SampleRate) -> Option<f64> {
    if mid.is_empty() {
        return None;
    }
    // Blocks begin every 100 ms. With beats that fall in step with them, where the first one lies would change the gates' choice
    // and the result by a decibel: so four meters begin a quarter of that apart.
    let quarter = rate.get() as usize / 40;
    let meters: Vec<EbuR128> = (0..4).map(|i| metered(mid, i * quarter, rate)).collect::<Result<_, _>>().ok()?;
    EbuR128::loudness_global_multiple(meters.iter()).ok().filter(|l| l.is_finite())
}

/// A meter that heard the loop from frame `start` on.
fn metered(mid: &[f32], start: usize, rate: SampleRate) -> Result<EbuR128, ebur128::Error> {
    let n = mid.len();
    let tenth = rate.get() as usize / 10;
    let mut meter = EbuR128::new(1, rate.get(), Mode::I)?;
    meter.set_channel(0, Channel::DualMono)?;

    // Half a second settles the filters (the slowest is a high-pass of 38 Hz).
    let run_in = 5 * tenth;
    let settle: Vec<f32> = (0..run_in).map(|i| mid[(start + n - run_in % n + i) % n]).collect();
    meter.seed_frames_f32(&settle)?;

    // Rounds of a short loop meet the blocks at other places each time. The first block is whole after 400 ms: 300 more, and
    // the last ones reach across the seam.
    let mut left = (30 * tenth).div_ceil(n) * n + 3 * tenth;
    let mut from = start % n;
    while left > 0 {
        let part = left.min(n - from);
        meter.add_frames_f32(&mid[from..from + part])?;
        left -= part;
        from = 0;
    }
    Ok(meter)
}

/// The gain that brings a generated loop to [`TARGET`], less where the loudest sample would pass [`CEILING`]; 1 for silence.
///
/// Loudness is that of `mid` on both speakers, whatever the width, so that a wider sound isn't turned down. The peak is
/// that of what is heard at `width`: left mid + width · side, right mid − width · side. `side` is as long as `mid`, or empty
/// for mono.
pub fn level_gain(mid: &[f32], side: &[f32], width: f32, rate: SampleRate) -> f32 {
    let Some(loudness) = loudness(mid, rate) else { return 1.0 };
    let gain = 10f64.powf((TARGET - loudness) / 20.0) as f32;
    gain.min(ceiling_gain(mid, side, width))
}

/// The largest gain at which no sample of what is heard at `width` passes [`CEILING`] (for a varied take, which keeps its
/// parent's gain as long as that is smaller). Infinite for silence.
pub fn ceiling_gain(mid: &[f32], side: &[f32], width: f32) -> f32 {
    let peak = heard(mid, side, width).fold(0.0, f32::max);
    let gain = CEILING / peak;
    // Rounding must not lift the peak above the ceiling again.
    if gain.is_finite() && gain * peak > CEILING { gain.next_down() } else { gain }
}

/// Per sample the larger magnitude of left and right: |mid| + |width · side|.
pub fn heard<'a>(mid: &'a [f32], side: &'a [f32], width: f32) -> impl Iterator<Item = f32> + 'a {
    let side = side.iter().copied().chain(std::iter::repeat(0.0));
    mid.iter().zip(side).map(move |(m, s)| m.abs() + (width * s).abs())
}

#[cfg(test)]
mod test;
