//! All randomness of a take: sequences of numbers named by seed, purpose and variation.

use crate::latents::{Latents, ShapeError};
use crate::philox::philox;
use std::f64::consts::TAU;
use std::ops::Range;

#[cfg(test)]
mod test;

/// What random numbers are for. Streams of one seed are independent of each other.
///
/// The numbers are part of what a seed means: they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Stream {
    /// The noise that sampling starts from.
    Latents = 0,
    /// The fresh noise of ancestral samplers.
    Sampler = 1,
    /// First guesses at phases.
    Phases = 2,
    /// The choice of a chord progression.
    Chords = 3,
    /// The noise of A′, the second part of a long take.
    APrime = 4,
    /// The noise of A″, the fourth part of a take of 16 bars.
    ADoublePrime = 5,
}

/// An endless sequence of random numbers, each reached by its index.
///
/// Four elements come of one Philox block: element i is word i mod 4 of the block with the key `[seed low, seed high]` and the
/// counter `[block low, block high, stream, variation]`, where block = i / 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sequence {
    /// The seed of the request.
    pub seed: u64,
    /// What the numbers are for.
    pub stream: Stream,
    /// Which of several variations of one seed, from 0.
    pub variation: u32,
}

impl Sequence {
    /// The words of block `block`, which are the elements 4 · block to 4 · block + 3.
    fn block(&self, block: u64) -> [u32; 4] {
        let key = [self.seed as u32, (self.seed >> 32) as u32];
        philox(key, [block as u32, (block >> 32) as u32, self.stream as u32, self.variation])
    }

    /// The random word at `index`.
    pub fn word(&self, index: u64) -> u32 {
        self.block(index / 4)[(index % 4) as usize]
    }

    /// An even choice among `choices` things, made by the word at `index`; 0 if there is nothing to choose.
    pub fn choose(&self, index: u64, choices: u32) -> u32 {
        ((u64::from(self.word(index)) * u64::from(choices)) >> 32) as u32
    }

    /// The numbers at `range`, evenly spread over [0, 1), in steps of 2⁻²⁴.
    pub fn uniforms(&self, range: Range<u64>) -> Vec<f32> {
        let mut numbers = vec![0.0; length(&range)];
        self.fill_uniforms(range.start, &mut numbers);
        numbers
    }

    /// Fills `out` with the numbers of [`Sequence::uniforms`] from index `first` on.
    pub fn fill_uniforms(&self, first: u64, out: &mut [f32]) {
        self.fill(first, out, |words| words.map(|word| (word >> 8) as f32 / (1 << 24) as f32));
    }

    /// The numbers at `range` of a normal distribution with mean 0 and deviation 1.
    ///
    /// Box and Muller's transform, in f64, of the words 0 and 1 and of the words 2 and 3 of a block.
    pub fn normals(&self, range: Range<u64>) -> Vec<f32> {
        let mut numbers = vec![0.0; length(&range)];
        self.fill_normals(range.start, &mut numbers);
        numbers
    }

    /// Fills `out` with the numbers of [`Sequence::normals`] from index `first` on.
    pub fn fill_normals(&self, first: u64, out: &mut [f32]) {
        self.fill(first, out, |[a, b, c, d]| {
            let ((x, y), (z, w)) = (box_muller(a, b), box_muller(c, d));
            [x, y, z, w]
        });
    }

    fn fill(&self, first: u64, out: &mut [f32], numbers: impl Fn([u32; 4]) -> [f32; 4]) {
        let skipped = (first % 4) as usize;
        let (head, rest) = out.split_at_mut(out.len().min((4 - skipped) % 4));
        let mut block = first / 4;
        if !head.is_empty() {
            let from = &numbers(self.block(block))[skipped..];
            head.copy_from_slice(&from[..head.len()]);
            block = block.wrapping_add(1);
        }
        for chunk in rest.chunks_mut(4) {
            chunk.copy_from_slice(&numbers(self.block(block))[..chunk.len()]);
            block = block.wrapping_add(1);
        }
    }
}

fn length(range: &Range<u64>) -> usize {
    range.end.saturating_sub(range.start) as usize
}

/// Two words to two normals. The functions are those of `libm`, so that a seed means the same numbers on every system.
fn box_muller(a: u32, b: u32) -> (f32, f32) {
    const WORDS: f64 = 4_294_967_296.0;
    // Half a step above zero: the logarithm stays finite, and no normal lies beyond 6.8.
    let radius = (-2.0 * libm::log((f64::from(a) + 0.5) / WORDS)).sqrt();
    let (sin, cos) = libm::sincos(TAU * (f64::from(b) / WORDS));
    ((radius * cos) as f32, (radius * sin) as f32)
}

/// The random numbers of a batch: each item has a seed and a variation of its own, so what an item becomes doesn't depend on what
/// else is in the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoiseSource {
    items: Vec<(u64, u32)>,
    pass: u16,
}

impl NoiseSource {
    /// Items given as (seed, variation).
    pub fn new(items: impl IntoIterator<Item = (u64, u32)>) -> Self {
        Self { items: items.into_iter().collect(), pass: 0 }
    }

    /// Several variations of one seed.
    pub fn variations(seed: u64, variations: Range<u32>) -> Self {
        Self::new(variations.map(|variation| (seed, variation)))
    }

    /// The same items in another run of the sampler for the same request (A′, a window of a long take): every run gets a number and
    /// with it other random numbers. The number sits above the 48 bits that an index needs.
    #[must_use = "this gives the changed source and leaves the old one as it was"]
    pub fn with_pass(mut self, pass: u16) -> Self {
        self.pass = pass;
        self
    }

    /// Which run of the sampler it is for.
    pub fn pass(&self) -> u16 {
        self.pass
    }

    /// How many items the batch has.
    pub fn batch(&self) -> usize {
        self.items.len()
    }

    /// Seed and variation of each item.
    pub fn items(&self) -> impl Iterator<Item = (u64, u32)> {
        self.items.iter().copied()
    }

    /// Normal noise `[B,T,C]` of a stream; element (t, c) of an item has the index t · channels + c.
    ///
    /// # Errors
    /// [`ShapeError`] if there are no items, or more numbers than can be held.
    pub fn normals(&self, stream: Stream, frames: usize, channels: usize) -> Result<Latents, ShapeError> {
        let mut latents = Latents::zeros(self.batch(), frames, channels)?;
        self.fill_normals(stream, 0, &mut latents);
        Ok(latents)
    }

    /// Fills each item of `out` with the normals from index `first` on. The batch must be the source's own.
    pub fn fill_normals(&self, stream: Stream, first: u64, out: &mut Latents) {
        let first = (u64::from(self.pass) << 48).wrapping_add(first);
        for (&(seed, variation), item) in self.items.iter().zip(out.items_mut()) {
            Sequence { seed, stream, variation }.fill_normals(first, item);
        }
    }
}
