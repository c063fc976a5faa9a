//! The denoiser: a diffusion transformer (Peebles & Xie 2022) over latents, with memory tokens, rotary positions, cross-attention to
//! the prompt, and a local condition that says what is known where (`stable-audio-3`, `DiffusionTransformer`).

mod attention;
mod block;
mod config;

use crate::conditioner::Context;
use crate::error::{Result, WeightsError};
use crate::fourier::Fourier;
use crate::layout::Layout;
use crate::loading::Loading;
use crate::nn::{Linear, Mlp, Rotary, add};
use crate::weights::Weights;
use block::{Block, Known, Words};
use candle_core::{DType, Tensor, bail};
pub(crate) use config::Config;
use rayon::prelude::*;

/// The network.
#[derive(Debug)]
pub(crate) struct Dit {
    config: Config,
    fourier: Fourier,
    to_timestep_embed: Mlp,
    to_cond_embed: Mlp,
    to_global_embed: Mlp,
    preprocess_conv: Linear,
    postprocess_conv: Linear,
    /// `[1, memory tokens, width]`
    memory_tokens: Tensor,
    project_in: Linear,
    project_out: Linear,
    global_cond_embedder: Mlp,
    inv_freq: Vec<f32>,
    layers: Vec<Block>,
}

/// What one run is conditioned on.
#[derive(Debug)]
pub(crate) struct Conditions<'a> {
    /// What each item's prompt became; `None` for no prompt at all, whose rows of zeros add nothing.
    pub contexts: &'a [Option<Context>],
    /// `[batch, condition]`
    pub global: Tensor,
    /// `[batch, time, 1 + channels]`: what is kept, and the kept latents; `None` for nothing.
    pub local: Option<Tensor>,
    /// Latents in time.
    pub time: usize,
    /// How many latents of each item are sound; `None` for all.
    pub valid: Option<&'a [usize]>,
}

/// All of it that doesn't change from step to step.
#[derive(Debug)]
pub(crate) struct Prepared {
    batch: usize,
    time: usize,
    /// `[batch, width]`
    global: Tensor,
    rotary: Rotary,
    /// 1 where values count, else 0: `[batch, memory tokens + time, 1]`
    valid: Option<Tensor>,
    layers: Vec<Known>,
}

impl Dit {
    /// Reads `model.model`.
    ///
    /// # Errors
    /// Where the file lacks one of its tensors or has it in another shape.
    pub fn new(config: &Config, weights: &Weights, loading: &Loading<'_>) -> Result<Self, WeightsError> {
        let (width, channels) = (config.embed_dim, config.io_channels);
        let transformer = weights.pp("transformer");
        // most of the time of a start, so on all cores
        let layers = (0..config.depth)
            .into_par_iter()
            .map(|i| loading.part().and_then(|()| Block::new(config, &transformer.pp("layers").pp(i))))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            config: config.clone(),
            fourier: Fourier::new(),
            to_timestep_embed: Mlp::new(&weights.pp("to_timestep_embed"), [Fourier::WIDTH, width, width], true)?,
            to_cond_embed: Mlp::new(&weights.pp("to_cond_embed"), [config.cond_token_dim, width, width], false)?,
            to_global_embed: Mlp::new(&weights.pp("to_global_embed"), [config.global_cond_dim, width, width], false)?,
            preprocess_conv: Linear::pointwise(&weights.pp("preprocess_conv"), channels)?,
            postprocess_conv: Linear::pointwise(&weights.pp("postprocess_conv"), channels)?,
            memory_tokens: transformer.get("memory_tokens", &[config.num_memory_tokens, width])?.unsqueeze(0)?,
            project_in: Linear::new(&transformer.pp("project_in"), channels, width, false)?,
            project_out: Linear::new(&transformer.pp("project_out"), width, channels, false)?,
            global_cond_embedder: Mlp::new(&transformer.pp("global_cond_embedder"), [width, width, 6 * width], true)?,
            inv_freq: transformer.numbers("rotary_pos_emb.inv_freq", &[config.rotary_half()])?,
            layers,
        })
    }

    /// Its tensors.
    pub fn layout(layout: &mut Layout, config: &Config) {
        let (width, channels) = (config.embed_dim, config.io_channels);
        Mlp::layout(layout, "to_timestep_embed", [Fourier::WIDTH, width, width], true);
        Mlp::layout(layout, "to_cond_embed", [config.cond_token_dim, width, width], false);
        Mlp::layout(layout, "to_global_embed", [config.global_cond_dim, width, width], false);
        layout.tensor("preprocess_conv.weight", [channels, channels, 1]);
        layout.tensor("postprocess_conv.weight", [channels, channels, 1]);
        layout.below("transformer", |l| {
            l.tensor("memory_tokens", [config.num_memory_tokens, width]);
            l.linear("project_in", channels, width, false);
            l.linear("project_out", width, channels, false);
            Mlp::layout(l, "global_cond_embedder", [width, width, 6 * width], true);
            l.tensor("rotary_pos_emb.inv_freq", [config.rotary_half()]);
            for index in 0..config.depth {
                l.below(format!("layers.{index}"), |l| Block::layout(l, config));
            }
        });
    }

    /// Computes what all steps of a run share: keys and values of the context, the local condition, the global one, positions.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn prepare(&self, conditions: &Conditions<'_>) -> Result<Prepared> {
        let (batch, time) = (conditions.contexts.len(), conditions.time);
        if conditions.global.dim(0)? != batch || conditions.valid.is_some_and(|v| v.len() != batch) || time == 0 {
            bail!("the conditions belong to batches of different sizes");
        }
        let device = self.memory_tokens.device();
        let memory = self.config.num_memory_tokens;
        let context = |c: &Option<Context>| {
            Ok(match c {
                Some(c) => Some(Words { rows: self.to_cond_embed.forward(&c.rows)?.unsqueeze(0)?, bias: c.bias() }),
                None => None,
            })
        };
        let contexts = conditions.contexts.iter().map(context).collect::<Result<Vec<_>>>()?;
        let local = match &conditions.local {
            Some(local) if local.dim(1)? == time => local.clone(),
            Some(local) => bail!("the local condition {:?} doesn't fit {time} latents", local.dims()),
            None => Tensor::zeros((1, 1, self.config.local_add_cond_dim), DType::F32, device)?,
        };
        let valid = match conditions.valid {
            Some(valid) if valid.iter().any(|v| *v < time) => {
                let row = |v: &usize| (0..memory + time).map(|i| if i < memory + v { 1.0f32 } else { 0.0 }).collect::<Vec<_>>();
                let rows: Vec<f32> = valid.iter().flat_map(row).collect();
                Some(Tensor::from_vec(rows, (batch, memory + time, 1), device)?)
            }
            _ => None,
        };
        Ok(Prepared {
            batch,
            time,
            global: self.to_global_embed.forward(&conditions.global)?,
            rotary: Rotary::new(&self.inv_freq, memory + time),
            valid,
            layers: self.layers.iter().map(|l| l.known(&contexts, &local, memory, time)).collect::<Result<_>>()?,
        })
    }

    /// What each layer is modulated by at the noise levels `t`, one for each item → `[batch, 6 · width]`.
    fn modulation(&self, t: &[f32], prepared: &Prepared) -> Result<Tensor> {
        let features: Vec<f32> = t.iter().flat_map(|t| self.fourier.features(*t)).collect();
        let features = Tensor::from_vec(features, (t.len(), Fourier::WIDTH), prepared.global.device())?;
        self.global_cond_embedder.forward(&(&prepared.global + self.to_timestep_embed.forward(&features)?)?)
    }

    /// Predicts the velocity, noise − clean: noisy latents `xs` `[batch, time, channels]` at noise levels `t` in 0 to 1 → the same shape.
    ///
    /// # Errors
    /// Where shapes don't fit.
    pub fn forward(&self, xs: &Tensor, t: &[f32], prepared: &Prepared) -> Result<Tensor> {
        let (batch, time, channels) = xs.dims3()?;
        if (batch, time, channels) != (prepared.batch, prepared.time, self.config.io_channels) || t.len() != batch {
            bail!("the denoiser was prepared for {} × {} latents and got {:?}", prepared.batch, prepared.time, xs.dims());
        }
        let ada = self.modulation(t, prepared)?;
        let h = self.project_in.forward(&add(xs, &self.preprocess_conv.forward(xs)?)?)?;
        let memory = self.config.num_memory_tokens;
        let mut h = if memory > 0 { Tensor::cat(&[self.memory_tokens.repeat((batch, 1, 1))?, h], 1)? } else { h };
        for (layer, known) in self.layers.iter().zip(&prepared.layers) {
            h = layer.forward(&h, &ada, known, &prepared.rotary, prepared.valid.as_ref())?;
        }
        let o = self.project_out.forward(&h.narrow(1, memory, time)?)?;
        add(&o, &self.postprocess_conv.forward(&o)?)
    }
}

#[cfg(test)]
mod test;
