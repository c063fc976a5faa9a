//! What the worker does for an instance.

use crate::message::Place;
use crate::snapshot::{JobId, JobView};
use inlay_engine::{Event, Job, JobError, Made, Progress};
use inlay_music::{Bpm, TakeId};

/// What a job's takes are for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Purpose {
    /// Somebody asked for it.
    Take {
        /// The slot that was selected then.
        wanted: u8,
        /// Where its failure is told.
        place: Place,
        /// The song position of a clip that it goes on from.
        clip: Option<f64>,
        /// What undo calls it.
        change: &'static str,
    },
    /// In case somebody will want it.
    Ahead {
        /// The take whose next variation it is.
        of: TakeId,
    },
    /// A take at another tempo.
    Voice {
        /// Which take.
        of: TakeId,
        /// Which tempo.
        bpm: Bpm,
    },
    /// The sound of a take of which only the request was kept.
    Again {
        /// Which take.
        take: TakeId,
        /// The slot that it goes into then.
        slot: Option<u8>,
    },
}

impl Purpose {
    /// Whether somebody waits for it.
    pub fn is_wanted(&self) -> bool {
        matches!(self, Purpose::Take { .. } | Purpose::Again { .. })
    }
}

/// A job that isn't over.
#[derive(Debug)]
pub(crate) struct Running {
    pub id: JobId,
    pub task: &'static str,
    pub purpose: Purpose,
    job: Job,
    progress: Option<Progress>,
}

/// A job that is over.
#[derive(Debug)]
pub(crate) struct Over {
    pub purpose: Purpose,
    pub end: Result<Made, JobError>,
}

/// All jobs of an instance, in the order in which they were asked for. Dropping them cancels them.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    running: Vec<Running>,
    count: u64,
}

impl Jobs {
    pub fn add(&mut self, job: Job, task: &'static str, purpose: Purpose) {
        self.count += 1;
        self.running.push(Running { id: JobId(self.count), task, purpose, job, progress: None });
    }

    pub fn iter(&self) -> impl Iterator<Item = &Running> {
        self.running.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Stops one, or all that a user asked for. They are over when the worker says so.
    pub fn cancel(&self, id: Option<JobId>) {
        let meant = |r: &&Running| id.map_or(r.purpose.is_wanted(), |id| r.id == id);
        self.running.iter().filter(meant).for_each(|r| r.job.cancel());
    }

    /// Forgets jobs that nobody wants any more.
    pub fn drop_where(&mut self, unwanted: impl Fn(&Purpose) -> bool) {
        self.running.retain(|r| !unwanted(&r.purpose));
    }

    /// Hears what happened; says whether there was something, and which jobs are over.
    pub fn hear(&mut self) -> (bool, Vec<Over>) {
        let (mut news, mut over) = (false, vec![]);
        self.running.retain_mut(|r| {
            loop {
                let end = match r.job.events().try_recv() {
                    Ok(Event::Progress(progress)) => {
                        (r.progress, news) = (Some(progress), true);
                        continue;
                    }
                    Ok(Event::Ended(end)) => end.map(|outcome| outcome.made),
                    Err(crossbeam_channel::TryRecvError::Empty) => return true,
                    Err(crossbeam_channel::TryRecvError::Disconnected) => Err(JobError::Gone),
                };
                news = true;
                over.push(Over { purpose: r.purpose.clone(), end });
                return false;
            }
        });
        (news, over)
    }

    /// For drawing; `place_for` says where a take would go now that was asked for while a slot was selected, and `place_of` in which
    /// slot a take is.
    pub fn view(&self, place_for: impl Fn(u8) -> Option<u8>, place_of: impl Fn(&TakeId) -> Option<u8>) -> Vec<JobView> {
        let of = |r: &Running| JobView {
            id: r.id,
            task: r.task,
            slot: match r.purpose {
                Purpose::Take { wanted, .. } => place_for(wanted),
                Purpose::Again { slot: Some(slot), .. } => place_for(slot),
                Purpose::Again { ref take, slot: None } => place_of(take),
                Purpose::Ahead { .. } | Purpose::Voice { .. } => None,
            },
            progress: r.progress,
            ahead: !r.purpose.is_wanted(),
        };
        self.running.iter().map(of).collect()
    }
}
