//! The worker's thread.

use super::{
    Settings,
    job::{Event, Outcome, Work},
    memory,
    queue::{Message, Queue},
};
use crate::{
    error::JobError,
    make::{self, Made},
    models::embedded::{EmbeddedModel, Weights},
    progress::{Stage, Watch},
};
use crossbeam_channel::Receiver;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) struct Worker {
    settings: Settings,
    pool: Option<rayon::ThreadPool>,
    model: Option<EmbeddedModel>,
    queue: Queue,
    /// Once no job waits.
    unload: bool,
}

impl Worker {
    pub fn new(settings: Settings) -> Self {
        Self { settings, pool: None, model: None, queue: Queue::default(), unload: false }
    }

    /// Until the last handle is gone.
    pub fn run(&mut self, messages: &Receiver<Message>) {
        while let Ok(message) = messages.recv() {
            self.take(message);
            loop {
                messages.try_iter().for_each(|m| self.take(m));
                let Some(work) = self.queue.pop() else { break };
                let outcome = self.work(&work);
                work.end(outcome);
            }
            if std::mem::take(&mut self.unload) {
                self.model = None;
                self.pool = None;
            }
        }
    }

    /// Whether the model is in memory.
    #[cfg(test)]
    pub fn is_loaded(&self) -> bool {
        self.model.is_some()
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Work(work) => self.queue.push(work),
            // what goes wrong here is told to the job that needs the model
            Message::Load => drop(self.protected(|worker| worker.load().map(drop))),
            Message::Unload => self.unload = true,
        }
    }

    /// A panic ends the job, not the worker.
    pub fn protected<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, JobError>) -> Result<T, JobError> {
        catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            Err(JobError::Panic(text.unwrap_or("a panic without words").to_owned()))
        })
    }

    pub fn work(&mut self, work: &Work) -> Result<Outcome, JobError> {
        memory::check(&work.order, self.model.is_some(), self.settings.memory)?;
        let report = |progress| drop(work.events.send(Event::Progress(progress)));
        self.protected(|worker| {
            let mut watch = Watch::new(&work.flags.cancelled, &report);
            watch.plan(make::plan(&work.order, worker.model.is_some()));
            watch.enter(Stage::Loading)?;
            let threads = worker.settings.threads.get();
            let (pool, model) = worker.load()?;
            let made: Made = pool.install(|| make::make(model, &work.order, threads, &mut watch))?;
            Ok(Outcome { made, timing: watch.finish() })
        })
    }

    /// Pool and model, made on first use.
    fn load(&mut self) -> Result<(&rayon::ThreadPool, &EmbeddedModel), JobError> {
        let pool = match self.pool.take() {
            Some(pool) => pool,
            None => rayon::ThreadPoolBuilder::new()
                .num_threads(self.settings.threads.get())
                .thread_name(|i| format!("inlay worker {i}"))
                .build()
                .map_err(|e| JobError::Model(e.to_string()))?,
        };
        let model = match self.model.take() {
            Some(model) => model,
            None => {
                let weights = self.settings.weights.as_deref().map_or_else(|| Ok(Weights::embedded()), Weights::read)?;
                let device = self.settings.device.open()?;
                pool.install(|| EmbeddedModel::load(&weights, &device))?
            }
        };
        Ok((self.pool.insert(pool), self.model.insert(model)))
    }
}
