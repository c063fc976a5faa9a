//! The loop model inside the binary: text → latents → log magnitudes, by beats and around a circle.
//!
//! `lab/reference/reference.py` is its definition and `lab/reference/SPEC.md` its description.

mod block;
mod codec;
mod conditions;
mod denoiser;
mod text;
mod unet;
mod weights;

#[cfg(test)]
mod test;

pub use codec::Codec;
pub use conditions::{Conditions, Known, TEMPO, chord_lane};
pub use denoiser::{EmbeddedDenoiser, Prepared};
pub use text::{Embedding, TextEncoder};
pub use unet::{Inputs, UNet};
pub use weights::{Weights, WeightsError};

use candle_core::Device;

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
    /// Names the weights that make latents: denoiser and text encoder.
    pub hash: String,
    /// Names the codec's weights: latents of another codec mean something else.
    pub codec_hash: String,
}

impl EmbeddedModel {
    /// Unpacks weights to `device`, in f32.
    ///
    /// # Errors
    /// [`WeightsError`] where a file can't be used; a sentence of the device's where it can't hold them.
    pub fn load(files: &Weights, device: &Device) -> Result<Self, WeightsError> {
        let tokenizer = text::tokenizer(&files.tokenizer.bytes).map_err(|e| files.tokenizer.damaged(&e))?;
        let config = text::config(&files.config.bytes).map_err(|e| files.config.damaged(&e))?;
        Ok(Self {
            text: TextEncoder::new(tokenizer, &config, files.text.tensors(device)?).map_err(|e| files.text.damaged(&e))?,
            unet: UNet::new(files.unet.tensors(device)?).map_err(|e| files.unet.damaged(&e))?,
            codec: Codec::new(files.codec.tensors(device)?).map_err(|e| files.codec.damaged(&e))?,
            device: device.clone(),
            hash: files.hash(),
            codec_hash: files.codec_hash(),
        })
    }
}
