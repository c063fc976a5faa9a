//! The seam of a loop: what leads to its start is made anew, so that it leads there.
//!
//! The loop is turned so that the seam lies in the middle, and the last beat before it is a region of which the model hears both sides. The
//! start itself stays: the downbeat keeps its attack.

use super::{Bench, From, Making, Place, fit::wrapped};
use crate::{error::JobError, progress::Stage};
use inlay_stable::Stereo;

/// What the model hears on either side of the seam at most, in seconds.
const HEARD: f64 = 4.0;
/// The shortest region, in seconds: the model's latents are 93 ms apart.
const SHORTEST: f64 = 0.4;
/// Fade at the region's start, in seconds, and at the seam.
const FADES: (f64, f64) = (0.030, 0.010);
/// Other chance than that of the loop itself.
const PASS: u16 = 1;

/// Seconds that are made for the seam of a loop of so many.
pub(super) fn seconds(whole: f64) -> f64 {
    whole.min(2.0 * HEARD)
}

/// The loop with a new way to its start, where the model can make regions anew.
pub(super) fn close(bench: &mut Bench<'_, '_>, audio: Stereo, variation: u32, place: Place) -> Result<Stereo, JobError> {
    let n = audio[0].len();
    if !bench.loaded.inpaints || n == 0 {
        return Ok(audio);
    }
    let rate = f64::from(bench.rate().get());
    let heard = ((2.0 * HEARD.min(bench.loaded.seconds / 2.0) * rate) as usize).min(n);
    let before = heard / 2;
    let turned: Stereo = audio.each_ref().map(|c| wrapped(c, before, heard));
    let region = (bench.beat().max(SHORTEST * rate) as usize).min(before / 2);
    let latent = bench.loaded.latent;
    // a latent is made anew whose first sample is in the region: the one that the region begins in, too
    let from = (before - region) / latent * latent;
    let regions = [from as f64 / rate..(before as f64 + 0.5) / rate];
    let source = From::Inpaint { audio: &turned, regions: &regions };
    let made = bench.make(
        Making { seconds: heard as f64 / rate, samples: Some(before - region..before), source, variation, pass: PASS },
        [Stage::Closing; 2],
        place,
    )?;
    let fades = (FADES.0 * rate, FADES.1 * rate);
    let mut closed = audio;
    for (channel, made) in closed.iter_mut().zip(&made) {
        for i in 0..region {
            let Some(new) = made.get(i) else { continue };
            let part = ((i + 1) as f64 / fades.0).min((region - i) as f64 / fades.1).min(1.0) as f32;
            let sample = &mut channel[n - region + i];
            *sample += (new - *sample) * part;
        }
    }
    Ok(closed)
}
