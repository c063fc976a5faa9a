//! One worker thread per engine: a queue of jobs, models, and pools for the work inside a job.
//!
//! Handles are cheap to clone. Nobody has to join the thread: it ends when the last handle is gone and the running job is over.

mod background;
mod job;
mod memory;
mod models;
mod queue;
mod settings;
mod shared;
mod status;
mod thread;

#[cfg(test)]
mod test;

pub(crate) use background::give_way;
pub use job::{Event, Job, Outcome};
pub use queue::Priority;
pub use settings::Settings;
pub use status::{ModelInfo, Playing};

use crate::{
    error::JobError,
    maker::PROCESSOR,
    models::embedded::Weights,
    order::Order,
    redo::{self, Kept, RedoError},
};
use crossbeam_channel::{Sender, unbounded};
use inlay_music::About;
use status::{Pace, Status};
use std::{sync::Arc, thread::JoinHandle, time::Duration};

/// Makes takes in the background.
#[derive(Debug, Clone)]
pub struct Engine {
    core: Arc<Core>,
}

/// What all handles share. Dropping the last one closes the inbox, and with it the worker.
#[derive(Debug)]
struct Core {
    inbox: Sender<queue::Message>,
    status: Arc<Status>,
    /// Only ever asked whether it is over.
    thread: JoinHandle<()>,
}

impl Engine {
    /// Starts the worker. The model is unpacked when the first job needs it.
    ///
    /// # Errors
    /// [`JobError::Gone`] where the system gives no thread.
    pub fn start(settings: Settings) -> Result<Self, JobError> {
        let (inbox, messages) = unbounded();
        let status = Arc::new(Status::new(model_of(&settings)));
        let mut worker = thread::Worker::new(settings, Arc::clone(&status));
        let thread = std::thread::Builder::new().name("inlay worker".into()).spawn(move || worker.run(&messages));
        let thread = thread.map_err(|_| JobError::Gone)?;
        Ok(Self { core: Arc::new(Core { inbox, status, thread }) })
    }

    /// Queues an order. What is wrong with it is said at once, before any work.
    ///
    /// # Errors
    /// [`JobError`] for an order that can't be made.
    pub fn submit(&self, order: Order, priority: Priority) -> Result<Job, JobError> {
        models::check(&order)?;
        let (job, work) = job::pair(order, priority);
        // told first: whatever runs gives way from now on
        self.core.status.waits(priority);
        self.core.inbox.send(queue::Message::Work(work)).map_err(|_| JobError::Gone)?;
        Ok(job)
    }

    /// Unpacks the model in the background, so that the first job starts at once.
    pub fn load(&self) {
        // a worker that is gone is noticed by the next job
        let _ = self.core.inbox.send(queue::Message::Load);
    }

    /// Gives the model's memory back once no job waits; the next one unpacks it again.
    pub fn unload(&self) {
        let _ = self.core.inbox.send(queue::Message::Unload);
    }

    /// Tells that a host plays for as long as the guard lives: jobs, the running one from its next step on, leave a core to it.
    pub fn playing(&self) -> Playing {
        Playing::new(self.core.status.playing())
    }

    /// What makes the takes. Cheap: nothing is loaded, nobody waits for a job.
    pub fn model(&self) -> ModelInfo {
        self.core.status.model()
    }

    /// Whether a take's sound can be made again from what was kept of it. Cheap, as [`Engine::model`] is; of weights in a folder only after they
    /// were loaded is it known which model they are.
    ///
    /// # Errors
    /// Why it can't, before anybody asks for it.
    pub fn can_redo(&self, about: &About, kept: Kept) -> Result<(), RedoError> {
        redo::check(about, kept)?;
        let model = self.model();
        redo::check_model(about, kept, model.hash.as_deref(), model.codec.as_deref())
    }

    /// How long an order is likely to take once it begins, unpacking the model included, by how long others took on this machine.
    pub fn estimate(&self, order: &Order) -> Duration {
        let status = &self.core.status;
        let planned = models::plan(order, None, status.is_loaded() && order.disk().is_none()).seconds();
        let pace = match order.disk() {
            None => Pace::Own,
            Some(_) => Pace::on(status.model().disk.as_deref().unwrap_or(PROCESSOR)),
        };
        Duration::from_secs_f64((planned * status.pace(pace)).clamp(0.0, 1e6))
    }
}

/// What is known of the model before it is loaded.
fn model_of(settings: &Settings) -> ModelInfo {
    match &settings.weights {
        None => {
            let weights = Weights::embedded();
            let (hash, codec) = (Some(weights.hash()), Some(weights.codec_hash()));
            ModelInfo { name: "Inlay's own".into(), hash, codec, loaded: false, disk: None }
        }
        Some(folder) => {
            let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
            ModelInfo { name, hash: None, codec: None, loaded: false, disk: None }
        }
    }
}
