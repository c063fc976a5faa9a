//! The loop model inside the binary: text → latents → log magnitudes, by beats and around a circle.
//!
//! `lab/reference/reference.py` is its definition and `lab/reference/SPEC.md` its description.

mod block;
mod codec;
mod conditions;
mod denoiser;
mod text;
mod unet;

#[cfg(test)]
mod test;

pub use codec::Codec;
pub use conditions::{Conditions, Known, chord_lane};
pub use denoiser::{EmbeddedDenoiser, Prepared};
pub use text::{Embedding, TextEncoder};
pub use unet::{Inputs, UNet};

use candle_core::{DType, Device, Result};
use candle_nn::VarBuilder;
use inlay_assets as assets;

/// Numbers of a latent.
pub const LATENT: usize = 64;
/// Latents of a beat.
pub const LATENTS_PER_BEAT: usize = 8;
/// Numbers of a chord lane's cell: twelve pitch classes and whether a chord is given.
pub const LANE: usize = 13;
/// Diffusion times at which guidance acts (report.md tells what it buys).
pub const GUIDED: (f32, f32) = (100.0, 800.0);
/// Width of a text token.
pub(crate) const TEXT: usize = 384;

/// The three networks on one device.
#[derive(Debug)]
pub struct EmbeddedModel {
    /// Prompt → tokens.
    pub text: TextEncoder,
    /// The denoiser's network.
    pub unet: UNet,
    /// Latents ↔ log magnitudes.
    pub codec: Codec,
    /// Where the networks are.
    pub device: Device,
}

impl EmbeddedModel {
    /// Unpacks the embedded weights to `device`, in f32.
    ///
    /// # Errors
    /// Where the device can't hold them.
    pub fn load(device: &Device) -> Result<Self> {
        let weights = |asset: &assets::Asset| VarBuilder::from_slice_safetensors(asset.bytes, DType::F32, device);
        Ok(Self {
            text: TextEncoder::new(&assets::TEXT_TOKENIZER, &assets::TEXT_CONFIG, weights(&assets::TEXT_WEIGHTS)?)?,
            unet: UNet::new(weights(&assets::UNET)?)?,
            codec: Codec::new(weights(&assets::CODEC)?)?,
            device: device.clone(),
        })
    }

    /// Names the weights that make latents: the hash of denoiser and text encoder.
    pub fn hash() -> String {
        format!("{}-{}", &assets::UNET.sha256[..16], &assets::TEXT_WEIGHTS.sha256[..16])
    }

    /// Names the codec's weights.
    pub fn codec_hash() -> String {
        assets::CODEC.sha256[..32].to_owned()
    }
}
