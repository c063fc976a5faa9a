//! Linear layers with packed weights.

use super::cpu;
use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor, bail};
use candle_nn::VarBuilder;
use inlay_kernels::{Epilogue, Packed, linear};

/// y = x·Wᵀ + b over the last dimension.
#[derive(Debug, Clone)]
pub struct Linear {
    weights: Weights,
    name: String,
}

#[derive(Debug, Clone)]
enum Weights {
    /// On the CPU.
    Packed { weight: Packed, bias: Option<Vec<f32>> },
    /// On other devices: Wᵀ `[inputs, outputs]` and b.
    Tensors { weight: Tensor, bias: Option<Tensor> },
}

/// What follows a linear layer and is done in the same pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Finish {
    /// Nothing.
    #[default]
    Plain,
    /// GELU in its exact form.
    Gelu,
}

impl Linear {
    /// Reads `weight` `[outputs, inputs]` and `bias` `[outputs]` as PyTorch stores them.
    ///
    /// # Errors
    /// Where the checkpoint lacks one of them or has it in another shape.
    pub fn new(inputs: usize, outputs: usize, vb: VarBuilder<'_>) -> Result<Self> {
        let bias = vb.get(outputs, "bias")?;
        Self::from_parts(inputs, outputs, Some(bias), &vb)
    }

    /// The same without a bias.
    ///
    /// # Errors
    /// As [`Linear::new`].
    pub fn without_bias(inputs: usize, outputs: usize, vb: VarBuilder<'_>) -> Result<Self> {
        Self::from_parts(inputs, outputs, None, &vb)
    }

    fn from_parts(inputs: usize, outputs: usize, bias: Option<Tensor>, vb: &VarBuilder<'_>) -> Result<Self> {
        let weight = vb.get((outputs, inputs), "weight")?;
        Self::from_weight(&weight, bias, vb.prefix())
    }

    /// From a `weight` `[outputs, inputs]`; `name` appears in errors.
    ///
    /// # Errors
    /// Where the weight is no matrix of numbers.
    pub fn from_weight(weight: &Tensor, bias: Option<Tensor>, name: String) -> Result<Self> {
        let (outputs, inputs) = weight.dims2()?;
        let weights = if cpu::serves(weight.device()) {
            let bias = bias.as_ref().map(cpu::weights).transpose()?;
            Weights::Packed { weight: Packed::from_weight(&cpu::weights(weight)?, outputs, inputs), bias }
        } else {
            Weights::Tensors { weight: weight.t()?.contiguous()?, bias }
        };
        Ok(Self { weights, name })
    }

    /// `xs` `[.., inputs]` → `[.., outputs]`.
    ///
    /// # Errors
    /// Where the last dimension isn't the layer's number of inputs.
    pub fn forward(&self, xs: &Tensor, finish: Finish) -> Result<Tensor> {
        match &self.weights {
            Weights::Packed { .. } => xs.contiguous()?.apply_op1_no_bwd(&Cpu { layer: self, finish }),
            Weights::Tensors { weight, bias } => {
                let mut ys = xs.broadcast_matmul(weight)?;
                if let Some(bias) = bias {
                    ys = ys.broadcast_add(bias)?;
                }
                if finish == Finish::Gelu { ys.gelu_erf() } else { Ok(ys) }
            }
        }
    }

    /// `residual` + layer(`xs`).
    ///
    /// # Errors
    /// As [`Linear::forward`]; where the residual's shape isn't the output's.
    pub fn forward_onto(&self, xs: &Tensor, residual: &Tensor) -> Result<Tensor> {
        match &self.weights {
            Weights::Packed { .. } => {
                xs.contiguous()?.apply_op2_no_bwd(&residual.contiguous()?, &Cpu { layer: self, finish: Finish::Plain })
            }
            Weights::Tensors { .. } => residual + self.forward(xs, Finish::Plain)?,
        }
    }
}

/// The CPU path.
struct Cpu<'a> {
    layer: &'a Linear,
    finish: Finish,
}

impl Cpu<'_> {
    fn run(&self, xs: &[f32], shape: &Shape, residual: Option<&[f32]>) -> Result<(CpuStorage, Shape)> {
        let Weights::Packed { weight, bias } = &self.layer.weights else { bail!("{}: the weights are on another device", self.layer.name) };
        let mut dims = shape.dims().to_vec();
        match dims.last_mut() {
            Some(last) if *last == weight.inputs() => *last = weight.outputs(),
            _ => bail!("{}: {} inputs are needed, the shape is {:?}", self.layer.name, weight.inputs(), shape.dims()),
        }
        let shape = Shape::from_dims(&dims);
        if residual.is_some_and(|r| r.len() != shape.elem_count()) {
            bail!("{}: the residual must have the output's shape {:?}", self.layer.name, dims);
        }
        let mut out = vec![0.0; shape.elem_count()];
        linear(xs, weight, Epilogue { bias: bias.as_deref(), gelu: self.finish == Finish::Gelu, residual }, &mut out);
        Ok((CpuStorage::F32(out), shape))
    }
}

impl CustomOp1 for Cpu<'_> {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        self.run(cpu::numbers(storage, layout, "linear")?, layout.shape(), None)
    }
}

impl CustomOp2 for Cpu<'_> {
    fn name(&self) -> &'static str {
        "linear onto a residual"
    }

    fn cpu_fwd(&self, xs: &CpuStorage, xs_layout: &Layout, onto: &CpuStorage, onto_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        self.run(cpu::numbers(xs, xs_layout, "linear")?, xs_layout.shape(), Some(cpu::numbers(onto, onto_layout, "linear")?))
    }
}
