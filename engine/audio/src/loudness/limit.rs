//! Limiting inside of regions only.

use inlay_music::{Frames, SampleRate};

/// Frames of a loop from `start`, `length` of them; what runs beyond the end goes on at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First frame.
    pub start: Frames,
    /// How many.
    pub length: Frames,
}

/// The gain stays down for this long before and after a peak, in seconds: about a period of the lowest bass.
const HOLD: f64 = 0.020;
/// And takes this long to get there and back, in seconds.
const RAMP: f64 = 0.030;
/// Peaks are gathered over this time, in seconds.
const GRAIN: f64 = 0.001;

/// Turns down what passes `ceiling` inside of `spans`, and there only: samples outside keep every bit.
///
/// `parts` are the channels of one take (mid, and side if it has its own), `heard` the magnitude of each frame as the
/// listener gets it ([`super::heard`]); all parts get the same gain. It falls before a peak and rises after it in a smooth
/// curve, is 1 at the edges of a span, and there is steeper the nearer the peak. Where no frame passes, nothing changes.
/// A parent that is itself louder than −1 dBFS needs its own peak as `ceiling`, else the edges step.
///
/// Parts or spans that don't fit the length of `heard` are cut to it.
pub fn limit_regions(parts: &mut [&mut [f32]], heard: &[f32], spans: &[Span], ceiling: f32, rate: SampleRate) {
    for span in spans {
        if heard.is_empty() {
            return;
        }
        let length = span.length.get().min(heard.len());
        let at = |i: usize| (span.start.get() % heard.len() + i) % heard.len();
        let Some(gains) = gains(length, |i| heard[at(i)], ceiling, rate) else { continue };
        for part in parts.iter_mut() {
            for (i, &gain) in gains.iter().enumerate() {
                if let Some(sample) = part.get_mut(at(i)).filter(|_| gain < 1.0) {
                    *sample *= gain;
                }
            }
        }
    }
}

/// The gain of each frame of one span, or `None` if nothing passes the ceiling.
fn gains(length: usize, heard: impl Fn(usize) -> f32, ceiling: f32, rate: SampleRate) -> Option<Vec<f32>> {
    let frames = |seconds: f64| (seconds * f64::from(rate.get())).ceil() as usize;
    let (hold, ramp, grain) = (frames(HOLD), frames(RAMP), frames(GRAIN));

    let mut gains = vec![1.0f32; length];
    let mut touched = false;
    for from in (0..length).step_by(grain) {
        let to = (from + grain).min(length);
        let over = |&i: &usize| heard(i) > ceiling;
        let (Some(first), Some(last)) = ((from..to).find(over), (from..to).rev().find(over)) else { continue };
        let peak = (first..=last).map(&heard).fold(0.0, f32::max);
        // A hair below, so that rounding of the product can't pass.
        let need = ceiling / peak * (1.0 - 1e-6);
        touched = true;

        // What room there is before and after, up to hold and ramp; half of a short room is ramp at least.
        let shape = |room: usize| {
            let ramp = ramp.min(room.div_ceil(2));
            (hold.min(room - ramp), ramp)
        };
        let dip = |distance: usize, (hold, ramp): (usize, usize)| {
            let x = distance.saturating_sub(hold) as f64 / (ramp + 1) as f64;
            let depth = 0.5 + 0.5 * (std::f64::consts::PI * x).cos();
            (1.0 - (1.0 - f64::from(need)) * depth) as f32
        };
        let (before, after) = (shape(first), shape(length - 1 - last));
        let reach = first - before.0 - before.1..=last + after.0 + after.1;
        for (gain, i) in gains[reach.clone()].iter_mut().zip(reach) {
            let here = match i {
                _ if i < first => dip(first - i, before),
                _ if i > last => dip(i - last, after),
                _ => need,
            };
            *gain = gain.min(here);
        }
    }
    touched.then_some(gains)
}
