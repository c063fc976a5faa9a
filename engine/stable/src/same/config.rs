//! The codec's part of `model_config.json`.

use crate::error::FolderError;
use crate::folder::{Typed, bounds, known};
use crate::nn::Heads;
use serde::Deserialize;

/// Sizes of the codec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// Samples of a patch.
    pub patch: usize,
    /// Patches of a latent.
    pub stride: usize,
    /// Patches of a window.
    chunk: usize,
    pub width: usize,
    pub latent_dim: usize,
    pub depth: usize,
    head: usize,
}

#[derive(Deserialize)]
pub(crate) struct Autoencoder {
    encoder: Typed<Half>,
    decoder: Typed<Half>,
    bottleneck: Typed<Bottleneck>,
    pretransform: Typed<Patches>,
    latent_dim: usize,
    downsampling_ratio: usize,
    io_channels: usize,
}

#[derive(Deserialize)]
struct Half {
    #[serde(default)]
    in_channels: Option<usize>,
    #[serde(default)]
    out_channels: Option<usize>,
    conv_mapping: bool,
    channels: usize,
    c_mults: Vec<usize>,
    strides: Vec<usize>,
    latent_dim: usize,
    transformer_depths: Vec<usize>,
    differential: bool,
    dyt: bool,
    dim_heads: usize,
    chunk_size: usize,
    chunk_midpoint_shift: bool,
    #[serde(default)]
    sinusoidal_blocks: Vec<usize>,
}

#[derive(Deserialize)]
struct Bottleneck {
    dim: usize,
    #[serde(default)]
    noise_augment_dim: usize,
}

#[derive(Deserialize)]
struct Patches {
    channels: usize,
    patch_size: usize,
}

impl Half {
    /// Width, depth, stride; one stage.
    fn stage(&self) -> Result<[usize; 3], FolderError> {
        let stages = |v: &[usize]| if let [one] = v { Ok(*one) } else { Err(unknown(format!("{} stages", v.len()))) };
        let mult = stages(&self.c_mults)?;
        bounds("the codec's c_mults", mult, 1..=256)?;
        bounds("the codec's channels", self.channels, 1..=8192)?;
        Ok([self.channels * mult, stages(&self.transformer_depths)?, stages(&self.strides)?])
    }
}

fn unknown(found: String) -> FolderError {
    FolderError::Unknown { what: "a codec of", found }
}

impl Autoencoder {
    /// # Errors
    /// [`FolderError`] where a size is absurd or a part is none that can be run.
    pub fn check(self) -> Result<Config, FolderError> {
        known("an encoder", &self.encoder.kind, "taae_v2")?;
        known("a decoder", &self.decoder.kind, "taae_v2")?;
        known("a bottleneck", &self.bottleneck.kind, "softnorm")?;
        known("a codec over", &self.pretransform.kind, "patched")?;
        let (encoder, decoder, patch) = (self.encoder.config, self.decoder.config, self.pretransform.config);
        let [width, depth, stride] = encoder.stage()?;
        bounds("the codec's io_channels", self.io_channels, 2..=2)?;
        bounds("the patches' channels", patch.channels, 2..=2)?;
        bounds("patch_size", patch.patch_size, 1..=8192)?;
        bounds("the codec's latent_dim", self.latent_dim, 1..=2048)?;
        bounds("noise_augment_dim", self.bottleneck.config.noise_augment_dim, 0..=0)?;
        bounds("the codec's width", width, 1..=8192)?;
        bounds("transformer_depths", depth, 1..=128)?;
        bounds("strides", stride, 1..=1024)?;
        bounds("dim_heads", encoder.dim_heads, 4..=1024)?;
        bounds("chunk_size", encoder.chunk_size, stride..=8192)?;
        if decoder.stage()? != [width, depth, stride] || (decoder.dim_heads, decoder.chunk_size) != (encoder.dim_heads, encoder.chunk_size)
        {
            return Err(unknown("two different halves".into()));
        }
        for half in [&encoder, &decoder] {
            if !(half.differential && half.dyt && half.chunk_midpoint_shift) || half.sinusoidal_blocks.iter().any(|n| *n != 0) {
                return Err(unknown("other attention, norms or windows".into()));
            }
            bounds("the codec's latent_dim", half.latent_dim, self.latent_dim..=self.latent_dim)?;
        }
        if encoder.conv_mapping || !decoder.conv_mapping {
            return Err(unknown("other mappings".into()));
        }
        let config = Config {
            patch: patch.patch_size,
            stride,
            chunk: encoder.chunk_size,
            width,
            latent_dim: self.latent_dim,
            depth,
            head: encoder.dim_heads,
        };
        bounds("the bottleneck's dim", self.bottleneck.config.dim, self.latent_dim..=self.latent_dim)?;
        bounds("in_channels", encoder.in_channels.unwrap_or_default(), config.patch_width()..=config.patch_width())?;
        bounds("out_channels", decoder.out_channels.unwrap_or_default(), config.patch_width()..=config.patch_width())?;
        let samples = config.samples_per_latent();
        bounds("downsampling_ratio", self.downsampling_ratio, samples..=samples)?;
        let rows = config.window() * (stride + 1);
        if !encoder.chunk_size.is_multiple_of(stride)
            || !rows.is_multiple_of(2)
            || !width.is_multiple_of(config.head)
            || !config.head.is_multiple_of(4)
        {
            return Err(FolderError::Absurd { what: "chunk_size", found: encoder.chunk_size.to_string(), allowed: "whole latents".into() });
        }
        Ok(config)
    }
}

impl Config {
    /// Samples of a latent.
    pub fn samples_per_latent(&self) -> usize {
        self.patch * self.stride
    }

    /// Numbers of a patch of two channels.
    pub fn patch_width(&self) -> usize {
        2 * self.patch
    }

    /// Latents of a window.
    pub fn window(&self) -> usize {
        self.chunk / self.stride
    }

    /// Rows of a window: the patches of its latents, and one row for each latent.
    pub fn rows(&self) -> usize {
        self.window() * (self.stride + 1)
    }

    /// Its heads.
    pub fn heads(&self) -> Heads {
        Heads { heads: self.width / self.head, size: self.head }
    }

    /// Pairs of a head's numbers that are turned by position: half of the head.
    pub fn rotary_half(&self) -> usize {
        self.head / 4
    }

    /// Numbers inside a feed-forward layer.
    pub fn inner(&self) -> usize {
        3 * self.width
    }
}
