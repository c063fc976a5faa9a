//! Depthwise convolution around a circle.

use crate::{rows, simd};
use pulp::{Simd, WithSimd};

/// One filter per channel, along time, wrapping around: a loop has no edges.
#[derive(Debug, Clone)]
pub struct Depthwise {
    /// `[kernel, channels]`
    taps: Vec<f32>,
    bias: Vec<f32>,
}

impl Depthwise {
    /// From PyTorch's `Conv1d(groups=channels)`: `weight` `[channels, 1, kernel]`, `bias` `[channels]`.
    ///
    /// # Panics
    /// Where the weight isn't a whole number of filters as long as the bias.
    pub fn new(weight: &[f32], bias: &[f32]) -> Self {
        let channels = bias.len();
        let kernel = weight.len() / channels;
        assert_eq!(weight.len(), channels * kernel, "a filter for each channel");
        let mut taps = vec![0.0; weight.len()];
        for (c, filter) in weight.chunks_exact(kernel).enumerate() {
            for (k, w) in filter.iter().enumerate() {
                taps[k * channels + c] = *w;
            }
        }
        Self { taps, bias: bias.to_vec() }
    }

    /// `x` `[batch, time, channels]` → `out` of the same shape; output t sees inputs t − kernel/2 … t + kernel/2 around the circle.
    ///
    /// # Panics
    /// Where sizes don't fit.
    pub fn forward(&self, x: &[f32], batch: usize, out: &mut [f32]) {
        let channels = self.bias.len();
        let time = x.len() / channels / batch;
        let kernel = self.taps.len() / channels;
        assert_eq!(x.len(), batch * time * channels, "depthwise: whole rows");
        assert_eq!(x.len(), out.len(), "depthwise: output and input differ in size");
        rows::split(out, channels, 2 * kernel * channels, 1, |first, out| {
            simd::dispatch(Part { conv: self, x, time, first, out });
        });
    }
}

/// One thread's rows.
struct Part<'a> {
    conv: &'a Depthwise,
    x: &'a [f32],
    time: usize,
    first: usize,
    out: &'a mut [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let (channels, time) = (self.conv.bias.len(), self.time);
        let kernel = self.conv.taps.len() / channels;
        for (i, out) in self.out.chunks_exact_mut(channels).enumerate() {
            let (item, t) = ((self.first + i) / time, (self.first + i) % time);
            out.copy_from_slice(&self.conv.bias);
            for (k, taps) in self.conv.taps.chunks_exact(channels).enumerate() {
                let source = (t + k + kernel * time - kernel / 2) % time;
                let x = &self.x[(item * time + source) * channels..][..channels];
                for ((o, &w), &v) in out.iter_mut().zip(taps).zip(x) {
                    *o = w.mul_add(v, *o);
                }
            }
        }
    }
}
