//! The denoiser's part of `model_config.json`.

use crate::error::FolderError;
use crate::folder::bounds;
use crate::nn::Heads;
use serde::Deserialize;

/// Sizes of the denoiser.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Config {
    pub io_channels: usize,
    pub embed_dim: usize,
    pub depth: usize,
    pub num_heads: usize,
    pub cond_token_dim: usize,
    pub global_cond_dim: usize,
    #[serde(default = "yes")]
    project_cond_tokens: bool,
    transformer_type: String,
    #[serde(default)]
    attn_kwargs: Attention,
}

/// How it attends.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
struct Attention {
    #[serde(default)]
    qk_norm: Option<String>,
}

fn yes() -> bool {
    true
}

impl Config {
    /// # Errors
    /// [`FolderError`] where a size is absurd or a part is none that can be run.
    pub fn check(&self, latent: usize, condition: usize, numbers: usize) -> Result<(), FolderError> {
        bounds("the denoiser's io_channels", self.io_channels, latent..=latent)?;
        bounds("embed_dim", self.embed_dim, 1..=8192)?;
        bounds("depth", self.depth, 1..=128)?;
        bounds("num_heads", self.num_heads, 1..=256)?;
        bounds("cond_token_dim", self.cond_token_dim, condition..=condition)?;
        bounds("global_cond_dim", self.global_cond_dim, condition * numbers..=condition * numbers)?;
        crate::folder::known("a transformer", &self.transformer_type, "continuous_transformer")?;
        let heads = self.heads();
        let keys = self.context() / heads.size.max(1);
        if heads.width() != self.embed_dim
            || heads.size < self.rotary_half() * 2
            || keys * heads.size != self.context()
            || !heads.heads.is_multiple_of(keys.max(1))
        {
            let allowed = format!("a divisor of {} and {}", self.embed_dim, self.context());
            return Err(FolderError::Absurd { what: "num_heads", found: self.num_heads.to_string(), allowed });
        }
        match self.attn_kwargs.qk_norm.as_deref() {
            None | Some("ln") => Ok(()),
            Some(other) => Err(FolderError::Unknown { what: "a norm of keys by", found: other.into() }),
        }
    }

    /// Its heads.
    pub fn heads(&self) -> Heads {
        Heads { heads: self.num_heads, size: self.embed_dim / self.num_heads }
    }

    /// Numbers of a row of the context.
    pub fn context(&self) -> usize {
        if self.project_cond_tokens { self.embed_dim } else { self.cond_token_dim }
    }

    /// Whether queries and keys have norms.
    pub fn normed(&self) -> bool {
        self.attn_kwargs.qk_norm.is_some()
    }

    /// Pairs of a head's numbers that are turned by position: half of the head, but not fewer than 16 pairs.
    pub fn rotary_half(&self) -> usize {
        (self.heads().size / 2).max(32) / 2
    }

    /// Numbers inside a feed-forward layer.
    pub fn inner(&self) -> usize {
        4 * self.embed_dim
    }
}
