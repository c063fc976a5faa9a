//! The denoiser's part of `model_config.json`.

use crate::error::FolderError;
use crate::folder::{bounds, known};
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
    pub local_add_cond_dim: usize,
    pub timestep_features_type: String,
    #[serde(default)]
    pub timestep_features_logsnr: bool,
    pub global_cond_type: String,
    pub attn_kwargs: Attention,
    pub norm_type: String,
    #[serde(default)]
    pub ff_kwargs: FeedForward,
    #[serde(default)]
    pub num_memory_tokens: usize,
}

/// How it attends.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Attention {
    pub qk_norm: String,
    #[serde(default)]
    pub differential: bool,
}

/// Its feed-forward layers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct FeedForward {
    pub mult: f64,
}

impl Default for FeedForward {
    fn default() -> Self {
        Self { mult: 4.0 }
    }
}

impl Config {
    /// # Errors
    /// [`FolderError`] where a size is absurd or a part is none that can be run.
    pub fn check(&self, latent: usize, condition: usize) -> Result<(), FolderError> {
        bounds("the denoiser's io_channels", self.io_channels, latent..=latent)?;
        bounds("embed_dim", self.embed_dim, 1..=8192)?;
        bounds("depth", self.depth, 1..=128)?;
        bounds("num_heads", self.num_heads, 1..=256)?;
        bounds("cond_token_dim", self.cond_token_dim, condition..=condition)?;
        bounds("global_cond_dim", self.global_cond_dim, condition..=condition)?;
        bounds("local_add_cond_dim", self.local_add_cond_dim, latent + 1..=latent + 1)?;
        bounds("num_memory_tokens", self.num_memory_tokens, 0..=4096)?;
        bounds("the feed-forward layers' width", (self.embed_dim as f64 * self.ff_kwargs.mult) as usize, 1..=1 << 16)?;
        let heads = self.heads();
        if heads.width() != self.embed_dim || heads.size < self.rotary_half() * 2 {
            let allowed = format!("a divisor of {} that leaves 32 numbers or more", self.embed_dim);
            return Err(FolderError::Absurd { what: "num_heads", found: self.num_heads.to_string(), allowed });
        }
        known("time steps as", &self.timestep_features_type, "expo")?;
        known("a global condition by", &self.global_cond_type, "adaLN")?;
        known("a norm of keys by", &self.attn_kwargs.qk_norm, "rms")?;
        known("norms by", &self.norm_type, "rms_norm")?;
        if self.timestep_features_logsnr {
            return Err(FolderError::Unknown { what: "time steps as", found: "timestep_features_logsnr".into() });
        }
        Ok(())
    }

    /// Its heads.
    pub fn heads(&self) -> Heads {
        Heads { heads: self.num_heads, size: self.embed_dim / self.num_heads }
    }

    /// Pairs of a head's numbers that are turned by position: half of the head, but not fewer than 16 pairs.
    pub fn rotary_half(&self) -> usize {
        (self.heads().size / 2).max(32) / 2
    }

    /// Numbers inside a feed-forward layer.
    pub fn inner(&self) -> usize {
        (self.embed_dim as f64 * self.ff_kwargs.mult) as usize
    }
}
