//! The engine as commands use it: jobs with a bar, which Ctrl-C stops.

use crate::maker::Chosen;
use crate::platform::interrupt::presses;
use crate::progress::Bar;
use crate::trouble::{Outcome, Trouble};
use crossbeam_channel::select;
use inlay_engine::{Engine, Event, Job, Maker, Order, Outcome as Done, Priority, Progress, Settings};
use std::num::NonZeroUsize;
use std::path::Path;

/// An engine of this process.
#[derive(Debug)]
pub struct Studio {
    engine: Engine,
}

impl Studio {
    /// Starts the engine with so many threads, else one for each core, and with the weights in a folder, else those inside the program. The
    /// model is unpacked by the first job, or by [`Studio::warm`].
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn open(threads: Option<u32>, weights: Option<&Path>) -> Outcome<Self> {
        let mut settings = Settings { weights: weights.map(Path::to_owned), ..Settings::default() };
        if let Some(threads) = threads.and_then(|n| NonZeroUsize::new(n as usize)) {
            settings.threads = threads;
        }
        Ok(Self { engine: Engine::start(settings)? })
    }

    /// Unpacks the model in the background, while files are read, if it is Inlay's own that was chosen.
    pub fn warm(&self, chosen: &Chosen) {
        if chosen.maker == Maker::Own {
            self.engine.load();
        }
    }

    /// Queues an order.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn ask(&self, order: Order) -> Outcome<Job> {
        Ok(self.engine.submit(order, Priority::User)?)
    }

    /// Waits for a job behind a bar that says `what` it makes.
    ///
    /// # Errors
    /// Why it ended without takes; [`Trouble::Cancelled`] after Ctrl-C.
    pub fn wait(&self, job: &Job, what: &str) -> Outcome<Done> {
        let bar = Bar::new(what);
        self.watch(job, |progress| bar.show(progress))
    }

    /// Waits for a job and tells `progress` how it goes.
    ///
    /// # Errors
    /// As [`Studio::wait`].
    pub fn watch(&self, job: &Job, mut progress: impl FnMut(Progress)) -> Outcome<Done> {
        let mut stopped = false;
        loop {
            select! {
                recv(job.events()) -> event => match event {
                    Ok(Event::Progress(now)) => progress(now),
                    // Stopped in the very moment in which it ended is stopped all the same.
                    Ok(Event::Ended(Ok(_))) if stopped => return Err(Trouble::Cancelled),
                    Ok(Event::Ended(done)) => return Ok(done?),
                    Err(_) => return Err(inlay_engine::JobError::Gone.into()),
                },
                recv(presses()) -> _ => {
                    stopped = true;
                    job.cancel();
                }
            }
        }
    }

    /// Both: [`Studio::ask`] and [`Studio::wait`].
    ///
    /// # Errors
    /// As both.
    pub fn make(&self, order: Order, what: &str) -> Outcome<Done> {
        let job = self.ask(order)?;
        self.wait(&job, what)
    }
}
