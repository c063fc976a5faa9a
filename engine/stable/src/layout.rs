//! Which tensors a model of some configuration has: what a file is checked against before anything of it is read.

/// Keys with shapes, gathered part by part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    tensors: Vec<(String, Vec<usize>)>,
}

impl Layout {
    /// What `part` gathers, below `prefix`.
    pub fn below(&mut self, prefix: impl std::fmt::Display, part: impl FnOnce(&mut Self)) {
        let first = self.tensors.len();
        part(self);
        for (key, _) in &mut self.tensors[first..] {
            *key = format!("{prefix}.{key}");
        }
    }

    /// One tensor.
    pub fn tensor(&mut self, key: &str, shape: impl Into<Vec<usize>>) {
        self.tensors.push((key.to_owned(), shape.into()));
    }

    /// A linear layer.
    pub fn linear(&mut self, key: &str, inputs: usize, outputs: usize, bias: bool) {
        self.tensor(&format!("{key}.weight"), [outputs, inputs]);
        if bias {
            self.tensor(&format!("{key}.bias"), [outputs]);
        }
    }

    /// Keys and shapes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.tensors.iter().map(|(key, shape)| (key.as_str(), shape.as_slice()))
    }

    /// How many numbers all tensors have. Configurations are bounded, so the sum fits.
    pub fn numbers(&self) -> u64 {
        self.iter().map(|(_, shape)| shape.iter().map(|n| *n as u64).product::<u64>()).sum()
    }
}
