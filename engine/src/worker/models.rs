//! The models that are in memory: Inlay's own, and one from disk at most.

use super::{DeviceChoice, Settings, status::Status};
use crate::{
    disk::{self, Loaded, Looked},
    error::JobError,
    make::{self, Made},
    models::embedded::{EmbeddedModel, Weights},
    order::Order,
    pools::Pools,
    progress::{Plan, Watch},
};
use candle_core::Device;
use std::time::{Duration, Instant};

/// See the [module](self).
#[derive(Debug, Default)]
pub(super) struct Models {
    own: Option<EmbeddedModel>,
    disk: Option<Box<Loaded>>,
    /// When the one from disk made something last.
    used: Option<Instant>,
    /// What is to be said of the device.
    fallback: Option<String>,
}

/// The stages of an order and how long they are likely to take; `loaded`: the model that it needs is in memory.
pub(super) fn plan(order: &Order, loaded: bool) -> Plan {
    if order.disk().is_some() { disk::plan(order, loaded) } else { make::plan(order, loaded) }
}

impl Models {
    /// Whether the model that an order needs is in memory.
    pub fn has(&self, order: &Order) -> bool {
        match order.disk() {
            None => self.own.is_some(),
            Some(model) => self.disk.as_ref().is_some_and(|disk| disk.from == **model),
        }
    }

    /// Bytes of the model from disk in memory, of which another one would take the place.
    pub fn disk_bytes(&self) -> u64 {
        self.disk.as_ref().map_or(0, |disk| disk.bytes)
    }

    /// Loads what an order needs.
    pub fn load(&mut self, looked: Option<&Looked>, settings: &Settings, pools: &Pools, status: &Status) -> Result<(), JobError> {
        match looked {
            None => self.load_own(settings, pools, status),
            Some(looked) => self.load_disk(looked, settings.device, pools),
        }
    }

    /// Makes what an order asks for; what it needs is loaded.
    pub fn make(&mut self, order: &Order, pools: &Pools, watch: &mut Watch<'_>) -> Result<Made, JobError> {
        let mut made = match (order.disk(), &self.own, &self.disk) {
            (Some(_), _, Some(disk)) => {
                self.used = Some(Instant::now());
                disk::make(disk, order, pools, watch)?
            }
            (None, Some(own), _) => make::make(own, order, pools, watch)?,
            _ => return Err(JobError::Model("it isn't loaded".into())),
        };
        made.notices.extend(self.fallback.take());
        Ok(made)
    }

    /// Gives the memory of the model from disk back, if nothing needed it for so long.
    pub fn rest(&mut self, idle: Duration) {
        if self.used.is_some_and(|used| used.elapsed() >= idle) {
            (self.disk, self.used) = (None, None);
        }
    }

    /// Whether a model from disk is in memory that an order doesn't need: then it goes.
    pub fn make_room(&mut self, order: &Order) -> bool {
        order.disk().is_none() && self.disk.take().is_some()
    }

    /// Inlay's own model.
    pub fn load_own(&mut self, settings: &Settings, pools: &Pools, status: &Status) -> Result<(), JobError> {
        if self.own.is_none() {
            let weights = settings.weights.as_deref().map_or_else(|| Ok(Weights::embedded()), Weights::read)?;
            // on a Mac the processor makes a loop in less than a second, and nothing tries this model out when it is loaded
            let choice = if cfg!(feature = "metal") { DeviceChoice::Cpu } else { settings.device };
            let (device, fallback) = choice.open();
            let model = pools.run(|| EmbeddedModel::load(&weights, &device))?;
            self.fallback = fallback;
            status.loads(&model);
            self.own = Some(model);
        }
        Ok(())
    }

    /// One from disk, in the place of the one that was there. Where the graphics processor can't take it, the processor does.
    fn load_disk(&mut self, looked: &Looked, device: DeviceChoice, pools: &Pools) -> Result<(), JobError> {
        if self.disk.as_ref().is_some_and(|disk| disk.from == looked.from) {
            return Ok(());
        }
        // gone before the next one asks for memory
        self.disk = None;
        let (device, fallback) = device.open();
        let load = |device: &Device| pools.run(|| Loaded::new(looked, device));
        let (loaded, fallback) = match load(&device) {
            Err(error) if !device.is_cpu() => {
                let notice = format!("the processor makes this, which takes longer, since the graphics processor can't: {error}");
                (load(&Device::Cpu)?, Some(notice))
            }
            loaded => (loaded?, fallback),
        };
        self.fallback = fallback;
        self.disk = Some(Box::new(loaded));
        Ok(())
    }
}

/// What can be said of an order before any work starts.
pub(super) fn check(order: &Order) -> Result<(), JobError> {
    if order.disk().is_some() { disk::check(order) } else { make::check(order) }
}

/// Reads the headers of the model's files that an order needs, and says what is wrong before any is loaded and another one goes for it.
pub(super) fn look(order: &Order) -> Result<Option<Looked>, JobError> {
    let Some(model) = order.disk() else { return Ok(None) };
    let looked = Looked::at(model)?;
    disk::check_model(order, &looked)?;
    Ok(Some(looked))
}
