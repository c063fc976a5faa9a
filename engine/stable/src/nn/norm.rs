//! What brings numbers into range: root-mean-square norms and dynamic tanh.

use super::cpu;
use crate::error::{Result, WeightsError};
use crate::weights::Weights;
use candle_core::{D, Tensor};

/// x / √(mean x² + ε) · weight + bias over the last dimension; `weight` and `bias` are `[width]`, or `[batch, width]` for a modulation
/// of `xs` `[batch, time, width]`.
///
/// # Errors
/// Where shapes don't fit.
pub(crate) fn rms_norm(xs: &Tensor, weight: &Tensor, bias: Option<&Tensor>, epsilon: f64) -> Result<Tensor> {
    if cpu::serves(xs.device()) {
        let n = weight.dim(D::Minus1)?;
        if xs.dim(D::Minus1)? != n || (weight.rank() == 2 && xs.dim(0)? != weight.dim(0)?) {
            candle_core::bail!("a norm of {:?} got the shape {:?}", weight.dims(), xs.dims());
        }
        let (weight, bias) = (cpu::numbers(weight)?, bias.map(cpu::numbers).transpose()?);
        return cpu::map(xs, xs.dims(), |x| {
            let mut out = vec![0.0; x.len()];
            inlay_kernels::rms_norm(x, n, &weight, bias.as_deref(), epsilon as f32, &mut out);
            out
        });
    }
    let normed = xs.broadcast_div(&(xs.sqr()?.mean_keepdim(D::Minus1)? + epsilon)?.sqrt()?)?;
    let spread = |t: &Tensor| if t.rank() == 2 { t.unsqueeze(1) } else { Ok(t.clone()) };
    let scaled = normed.broadcast_mul(&spread(weight)?)?;
    if let Some(bias) = bias { scaled.broadcast_add(&spread(bias)?) } else { Ok(scaled) }
}

/// Root-mean-square norm (Zhang & Sennrich 2019) with a learned `gamma` `[width]`.
#[derive(Debug, Clone)]
pub(crate) struct RmsNorm {
    gamma: Tensor,
    epsilon: f64,
}

impl RmsNorm {
    /// Reads `gamma`.
    ///
    /// # Errors
    /// Where the file lacks it or has it in another shape.
    pub fn new(weights: &Weights, width: usize, epsilon: f64) -> Result<Self, WeightsError> {
        Ok(Self { gamma: weights.get("gamma", &[width])?, epsilon })
    }

    /// `xs` `[.., width]` → the same shape.
    ///
    /// # Errors
    /// Where the last dimension isn't the norm's width.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        rms_norm(xs, &self.gamma, None, self.epsilon)
    }

    /// norm(`xs`) · (1 + scale) + shift; `xs` `[batch, time, width]`, `scale` and `shift` `[batch, width]`.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn modulated(&self, xs: &Tensor, scale: &Tensor, shift: &Tensor) -> Result<Tensor> {
        rms_norm(xs, &(scale + 1.0)?.broadcast_mul(&self.gamma)?, Some(shift), self.epsilon)
    }
}

/// Dynamic tanh (Zhu et al. 2025): γ · tanh(α x) + β.
#[derive(Debug, Clone)]
pub(crate) struct DyT {
    alpha: f32,
    gamma: Tensor,
    beta: Tensor,
    /// γ and β for the CPU's kernel.
    numbers: (Vec<f32>, Vec<f32>),
}

impl DyT {
    /// Reads `alpha` `[1]`, `gamma` and `beta` `[width]`.
    ///
    /// # Errors
    /// Where the file lacks one of them or has it in another shape.
    pub fn new(weights: &Weights, width: usize) -> Result<Self, WeightsError> {
        let (gamma, beta) = (weights.numbers("gamma", &[width])?, weights.numbers("beta", &[width])?);
        Ok(Self {
            alpha: weights.numbers("alpha", &[1])?.first().copied().unwrap_or_default(),
            gamma: Tensor::new(gamma.as_slice(), weights.device())?,
            beta: Tensor::new(beta.as_slice(), weights.device())?,
            numbers: (gamma, beta),
        })
    }

    /// Its tensors below `key`.
    pub fn layout(layout: &mut crate::layout::Layout, key: &str, width: usize) {
        layout.tensor(&format!("{key}.alpha"), [1]);
        layout.tensor(&format!("{key}.gamma"), [width]);
        layout.tensor(&format!("{key}.beta"), [width]);
    }

    /// `xs` `[.., width]` → the same shape.
    ///
    /// # Errors
    /// Where the last dimension isn't γ's.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        if xs.dim(D::Minus1)? != self.numbers.0.len() {
            candle_core::bail!("a dynamic tanh of {} got the shape {:?}", self.numbers.0.len(), xs.dims());
        }
        if cpu::serves(xs.device()) {
            return cpu::map(xs, xs.dims(), |x| {
                let mut out = vec![0.0; x.len()];
                inlay_kernels::dyt(x, self.alpha, &self.numbers.0, &self.numbers.1, &mut out);
                out
            });
        }
        (xs * f64::from(self.alpha))?.tanh()?.broadcast_mul(&self.gamma)?.broadcast_add(&self.beta)
    }
}

/// Layer norm (Ba et al. 2016).
#[derive(Debug, Clone)]
pub(crate) struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    epsilon: f64,
    /// Weight and bias for the CPU's kernel.
    numbers: (Vec<f32>, Vec<f32>),
}

impl LayerNorm {
    /// Reads weight and bias `[width]` under the names that they have.
    ///
    /// # Errors
    /// Where the file lacks one of them or has it in another shape.
    pub fn new(weights: &Weights, names: [&str; 2], width: usize, epsilon: f64) -> Result<Self, WeightsError> {
        let [weight, bias] = names;
        let (weight, bias) = (weights.numbers(weight, &[width])?, weights.numbers(bias, &[width])?);
        Ok(Self {
            weight: Tensor::new(weight.as_slice(), weights.device())?,
            bias: Tensor::new(bias.as_slice(), weights.device())?,
            epsilon,
            numbers: (weight, bias),
        })
    }

    /// `xs` `[.., width]` → the same shape.
    ///
    /// # Errors
    /// Where the last dimension isn't the norm's width.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let (weight, bias) = &self.numbers;
        if xs.dim(D::Minus1)? != weight.len() {
            candle_core::bail!("a norm of {} got the shape {:?}", weight.len(), xs.dims());
        }
        if cpu::serves(xs.device()) {
            return cpu::map(xs, xs.dims(), |x| {
                let mut out = vec![0.0; x.len()];
                inlay_kernels::layer_norm_with(x, weight, bias, self.epsilon as f32, &mut out);
                out
            });
        }
        let centred = xs.broadcast_sub(&xs.mean_keepdim(D::Minus1)?)?;
        let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
        centred.broadcast_div(&(variance + self.epsilon)?.sqrt()?)?.broadcast_mul(&self.weight)?.broadcast_add(&self.bias)
    }
}
