//! What the denoiser is told: the prompt's hidden states and the length in seconds.

use crate::error::{Result, WeightsError};
use crate::folder::Config;
use crate::fourier::Fourier;
use crate::layout::Layout;
use crate::nn::Linear;
use crate::weights::Weights;
use candle_core::Tensor;

/// Rows that cross-attention sees, equal ones once: it knows no positions, so a row that stands for n equal ones needs only ln n added
/// to its logit.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    /// `[rows, width]`
    pub rows: Tensor,
    /// How many rows each one stands for.
    pub counts: Vec<usize>,
}

impl Context {
    /// What is added to each row's logit; `None` where every row stands for itself.
    pub fn bias(&self) -> Option<Vec<f32>> {
        if self.counts.iter().all(|n| *n == 1) {
            return None;
        }
        Some(self.counts.iter().map(|n| (*n as f32).ln()).collect())
    }

    /// The same with every row written out.
    #[cfg(test)]
    pub fn long(&self) -> Result<Self> {
        let mut rows = vec![];
        for (i, n) in self.counts.iter().enumerate() {
            rows.extend(std::iter::repeat_n(self.rows.narrow(0, i, 1)?, *n));
        }
        Ok(Self { counts: vec![1; rows.len()], rows: Tensor::cat(&rows, 0)? })
    }
}

/// What stands in the rows that a prompt doesn't fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Padding {
    /// The learned embedding, as in a prompt.
    Learned,
    /// Zeros, as in a negative prompt.
    Zero,
}

/// Prompt and length → rows.
#[derive(Debug)]
pub(crate) struct Conditioner {
    /// `[1, width]`
    padding: Tensor,
    seconds: Linear,
    range: (f32, f32),
    fourier: Fourier,
    max_length: usize,
}

impl Conditioner {
    /// Reads `prompt` and `seconds_total`.
    ///
    /// # Errors
    /// Where the file lacks one of its tensors or has it in another shape.
    pub fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        let width = config.cond_dim;
        Ok(Self {
            padding: weights.pp("prompt").get("padding_embedding", &[width])?.unsqueeze(0)?,
            seconds: Linear::new(&weights.pp("seconds_total.embedder.embedding.1"), Fourier::WIDTH, width, true)?,
            range: config.seconds,
            fourier: Fourier::new(),
            max_length: config.text.max_length,
        })
    }

    /// Its tensors.
    pub fn layout(layout: &mut Layout, width: usize) {
        layout.tensor("prompt.padding_embedding", [width]);
        layout.linear("seconds_total.embedder.embedding.1", Fourier::WIDTH, width, true);
    }

    /// A length in seconds → `[1, width]`.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn seconds(&self, seconds: f32) -> Result<Tensor> {
        let (low, high) = self.range;
        let features = self.fourier.features((seconds.clamp(low, high) - low) / (high - low));
        self.seconds.forward(&Tensor::from_vec(features, (1, Fourier::WIDTH), self.padding.device())?)
    }

    /// A prompt's hidden states `[tokens, width]`, what fills it up to its full length, and the length in seconds `[1, width]`.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn context(&self, hidden: Option<&Tensor>, seconds: &Tensor, padding: Padding) -> Result<Context> {
        let tokens = hidden.map_or(Ok(0), |h| h.dim(0))?;
        let missing = self.max_length.saturating_sub(tokens);
        let fill = match padding {
            Padding::Learned => self.padding.clone(),
            Padding::Zero => self.padding.zeros_like()?,
        };
        let (mut rows, mut counts) = (vec![], vec![1; tokens]);
        rows.extend(hidden.cloned());
        if missing > 0 {
            rows.push(fill);
            counts.push(missing);
        }
        rows.push(seconds.clone());
        counts.push(1);
        Ok(Context { rows: Tensor::cat(&rows, 0)?, counts })
    }
}
