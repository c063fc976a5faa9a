//! Latents ↔ log magnitudes: half-whitened principal components, and a small network for what their inverse misses.

use super::{LATENT, LATENTS_PER_BEAT};
use crate::nn::{self, Depthwise, Finish, LayerNorm, Linear};
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// Features of a frame.
const FEATURES: usize = 192;
/// Frames of a latent.
const PATCH: usize = 8;
const WIDTH: usize = 384;
const BLOCKS: usize = 4;
const _: () = assert!(PATCH * LATENTS_PER_BEAT == 64, "64 frames a beat");

/// Block of ConvNeXt (Liu et al. 2022), around the circle.
#[derive(Debug)]
struct ConvNeXt {
    depthwise: Depthwise,
    norm: LayerNorm,
    up: Linear,
    down: Linear,
}

impl ConvNeXt {
    fn new(vb: &VarBuilder<'_>) -> Result<Self> {
        // the learned scale of the branch is folded into its last layer
        let scale = vb.get(WIDTH, "scale")?;
        let down = vb.pp("down");
        let weight = nn::rows_scaled(&down.get((WIDTH, 4 * WIDTH), "weight")?, &scale)?;
        let bias = (down.get(WIDTH, "bias")? * &scale)?;
        Ok(Self {
            depthwise: Depthwise::new(WIDTH, 7, vb.pp("depthwise"))?,
            norm: LayerNorm::new(WIDTH, vb.pp("norm"))?,
            up: Linear::new(WIDTH, 4 * WIDTH, vb.pp("up"))?,
            down: Linear::from_weight(&weight, Some(bias), down.prefix())?,
        })
    }

    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let ys = self.norm.forward(&self.depthwise.forward(xs)?)?;
        self.down.forward_onto(&self.up.forward(&ys, Finish::Gelu)?, xs)
    }
}

/// What the linear decoder misses.
#[derive(Debug)]
struct Refine {
    project: Linear,
    blocks: Vec<ConvNeXt>,
    norm: LayerNorm,
    unpatch: Linear,
}

/// Features `[B,192,F]` ↔ latents `[B,F/8,64]`.
#[derive(Debug)]
pub struct Codec {
    refine: Refine,
    /// `[1,1,192]` as in a frame, for encoding
    mean: Tensor,
    std: Tensor,
    encode_matrix: Linear,
    decode_matrix: Linear,
}

impl Codec {
    /// Reads the checkpoint; names and shapes are the reference's.
    ///
    /// # Errors
    /// Where a tensor is missing or has another shape.
    pub fn new(vb: VarBuilder<'_>) -> Result<Self> {
        let matrix = |matrix: Tensor, name: &str| Linear::from_weight(&matrix, None, name.to_owned());
        let turned = |tensor: Tensor| tensor.t()?.contiguous();
        let frame = |name: &str| vb.get(FEATURES, name)?.reshape((1, 1, FEATURES));
        let (mean, std) = (frame("mean")?, frame("std")?);
        let refine = vb.pp("refine");
        // decoding ends with · std + mean of each feature: folded into the last layers
        let (patch_mean, patch_std) = (mean.flatten_all()?.repeat(PATCH)?, std.flatten_all()?.repeat(PATCH)?);
        let unpatch = refine.pp("unpatch");
        let weight = nn::rows_scaled(&unpatch.get((PATCH * FEATURES, WIDTH), "weight")?, &patch_std)?;
        let bias = ((unpatch.get(PATCH * FEATURES, "bias")? * &patch_std)? + patch_mean)?;
        let unpatch = Linear::from_weight(&weight, Some(bias), unpatch.prefix())?;
        let decode = nn::rows_scaled(&turned(vb.get((LATENT, PATCH * FEATURES), "decode_matrix")?)?, &patch_std)?;
        Ok(Self {
            encode_matrix: matrix(turned(vb.get((PATCH * FEATURES, LATENT), "encode_matrix")?)?, "encode_matrix")?,
            decode_matrix: matrix(decode, "decode_matrix")?,
            mean,
            std,
            refine: Refine {
                project: Linear::new(LATENT, WIDTH, refine.pp("project"))?,
                blocks: (0..BLOCKS).map(|i| ConvNeXt::new(&refine.pp("blocks").pp(i))).collect::<Result<_>>()?,
                norm: LayerNorm::new(WIDTH, refine.pp("norm"))?,
                unpatch,
            },
        })
    }

    /// Log magnitudes `[B,192,F]` → latents `[B,F/8,64]`.
    ///
    /// # Errors
    /// Where there aren't 192 features or the frames aren't whole latents.
    pub fn encode(&self, features: &Tensor) -> Result<Tensor> {
        let (batch, _, frames) = features.dims3()?;
        let xs = nn::standardised(&features.transpose(1, 2)?.contiguous()?, &self.mean, &self.std)?;
        self.encode_matrix.forward(&xs.reshape((batch, frames / PATCH, PATCH * FEATURES))?, Finish::Plain)
    }

    /// Latents `[B,T,64]` → log magnitudes `[B,192,8·T]`.
    ///
    /// # Errors
    /// Where latents don't have 64 numbers.
    pub fn decode(&self, latents: &Tensor) -> Result<Tensor> {
        let (batch, time, _) = latents.dims3()?;
        let refine = &self.refine;
        let h = refine.project.forward(latents, Finish::Plain)?;
        let h = refine.blocks.iter().try_fold(h, |h, block| block.forward(&h))?;
        let linear = self.decode_matrix.forward(latents, Finish::Plain)?;
        let ys = refine.unpatch.forward_onto(&refine.norm.forward(&h)?, &linear)?;
        ys.reshape((batch, time * PATCH, FEATURES))?.transpose(1, 2)?.contiguous()
    }
}
