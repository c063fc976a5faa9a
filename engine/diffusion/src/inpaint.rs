//! Making only parts of a loop.

use crate::latents::{Latents, ShapeError};
use crate::schedule::Level;
use std::ops::Range;

#[cfg(test)]
mod test;

/// Which latents in time are known and kept; the others are to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep(Vec<bool>);

impl Keep {
    /// A mask `[T]`, true where the known latents stay.
    pub fn new(mask: Vec<bool>) -> Self {
        Self(mask)
    }

    /// All of `frames` latents stay but those in `regions`: one mask for any number of them. A region that ends beyond the last latent
    /// goes on at the first one, and covers no latent twice.
    ///
    /// # Errors
    /// [`ShapeError::Frames`] if a region is empty, starts outside of the loop or is longer than it; [`ShapeError::Size`] if there are
    /// more than [`Latents::MAX`] latents.
    pub fn except(frames: usize, regions: &[Range<usize>]) -> Result<Self, ShapeError> {
        if frames > Latents::MAX {
            return Err(ShapeError::Size { batch: 1, frames, channels: 1 });
        }
        let mut mask = vec![true; frames];
        for region in regions {
            if region.is_empty() || region.start >= frames || region.len() > frames {
                return Err(ShapeError::Frames { start: region.start, end: region.end, frames });
            }
            region.clone().for_each(|i| mask[i % frames] = false);
        }
        Ok(Self(mask))
    }

    /// The mask `[T]`, true where the known latents stay.
    pub fn mask(&self) -> &[bool] {
        &self.0
    }

    /// The mask `[T]` as networks take it: 1 where the known latents stay, 0 where new ones are made.
    pub fn to_numbers(&self) -> Vec<f32> {
        self.0.iter().map(|&kept| f32::from(u8::from(kept))).collect()
    }
}

/// Known latents and where they stay.
///
/// For a denoiser that isn't trained for inpainting: samplers given this hold the known latents, noised to the level of each step, in
/// place (as in RePaint, Lugmayr et al. 2022, without its jumps back). One that is trained for it has the known latents
/// among its conditions and needs [`Inpaint::paste`] only.
#[derive(Debug, Clone, PartialEq)]
pub struct Inpaint {
    known: Latents,
    keep: Keep,
}

impl Inpaint {
    /// Latents `[B,T,C]` and a mask `[T]`. Known latents of one item serve a batch of any size.
    ///
    /// # Errors
    /// [`ShapeError::Count`] if the mask has another length than the latents.
    pub fn new(known: Latents, keep: Keep) -> Result<Self, ShapeError> {
        if keep.0.len() == known.frames() {
            Ok(Self { known, keep })
        } else {
            Err(ShapeError::Count { expected: known.frames(), found: keep.0.len() })
        }
    }

    /// The known latents.
    pub fn known(&self) -> &Latents {
        &self.known
    }

    /// Where they stay.
    pub fn keep(&self) -> &Keep {
        &self.keep
    }

    /// Puts the known latents, bit for bit, into `made` wherever they are kept.
    ///
    /// # Errors
    /// [`ShapeError::Different`] unless `made` has the known latents' frames and channels, and as many items where there are several.
    pub fn paste(&self, made: &mut Latents) -> Result<(), ShapeError> {
        self.check(made)?;
        self.for_each_kept(made, |_, made, known| made.copy_from_slice(known));
        Ok(())
    }

    /// Puts the known latents into `x` at the noise level of `x`, with noise of the same shape as `x`. Shapes are checked before.
    pub(crate) fn paste_noised(&self, x: &mut Latents, noise: &Latents, level: Level) {
        let Level { alpha, sigma } = level;
        let noise = noise.data();
        self.for_each_kept(x, |at, x, known| {
            for ((x, &known), &noise) in x.iter_mut().zip(known).zip(&noise[at..]) {
                *x = (alpha * f64::from(known) + sigma * f64::from(noise)) as f32;
            }
        });
    }

    /// # Errors
    /// [`ShapeError::Different`] unless latents of the shape of `made` can take the known ones.
    pub(crate) fn check(&self, made: &Latents) -> Result<(), ShapeError> {
        let [items, frames, channels] = self.known.shape();
        let expected = [if items == 1 { made.batch() } else { items }, frames, channels];
        if made.shape() == expected { Ok(()) } else { Err(ShapeError::Different { expected, found: made.shape() }) }
    }

    /// Calls `f` with the place in the data, the latent there and the known latent, for every kept one.
    fn for_each_kept(&self, latents: &mut Latents, mut f: impl FnMut(usize, &mut [f32], &[f32])) {
        let channels = latents.channels();
        let mut at = 0;
        for (i, item) in latents.items_mut().enumerate() {
            let known = self.known.item(i).or_else(|| self.known.item(0)).unwrap_or_default();
            for ((x, known), &kept) in item.chunks_exact_mut(channels).zip(known.chunks_exact(channels)).zip(&self.keep.0) {
                if kept {
                    f(at, x, known);
                }
                at += channels;
            }
        }
    }
}
