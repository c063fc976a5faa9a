//! Takes that were made before, from what was kept of them.

use super::{Bench, finish, latents, shape::Shape, sound};
use crate::{
    error::JobError,
    redo::{self, Kept},
};
use half::f16;
use inlay_music::{About, Take};

/// The take that `about` tells of: from its latents, or from its request if they are gone.
pub(super) fn again(bench: &mut Bench<'_, '_>, about: &About, kept: Option<&[f16]>) -> Result<Vec<Take>, JobError> {
    let what = if kept.is_some() { Kept::Latents } else { Kept::Request };
    redo::check_model(about, what, Some(&bench.model.hash), Some(&bench.model.codec_hash))?;
    let Some(kept) = kept else { return super::generate(bench) };
    let mid = sound::sounding(bench, about, kept, (0, 1))?;
    Ok(vec![finish(about.clone(), kept.to_vec(), sound::at_level(mid, about.gain))])
}

/// What can be said before any work starts.
pub(super) fn check(about: &About, kept: Option<&[f16]>) -> Result<(), JobError> {
    let Some(kept) = kept else { return Ok(redo::check(about, Kept::Request)?) };
    redo::check(about, Kept::Latents)?;
    Shape::of_latents(&about.request, kept.len())?;
    if latents::numbers(kept).iter().all(|v| v.is_finite()) && about.gain.is_finite() {
        return Ok(());
    }
    Err(JobError::Damaged("numbers that are none".into()))
}

#[cfg(test)]
mod test;
