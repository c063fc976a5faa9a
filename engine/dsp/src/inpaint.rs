//! Regions of a loop made anew, growing out of what stands around them.

use crate::bands::frames_of;
use crate::synthesise::{Cancelled, Synthesis, fill};
use crate::{FRAMES_PER_BEAT, Features, LOW_WINDOW, RATE, analyse, paste, spans};

/// Renders `regions` (start and end in beats; an end beyond the last beat wraps) of `parent` anew from `features` (those of the
/// inpainted latents, at the parent's level). Every other sample is the parent's, bit for bit; the cross-fades of 5 ms lie inside the
/// regions. Outside of them the parent's own features count, and its samples are kept in every iteration, so that what is made grows
/// out of what is there.
///
/// `parent` is one channel of a loop of `beats` at 44.1 kHz; features of another count of frames leave it as it is.
///
/// # Errors
/// [`Cancelled`] if `how` says so.
pub fn inpaint_audio(
    parent: &[f32],
    features: &Features,
    regions: &[(f64, f64)],
    beats: usize,
    how: &Synthesis,
) -> Result<Vec<f32>, Cancelled> {
    let frames = frames_of(beats);
    let spans = spans(regions, beats, parent.len());
    if spans.is_empty() || parent.len() < LOW_WINDOW || features.frames() != frames {
        return Ok(parent.to_vec());
    }
    let mut wanted = analyse(parent, beats).data().to_vec();
    for i in (0..frames).filter(|i| inside(*i, regions, frames)) {
        for band in 0..Features::BANDS {
            wanted[band * frames + i] = features.row(band)[i];
        }
    }
    let made = fill(&Features::trusted(frames, wanted), parent, &spans, how)?;
    Ok(paste(parent, &made, regions, beats, RATE))
}

fn inside(frame: usize, regions: &[(f64, f64)], frames: usize) -> bool {
    let per_beat = FRAMES_PER_BEAT as f64;
    regions.iter().any(|(start, end)| (frame as f64 - start * per_beat).rem_euclid(frames as f64) < (end - start) * per_beat)
}

#[cfg(test)]
mod test;
