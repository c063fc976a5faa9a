//! Multi-head attention, with keys and values that can be prepared once and used in many steps.

use super::{Heads, cpu};
use crate::error::Result;
use candle_core::{Tensor, bail};
use std::{ops::Range, sync::Arc};

/// Keys and values of one sequence, ready to be attended to.
#[derive(Debug, Clone)]
pub(crate) enum Memory {
    /// On the CPU, packed per head.
    Packed(Arc<inlay_kernels::Memory>),
    /// On other devices: keys `[heads, size, length]`, values `[heads, length, size]`, and what is added to the logits `[length]`.
    Tensors(Tensor, Tensor, Option<Tensor>),
}

impl Memory {
    /// Prepares `keys` and `values` `[length, width]` of one sequence; `bias` `[length]` is added to the logits.
    ///
    /// # Errors
    /// Where they don't fit.
    pub fn new(keys: &Tensor, values: &Tensor, bias: Option<&[f32]>, heads: Heads) -> Result<Self> {
        let (length, width) = keys.dims2()?;
        if values.dims() != keys.dims() || width != heads.width() || length == 0 || bias.is_some_and(|b| b.len() != length) {
            bail!("attention: keys {:?} and values {:?} don't fit {heads:?}", keys.dims(), values.dims());
        }
        if cpu::serves(keys.device()) {
            let memory = inlay_kernels::Memory::new(&cpu::numbers(keys)?, &cpu::numbers(values)?, length, heads.heads);
            return Ok(Self::Packed(Arc::new(if let Some(bias) = bias { memory.with_bias(bias) } else { memory })));
        }
        let split = |t: &Tensor| t.reshape((length, heads.heads, heads.size))?.transpose(0, 1);
        let bias = bias.map(|b| Tensor::new(b, keys.device())).transpose()?;
        Ok(Self::Tensors(split(keys)?.transpose(1, 2)?.contiguous()?, split(values)?.contiguous()?, bias))
    }

    /// The same where query t sees `span` keys from key t on, as far as they lie in `seen`. On the CPU only.
    fn within(self, span: usize, seen: &Range<usize>) -> Result<Self> {
        let Self::Packed(memory) = self else { bail!("attention: the memory is on another device") };
        Ok(Self::Packed(Arc::new(Arc::unwrap_or_clone(memory).within(span, seen.clone()))))
    }
}

/// softmax(q·kᵀ/√size + bias)·v for each head: `queries` `[batch, time, width]` to one memory each → the same shape.
///
/// # Errors
/// Where they don't fit.
pub(crate) fn attend(queries: &Tensor, memories: &[Memory], heads: Heads) -> Result<Tensor> {
    let (batch, time, width) = queries.dims3()?;
    if batch != memories.len() || width != heads.width() {
        bail!("attention: queries {:?} don't fit {} memories and {heads:?}", queries.dims(), memories.len());
    }
    if cpu::serves(queries.device()) {
        let packed: Option<Vec<&inlay_kernels::Memory>> =
            memories.iter().map(|m| if let Memory::Packed(m) = m { Some(m.as_ref()) } else { None }).collect();
        let Some(packed) = packed else { bail!("attention: the memory is on another device") };
        return cpu::map(queries, queries.dims(), |q| inlay_kernels::Attention { heads: heads.heads }.forward(q, &packed));
    }
    let mut out = Vec::with_capacity(batch);
    for (i, memory) in memories.iter().enumerate() {
        let Memory::Tensors(keys, values, bias) = memory else { bail!("attention: the memory is on another device") };
        let q = queries.get(i)?.reshape((time, heads.heads, heads.size))?.transpose(0, 1)?.contiguous()?;
        let mut scores = (q.matmul(keys)? / (heads.size as f64).sqrt())?;
        if let Some(bias) = bias {
            scores = scores.broadcast_add(bias)?;
        }
        let weights = candle_nn::ops::softmax_last_dim(&scores)?;
        out.push(weights.matmul(values)?.transpose(0, 1)?.reshape((time, width))?);
    }
    Tensor::stack(&out, 0)
}

/// The same over keys and values that are used once: all `[batch, time, width]`.
///
/// # Errors
/// As [`attend`].
pub(crate) fn attention(queries: &Tensor, keys: &Tensor, values: &Tensor, heads: Heads) -> Result<Tensor> {
    if cpu::serves(queries.device()) {
        let memories = (0..keys.dim(0)?).map(|i| Memory::new(&keys.get(i)?, &values.get(i)?, None, heads)).collect::<Result<Vec<_>>>()?;
        return attend(queries, &memories, heads);
    }
    weighed(&scores(queries, keys, heads)?, values, heads)
}

/// The same where query t sees `span` keys from key t on, as far as they lie in its item's `seen`: `queries` `[batch, time, width]`, `keys`
/// and `values` `[batch, length, width]`. Each query has to see one key at least.
///
/// # Errors
/// As [`attend`].
pub(crate) fn attention_within(
    span: usize,
    seen: &[Range<usize>],
    queries: &Tensor,
    keys: &Tensor,
    values: &Tensor,
    heads: Heads,
) -> Result<Tensor> {
    let (batch, time, width) = queries.dims3()?;
    let length = keys.dim(1)?;
    let none = |s: &Range<usize>| s.end > length || s.start >= span || s.end < time || s.is_empty();
    if seen.len() != batch || keys.dims() != [batch, length, width] || values.dims() != keys.dims() || seen.iter().any(none) {
        bail!("attention: queries {:?} see none of the keys {:?}", queries.dims(), keys.dims());
    }
    if cpu::serves(queries.device()) {
        let memory = |(i, seen): (usize, &Range<usize>)| Memory::new(&keys.get(i)?, &values.get(i)?, None, heads)?.within(span, seen);
        let memories = seen.iter().enumerate().map(memory).collect::<Result<Vec<_>>>()?;
        return attend(queries, &memories, heads);
    }
    let mut bias = Vec::with_capacity(batch * time * length);
    for seen in seen {
        let hidden = |t: usize, key: usize| !(t..t + span).contains(&key) || !seen.contains(&key);
        bias.extend((0..time).flat_map(|t| (0..length).map(move |key| if hidden(t, key) { f32::NEG_INFINITY } else { 0.0 })));
    }
    let bias = Tensor::from_vec(bias, (batch, 1, time, length), queries.device())?;
    let scores = scores(queries, keys, heads)?.broadcast_add(&bias)?;
    weighed(&scores, values, heads)
}

/// q·kᵀ/√size: `[batch, heads, time, length]`.
fn scores(queries: &Tensor, keys: &Tensor, heads: Heads) -> Result<Tensor> {
    split(queries, heads)?.matmul(&split(keys, heads)?.transpose(2, 3)?.contiguous()?)? / (heads.size as f64).sqrt()
}

/// softmax(`scores`)·v: `[batch, time, width]`.
fn weighed(scores: &Tensor, values: &Tensor, heads: Heads) -> Result<Tensor> {
    let (batch, _, time, _) = scores.dims4()?;
    let weights = candle_nn::ops::softmax_last_dim(scores)?;
    weights.matmul(&split(values, heads)?)?.transpose(1, 2)?.reshape((batch, time, heads.width()))
}

/// `[batch, time, width]` → `[batch, heads, time, size]`.
fn split(xs: &Tensor, heads: Heads) -> Result<Tensor> {
    let (batch, time, _) = xs.dims3()?;
    xs.reshape((batch, time, heads.heads, heads.size))?.transpose(1, 2)?.contiguous()
}
