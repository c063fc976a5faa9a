//! LoRA files: small changes of a model's weights, stacked, each with a strength.

mod change;
mod file;
mod svd;

use crate::error::{LoraError, WeightsError};
use crate::layout::Layout;
pub use file::Lora;

/// LoRAs in the order in which they are applied, with their strengths. (DoRA and BoRA don't commute.)
#[derive(Debug, Clone, Default)]
pub(crate) struct Stack {
    loras: Vec<(Lora, f32)>,
}

impl Stack {
    /// Checks strengths, and all shapes against those of the model.
    ///
    /// # Errors
    /// [`LoraError`] for the first thing that doesn't fit.
    pub fn new(loras: &[(Lora, f32)], model: &Layout) -> Result<Self, LoraError> {
        for (lora, strength) in loras {
            if !(-4.0..=4.0).contains(strength) {
                return Err(LoraError::Strength(*strength));
            }
            lora.check(model)?;
        }
        Ok(Self { loras: loras.iter().filter(|(_, strength)| *strength != 0.0).cloned().collect() })
    }

    /// A weight of the shape `[outputs, inputs, ..]` under `key`, changed by all LoRAs that have it.
    ///
    /// # Errors
    /// Where a LoRA's tensors can't be read.
    pub fn change(&self, key: &str, shape: &[usize], mut weight: Vec<f32>) -> Result<Vec<f32>, WeightsError> {
        let changes = self.loras.iter().filter_map(|(lora, strength)| Some((lora.module(key)?, lora, *strength)));
        let outputs = shape.first().copied().unwrap_or_default();
        if outputs == 0 {
            return Ok(weight);
        }
        // small bases are those of the model's own weight, whatever came before
        let mut original: Option<Vec<f32>> = None;
        for (module, lora, strength) in changes {
            let base = original.get_or_insert_with(|| weight.clone());
            let inputs = weight.len() / outputs;
            lora.read(module, [outputs, inputs], base)?.apply(&mut weight, [outputs, inputs], strength);
        }
        Ok(weight)
    }
}

#[cfg(test)]
mod test;
