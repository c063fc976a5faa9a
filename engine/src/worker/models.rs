//! The models that are in memory: Inlay's own, and one from disk at most.

use super::{
    Settings,
    job::Work,
    memory::{self, Held},
    queue::Priority,
    status::{Pace, Status},
};
use crate::{
    disk::{self, Loaded, Looked, Watched},
    error::JobError,
    make::{self, Made},
    maker::{DeviceChoice, Graphics, graphics},
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
    /// What is to be said of the device that the one from disk came to; to somebody who waits for a take of it.
    fallback: Option<String>,
}

/// The stages of an order and how long they are likely to take; `loaded`: the model that it needs is in memory.
pub(super) fn plan(order: &Order, looked: Option<&Looked>, loaded: bool) -> Plan {
    if order.disk().is_some() { disk::plan(order, looked, loaded) } else { make::plan(order, loaded) }
}

impl Models {
    /// Whether the model that an order needs is in memory.
    pub fn has(&self, order: &Order) -> bool {
        match order.disk() {
            None => self.own.is_some(),
            Some(model) => self.disk.as_ref().is_some_and(|disk| disk.from == **model && !disk.is_over()),
        }
    }

    /// What matters of the models in memory for whether there is enough of it for an order.
    pub fn held(&self, order: &Order, settings: &Settings) -> Held {
        let has = self.has(order);
        let elsewhere = match order.disk() {
            Some(_) if has => self.disk.as_ref().is_some_and(|disk| disk.is_elsewhere()),
            Some(model) => model.device != DeviceChoice::Cpu && matches!(way(settings), Some(Graphics::Helper(_))),
            None => false,
        };
        Held { has, bytes: self.disk.as_ref().map_or(0, |disk| disk.bytes), elsewhere }
    }

    /// By which the time of an order is judged.
    pub fn pace(&self, order: &Order, settings: &Settings) -> Pace {
        let Some(model) = order.disk() else { return Pace::Own };
        match self.disk.as_ref().filter(|_| self.has(order)) {
            Some(disk) => Pace::on(&disk.device()),
            None if model.device != DeviceChoice::Cpu && way(settings).is_some() => Pace::Graphics,
            None => Pace::Processor,
        }
    }

    /// Loads what an order needs.
    pub fn load(
        &mut self,
        (order, looked): (&Order, Option<&Looked>),
        settings: &Settings,
        pools: &Pools,
        (loading, status): (Watched<'_>, &Status),
    ) -> Result<(), JobError> {
        let Some(looked) = looked else { return self.load_own(settings, pools, status) };
        if self.has(order) {
            return Ok(());
        }
        // gone before the next one asks for memory
        self.disk = None;
        status.runs_on(None);
        let room = || memory::check(order, Some(looked), Held { has: false, bytes: 0, elsewhere: false }, settings.memory);
        let (loaded, fallback) = Loaded::new(looked, way(settings), pools, loading, &room)?;
        self.fallback = fallback;
        status.runs_on(Some(loaded.device()));
        self.disk = Some(Box::new(loaded));
        Ok(())
    }

    /// Makes what an order asks for; what it needs is loaded.
    pub fn make(&mut self, Work { order, priority, .. }: &Work, pools: &Pools, watch: &mut Watch<'_>) -> Result<Made, JobError> {
        let mut made = match (order.disk(), &self.own, &self.disk) {
            (Some(_), _, Some(disk)) => {
                self.used = Some(Instant::now());
                disk::make(disk, order, pools, watch)?
            }
            (None, Some(own), _) => make::make(own, order, pools, watch)?,
            _ => return Err(JobError::Model("it isn't loaded".into())),
        };
        // what is made ahead is heard by nobody yet
        if order.disk().is_some() && *priority == Priority::User {
            made.notices.extend(self.fallback.take());
        }
        Ok(made)
    }

    /// Gives the memory of the model from disk back, if nothing needed it for so long.
    pub fn rest(&mut self, idle: Duration, status: &Status) {
        if self.used.is_some_and(|used| used.elapsed() >= idle) {
            (self.disk, self.used) = (None, None);
            status.runs_on(None);
        }
    }

    /// Whether a model from disk is in memory that an order doesn't need: then it goes.
    pub fn make_room(&mut self, order: &Order, status: &Status) -> bool {
        let gone = order.disk().is_none() && self.disk.take().is_some();
        if gone {
            status.runs_on(None);
        }
        gone
    }

    /// Inlay's own model.
    pub fn load_own(&mut self, settings: &Settings, pools: &Pools, status: &Status) -> Result<(), JobError> {
        if self.own.is_none() {
            let weights = settings.weights.as_deref().map_or_else(|| Ok(Weights::embedded()), Weights::read)?;
            let model = pools.run(|| EmbeddedModel::load(&weights, &Device::Cpu))?;
            status.loads(&model);
            self.own = Some(model);
        }
        Ok(())
    }
}

/// The way to the graphics processor.
fn way(settings: &Settings) -> Option<Graphics> {
    settings.graphics.clone().or_else(graphics)
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
