//! What the denoiser is told: the prompt's hidden states, and where in a piece it begins and how long that is.

use super::config::OpenConfig;
use crate::conditioner::Context;
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::nn::Linear;
use crate::weights::Weights;
use candle_core::Tensor;
use std::f32::consts::PI;

/// Learned frequencies of a number.
const FREQUENCIES: usize = 128;

/// A number → `[1, width]`: itself, sines and cosines of it, and a linear layer.
#[derive(Debug)]
struct Number {
    weights: Vec<f32>,
    embedding: Linear,
    range: (f32, f32),
}

/// Prompt and numbers → rows.
#[derive(Debug)]
pub(super) struct Conditioner {
    numbers: Vec<Number>,
    max_length: usize,
    width: usize,
}

impl Conditioner {
    /// Reads `conditioner.conditioners`.
    ///
    /// # Errors
    /// Where the file lacks one of its tensors or has it in another shape.
    pub fn new(config: &OpenConfig, weights: &Weights) -> Result<Self, WeightsError> {
        let number = |(name, range): &(String, (f32, f32))| {
            let weights = weights.pp(name).pp("embedder.embedding");
            Ok::<_, WeightsError>(Number {
                weights: weights.numbers("0.weights", &[FREQUENCIES])?,
                embedding: Linear::new(&weights.pp(1), 2 * FREQUENCIES + 1, config.cond_dim, true)?,
                range: *range,
            })
        };
        let numbers = config.numbers.iter().map(number).collect::<Result<_, _>>()?;
        Ok(Self { numbers, max_length: config.max_length, width: config.cond_dim })
    }

    /// Its tensors.
    pub fn layout(layout: &mut Layout, config: &OpenConfig) {
        for (name, _) in &config.numbers {
            layout.below(format!("{name}.embedder.embedding"), |l| {
                l.tensor("0.weights", [FREQUENCIES]);
                l.linear("1", 2 * FREQUENCIES + 1, config.cond_dim, true);
            });
        }
    }

    /// Seconds, one of each kind → `[1, width]` each.
    ///
    /// # Errors
    /// Where the device fails.
    pub fn seconds(&self, seconds: &[f32], weights: &candle_core::Device) -> Result<Vec<Tensor>> {
        let row = |(number, seconds): (&Number, &f32)| {
            let (low, high) = number.range;
            let x = (seconds.clamp(low, high) - low) / (high - low);
            let angles: Vec<f64> = number.weights.iter().map(|w| f64::from(x * w * 2.0 * PI)).collect();
            let mut features = vec![x];
            features.extend(angles.iter().map(|a| libm::sin(*a) as f32));
            features.extend(angles.iter().map(|a| libm::cos(*a) as f32));
            number.embedding.forward(&Tensor::from_vec(features, (1, 2 * FREQUENCIES + 1), weights)?)
        };
        self.numbers.iter().zip(seconds).map(row).collect()
    }

    /// A prompt's hidden states `[tokens, width]`, rows of zeros up to its full length, and the numbers' rows.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn context(&self, hidden: Option<&Tensor>, seconds: &[Tensor], device: &candle_core::Device) -> Result<Context> {
        let tokens = hidden.map_or(Ok(0), |h| h.dim(0))?;
        let missing = self.max_length.saturating_sub(tokens);
        let (mut rows, mut counts) = (vec![], vec![1; tokens]);
        rows.extend(hidden.cloned());
        if missing > 0 {
            rows.push(Tensor::zeros((1, self.width), candle_core::DType::F32, device)?);
            counts.push(missing);
        }
        rows.extend(seconds.iter().cloned());
        counts.extend(seconds.iter().map(|_| 1));
        Ok(Context { rows: Tensor::cat(&rows, 0)?, counts })
    }
}
