//! The denoiser: a diffusion transformer whose first token tells time and length (`stable-audio-tools`, `DiffusionTransformer`).

mod block;
mod config;

use crate::conditioner::Context;
use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::loading::Loading;
use crate::nn::{Linear, Memory, Mlp, Rotary, add};
use crate::weights::Weights;
use block::Block;
use candle_core::{Tensor, bail};
pub(super) use config::Config;
use rayon::prelude::*;
use std::f32::consts::PI;

/// Learned frequencies of time.
const FREQUENCIES: usize = 128;

/// The network.
#[derive(Debug)]
pub(super) struct Dit {
    config: Config,
    timestep_features: Vec<f32>,
    to_timestep_embed: Mlp,
    to_cond_embed: Mlp,
    to_global_embed: Mlp,
    preprocess_conv: Linear,
    postprocess_conv: Linear,
    project_in: Linear,
    project_out: Linear,
    inv_freq: Vec<f32>,
    layers: Vec<Block>,
}

/// All that doesn't change from step to step.
#[derive(Debug)]
pub(super) struct Prepared {
    batch: usize,
    time: usize,
    /// `[batch, width]`
    global: Tensor,
    rotary: Rotary,
    /// For each layer one memory for each item; none where there is no prompt, whose rows of zeros add nothing.
    prompts: Vec<Vec<Memory>>,
}

impl Dit {
    /// Reads `model.model`.
    ///
    /// # Errors
    /// Where the file lacks one of its tensors or has it in another shape.
    pub fn new(config: &Config, weights: &Weights, loading: &Loading<'_>) -> Result<Self, WeightsError> {
        let (width, channels, context) = (config.embed_dim, config.io_channels, config.context());
        let transformer = weights.pp("transformer");
        let layers = (0..config.depth)
            .into_par_iter()
            .map(|i| loading.part().and_then(|()| Block::new(config, &transformer.pp("layers").pp(i))))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            config: config.clone(),
            timestep_features: weights.numbers("timestep_features.weight", &[FREQUENCIES, 1])?,
            to_timestep_embed: Mlp::new(&weights.pp("to_timestep_embed"), [2 * FREQUENCIES, width, width], true)?,
            to_cond_embed: Mlp::new(&weights.pp("to_cond_embed"), [config.cond_token_dim, context, context], false)?,
            to_global_embed: Mlp::new(&weights.pp("to_global_embed"), [config.global_cond_dim, width, width], false)?,
            preprocess_conv: Linear::pointwise(&weights.pp("preprocess_conv"), channels)?,
            postprocess_conv: Linear::pointwise(&weights.pp("postprocess_conv"), channels)?,
            project_in: Linear::new(&transformer.pp("project_in"), channels, width, false)?,
            project_out: Linear::new(&transformer.pp("project_out"), width, channels, false)?,
            inv_freq: transformer.numbers("rotary_pos_emb.inv_freq", &[config.rotary_half()])?,
            layers,
        })
    }

    /// Its tensors.
    pub fn layout(layout: &mut Layout, config: &Config) {
        let (width, channels, context) = (config.embed_dim, config.io_channels, config.context());
        layout.tensor("timestep_features.weight", [FREQUENCIES, 1]);
        Mlp::layout(layout, "to_timestep_embed", [2 * FREQUENCIES, width, width], true);
        Mlp::layout(layout, "to_cond_embed", [config.cond_token_dim, context, context], false);
        Mlp::layout(layout, "to_global_embed", [config.global_cond_dim, width, width], false);
        layout.tensor("preprocess_conv.weight", [channels, channels, 1]);
        layout.tensor("postprocess_conv.weight", [channels, channels, 1]);
        layout.below("transformer", |l| {
            l.linear("project_in", channels, width, false);
            l.linear("project_out", width, channels, false);
            l.tensor("rotary_pos_emb.inv_freq", [config.rotary_half()]);
            for index in 0..config.depth {
                l.below(format!("layers.{index}"), |l| Block::layout(l, config));
            }
        });
    }

    /// Computes what all steps of a run share: `contexts` for each item, or none at all; `global` `[batch, condition]`.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn prepare(&self, contexts: Option<&[Context]>, global: &Tensor, time: usize) -> Result<Prepared> {
        let batch = global.dim(0)?;
        if contexts.is_some_and(|c| c.len() != batch) || time == 0 {
            bail!("the conditions belong to batches of different sizes");
        }
        let embed = |c: &Context| Ok((self.to_cond_embed.forward(&c.rows)?.unsqueeze(0)?, c.bias()));
        let words = contexts.unwrap_or_default().iter().map(embed).collect::<Result<Vec<_>>>()?;
        let prompts = |layer: &Block| words.iter().map(|(rows, bias)| layer.prompt(rows, bias.as_deref())).collect::<Result<_>>();
        Ok(Prepared {
            batch,
            time,
            global: self.to_global_embed.forward(global)?,
            rotary: Rotary::new(&self.inv_freq, 1 + time),
            prompts: self.layers.iter().map(prompts).collect::<Result<_>>()?,
        })
    }

    /// Cosines and sines of the times `t`: `[batch, 256]`.
    pub fn features(&self, t: &[f32]) -> Vec<f32> {
        let features = |t: &f32| {
            let angles: Vec<f64> = self.timestep_features.iter().map(|w| f64::from(2.0 * PI * t * w)).collect();
            let (cos, sin): (Vec<f32>, Vec<f32>) = angles.iter().map(|a| (libm::cos(*a) as f32, libm::sin(*a) as f32)).unzip();
            [cos, sin].concat()
        };
        t.iter().flat_map(features).collect()
    }

    /// The network's prediction for noisy latents `xs` `[batch, time, channels]` at times `t` in 0 to 1 → the same shape.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn forward(&self, xs: &Tensor, t: &[f32], prepared: &Prepared) -> Result<Tensor> {
        let mut h = self.start(xs, t, prepared)?;
        for (layer, prompts) in self.layers.iter().zip(&prepared.prompts) {
            h = layer.forward(&h, prompts, &prepared.rotary)?;
        }
        let o = self.project_out.forward(&h.narrow(1, 1, prepared.time)?)?;
        add(&o, &self.postprocess_conv.forward(&o)?)
    }

    /// What the layers get: `[batch, 1 + time, width]`.
    fn start(&self, xs: &Tensor, t: &[f32], prepared: &Prepared) -> Result<Tensor> {
        let (batch, time, channels) = xs.dims3()?;
        if (batch, time, channels) != (prepared.batch, prepared.time, self.config.io_channels) || t.len() != batch {
            bail!("the denoiser was prepared for {} × {} latents and got {:?}", prepared.batch, prepared.time, xs.dims());
        }
        let features = Tensor::from_vec(self.features(t), (batch, 2 * FREQUENCIES), xs.device())?;
        let first = (&prepared.global + self.to_timestep_embed.forward(&features)?)?.unsqueeze(1)?;
        let h = self.project_in.forward(&add(xs, &self.preprocess_conv.forward(xs)?)?)?;
        Tensor::cat(&[first, h], 1)
    }
}

#[cfg(test)]
mod test;
