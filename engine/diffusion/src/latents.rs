//! Latents: what the denoiser works on.

use std::ops::Range;

#[cfg(test)]
mod test;

/// Why numbers are no latents.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// A side of the shape is 0, or the whole is above [`Latents::MAX`].
    #[error("latents of {batch} × {frames} × {channels} numbers can't be made: make a shorter loop or fewer variations at once")]
    Size {
        /// Items.
        batch: usize,
        /// Latents in time.
        frames: usize,
        /// Numbers of a latent.
        channels: usize,
    },
    /// There are more or fewer numbers than the shape says.
    #[error("{expected} numbers belong into these latents, but there are {found}: the file or the model doesn't fit")]
    Count {
        /// What the shape says.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// Latents that belong together have different shapes.
    #[error("latents of the shape {expected:?} and {found:?} (items, latents, numbers of each) don't belong together")]
    Different {
        /// The one shape.
        expected: [usize; 3],
        /// The other one.
        found: [usize; 3],
    },
    /// A stretch of frames that the latents don't have.
    #[error("latents {start} to {end} were asked for, but there are {frames}")]
    Frames {
        /// The first one asked for.
        start: usize,
        /// The one after the last.
        end: usize,
        /// How many there are.
        frames: usize,
    },
}

/// A batch of latents `[B,T,C]`: `batch` items of `frames` latents (8 a beat in the embedded model) with `channels` numbers each, row-major.
/// No side is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Latents {
    batch: usize,
    frames: usize,
    channels: usize,
    data: Vec<f32>,
}

impl Latents {
    /// The most numbers that latents hold: 1 GiB of them.
    pub const MAX: usize = 1 << 28;

    /// Latents of the numbers `data`, in the order `[B,T,C]`.
    ///
    /// # Errors
    /// [`ShapeError::Size`] if a side is 0 or the whole is too large, [`ShapeError::Count`] if `data` doesn't fit the shape.
    pub fn new(batch: usize, frames: usize, channels: usize, data: Vec<f32>) -> Result<Self, ShapeError> {
        let expected = count(batch, frames, channels)?;
        if data.len() != expected {
            return Err(ShapeError::Count { expected, found: data.len() });
        }
        Ok(Self { batch, frames, channels, data })
    }

    /// Latents that are all 0.
    ///
    /// # Errors
    /// [`ShapeError::Size`] if a side is 0 or the whole is too large.
    pub fn zeros(batch: usize, frames: usize, channels: usize) -> Result<Self, ShapeError> {
        let data = vec![0.0; count(batch, frames, channels)?];
        Ok(Self { batch, frames, channels, data })
    }

    /// Several batches as one, in their order.
    ///
    /// # Errors
    /// [`ShapeError::Different`] unless frames and channels are the same in all; [`ShapeError::Size`] if there is none, or the whole is too large.
    pub fn stack(parts: &[Self]) -> Result<Self, ShapeError> {
        let (frames, channels) = parts.first().map_or((0, 0), |p| (p.frames, p.channels));
        if let Some(other) = parts.iter().find(|p| (p.frames, p.channels) != (frames, channels)) {
            return Err(ShapeError::Different { expected: parts[0].shape(), found: other.shape() });
        }
        let batch = parts.iter().map(|p| p.batch).sum();
        count(batch, frames, channels)?;
        Self::new(batch, frames, channels, parts.iter().flat_map(|p| p.data.iter().copied()).collect())
    }

    /// Several latents one after the other in time (A A′).
    ///
    /// # Errors
    /// [`ShapeError::Different`] unless batch and channels are the same in all; [`ShapeError::Size`] if there is none, or the whole is too large.
    pub fn join(parts: &[Self]) -> Result<Self, ShapeError> {
        let (batch, channels) = parts.first().map_or((0, 0), |p| (p.batch, p.channels));
        if let Some(other) = parts.iter().find(|p| (p.batch, p.channels) != (batch, channels)) {
            return Err(ShapeError::Different { expected: parts[0].shape(), found: other.shape() });
        }
        let frames = parts.iter().map(|p| p.frames).sum();
        count(batch, frames, channels)?;
        let data = (0..batch).flat_map(|b| parts.iter().flat_map(move |p| p.item(b).unwrap_or_default())).copied().collect();
        Self::new(batch, frames, channels, data)
    }

    /// The latents at `range` of every item.
    ///
    /// # Errors
    /// [`ShapeError::Frames`] if the range is empty or leaves the latents.
    pub fn window(&self, range: Range<usize>) -> Result<Self, ShapeError> {
        if range.is_empty() || range.end > self.frames {
            return Err(ShapeError::Frames { start: range.start, end: range.end, frames: self.frames });
        }
        let (frames, numbers) = (range.len(), range.start * self.channels..range.end * self.channels);
        let data = self.items().flat_map(|item| &item[numbers.clone()]).copied().collect();
        Self::new(self.batch, frames, self.channels, data)
    }

    /// The same loop that starts `frames` latents later: what was at `frames` comes first, what was before it comes last.
    #[must_use = "this gives the rolled latents and leaves the old ones as they were"]
    pub fn rolled(&self, frames: usize) -> Self {
        let mut rolled = self.clone();
        let by = frames % self.frames * self.channels;
        rolled.items_mut().for_each(|item| item.rotate_left(by));
        rolled
    }

    /// Item `index` as a batch of one; `None` if there is no such item.
    pub fn single(&self, index: usize) -> Option<Self> {
        let data = self.item(index)?.to_vec();
        Some(Self { batch: 1, frames: self.frames, channels: self.channels, data })
    }

    /// The numbers `[T,C]` of item `index`; `None` if there is no such item.
    pub fn item(&self, index: usize) -> Option<&[f32]> {
        self.items().nth(index)
    }

    /// The numbers `[T,C]` of each item.
    pub fn items(&self) -> impl Iterator<Item = &[f32]> {
        self.data.chunks_exact(self.item_len())
    }

    /// The numbers `[T,C]` of each item, to be changed.
    pub fn items_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let length = self.item_len();
        self.data.chunks_exact_mut(length)
    }

    /// Numbers in an item: frames · channels.
    pub fn item_len(&self) -> usize {
        self.frames * self.channels
    }

    /// Items.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// Latents in time.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Numbers of a latent.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Items, latents in time, numbers of a latent.
    pub fn shape(&self) -> [usize; 3] {
        [self.batch, self.frames, self.channels]
    }

    /// All numbers `[B,T,C]`.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// All numbers `[B,T,C]`, to be changed.
    pub fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// All numbers `[B,T,C]`.
    pub fn into_data(self) -> Vec<f32> {
        self.data
    }

    /// Whether every number is one: neither infinite nor undefined.
    pub fn is_finite(&self) -> bool {
        self.data.iter().all(|x| x.is_finite())
    }

    /// # Errors
    /// [`ShapeError::Different`] unless `other` has the same shape.
    pub(crate) fn check_same_shape(&self, other: &Self) -> Result<(), ShapeError> {
        if self.shape() == other.shape() { Ok(()) } else { Err(ShapeError::Different { expected: self.shape(), found: other.shape() }) }
    }

    /// The sum of latents of one shape, each times its factor; computed in f64 and rounded once.
    pub(crate) fn sum<const N: usize>(terms: [(f64, &Self); N]) -> Self {
        const { assert!(N > 0) };
        let first = terms[0].1;
        debug_assert!(terms.iter().all(|(_, latents)| latents.shape() == first.shape()));
        let number = |i: usize| terms.iter().map(|(factor, latents)| factor * f64::from(latents.data[i])).sum::<f64>() as f32;
        Self { data: (0..first.data.len()).map(number).collect(), ..*first }
    }
}

fn count(batch: usize, frames: usize, channels: usize) -> Result<usize, ShapeError> {
    let count = batch.checked_mul(frames).and_then(|n| n.checked_mul(channels));
    count.filter(|n| (1..=Latents::MAX).contains(n)).ok_or(ShapeError::Size { batch, frames, channels })
}
