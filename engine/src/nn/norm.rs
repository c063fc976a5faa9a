//! Layer norms over the last dimension.

use super::cpu;
use candle_core::{CpuStorage, CustomOp1, CustomOp2, D, Layout, Result, Shape, Tensor, bail};
use candle_nn::VarBuilder;
use inlay_kernels::{film_norm, layer_norm};

/// PyTorch's default.
const EPSILON: f64 = 1e-5;

/// Layer norm (Ba et al. 2016) with weight and bias.
#[derive(Debug, Clone)]
pub struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    on_cpu: Option<(Vec<f32>, Vec<f32>)>,
}

impl LayerNorm {
    /// Reads `weight` and `bias` `[width]`.
    ///
    /// # Errors
    /// Where the checkpoint lacks one of them or has it in another shape.
    pub fn new(width: usize, vb: VarBuilder<'_>) -> Result<Self> {
        let (weight, bias) = (vb.get(width, "weight")?, vb.get(width, "bias")?);
        let on_cpu = if cpu::serves(weight.device()) { Some((cpu::weights(&weight)?, cpu::weights(&bias)?)) } else { None };
        Ok(Self { weight, bias, on_cpu })
    }

    /// `xs` `[.., width]` → the same shape.
    ///
    /// # Errors
    /// Where the last dimension isn't the norm's width.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        if self.on_cpu.is_some() {
            xs.contiguous()?.apply_op1_no_bwd(&CpuNorm(self))
        } else {
            normalised(xs)?.broadcast_mul(&self.weight)?.broadcast_add(&self.bias)
        }
    }
}

struct CpuNorm<'a>(&'a LayerNorm);

impl CustomOp1 for CpuNorm<'_> {
    fn name(&self) -> &'static str {
        "layer norm"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let Some((weight, bias)) = &self.0.on_cpu else { bail!("layer norm: the weights are on another device") };
        if layout.dims().last() != Some(&weight.len()) {
            bail!("layer norm: a width of {} is needed, the shape is {:?}", weight.len(), layout.dims());
        }
        let xs = cpu::numbers(storage, layout, "layer norm")?;
        let mut out = vec![0.0; xs.len()];
        layer_norm(xs, weight, bias, &mut out);
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

/// Layer norm without own parameters, modulated by a condition: norm(x)·(1 + scale) + shift (FiLM, Perez et al. 2018).
#[derive(Debug, Clone, Copy)]
pub struct FilmNorm;

impl FilmNorm {
    /// `xs` `[batch, time, width]`, `film` `[batch, 2·width]`: scale, then shift.
    ///
    /// # Errors
    /// Where the shapes don't fit.
    pub fn forward(self, xs: &Tensor, film: &Tensor) -> Result<Tensor> {
        if cpu::serves(xs.device()) {
            return xs.contiguous()?.apply_op2_no_bwd(&film.contiguous()?, &self);
        }
        let film = film.unsqueeze(1)?.chunk(2, D::Minus1)?;
        normalised(xs)?.broadcast_mul(&(&film[0] + 1.0)?)?.broadcast_add(&film[1])
    }
}

impl CustomOp2 for FilmNorm {
    fn name(&self) -> &'static str {
        "modulated layer norm"
    }

    fn cpu_fwd(&self, xs: &CpuStorage, xs_layout: &Layout, film: &CpuStorage, film_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (batch, _, width) = xs_layout.shape().dims3()?;
        if film_layout.dims() != [batch, 2 * width] {
            bail!("modulated norm: {:?} doesn't fit {:?}", film_layout.dims(), xs_layout.dims());
        }
        let xs = cpu::numbers(xs, xs_layout, "modulated norm")?;
        let mut out = vec![0.0; xs.len()];
        film_norm(xs, cpu::numbers(film, film_layout, "modulated norm")?, batch, &mut out);
        Ok((CpuStorage::F32(out), xs_layout.shape().clone()))
    }
}

fn normalised(xs: &Tensor) -> Result<Tensor> {
    let centred = xs.broadcast_sub(&xs.mean_keepdim(D::Minus1)?)?;
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
    centred.broadcast_div(&(variance + EPSILON)?.sqrt()?)
}
