//! The worker's thread.

use super::{
    Settings, give_way,
    job::{Outcome, Running},
    memory,
    models::{Models, look, plan},
    queue::{Message, Queue},
    status::Status,
};
use crate::{
    error::JobError,
    pools::Pools,
    progress::{Stage, Watch},
};
use crossbeam_channel::{Receiver, RecvTimeoutError};
use inlay_helper::HelperError;
use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

pub(super) struct Worker {
    settings: Settings,
    status: Arc<Status>,
    pools: Option<Pools>,
    models: Models,
    queue: Queue,
    /// Once no job waits.
    unload: bool,
}

impl Worker {
    pub fn new(settings: Settings, status: Arc<Status>) -> Self {
        Self { settings, queue: Queue::new(Arc::clone(&status)), status, pools: None, models: Models::default(), unload: false }
    }

    /// Until the last handle is gone.
    pub fn run(&mut self, inbox: &Receiver<Message>) {
        if self.settings.background {
            give_way();
        }
        while let Some(message) = self.next(inbox) {
            self.take(message);
            loop {
                inbox.try_iter().for_each(|m| self.take(m));
                let Some(running) = self.queue.pop() else { break };
                let outcome = self.work(&running);
                // stopped, but not by its owner: a more urgent one waits
                if outcome.as_ref().is_err_and(|e| *e == JobError::Cancelled) && !running.is_cancelled() {
                    self.queue.again(running);
                } else {
                    running.end(outcome);
                }
            }
            if let Some(idle) = self.settings.idle {
                self.models.rest(idle, &self.status);
            }
            if std::mem::take(&mut self.unload) {
                self.unload();
            }
        }
    }

    /// What is sent next; while nothing is for long, the model goes.
    fn next(&mut self, inbox: &Receiver<Message>) -> Option<Message> {
        if let (Some(idle), true) = (self.settings.idle, self.pools.is_some()) {
            match inbox.recv_timeout(idle) {
                Err(RecvTimeoutError::Timeout) => self.unload(),
                message => return message.ok(),
            }
        }
        inbox.recv().ok()
    }

    fn unload(&mut self) {
        self.status.unloads();
        self.models = Models::default();
        self.pools = None;
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Work(work) => self.queue.push(work),
            // what goes wrong here is told to the job that needs the model
            Message::Load => drop(self.protected(Self::load)),
            Message::Unload => self.unload = true,
        }
    }

    /// A panic ends the job, not the worker.
    fn protected<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, JobError>) -> Result<T, JobError> {
        catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            Err(JobError::Panic(text.unwrap_or("a panic without words").to_owned()))
        })
    }

    fn work(&mut self, running: &Running) -> Result<Outcome, JobError> {
        let work = &running.work;
        let status = Arc::clone(&self.status);
        let report = |progress| running.tell(progress);
        let wanted = || !running.is_cancelled() && !status.more_urgent(work.priority);
        self.protected(|worker| {
            let Self { settings, pools, models, .. } = worker;
            let loaded = models.has(&work.order);
            let looked = look(&work.order)?;
            let looked = looked.as_ref();
            if let Err(error) = memory::check(&work.order, looked, models.held(&work.order, settings), settings.memory) {
                if !models.make_room(&work.order, &status) {
                    return Err(error);
                }
                memory::check(&work.order, looked, models.held(&work.order, settings), settings.memory)?;
            }
            let mut watch = Watch::new(&wanted, &report);
            watch.plan(plan(&work.order, looked, loaded), status.pace(models.pace(&work.order, settings)));
            watch.enter(Stage::Loading)?;
            let pools = made(pools, settings, &status)?;
            // a more urgent job likely needs the same model: it waits the seconds
            let wanted = || if running.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            let loading = |part: f64| {
                let _ = watch.flow(part);
                wanted()
            };
            models.load((&work.order, looked), settings, pools, (&loading, &status))?;
            #[cfg(test)]
            pools.run(|| work.fault.iter().for_each(|fault| fault()));
            let mut begun = Instant::now();
            let made = match models.make(work, pools, &mut watch) {
                // one from before may have died meanwhile: the machine slept, or its driver was updated
                Err(JobError::Helper(HelperError::Died(_))) if loaded => {
                    models.load((&work.order, looked), settings, pools, (&|_| wanted(), &status))?;
                    begun = Instant::now();
                    models.make(work, pools, &mut watch)?
                }
                made => made?,
            };
            status.took(models.pace(&work.order, settings), plan(&work.order, looked, true).seconds(), begun.elapsed().as_secs_f64());
            Ok(Outcome { made, timing: watch.finish() })
        })
    }

    /// Pools, made on first use, and Inlay's own model.
    fn load(&mut self) -> Result<(), JobError> {
        let Self { settings, status, pools, models, .. } = self;
        models.load_own(settings, made(pools, settings, status)?, status)
    }
}

/// Pools, made on first use.
fn made<'a>(pools: &'a mut Option<Pools>, settings: &Settings, status: &Status) -> Result<&'a Pools, JobError> {
    let there = match pools.take() {
        Some(pools) => pools,
        None => Pools::new(settings.threads, settings.background, status.playing())?,
    };
    Ok(pools.insert(there))
}
