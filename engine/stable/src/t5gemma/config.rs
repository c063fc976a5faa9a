//! The text encoder's `config.json`.

use crate::error::{FolderError, first_line};
use crate::layout::Layout;
use crate::nn::{Heads, Rotary};
use serde::Deserialize;

/// The encoder's part of the file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Config {
    pub hidden_size: usize,
    pub intermediate_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub num_key_value_heads: usize,
    pub head_dim: usize,
    pub vocab_size: usize,
    pub rms_norm_eps: f64,
    pub query_pre_attn_scalar: f64,
    pub attn_logit_softcapping: f64,
    pub hidden_activation: String,
    /// Newer files have it inside `rope_parameters`.
    #[serde(default)]
    rope_theta: Option<f64>,
    #[serde(default)]
    rope_parameters: Option<RopeParameters>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct RopeParameters {
    rope_theta: f64,
}

#[derive(Deserialize)]
struct File {
    encoder: Config,
}

impl Config {
    /// Reads the file's content.
    ///
    /// # Errors
    /// [`FolderError`] where it isn't one, or describes what can't be run.
    pub fn parse(bytes: &[u8]) -> Result<Self, FolderError> {
        let damaged = |reason: String| FolderError::Damaged { name: "config.json of the text encoder".into(), reason };
        let config = serde_json::from_slice::<File>(bytes).map_err(|e| damaged(first_line(&e)))?.encoder;
        let sizes = [
            ("hidden_size", config.hidden_size, 8192),
            ("intermediate_size", config.intermediate_size, 1 << 16),
            ("num_hidden_layers", config.num_hidden_layers, 128),
            ("num_attention_heads", config.num_attention_heads, 256),
            ("head_dim", config.head_dim, 1024),
            ("vocab_size", config.vocab_size, 1 << 21),
        ];
        for (what, found, most) in sizes {
            if !(1..=most).contains(&found) {
                return Err(damaged(format!("{what} is {found}")));
            }
        }
        if config.num_key_value_heads != config.num_attention_heads || !config.head_dim.is_multiple_of(2) {
            return Err(damaged(format!("{} heads of {} numbers", config.num_key_value_heads, config.head_dim)));
        }
        if config.hidden_activation != "gelu_pytorch_tanh" {
            return Err(damaged(format!("hidden_activation is {}", config.hidden_activation)));
        }
        let positive =
            [config.rms_norm_eps, config.query_pre_attn_scalar, config.attn_logit_softcapping, config.theta().unwrap_or_default()];
        if positive.iter().any(|v| !(v.is_finite() && *v > 0.0)) {
            return Err(damaged("a scale isn't above 0".into()));
        }
        Ok(config)
    }

    /// Numbers of a hidden state.
    pub fn width(&self) -> usize {
        self.hidden_size
    }

    /// Numbers of all heads.
    pub fn inner(&self) -> usize {
        self.num_attention_heads * self.head_dim
    }

    fn theta(&self) -> Option<f64> {
        self.rope_theta.or(self.rope_parameters.as_ref().map(|p| p.rope_theta))
    }

    /// The heads of its attention.
    pub fn heads(&self) -> Heads {
        Heads { heads: self.num_attention_heads, size: self.head_dim }
    }

    /// Rotary positions 0 to `time` over whole heads.
    pub fn rotary(&self, time: usize) -> Rotary {
        let half = self.head_dim / 2;
        let theta = self.theta().unwrap_or(1e4);
        let frequencies: Vec<f32> = (0..half).map(|i| theta.powf(-(i as f64) / half as f64) as f32).collect();
        Rotary::new(&frequencies, time)
    }

    /// The encoder's tensors; the file holds a decoder too, which nobody needs.
    pub fn layout(&self) -> Layout {
        let (width, inner, wide) = (self.hidden_size, self.inner(), self.intermediate_size);
        let mut layout = Layout::default();
        layout.below("model.encoder", |l| {
            l.tensor("embed_tokens.weight", [self.vocab_size, width]);
            for index in 0..self.num_hidden_layers {
                l.below(format!("layers.{index}"), |l| {
                    for norm in ["pre_self_attn", "post_self_attn", "pre_feedforward", "post_feedforward"] {
                        l.tensor(&format!("{norm}_layernorm.weight"), [width]);
                    }
                    for projection in ["q_proj", "k_proj", "v_proj"] {
                        l.linear(&format!("self_attn.{projection}"), width, inner, false);
                    }
                    l.linear("self_attn.o_proj", inner, width, false);
                    l.linear("mlp.gate_proj", width, wide, false);
                    l.linear("mlp.up_proj", width, wide, false);
                    l.linear("mlp.down_proj", wide, width, false);
                });
            }
            l.tensor("norm.weight", [width]);
        });
        layout
    }
}
