//! T5's encoder (Raffel et al. 2020; `transformers`, `modeling_t5.py`), its last hidden states; read layer by layer while it runs.

use crate::error::{FolderError, Result, StableError, WeightsError, first_line};
use crate::layout::Layout;
use crate::nn::{Heads, Linear, add, relu, rms_norm};
use crate::t5gemma::Tokens;
use crate::vocabulary;
use crate::weights::{File, Weights};
use candle_core::{Device, Tensor};
use serde::Deserialize;
use std::sync::Arc;
use tokenizers::Tokenizer;

/// The file's sizes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Config {
    d_model: usize,
    d_kv: usize,
    d_ff: usize,
    num_layers: usize,
    num_heads: usize,
    vocab_size: usize,
    layer_norm_epsilon: f64,
    relative_attention_num_buckets: usize,
    #[serde(default = "distance")]
    relative_attention_max_distance: usize,
    #[serde(default = "usual")]
    feed_forward_proj: String,
}

fn distance() -> usize {
    128
}

fn usual() -> String {
    "relu".into()
}

impl Config {
    /// Reads the file's content.
    ///
    /// # Errors
    /// [`FolderError`] where it isn't one, or describes what can't be run.
    pub fn parse(bytes: &[u8]) -> Result<Self, FolderError> {
        let damaged = |reason: String| FolderError::Damaged { name: "config.json of the text encoder".into(), reason };
        let config: Self = serde_json::from_slice(bytes).map_err(|e| damaged(first_line(&e)))?;
        let sizes = [
            ("d_model", config.d_model, 8192),
            ("d_kv", config.d_kv, 1024),
            ("d_ff", config.d_ff, 1 << 16),
            ("num_layers", config.num_layers, 128),
            ("num_heads", config.num_heads, 256),
            ("vocab_size", config.vocab_size, 1 << 21),
            ("relative_attention_num_buckets", config.relative_attention_num_buckets, 4096),
        ];
        for (what, found, most) in sizes {
            if !(1..=most).contains(&found) {
                return Err(damaged(format!("{what} is {found}")));
            }
        }
        let exact = config.relative_attention_num_buckets / 4;
        if exact == 0
            || config.relative_attention_max_distance <= exact
            || config.layer_norm_epsilon.is_nan()
            || config.layer_norm_epsilon <= 0.0
        {
            return Err(damaged("its positions or norms can't be used".into()));
        }
        if config.feed_forward_proj != "relu" {
            return Err(damaged(format!("feed_forward_proj is {}", config.feed_forward_proj)));
        }
        Ok(config)
    }

    /// Numbers of a hidden state.
    pub fn width(&self) -> usize {
        self.d_model
    }

    fn heads(&self) -> Heads {
        Heads { heads: self.num_heads, size: self.d_kv }
    }

    /// The encoder's tensors.
    pub fn layout(&self) -> Layout {
        let (width, inner) = (self.d_model, self.heads().width());
        let mut layout = Layout::default();
        layout.tensor("shared.weight", [self.vocab_size, width]);
        layout.below("encoder", |l| {
            l.tensor("block.0.layer.0.SelfAttention.relative_attention_bias.weight", [self.relative_attention_num_buckets, self.num_heads]);
            for index in 0..self.num_layers {
                l.below(format!("block.{index}.layer"), |l| {
                    for projection in ["q", "k", "v"] {
                        l.linear(&format!("0.SelfAttention.{projection}"), width, inner, false);
                    }
                    l.linear("0.SelfAttention.o", inner, width, false);
                    l.tensor("0.layer_norm.weight", [width]);
                    l.linear("1.DenseReluDense.wi", width, self.d_ff, false);
                    l.linear("1.DenseReluDense.wo", self.d_ff, width, false);
                    l.tensor("1.layer_norm.weight", [width]);
                });
            }
            l.tensor("final_layer_norm.weight", [width]);
        });
        layout
    }

    /// Which learned number a distance from query to key gets: near ones their own, far ones one for ever wider ranges.
    fn bucket(&self, distance: isize) -> usize {
        let half = self.relative_attention_num_buckets / 2;
        let exact = half / 2;
        let side = if distance > 0 { half } else { 0 };
        let n = distance.unsigned_abs();
        if n < exact {
            return side + n;
        }
        let along = (n as f32 / exact as f32).ln() / (self.relative_attention_max_distance as f32 / exact as f32).ln();
        side + (exact + (along * (half - exact) as f32) as usize).min(half - 1)
    }
}

/// Prompt → hidden states.
pub(super) struct TextEncoder {
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
    /// From the content of a tokenizer's file, and the weights.
    ///
    /// # Errors
    /// Where the tokenizer's file is none.
    pub fn new(tokenizer: &[u8], max_length: usize, config: Config, file: Arc<File>, device: &Device) -> Result<Self, FolderError> {
        let tokenizer = vocabulary::read(tokenizer, max_length)?;
        Ok(Self { tokenizer, config, file, device: device.clone() })
    }

    /// The prompt's token numbers, the one that ends it included.
    ///
    /// # Errors
    /// Where the tokenizer can't read the text.
    pub fn tokens(&self, prompt: &str) -> Result<Tokens, StableError> {
        vocabulary::tokens(&self.tokenizer, prompt)
    }

    /// Last hidden states `[tokens, width]` of several prompts; `None` for one without tokens.
    ///
    /// # Errors
    /// Where a layer can't be read or run.
    pub fn hidden(&self, prompts: &[Tokens]) -> Result<Vec<Option<Tensor>>, StableError> {
        let weights = Weights::new(self.file.clone(), &self.device).pp("encoder");
        let mut rows = Vec::with_capacity(prompts.len());
        for prompt in prompts {
            let ids = &prompt.ids;
            rows.push(if ids.is_empty() { None } else { Some((self.embed(ids)?, self.positions(&weights, ids.len())?)) });
        }
        for index in 0..self.config.num_layers {
            let layer = Layer::new(&self.config, &weights.pp("block").pp(index).pp("layer"))?;
            for (x, positions) in rows.iter_mut().flatten() {
                *x = layer.forward(x, positions)?;
            }
        }
        let norm = weights.get("final_layer_norm.weight", &[self.config.d_model])?;
        let normed = |x: Tensor| rms_norm(&x, &norm, None, self.config.layer_norm_epsilon);
        Ok(rows.into_iter().map(|x| x.map(|(x, _)| normed(x)).transpose()).collect::<Result<_>>()?)
    }

    /// Embeddings `[tokens, width]`; only the rows that are needed are read.
    fn embed(&self, ids: &[u32]) -> Result<Tensor, WeightsError> {
        let Config { d_model, vocab_size, .. } = self.config;
        let mut rows = Vec::with_capacity(ids.len() * d_model);
        for id in ids {
            rows.extend(self.file.row("shared.weight", [vocab_size, d_model], *id as usize)?);
        }
        Ok(Tensor::from_vec(rows, (ids.len(), d_model), &self.device)?)
    }

    /// What positions add to the logits: `[heads, time, time]`.
    fn positions(&self, weights: &Weights, time: usize) -> Result<Tensor, WeightsError> {
        let Config { relative_attention_num_buckets: buckets, num_heads: heads, .. } = self.config;
        let table = weights.numbers("block.0.layer.0.SelfAttention.relative_attention_bias.weight", &[buckets, heads])?;
        let mut numbers = Vec::with_capacity(heads * time * time);
        for head in 0..heads {
            for query in 0..time {
                let value = |key: usize| table.get(self.config.bucket(key as isize - query as isize) * heads + head).copied();
                numbers.extend((0..time).map(|key| value(key).unwrap_or_default()));
            }
        }
        Ok(Tensor::from_vec(numbers, (heads, time, time), &self.device)?)
    }
}

/// Attention over all tokens, without a scale, and a feed-forward layer; a norm before each.
struct Layer<'a> {
    config: &'a Config,
    norms: [Tensor; 2],
    projections: [Linear; 4],
    wi: Linear,
    wo: Linear,
}

impl<'a> Layer<'a> {
    fn new(config: &'a Config, weights: &Weights) -> Result<Self, WeightsError> {
        let (width, inner) = (config.d_model, config.heads().width());
        let attention = weights.pp("0.SelfAttention");
        let dense = weights.pp("1.DenseReluDense");
        Ok(Self {
            config,
            norms: [weights.get("0.layer_norm.weight", &[width])?, weights.get("1.layer_norm.weight", &[width])?],
            projections: [
                Linear::new(&attention.pp("q"), width, inner, false)?,
                Linear::new(&attention.pp("k"), width, inner, false)?,
                Linear::new(&attention.pp("v"), width, inner, false)?,
                Linear::new(&attention.pp("o"), inner, width, false)?,
            ],
            wi: Linear::new(&dense.pp("wi"), width, config.d_ff, false)?,
            wo: Linear::new(&dense.pp("wo"), config.d_ff, width, false)?,
        })
    }

    fn forward(&self, xs: &Tensor, positions: &Tensor) -> Result<Tensor> {
        let [before_attention, before_dense] = &self.norms;
        let [q, k, v, o] = &self.projections;
        let heads = self.config.heads();
        let time = xs.dim(0)?;
        let ys = rms_norm(xs, before_attention, None, self.config.layer_norm_epsilon)?;
        let split = |x: &Linear| x.forward(&ys)?.reshape((time, heads.heads, heads.size))?.transpose(0, 1)?.contiguous();
        let scores = add(&split(q)?.matmul(&split(k)?.transpose(1, 2)?.contiguous()?)?, positions)?;
        let ys = candle_nn::ops::softmax_last_dim(&scores)?.matmul(&split(v)?)?;
        let xs = add(xs, &o.forward(&ys.transpose(0, 1)?.reshape((time, heads.width()))?)?)?;
        let ys = rms_norm(&xs, before_dense, None, self.config.layer_norm_epsilon)?;
        add(&xs, &self.wo.forward(&relu(&self.wi.forward(&ys)?)?)?)
    }
}
