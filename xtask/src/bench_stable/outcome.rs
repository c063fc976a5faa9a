//! What a side computed.

use anyhow::{Context as _, ensure};
use safetensors::{Dtype, SafeTensors};
use std::path::Path;

/// The contents of a file that a side wrote.
#[derive(Debug)]
pub struct Outcome {
    pub latents: Numbers,
    pub audio: Numbers,
}

/// A tensor.
#[derive(Debug)]
pub struct Numbers {
    shape: Vec<usize>,
    numbers: Vec<f32>,
}

impl Outcome {
    /// # Errors
    /// Where the file isn't one.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("{} can't be read", path.display()))?;
        let file = SafeTensors::deserialize(&bytes).with_context(|| format!("{} is damaged", path.display()))?;
        let numbers = |name: &str| {
            let tensor = file.tensor(name).with_context(|| format!("{} lacks {name}", path.display()))?;
            ensure!(tensor.dtype() == Dtype::F32, "{name} in {} isn't in f32", path.display());
            let (numbers, _) = tensor.data().as_chunks();
            Ok(Numbers { shape: tensor.shape().to_vec(), numbers: numbers.iter().map(|b| f32::from_le_bytes(*b)).collect() })
        };
        Ok(Self { latents: numbers("latents")?, audio: numbers("audio")? })
    }
}

impl Numbers {
    /// The largest difference, relative to the largest number of `expected`; NaN where a number isn't one.
    ///
    /// # Errors
    /// Where the shapes differ.
    pub fn apart(&self, expected: &Self) -> anyhow::Result<f32> {
        ensure!(self.shape == expected.shape, "{:?} beside {:?}", self.shape, expected.shape);
        let differences = self.numbers.iter().zip(&expected.numbers).map(|(a, b)| (a - b).abs());
        let worst = differences.fold(0.0f32, |worst, d| if worst.is_nan() || worst >= d { worst } else { d });
        Ok(worst / expected.numbers.iter().fold(0.0, |largest, n| n.abs().max(largest)))
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn numbers(numbers: &[f32]) -> Numbers {
        Numbers { shape: vec![numbers.len()], numbers: numbers.to_vec() }
    }

    #[test]
    fn differences_are_relative_to_the_largest_number() {
        assert_eq!(numbers(&[1.0, 3.0]).apart(&numbers(&[1.5, -4.0])).unwrap(), 7.0 / 4.0);
        assert_eq!(numbers(&[2.0]).apart(&numbers(&[2.0])).unwrap(), 0.0);
        assert!(numbers(&[2.0]).apart(&numbers(&[2.0, 3.0])).is_err());
    }

    #[test]
    fn what_is_no_number_is_never_near() {
        for made in [[f32::NAN, 1.0], [1.0, f32::NAN]] {
            assert!(numbers(&made).apart(&numbers(&[1.0, 1.0])).unwrap().is_nan());
            assert!(numbers(&[1.0, 1.0]).apart(&numbers(&made)).unwrap().is_nan());
        }
    }
}
