//! The U-Net as the samplers see it.

use super::{
    conditions::{Conditions, PHASES, phases},
    unet::{Inputs, UNet},
};
use candle_core::{Device, Error, Result, Tensor};
use inlay_diffusion::{Branches, Denoiser, Latents, Parameterisation, Predictions};

/// A batch of variations, ready to be denoised: all that stays the same in every step is done.
#[derive(Debug)]
pub struct Prepared {
    conditioned: Inputs,
    both: Inputs,
    device: Device,
}

impl Prepared {
    /// Prepares `batch` variations under the same conditions; guidance's other branch has the negative prompt (or the null text) and
    /// no lane, but the known latents.
    ///
    /// # Errors
    /// Where shapes don't fit or the device's memory ends.
    pub fn new(unet: &UNet, conditions: &Conditions, batch: usize, device: &Device) -> Result<Self> {
        let globals = conditions.globals(device)?;
        let negative = conditions.negative.as_ref().unwrap_or(unet.null_text());
        let (with, text_with) = unet.prepare(&conditions.prompt, &globals)?;
        let (without, text_without) = unet.prepare(negative, &globals)?;
        let time = conditions.time();
        let phase = Tensor::from_vec(phases(time), (1, time, PHASES), device)?;
        let still = conditions.still(batch, conditions.lane.as_deref(), device)?;
        let plain = conditions.still(batch, None, device)?;
        let repeat = |t: &Tensor| t.unsqueeze(0)?.repeat((batch, 1));
        let conditioned = Inputs {
            still: still.clone(),
            phase: phase.repeat((batch, 1, 1))?,
            condition: repeat(&with)?,
            text: text_with.iter().map(|m| vec![m.clone(); batch]).collect(),
        };
        let both = Inputs {
            still: Tensor::cat(&[still, plain], 0)?,
            phase: phase.repeat((2 * batch, 1, 1))?,
            condition: Tensor::cat(&[repeat(&with)?, repeat(&without)?], 0)?,
            text: text_with.iter().zip(&text_without).map(|(a, b)| [vec![a.clone(); batch], vec![b.clone(); batch]].concat()).collect(),
        };
        Ok(Self { conditioned, both, device: device.clone() })
    }
}

/// v-predictions of the U-Net for a prepared batch.
#[derive(Debug)]
pub struct EmbeddedDenoiser<'a> {
    /// The network.
    pub unet: &'a UNet,
    /// The batch.
    pub prepared: Prepared,
}

impl Denoiser for EmbeddedDenoiser<'_> {
    type Error = Error;

    fn parameterisation(&self) -> Parameterisation {
        Parameterisation::V
    }

    fn predict(&mut self, x: &Latents, time: f32, branches: Branches) -> Result<Predictions> {
        let xs = Tensor::from_slice(x.data(), (x.batch(), x.frames(), x.channels()), &self.prepared.device)?;
        let latents = |t: Tensor| -> Result<Latents> {
            let (b, t_, c) = t.dims3()?;
            Latents::new(b, t_, c, t.flatten_all()?.to_vec1()?).map_err(Error::wrap)
        };
        match branches {
            Branches::Conditioned => {
                let v = self.unet.forward(&xs, time, &self.prepared.conditioned)?;
                Ok(Predictions { conditioned: latents(v)?, unconditioned: None })
            }
            Branches::Both => {
                let v = self.unet.forward(&Tensor::cat(&[&xs, &xs], 0)?, time, &self.prepared.both)?;
                let with = latents(v.narrow(0, 0, x.batch())?)?;
                let without = latents(v.narrow(0, x.batch(), x.batch())?)?;
                Ok(Predictions { conditioned: with, unconditioned: Some(without) })
            }
        }
    }
}
