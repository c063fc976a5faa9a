//! The denoiser's network: a 1-D U-Net over latents, 11 M parameters, v-prediction.

use super::{LANE, LATENT, TEXT, block::Block, conditions::PHASES};
use crate::nn::{Finish, LayerNorm, Linear, Memory};
use candle_core::{Device, Result, Tensor};
use candle_nn::VarBuilder;

const WIDTHS: [usize; 3] = [128, 256, 384];
const BLOCKS: usize = 2;
const CONDITION: usize = 256;

/// What every step of one run gets besides the noisy latents. `B` items: one per variation and branch.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// Known latents (times keep) `[B,T,64]`, keep `[B,T,1]`, lane `[B,T,13]` and phase `[B,T,12]`, side by side.
    pub still: Tensor,
    /// Place in the music `[B,T,12]`.
    pub phase: Tensor,
    /// Tempo, bars and pooled text, already projected `[B,256]`.
    pub condition: Tensor,
    /// Per block, per item: the text to attend to.
    pub text: Vec<Vec<Memory>>,
}

/// Two latents merge into one at each of two levels; everything wraps around. Self-attention at the two lower levels.
#[derive(Debug)]
pub struct UNet {
    time: [Linear; 2],
    globals: Linear,
    pooled: Linear,
    text_norm: LayerNorm,
    null_text: Tensor,
    input: Linear,
    phase: Vec<Linear>,
    down: Vec<Vec<Block>>,
    downsample: Vec<Linear>,
    middle: Vec<Block>,
    upsample: Vec<Linear>,
    merge: Vec<Linear>,
    up: Vec<Vec<Block>>,
    output_norm: LayerNorm,
    output: Linear,
    frequencies: Tensor,
}

impl UNet {
    /// Reads the checkpoint; names and shapes are the reference's.
    ///
    /// # Errors
    /// Where a tensor is missing or has another shape.
    pub fn new(vb: VarBuilder<'_>) -> Result<Self> {
        let level = |width, attend, vb: VarBuilder<'_>| -> Result<Vec<Block>> {
            (0..BLOCKS).map(|i| Block::new(width, CONDITION, attend, &vb.pp(i))).collect()
        };
        let levels = WIDTHS.len() - 1;
        let each = |f: &dyn Fn(usize) -> Result<Linear>| (0..levels).map(f).collect::<Result<Vec<_>>>();
        let frequencies: Vec<f32> = (0..64).map(|i| (-(10_000f32.ln()) * i as f32 / 64.0).exp()).collect();
        Ok(Self {
            time: [Linear::new(128, CONDITION, vb.pp("time.0"))?, Linear::new(CONDITION, CONDITION, vb.pp("time.2"))?],
            globals: Linear::new(2, CONDITION, vb.pp("globals"))?,
            pooled: Linear::new(TEXT, CONDITION, vb.pp("pooled"))?,
            text_norm: LayerNorm::new(TEXT, vb.pp("text_norm"))?,
            null_text: vb.get((1, TEXT), "null_text")?,
            input: Linear::new(2 * LATENT + 1 + LANE + PHASES, WIDTHS[0], vb.pp("input"))?,
            phase: each(&|i| Linear::without_bias(PHASES, WIDTHS[i + 1], vb.pp("phase").pp(i)))?,
            down: (0..levels).map(|i| level(WIDTHS[i], i > 0, vb.pp("down").pp(i))).collect::<Result<_>>()?,
            downsample: each(&|i| Linear::new(2 * WIDTHS[i], WIDTHS[i + 1], vb.pp("downsample").pp(i)))?,
            middle: level(WIDTHS[levels], true, vb.pp("middle"))?,
            upsample: each(&|i| Linear::new(WIDTHS[i + 1], 2 * WIDTHS[i], vb.pp("upsample").pp(i)))?,
            merge: each(&|i| Linear::new(2 * WIDTHS[i], WIDTHS[i], vb.pp("merge").pp(i)))?,
            up: (0..levels).map(|i| level(WIDTHS[i], i > 0, vb.pp("up").pp(i))).collect::<Result<_>>()?,
            output_norm: LayerNorm::new(WIDTHS[0], vb.pp("output_norm"))?,
            output: Linear::new(WIDTHS[0], LATENT, vb.pp("output"))?,
            frequencies: Tensor::from_vec(frequencies, (1, 64), &Device::Cpu)?.to_device(vb.device())?,
        })
    }

    /// The learned token that stands for no text `[1, 384]`.
    pub fn null_text(&self) -> &Tensor {
        &self.null_text
    }

    /// Text tokens `[L, 384]` and globals `[2]` of one item → its part of the condition `[256]`, and each block's memory of the text.
    ///
    /// # Errors
    /// Where the shapes don't fit.
    pub fn prepare(&self, tokens: &Tensor, globals: &Tensor) -> Result<(Tensor, Vec<Memory>)> {
        let text = self.text_norm.forward(tokens)?;
        let pooled = self.pooled.forward(&text.mean_keepdim(0)?, Finish::Plain)?;
        let condition = self.globals.forward_onto(&globals.unsqueeze(0)?, &pooled)?;
        Ok((condition.squeeze(0)?, self.blocks().map(|b| b.remember(&text)).collect::<Result<_>>()?))
    }

    /// Noisy latents `xs` `[B,T,64]` at diffusion time `t` (0..1000) → v `[B,T,64]`. T is a multiple of 4.
    ///
    /// # Errors
    /// Where the shapes don't fit.
    pub fn forward(&self, xs: &Tensor, t: f32, inputs: &Inputs) -> Result<Tensor> {
        let condition = self.condition(t, &inputs.condition)?;
        let mut texts = inputs.text.iter().map(|items| items.iter().collect::<Vec<_>>());
        let mut run = |blocks: &[Block], xs: Tensor| {
            blocks.iter().zip(&mut texts).try_fold(xs, |xs, (block, text)| block.forward(&xs, &condition, &text))
        };
        let mut h = self.input.forward(&Tensor::cat(&[xs, &inputs.still], 2)?, Finish::Plain)?;
        let mut skips = vec![];
        for (i, level) in self.down.iter().enumerate() {
            h = run(level, h)?;
            skips.push(h.clone());
            let (b, t, d) = h.dims3()?;
            // the place of every second (fourth) latent, by index
            let every = 1 << (i + 1);
            let phase = inputs.phase.reshape((b, t / 2, every, PHASES))?.narrow(2, 0, 1)?.squeeze(2)?.contiguous()?;
            let place = self.phase[i].forward(&phase, Finish::Plain)?;
            h = self.downsample[i].forward_onto(&h.reshape((b, t / 2, 2 * d))?, &place)?;
        }
        h = run(&self.middle, h)?;
        for (i, skip) in skips.iter().enumerate().rev() {
            let wide = self.upsample[i].forward(&h, Finish::Plain)?.reshape(skip.shape())?;
            h = self.merge[i].forward(&Tensor::cat(&[&wide, skip], 2)?, Finish::Plain)?;
            h = run(&self.up[i], h)?;
        }
        self.output.forward(&self.output_norm.forward(&h)?, Finish::Plain)
    }

    /// silu(time + globals + pooled) `[B,256]`.
    fn condition(&self, t: f32, still: &Tensor) -> Result<Tensor> {
        let angle = (&self.frequencies * f64::from(t))?;
        let time = self.time[0].forward(&Tensor::cat(&[angle.cos()?, angle.sin()?], 1)?, Finish::Plain)?.silu()?;
        still.broadcast_add(&self.time[1].forward(&time, Finish::Plain)?)?.silu()
    }

    /// All blocks in the order in which [`UNet::forward`] runs them.
    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.down.iter().flatten().chain(&self.middle).chain(self.up.iter().rev().flatten())
    }
}
