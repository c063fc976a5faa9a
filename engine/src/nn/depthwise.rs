//! Depthwise convolution over time, around a circle.

use super::cpu;
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail};
use candle_nn::VarBuilder;

/// One filter for each channel; a loop has no edges. (Candle's grouped `conv1d` goes channel by channel and pads with zeros only.)
#[derive(Debug, Clone)]
pub struct Depthwise {
    kernel: usize,
    width: usize,
    /// `[width, kernel]`
    weight: Tensor,
    bias: Tensor,
    on_cpu: Option<inlay_kernels::Depthwise>,
}

impl Depthwise {
    /// Reads `weight` `[width, 1, kernel]` and `bias` `[width]` below `conv`.
    ///
    /// # Errors
    /// Where the checkpoint lacks one of them or has it in another shape.
    pub fn new(width: usize, kernel: usize, vb: VarBuilder<'_>) -> Result<Self> {
        let vb = vb.pp("conv");
        let weight = vb.get((width, 1, kernel), "weight")?.squeeze(1)?;
        let bias = vb.get(width, "bias")?;
        let on_cpu = if cpu::serves(weight.device()) {
            Some(inlay_kernels::Depthwise::new(&cpu::weights(&weight)?, &cpu::weights(&bias)?))
        } else {
            None
        };
        Ok(Self { kernel, width, weight, bias, on_cpu })
    }

    /// `xs` `[batch, time, width]` → the same shape.
    ///
    /// # Errors
    /// Where the last dimension isn't the layer's width.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        if self.on_cpu.is_some() {
            return xs.contiguous()?.apply_op1_no_bwd(&Cpu(self));
        }
        // shifted multiply-adds: tap k sees time t + k − kernel/2
        let time = xs.dim(1)?;
        let mut sum = xs.zeros_like()?.broadcast_add(&self.bias)?;
        for k in 0..self.kernel {
            let shift = (k + self.kernel * time - self.kernel / 2) % time;
            let rolled = Tensor::cat(&[xs.narrow(1, shift, time - shift)?, xs.narrow(1, 0, shift)?], 1)?;
            let tap = self.weight.narrow(1, k, 1)?.contiguous()?.squeeze(1)?;
            sum = (sum + rolled.broadcast_mul(&tap)?)?;
        }
        Ok(sum)
    }
}

struct Cpu<'a>(&'a Depthwise);

impl CustomOp1 for Cpu<'_> {
    fn name(&self) -> &'static str {
        "circular depthwise convolution"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (batch, _, width) = layout.shape().dims3()?;
        let Some(conv) = self.0.on_cpu.as_ref().filter(|_| width == self.0.width) else {
            bail!("depthwise convolution: a width of {} is needed, the shape is {:?}", self.0.width, layout.dims());
        };
        let xs = cpu::numbers(storage, layout, "depthwise convolution")?;
        let mut out = vec![0.0; xs.len()];
        conv.forward(xs, batch, &mut out);
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}
