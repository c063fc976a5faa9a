//! Linear layers with packed weights.

use super::cpu;
use crate::error::{Result, WeightsError};
use crate::weights::Weights;
use candle_core::{D, Device, Tensor, bail};
use inlay_kernels::{Epilogue, Packed, linear};

/// y = x·Wᵀ + b over the last dimension.
#[derive(Debug, Clone)]
pub(crate) struct Linear {
    inputs: usize,
    weights: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// On the CPU.
    Packed { weight: Packed, bias: Option<Vec<f32>> },
    /// On other devices: Wᵀ `[inputs, outputs]` and b.
    Tensors { weight: Tensor, bias: Option<Tensor> },
}

impl Linear {
    /// Reads `weight` `[outputs, inputs]` and, if there is one, `bias` `[outputs]`.
    ///
    /// # Errors
    /// Where the file lacks one of them or has it in another shape.
    pub fn new(weights: &Weights, inputs: usize, outputs: usize, bias: bool) -> Result<Self, WeightsError> {
        let weight = weights.numbers("weight", &[outputs, inputs])?;
        let bias = if bias { Some(weights.numbers("bias", &[outputs])?) } else { None };
        Ok(Self::from_numbers(weight, bias, [outputs, inputs], weights.device())?)
    }

    /// Reads the `weight` `[channels, channels, 1]` of a convolution that sees one moment at a time.
    ///
    /// # Errors
    /// As [`Linear::new`].
    pub fn pointwise(weights: &Weights, channels: usize) -> Result<Self, WeightsError> {
        let weight = weights.numbers("weight", &[channels, channels, 1])?;
        Ok(Self::from_numbers(weight, None, [channels, channels], weights.device())?)
    }

    /// From `weight` `[outputs, inputs]`, row-major.
    ///
    /// # Errors
    /// Where the device can't take them.
    pub fn from_numbers(weight: Vec<f32>, bias: Option<Vec<f32>>, [outputs, inputs]: [usize; 2], device: &Device) -> Result<Self> {
        let weights = if cpu::serves(device) {
            Kind::Packed { weight: Packed::from_weight(&weight, outputs, inputs), bias }
        } else {
            let bias = bias.map(|b| Tensor::from_vec(b, outputs, device)).transpose()?;
            Kind::Tensors { weight: Tensor::from_vec(weight, (outputs, inputs), device)?.t()?.contiguous()?, bias }
        };
        Ok(Self { inputs, weights })
    }

    /// `xs` `[.., inputs]` → `[.., outputs]`.
    ///
    /// # Errors
    /// Where the last dimension isn't the layer's number of inputs.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        if xs.dim(D::Minus1)? != self.inputs {
            bail!("a layer of {} inputs got the shape {:?}", self.inputs, xs.dims());
        }
        match &self.weights {
            Kind::Packed { weight, bias } => {
                let mut shape = xs.dims().to_vec();
                if let Some(last) = shape.last_mut() {
                    *last = weight.outputs();
                }
                cpu::map(xs, shape, |x| {
                    let mut out = vec![0.0; x.len() / self.inputs * weight.outputs()];
                    linear(x, weight, Epilogue { bias: bias.as_deref(), ..Epilogue::default() }, &mut out);
                    out
                })
            }
            Kind::Tensors { weight, bias } => {
                let ys = xs.contiguous()?.broadcast_matmul(weight)?;
                if let Some(bias) = bias { ys.broadcast_add(bias) } else { Ok(ys) }
            }
        }
    }
}

/// Linear, SiLU, linear.
#[derive(Debug, Clone)]
pub(crate) struct Mlp {
    first: Linear,
    second: Linear,
}

impl Mlp {
    /// Reads the layers `0` and `2`.
    ///
    /// # Errors
    /// As [`Linear::new`].
    pub fn new(weights: &Weights, [inputs, hidden, outputs]: [usize; 3], bias: bool) -> Result<Self, WeightsError> {
        Ok(Self { first: Linear::new(&weights.pp(0), inputs, hidden, bias)?, second: Linear::new(&weights.pp(2), hidden, outputs, bias)? })
    }

    /// Its tensors below `key`.
    pub fn layout(layout: &mut crate::layout::Layout, key: &str, [inputs, hidden, outputs]: [usize; 3], bias: bool) {
        layout.linear(&format!("{key}.0"), inputs, hidden, bias);
        layout.linear(&format!("{key}.2"), hidden, outputs, bias);
    }

    /// `xs` `[.., inputs]` → `[.., outputs]`.
    ///
    /// # Errors
    /// As [`Linear::forward`].
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        self.second.forward(&super::silu(&self.first.forward(xs)?)?)
    }
}
