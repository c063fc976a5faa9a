//! Attention to rows nearby: a band that slides along.
//!
//! The rows of a latent attend together to a view of the latents around it, with positions counted from the view's start. A rotation by
//! position only tells differences, so this is the same as counting from the sound's start; but nothing depends on where that is, to the
//! last bit, and angles stay small.

use crate::error::Result;
use crate::nn::{Heads, Rotary, attention_within};
use candle_core::{Tensor, bail};

/// Which rows a row sees: those of `before` and `behind` latents before and behind its own place.
#[derive(Debug)]
pub(super) struct Band {
    /// Rows of a latent.
    tile: usize,
    before: usize,
    behind: usize,
    /// For the positions of a latent's rows in its view, and of all rows of the view.
    queries: Rotary,
    keys: Rotary,
}

impl Band {
    pub fn new(inv_freq: &[f32], tile: usize, [before, behind]: [usize; 2]) -> Self {
        let queries = Rotary::from(inv_freq, before * tile, tile);
        let keys = Rotary::new(inv_freq, (before + 1 + behind) * tile);
        Self { tile, before, behind, queries, keys }
    }

    /// `q`, `k` and `v` `[batch, rows of whole latents, width]` → the same shape.
    pub fn attention(&self, q: &Tensor, k: &Tensor, v: &Tensor, heads: Heads) -> Result<Tensor> {
        let (batch, rows, width) = q.dims3()?;
        let latents = rows / self.tile;
        if rows != latents * self.tile || rows == 0 || k.dims() != q.dims() || v.dims() != q.dims() {
            bail!("a band over rows of {} got the shapes {:?}, {:?} and {:?}", self.tile, q.dims(), k.dims(), v.dims());
        }
        let q = self.queries.forward(&q.contiguous()?.reshape((batch * latents, self.tile, width))?, heads)?;
        let k = self.keys.forward(&self.views(k, latents)?, heads)?;
        let seen: Vec<_> = (0..batch * latents).map(|i| self.seen(i % latents, latents)).collect();
        let ys = attention_within((self.before + self.behind) * self.tile + 1, &seen, &q, &k, &self.views(v, latents)?, heads)?;
        ys.reshape((batch, rows, width))
    }

    /// Which rows of a latent's view are there.
    fn seen(&self, latent: usize, latents: usize) -> std::ops::Range<usize> {
        let end = (latents + self.before - latent).min(self.before + 1 + self.behind);
        self.before.saturating_sub(latent) * self.tile..end * self.tile
    }

    /// `[batch, rows, width]` → what each latent sees: `[batch · latents, rows of a view, width]`, zeros where nothing is.
    fn views(&self, xs: &Tensor, latents: usize) -> Result<Tensor> {
        let (batch, _, width) = xs.dims3()?;
        let xs = xs.contiguous()?.reshape((batch, latents, self.tile, width))?;
        let padded = xs.pad_with_zeros(1, self.before, self.behind)?;
        let beside = (0..=self.before + self.behind).map(|i| padded.narrow(1, i, latents)).collect::<Result<Vec<_>>>()?;
        Tensor::cat(&beside, 2)?.reshape((batch * latents, beside.len() * self.tile, width))
    }
}
