//! Multi-head attention whose keys and values can be prepared once and used in many steps.

use super::cpu;
use candle_core::{CpuStorage, CustomOp1, D, Layout, Result, Shape, Tensor, bail};
use std::sync::Arc;

/// Keys and values of one sequence, ready to be attended to.
#[derive(Debug, Clone)]
pub enum Memory {
    /// On the CPU, packed per head.
    Packed(Arc<inlay_kernels::Memory>),
    /// On other devices: keys `[heads, size, length]` and values `[heads, length, size]`.
    Tensors(Tensor, Tensor),
}

/// Scaled dot-product attention (Vaswani et al. 2017), heads side by side in the channels.
#[derive(Debug, Clone, Copy)]
pub struct Attention {
    /// How many heads.
    pub heads: usize,
}

impl Attention {
    /// Prepares `keys` and `values` `[length, width]` of one sequence.
    ///
    /// # Errors
    /// Where they aren't matrices of the same shape with a whole number of heads.
    pub fn memory(self, keys: &Tensor, values: &Tensor) -> Result<Memory> {
        let (length, width) = keys.dims2()?;
        if values.dims() != keys.dims() || width % self.heads != 0 || length == 0 {
            bail!("attention: keys {:?} and values {:?} don't fit {} heads", keys.dims(), values.dims(), self.heads);
        }
        if cpu::serves(keys.device()) {
            let memory = inlay_kernels::Memory::new(&cpu::weights(keys)?, &cpu::weights(values)?, length, self.heads);
            return Ok(Memory::Packed(Arc::new(memory)));
        }
        let split = |t: &Tensor| t.reshape((length, self.heads, width / self.heads))?.transpose(0, 1);
        Ok(Memory::Tensors(split(keys)?.transpose(1, 2)?.contiguous()?, split(values)?.contiguous()?))
    }

    /// One memory for each item of `keys` and `values` `[batch, length, width]`.
    ///
    /// # Errors
    /// As [`Attention::memory`].
    pub fn memories(self, keys: &Tensor, values: &Tensor) -> Result<Vec<Memory>> {
        (0..keys.dim(0)?).map(|i| self.memory(&keys.get(i)?, &values.get(i)?)).collect()
    }

    /// `queries` `[batch, time, width]` to one memory each → `[batch, time, width]`.
    ///
    /// # Errors
    /// Where there isn't one memory of the same width for each item.
    pub fn forward(self, queries: &Tensor, memories: &[&Memory]) -> Result<Tensor> {
        let (batch, time, width) = queries.dims3()?;
        if batch != memories.len() {
            bail!("attention: {batch} sequences of queries, but {} memories", memories.len());
        }
        if cpu::serves(queries.device()) {
            return queries.contiguous()?.apply_op1_no_bwd(&Cpu { attention: self, memories });
        }
        let size = width / self.heads;
        let mut out = Vec::with_capacity(batch);
        for (i, memory) in memories.iter().enumerate() {
            let Memory::Tensors(keys, values) = memory else { bail!("attention: the memory is on another device") };
            let q = queries.get(i)?.reshape((time, self.heads, size))?.transpose(0, 1)?.contiguous()?;
            let scores = (q.matmul(keys)? / (size as f64).sqrt())?;
            let weights = candle_nn::ops::softmax(&scores, D::Minus1)?;
            out.push(weights.matmul(values)?.transpose(0, 1)?.reshape((time, width))?);
        }
        Tensor::stack(&out, 0)
    }
}

struct Cpu<'a> {
    attention: Attention,
    memories: &'a [&'a Memory],
}

impl CustomOp1 for Cpu<'_> {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let packed: Option<Vec<&inlay_kernels::Memory>> =
            self.memories.iter().map(|m| if let Memory::Packed(m) = m { Some(m.as_ref()) } else { None }).collect();
        let Some(packed) = packed else { bail!("attention: the memory is on another device") };
        let queries = cpu::numbers(storage, layout, "attention")?;
        let out = inlay_kernels::Attention { heads: self.attention.heads }.forward(queries, &packed);
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}
