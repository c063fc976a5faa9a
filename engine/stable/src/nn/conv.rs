//! Convolutions over time. Other devices than the CPU make them as products of rows: what a filter sees is laid side by side, block by
//! block.

use super::{Linear, cpu};
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::weights::Weights;
use candle_core::{Tensor, bail};
/// Where there is a stride, the kernel is a whole number of strides and there is no dilation.
pub(crate) use inlay_kernels::ConvShape as Shape;

/// Numbers that are laid side by side at once.
const BLOCK: usize = 1 << 20;

/// Adds a weight-normed convolution's tensors.
pub(crate) fn layout(layout: &mut Layout, shape: Shape, transposed: bool, bias: bool) {
    let (first, second) = if transposed { (shape.inputs, shape.outputs) } else { (shape.outputs, shape.inputs) };
    layout.tensor("weight_g", [first, 1, 1]);
    layout.tensor("weight_v", [first, second, shape.kernel]);
    if bias {
        layout.tensor("bias", [shape.outputs]);
    }
}

/// A convolution with zeros beyond the edges.
#[derive(Debug)]
pub(crate) struct Conv1d {
    shape: Shape,
    taps: Taps<inlay_kernels::Conv1d>,
}

#[derive(Debug)]
enum Taps<K> {
    /// On the CPU.
    Kernel(K),
    /// On other devices: a layer over what is laid side by side.
    Rows(Linear),
}

impl Conv1d {
    /// Reads a weight-normed convolution.
    ///
    /// # Errors
    /// Where the file lacks one of its tensors or has it in another shape.
    pub fn new(weights: &Weights, shape: Shape, bias: bool) -> Result<Self, WeightsError> {
        let Shape { inputs, outputs, kernel, .. } = shape;
        let folded = weights.folded([outputs, inputs, kernel])?;
        let bias = if bias { Some(weights.numbers("bias", &[outputs])?) } else { None };
        // [outputs, inputs, kernel] → [outputs, kernel · inputs]
        let mut rows = Vec::with_capacity(folded.len());
        for filter in folded.chunks_exact(inputs * kernel) {
            rows.extend((0..kernel).flat_map(|k| filter.iter().skip(k).step_by(kernel)));
        }
        let taps = if cpu::serves(weights.device()) {
            Taps::Kernel(inlay_kernels::Conv1d::new(&rows, bias, shape))
        } else {
            Taps::Rows(Linear::from_numbers(rows, bias, [outputs, kernel * inputs], weights.device())?)
        };
        Ok(Self { shape, taps })
    }

    /// `xs` `[batch, time, inputs]` → `[batch, time / stride, outputs]`.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let Shape { inputs, outputs, kernel, stride, dilation, padding } = self.shape;
        let (batch, time, channels) = xs.dims3()?;
        let out = self.shape.rows(time);
        if channels != inputs || out == 0 {
            bail!("a convolution of {inputs} channels over {} rows got the shape {:?}", self.shape.reach(), xs.dims());
        }
        let taps = match &self.taps {
            Taps::Kernel(kernel) => return cpu::map(xs, (batch, out, outputs), |x| kernel.forward(x, batch)),
            Taps::Rows(taps) => taps,
        };
        // strides become channels
        let groups = out + (kernel / stride - 1) * dilation;
        let fill = (groups * stride).saturating_sub(time + padding);
        let padded = xs.pad_with_zeros(1, padding, fill)?.narrow(1, 0, groups * stride)?.contiguous()?;
        let rows = padded.reshape((batch, groups, stride * channels))?;
        blocks(out, kernel * channels, |first, count| {
            let beside = (0..kernel / stride).map(|k| rows.narrow(1, first + k * dilation, count)).collect::<Result<Vec<_>>>()?;
            taps.forward(&Tensor::cat(&beside, 2)?)
        })
    }
}

/// The transposed convolution: every row becomes `stride` rows, with its neighbour's share.
#[derive(Debug)]
pub(crate) struct ConvTranspose1d {
    shape: Shape,
    taps: Taps<inlay_kernels::ConvTranspose1d>,
}

impl ConvTranspose1d {
    /// Reads a weight-normed transposed convolution with a bias, whose kernel is two strides long.
    ///
    /// # Errors
    /// Where the file lacks one of its tensors or has it in another shape.
    pub fn new(weights: &Weights, shape: Shape) -> Result<Self, WeightsError> {
        let Shape { inputs, outputs, kernel, stride, .. } = shape;
        let folded = weights.folded([inputs, outputs, kernel])?;
        let bias = weights.numbers("bias", &[outputs])?;
        let value =
            |input: usize, output: usize, k: usize| folded.get((input * outputs + output) * kernel + k).copied().unwrap_or_default();
        // output row s of a group is x[t] · w[s] + x[t − 1] · w[s + stride]
        let mut rows = Vec::with_capacity(folded.len());
        for s in 0..stride {
            for output in 0..outputs {
                rows.extend((0..inputs).map(|input| value(input, output, s)));
                rows.extend((0..inputs).map(|input| value(input, output, s + stride)));
            }
        }
        let taps = if cpu::serves(weights.device()) {
            Taps::Kernel(inlay_kernels::ConvTranspose1d::new(&rows, Some(&bias), shape))
        } else {
            Taps::Rows(Linear::from_numbers(rows, Some(bias.repeat(stride)), [stride * outputs, 2 * inputs], weights.device())?)
        };
        Ok(Self { shape, taps })
    }

    /// `xs` `[batch, time, inputs]` → `[batch, time · stride, outputs]`; with an odd stride one row less.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let Shape { inputs, outputs, stride, padding, .. } = self.shape;
        let (batch, time, channels) = xs.dims3()?;
        if channels != inputs {
            bail!("a transposed convolution of {inputs} channels got the shape {:?}", xs.dims());
        }
        let out = self.shape.transposed_rows(time);
        let taps = match &self.taps {
            Taps::Kernel(kernel) => return cpu::map(xs, (batch, out, outputs), |x| kernel.forward(x, batch)),
            Taps::Rows(taps) => taps,
        };
        let padded = xs.pad_with_zeros(1, 1, 1)?;
        let ys = blocks(time + 1, 2 * channels, |first, count| {
            let beside = [padded.narrow(1, first + 1, count)?, padded.narrow(1, first, count)?];
            taps.forward(&Tensor::cat(&beside, 2)?)
        })?;
        ys.reshape((batch, (time + 1) * stride, outputs))?.narrow(1, padding, out)?.contiguous()
    }
}

/// `count` rows of results, so many at once that what they see stays small.
fn blocks(count: usize, width: usize, work: impl Fn(usize, usize) -> Result<Tensor>) -> Result<Tensor> {
    let size = (BLOCK / width.max(1)).max(64);
    let parts = (0..count).step_by(size).map(|first| work(first, size.min(count - first))).collect::<Result<Vec<_>>>()?;
    Tensor::cat(&parts, 1)
}
