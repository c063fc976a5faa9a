//! The codec's part of `model_config.json`.

use crate::error::FolderError;
use crate::folder::{Typed, bounds, known};
use serde::Deserialize;

/// Sizes of the codec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    pub latent_dim: usize,
    /// Channels behind each stride, the outermost first.
    pub widths: Vec<usize>,
    /// The outermost first.
    pub strides: Vec<usize>,
    channels: usize,
}

#[derive(Deserialize)]
pub(crate) struct Autoencoder {
    encoder: Typed<Half>,
    decoder: Typed<Half>,
    bottleneck: Bottleneck,
    latent_dim: usize,
    downsampling_ratio: usize,
    io_channels: usize,
}

#[derive(Deserialize)]
struct Bottleneck {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Half {
    channels: usize,
    c_mults: Vec<usize>,
    strides: Vec<usize>,
    latent_dim: usize,
    use_snake: bool,
    #[serde(default)]
    final_tanh: bool,
}

impl Autoencoder {
    /// # Errors
    /// [`FolderError`] where a size is absurd or a part is none that can be run.
    pub fn check(self) -> Result<Config, FolderError> {
        known("an encoder", &self.encoder.kind, "oobleck")?;
        known("a decoder", &self.decoder.kind, "oobleck")?;
        known("a bottleneck", &self.bottleneck.kind, "vae")?;
        let (encoder, decoder) = (self.encoder.config, self.decoder.config);
        let unknown = |found: &str| Err(FolderError::Unknown { what: "a codec of", found: found.into() });
        let sizes = |h: &Half| (h.channels, h.c_mults.clone(), h.strides.clone(), h.use_snake);
        if sizes(&encoder) != sizes(&decoder) {
            return unknown("two different halves");
        }
        if !encoder.use_snake || decoder.final_tanh {
            return unknown("other activations");
        }
        bounds("the codec's io_channels", self.io_channels, 2..=2)?;
        bounds("the codec's latent_dim", self.latent_dim, 1..=2048)?;
        bounds("the encoder's latent_dim", encoder.latent_dim, 2 * self.latent_dim..=2 * self.latent_dim)?;
        bounds("the decoder's latent_dim", decoder.latent_dim, self.latent_dim..=self.latent_dim)?;
        bounds("the codec's channels", encoder.channels, 1..=4096)?;
        bounds("the codec's strides", encoder.strides.len(), 1..=8)?;
        bounds("the codec's c_mults", encoder.c_mults.len(), encoder.strides.len()..=encoder.strides.len())?;
        for (stride, mult) in encoder.strides.iter().zip(&encoder.c_mults) {
            // an odd stride would make a sound of other than whole latents
            bounds("a stride of the codec", *stride, 2..=64)?;
            bounds("a stride of the codec (even)", stride % 2, 0..=0)?;
            bounds("a c_mult of the codec", *mult, 1..=256)?;
            bounds("the codec's width", encoder.channels * mult, 1..=8192)?;
        }
        let config = Config {
            latent_dim: self.latent_dim,
            widths: encoder.c_mults.iter().map(|m| m * encoder.channels).collect(),
            strides: encoder.strides,
            channels: encoder.channels,
        };
        let samples = config.strides.iter().product::<usize>();
        bounds("downsampling_ratio", self.downsampling_ratio, samples..=samples)?;
        bounds("downsampling_ratio", samples, 2..=1 << 16)?;
        Ok(config)
    }
}

impl Config {
    /// Samples of a latent.
    pub fn samples_per_latent(&self) -> usize {
        self.strides.iter().product()
    }

    /// Channels next to the latents.
    pub fn inner(&self) -> usize {
        self.widths.last().copied().unwrap_or(self.channels)
    }

    /// Channels next to the audio.
    pub fn outer(&self) -> usize {
        self.channels
    }

    /// Channels before and behind each stride, and the stride, the outermost first.
    pub fn stages(&self) -> Vec<(usize, usize, usize)> {
        let before = std::iter::once(self.channels).chain(self.widths.iter().copied());
        before.zip(&self.widths).zip(&self.strides).map(|((narrow, wide), stride)| (narrow, *wide, *stride)).collect()
    }

    /// How many latents to either side a sample depends on: three of the first convolution, at each rate a neighbour of the transposed one
    /// and 3 · (1 + 3 + 9) rows of the residual units, and three samples of the last one.
    pub fn reach(&self) -> usize {
        let mut rate = 1.0;
        let mut reach = 3.0;
        for stride in self.strides.iter().rev() {
            reach += 1.0 / rate;
            rate *= *stride as f64;
            reach += 39.0 / rate;
        }
        (reach + 3.0 / rate).ceil() as usize
    }
}
