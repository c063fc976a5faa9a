//! What runs a model from disk: this process, or a helper that reaches the graphics processor.

use super::Looked;
use crate::{
    error::JobError,
    maker::{self, DeviceChoice, Graphics, METAL, PROCESSOR, Program},
    pools::Pools,
};
use candle_core::Device;
use inlay_helper::{Helper, HelperError};
use inlay_stable::{Loading, Model, Part, Request, Stereo};
use std::{
    ops::{ControlFlow, Range},
    sync::{Mutex, PoisonError},
};

/// See the [module](self).
#[derive(Debug)]
pub(super) enum Runner {
    Here(Model, &'static str),
    Elsewhere(Mutex<Helper>),
}

/// Told the part of a model that is loaded, from any thread; says whether it is still wanted.
pub(crate) type Watched<'a> = &'a (dyn Fn(f64) -> ControlFlow<()> + Sync);

/// What makes a sound, told its parts.
pub(super) type Parts<'a> = &'a mut (dyn FnMut(Part) -> ControlFlow<()> + Send);

impl Runner {
    /// Loads a model to what its device is, with the reason where that isn't the one that was chosen. `room` says whether there is memory for it in this process.
    ///
    /// # Errors
    /// As loading says; what goes wrong on the graphics processor is a reason.
    pub fn load(
        looked: &Looked,
        graphics: Option<Graphics>,
        pools: &Pools,
        loading: Watched<'_>,
        room: &dyn Fn() -> Result<(), JobError>,
    ) -> Result<(Self, Option<String>), JobError> {
        let tried = match (looked.from.device, graphics) {
            (DeviceChoice::Cpu, _) | (DeviceChoice::Best, None) => None,
            (DeviceChoice::Gpu, None) => Some(Err(no_way())),
            (_, Some(Graphics::Helper(program))) => Some(elsewhere(looked, &program, loading)),
            (_, Some(Graphics::Metal)) => Some(room().and_then(|()| here(looked, maker::metal()?, METAL, pools, loading))),
        };
        let failed = match tried {
            Some(Ok(runner)) => return Ok((runner, None)),
            Some(Err(JobError::Cancelled)) => return Err(JobError::Cancelled),
            Some(Err(error)) => Some(error),
            None => None,
        };
        let instead = room().and_then(|()| here(looked, Device::Cpu, PROCESSOR, pools, loading));
        match (instead, failed) {
            (Ok(runner), None) => Ok((runner, None)),
            (Ok(runner), Some(error)) => {
                let reason = format!("the processor makes this, which takes longer, since the graphics processor can't be used: {error}");
                Ok((runner, Some(reason)))
            }
            (Err(error @ JobError::Cancelled), _) | (Err(error), None) => Err(error),
            (Err(processor), Some(graphics)) => Err(JobError::Neither { graphics: graphics.into(), processor: processor.into() }),
        }
    }

    /// What it runs on, for people.
    pub fn device(&self) -> String {
        match self {
            Self::Here(_, device) => (*device).into(),
            Self::Elsewhere(helper) => helper.lock().unwrap_or_else(PoisonError::into_inner).device().into(),
        }
    }

    /// Whether it can't be used any more: a helper ended.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Elsewhere(helper) if helper.lock().unwrap_or_else(PoisonError::into_inner).is_over())
    }

    /// Makes `samples` of what is asked for, and says whether the prompt was cut.
    ///
    /// # Errors
    /// As [`Model::make`] and [`Helper::make`].
    pub fn make(&self, asked: &Request<'_>, samples: Range<usize>, pools: &Pools, parts: Parts<'_>) -> Result<(Stereo, bool), JobError> {
        Ok(match self {
            Self::Here(model, _) => pools.run(|| model.make(asked, samples, parts))?,
            Self::Elsewhere(helper) => helper.lock().unwrap_or_else(PoisonError::into_inner).make(asked, samples, parts)?,
        })
    }
}

/// Into this process.
fn here(looked: &Looked, device: Device, name: &'static str, pools: &Pools, loading: Watched<'_>) -> Result<Runner, JobError> {
    let model = pools.run(|| looked.found.load_tried(&device, &looked.loras, &Loading::new(loading)))?;
    Ok(Runner::Here(model, name))
}

fn elsewhere(looked: &Looked, program: &Program, loading: Watched<'_>) -> Result<Runner, JobError> {
    let from = &looked.from;
    let mut helper = Helper::start(program, &|| loading(0.0).is_continue())?;
    let model = inlay_helper::Model { folder: from.folder.clone(), text: from.text.clone(), loras: from.loras.clone() };
    helper.load(&model, &loading)?;
    Ok(Runner::Elsewhere(Mutex::new(helper)))
}

/// That the graphics processor was chosen, and there is no way to it.
fn no_way() -> JobError {
    let place = inlay_helper::place().map(|place| format!(" at {}", place.display())).unwrap_or_default();
    JobError::Helper(HelperError::Said(format!("Inlay's helper for it isn't there{place}")))
}
