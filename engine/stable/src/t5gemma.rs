//! The text encoder: T5Gemma's (Google 2025; `transformers`, `modeling_t5gemma.py`), its last hidden states.
//!
//! It runs on the tokens that a prompt has, not on the padding, which the conditioner overwrites anyway; and it is read layer by
//! layer while it runs, so that nothing of it stays in memory.

mod config;

use crate::error::{FolderError, Result, StableError, WeightsError};
use crate::folder::Folder;
use crate::nn::{Linear, add, capped, geglu, rms_norm, scale};
use crate::vocabulary;
use crate::weights::{File, Weights};
use candle_core::{Device, Tensor};
pub(crate) use config::Config;
use std::sync::Arc;
use tokenizers::Tokenizer;

/// A prompt's tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Their numbers.
    pub ids: Vec<u32>,
    /// The prompt had more than the model reads; the rest was left out.
    pub cut: bool,
}

/// Prompt → hidden states.
pub(crate) struct TextEncoder {
    tokenizer: Tokenizer,
    config: Config,
    file: Arc<File>,
    device: Device,
}

impl std::fmt::Debug for TextEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextEncoder").field("config", &self.config).finish_non_exhaustive()
    }
}

impl TextEncoder {
    /// From the files of a model's folder.
    ///
    /// # Errors
    /// Where the tokenizer's file is none.
    pub fn new(folder: &Folder, device: &Device) -> Result<Self, FolderError> {
        let tokenizer = vocabulary::read(&folder.tokenizer()?, folder.config().text.max_length)?;
        Ok(Self { tokenizer, config: folder.text_config.clone(), file: folder.text_weights.clone(), device: device.clone() })
    }

    /// The prompt's token numbers.
    ///
    /// # Errors
    /// Where the tokenizer can't read the text.
    pub fn tokens(&self, prompt: &str) -> Result<Tokens, StableError> {
        vocabulary::tokens(&self.tokenizer, prompt)
    }

    /// Last hidden states `[tokens, width]` of several prompts; `None` for one without tokens, which has nothing to attend to.
    ///
    /// # Errors
    /// Where a layer can't be read or run.
    pub fn hidden(&self, prompts: &[Tokens]) -> Result<Vec<Option<Tensor>>, StableError> {
        let weights = Weights::new(self.file.clone(), &self.device).pp("model.encoder");
        let mut rows = Vec::with_capacity(prompts.len());
        for prompt in prompts {
            rows.push(if prompt.ids.is_empty() { None } else { Some(self.embed(&prompt.ids)?) });
        }
        for index in 0..self.config.num_hidden_layers {
            let layer = Layer::new(&self.config, &weights.pp("layers").pp(index))?;
            for x in rows.iter_mut().flatten() {
                *x = layer.forward(x)?;
            }
        }
        let norm = Norm::new(&self.config, &weights.pp("norm"))?;
        Ok(rows.into_iter().map(|x| x.map(|x| norm.forward(&x)).transpose()).collect::<Result<_>>()?)
    }

    /// Embeddings `[tokens, width]`; of 197 million numbers only the rows that are needed are read.
    fn embed(&self, ids: &[u32]) -> Result<Tensor, WeightsError> {
        let Config { hidden_size, vocab_size, .. } = self.config;
        let scale = (hidden_size as f32).sqrt();
        let mut rows = Vec::with_capacity(ids.len() * hidden_size);
        for id in ids {
            let row = self.file.row("model.encoder.embed_tokens.weight", [vocab_size, hidden_size], *id as usize)?;
            rows.extend(row.iter().map(|v| v * scale));
        }
        Ok(Tensor::from_vec(rows, (ids.len(), hidden_size), &self.device)?)
    }
}

/// Root-mean-square norm whose weight is counted from 1.
struct Norm {
    weight: Tensor,
    epsilon: f64,
}

impl Norm {
    fn new(config: &Config, weights: &Weights) -> Result<Self, WeightsError> {
        Ok(Self { weight: (weights.get("weight", &[config.hidden_size])? + 1.0)?, epsilon: config.rms_norm_eps })
    }

    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        rms_norm(xs, &self.weight, None, self.epsilon)
    }
}

/// Attention over all tokens, its logits softly capped, and a gated feed-forward layer, each between two norms.
struct Layer<'a> {
    config: &'a Config,
    norms: [Norm; 4],
    projections: [Linear; 4],
    gate: Linear,
    up: Linear,
    down: Linear,
}

impl<'a> Layer<'a> {
    fn new(config: &'a Config, weights: &Weights) -> Result<Self, WeightsError> {
        let (width, inner, wide) = (config.hidden_size, config.inner(), config.intermediate_size);
        let norm = |name: &str| Norm::new(config, &weights.pp(name));
        let attention = weights.pp("self_attn");
        let mlp = weights.pp("mlp");
        Ok(Self {
            config,
            norms: [
                norm("pre_self_attn_layernorm")?,
                norm("post_self_attn_layernorm")?,
                norm("pre_feedforward_layernorm")?,
                norm("post_feedforward_layernorm")?,
            ],
            projections: [
                Linear::new(&attention.pp("q_proj"), width, inner, false)?,
                Linear::new(&attention.pp("k_proj"), width, inner, false)?,
                Linear::new(&attention.pp("v_proj"), width, inner, false)?,
                Linear::new(&attention.pp("o_proj"), inner, width, false)?,
            ],
            gate: Linear::new(&mlp.pp("gate_proj"), width, wide, false)?,
            up: Linear::new(&mlp.pp("up_proj"), width, wide, false)?,
            down: Linear::new(&mlp.pp("down_proj"), wide, width, false)?,
        })
    }

    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let [before_attention, after_attention, before_mlp, after_mlp] = &self.norms;
        let xs = add(xs, &after_attention.forward(&self.attention(&before_attention.forward(xs)?)?)?)?;
        let ys = before_mlp.forward(&xs)?;
        let ys = self.down.forward(&geglu(&self.gate.forward(&ys)?, &self.up.forward(&ys)?)?)?;
        add(&xs, &after_mlp.forward(&ys)?)
    }

    fn attention(&self, xs: &Tensor) -> Result<Tensor> {
        let Config { query_pre_attn_scalar, attn_logit_softcapping: cap, .. } = *self.config;
        let heads = self.config.heads();
        let time = xs.dim(0)?;
        let [q, k, v, out] = &self.projections;
        let split = |x: &Tensor| x.reshape((time, heads.heads, heads.size))?.transpose(0, 1)?.contiguous();
        let rotary = self.config.rotary(time);
        let turned = |x: &Linear| split(&rotary.forward(&x.forward(xs)?.unsqueeze(0)?, heads)?);
        let q = scale(&turned(q)?, query_pre_attn_scalar.powf(-0.5))?;
        let scores = capped(&q.matmul(&turned(k)?.transpose(1, 2)?.contiguous()?)?, cap)?;
        let ys = candle_nn::ops::softmax_last_dim(&scores)?.matmul(&split(&v.forward(xs)?)?)?;
        out.forward(&ys.transpose(0, 1)?.reshape((time, heads.width()))?)
    }
}

#[cfg(test)]
mod test;
