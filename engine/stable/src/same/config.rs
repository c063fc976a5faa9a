//! The codec's part of `model_config.json`.

use crate::error::FolderError;
use crate::folder::{Typed, bounds, known};
use crate::nn::Heads;
use serde::Deserialize;

/// Sizes of the codec.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    /// Samples of a patch.
    pub patch: usize,
    /// Patches of a latent.
    pub stride: usize,
    pub sight: Sight,
    /// Lengths are made in so many latents.
    pub grain: usize,
    pub width: usize,
    pub latent_dim: usize,
    pub depth: usize,
    head: usize,
    /// The decoder's last layers whose gates are waves.
    pub waves: usize,
    /// Patches that one patch of sound is made of: 1, or 3 beside each other.
    pub kernel: usize,
    /// How loud the noise on the decoder's new rows is, where there is any.
    pub mask_noise: f64,
}

/// How far a row sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Its window, of so many latents; halfway through the layers windows shift by half of one (SAME-S).
    Window(usize),
    /// So many latents' rows before and behind itself (SAME-L).
    Band([usize; 2]),
}

/// Patches of a window where the configuration names none.
const CHUNK: usize = 128;
/// Patches that lengths are counted in where it names none; the reference has another default here.
const GRAIN: usize = 32;

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
    #[serde(default)]
    conv_mapping: bool,
    channels: usize,
    c_mults: Vec<usize>,
    strides: Vec<usize>,
    latent_dim: usize,
    transformer_depths: Vec<usize>,
    #[serde(default = "yes")]
    differential: bool,
    #[serde(default = "yes")]
    dyt: bool,
    #[serde(default = "head")]
    dim_heads: usize,
    #[serde(default)]
    chunk_size: Option<usize>,
    #[serde(default)]
    chunk_midpoint_shift: bool,
    #[serde(default)]
    sliding_window: Option<[usize; 2]>,
    #[serde(default)]
    sinusoidal_blocks: Vec<usize>,
    #[serde(default)]
    mask_noise: f64,
    #[serde(default)]
    layer_scale: bool,
    #[serde(default)]
    feat_scale: bool,
    #[serde(default)]
    conformer: bool,
}

// what the reference takes where a configuration says nothing

fn yes() -> bool {
    true
}

fn head() -> usize {
    128
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

    /// How far its rows see. A sliding window makes the fixed ones idle.
    fn sight(&self, stride: usize) -> Result<Sight, FolderError> {
        if let Some(latents) = self.sliding_window {
            latents.iter().try_for_each(|n| bounds("sliding_window", *n, 0..=16))?;
            return Ok(Sight::Band(latents));
        }
        if !self.chunk_midpoint_shift {
            return Err(unknown("windows that don't shift".into()));
        }
        let chunk = self.chunk_size.unwrap_or(CHUNK);
        bounds("chunk_size", chunk, stride..=8192)?;
        if !chunk.is_multiple_of(stride) || !(chunk / stride * (stride + 1)).is_multiple_of(2) {
            return Err(FolderError::Absurd { what: "chunk_size", found: chunk.to_string(), allowed: "whole latents".into() });
        }
        Ok(Sight::Window(chunk / stride))
    }

    /// How many of its last layers have waves for gates. The reference counts one fewer than its name says.
    fn waves(&self, depth: usize) -> Result<usize, FolderError> {
        let [blocks] = self.sinusoidal_blocks[..] else {
            return if self.sinusoidal_blocks.is_empty() { Ok(0) } else { Err(unknown("several stages".into())) };
        };
        bounds("sinusoidal_blocks", blocks, 0..=1024)?;
        Ok(blocks.saturating_sub(1).min(depth))
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
        let sight = encoder.sight(stride)?;
        if decoder.stage()? != [width, depth, stride] || (decoder.dim_heads, decoder.sight(stride)?) != (encoder.dim_heads, sight) {
            return Err(unknown("two different halves".into()));
        }
        for half in [&encoder, &decoder] {
            if !(half.differential && half.dyt) || half.layer_scale || half.feat_scale || half.conformer {
                return Err(unknown("other attention, norms or scales".into()));
            }
            bounds("the codec's latent_dim", half.latent_dim, self.latent_dim..=self.latent_dim)?;
        }
        if encoder.conv_mapping || encoder.waves(depth)? > 0 {
            return Err(unknown("another encoder".into()));
        }
        if !(0.0..=1.0).contains(&decoder.mask_noise) {
            let allowed = "0 to 1".into();
            return Err(FolderError::Absurd { what: "mask_noise", found: decoder.mask_noise.to_string(), allowed });
        }
        bounds("chunk_size", encoder.chunk_size.unwrap_or(GRAIN), 0..=8192)?;
        let config = Config {
            patch: patch.patch_size,
            stride,
            sight,
            grain: (encoder.chunk_size.unwrap_or(GRAIN) / stride).max(1),
            width,
            latent_dim: self.latent_dim,
            depth,
            head: encoder.dim_heads,
            waves: decoder.waves(depth)?,
            kernel: if decoder.conv_mapping { 3 } else { 1 },
            mask_noise: decoder.mask_noise,
        };
        bounds("the bottleneck's dim", self.bottleneck.config.dim, self.latent_dim..=self.latent_dim)?;
        bounds("in_channels", encoder.in_channels.unwrap_or_default(), config.patch_width()..=config.patch_width())?;
        bounds("out_channels", decoder.out_channels.unwrap_or_default(), config.patch_width()..=config.patch_width())?;
        let samples = config.samples_per_latent();
        bounds("downsampling_ratio", self.downsampling_ratio, samples..=samples)?;
        if !width.is_multiple_of(config.head) || !config.head.is_multiple_of(4) {
            let allowed = format!("a divisor of {width} that is a multiple of 4");
            return Err(FolderError::Absurd { what: "dim_heads", found: config.head.to_string(), allowed });
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

    /// Latents that are coded together at least: those of a window, or one.
    pub fn window(&self) -> usize {
        match self.sight {
            Sight::Window(latents) => latents,
            Sight::Band(_) => 1,
        }
    }

    /// Latents before and behind one, from whole windows on, that change what becomes of it: a window, as they shift once; or as many as
    /// all layers see one after the other, and a patch of the next where three make one.
    pub fn reach(&self) -> [usize; 2] {
        match self.sight {
            Sight::Window(latents) => [latents; 2],
            Sight::Band(latents) => latents.map(|n| n * self.depth + usize::from(self.kernel > 1)),
        }
    }

    /// Rows of a latent: its patches, and one more.
    pub fn tile(&self) -> usize {
        self.stride + 1
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
