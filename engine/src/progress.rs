//! How far a job is, and how long it will take.

use crate::error::JobError;
use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Unpacking the model, on first use.
    Loading,
    /// Reading the words.
    Text,
    /// Taking the source apart.
    Listening,
    /// Denoising.
    Sampling,
    /// Latents to magnitudes.
    Decoding,
    /// Magnitudes to sound.
    Phases,
    /// Bringing free audio to the grid.
    Fitting,
    /// Making the seam of a loop.
    Closing,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Part of the whole job that is done, 0 to 1.
    pub done: f64,
    /// Estimate of the time that is left.
    pub left: Duration,
}

/// Seconds that each stage of a job took.
pub type Timing = Vec<(Stage, f64)>;

/// How long the stages of a job are likely to take.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Seconds of each, in their order.
    pub stages: Vec<(Stage, f64)>,
    /// From here on they come again for every take.
    pub round: Stage,
}

impl Plan {
    /// All seconds.
    pub fn seconds(&self) -> f64 {
        seconds(&self.stages)
    }

    fn of(&self, stage: Stage) -> f64 {
        self.stages.iter().find(|(s, _)| *s == stage).map_or(0.0, |(_, s)| *s)
    }

    /// Where in it a stage begins and how long it is.
    fn once(&self, stage: Stage) -> (f64, f64) {
        (seconds(&self.stages[..self.place(stage)]), self.of(stage))
    }

    /// The same of a stage that comes for every take: this one is `index` of `count`.
    fn for_take(&self, stage: Stage, (index, count): (usize, usize)) -> (f64, f64) {
        let (once, round) = self.stages.split_at(self.place(self.round));
        let share = 1.0 / count.max(1) as f64;
        let before = &round[..self.place(stage).saturating_sub(once.len())];
        (seconds(once) + share * (index as f64 * seconds(round) + seconds(before)), share * self.of(stage))
    }

    fn place(&self, stage: Stage) -> usize {
        self.stages.iter().position(|(s, _)| *s == stage).unwrap_or(self.stages.len())
    }
}

fn seconds(stages: &[(Stage, f64)]) -> f64 {
    stages.iter().map(|(_, s)| s).sum()
}

/// What a job tells and is told while it runs: progress, cancelling, times.
pub(crate) struct Watch<'a> {
    wanted: &'a (dyn Fn() -> bool + Sync),
    report: &'a (dyn Fn(Progress) + Sync),
    plan: Plan,
    /// Where in the plan's seconds the present stage begins, and how long it is.
    span: (f64, f64),
    timing: Timing,
    begun: Instant,
    stage_begun: Instant,
    stage: Stage,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(wanted: &'a (dyn Fn() -> bool + Sync), report: &'a (dyn Fn(Progress) + Sync)) -> Self {
        let now = Instant::now();
        Self {
            wanted,
            report,
            plan: Plan { stages: vec![], round: Stage::Sampling },
            span: (0.0, 0.0),
            timing: vec![],
            begun: now,
            stage_begun: now,
            stage: Stage::Loading,
        }
    }

    /// Sets the seconds that the stages are expected to take at `pace` 1.
    pub(crate) fn plan(&mut self, mut plan: Plan, pace: f64) {
        plan.stages.iter_mut().for_each(|(_, seconds)| *seconds *= pace);
        self.plan = plan;
    }

    /// Begins a stage that a job has once.
    pub(crate) fn enter(&mut self, stage: Stage) -> Result<(), JobError> {
        self.begin(stage, self.plan.once(stage))
    }

    /// Begins a stage that comes for every take: this one is `place.0` of `place.1`.
    pub(crate) fn enter_take(&mut self, stage: Stage, place: (usize, usize)) -> Result<(), JobError> {
        self.begin(stage, self.plan.for_take(stage, place))
    }

    fn begin(&mut self, stage: Stage, span: (f64, f64)) -> Result<(), JobError> {
        self.close();
        self.stage = stage;
        self.span = span;
        self.at(0.0)
    }

    /// `part` (0 to 1) of the present stage is done.
    pub(crate) fn at(&self, part: f64) -> Result<(), JobError> {
        if !self.proceed() {
            return Err(JobError::Cancelled);
        }
        let total: f64 = self.plan.seconds().max(1e-9);
        let done = ((self.span.0 + part.clamp(0.0, 1.0) * self.span.1) / total).clamp(0.0, 1.0);
        // the plan's own guess until enough is done to know this machine's speed
        let elapsed = self.begun.elapsed().as_secs_f64();
        let whole = if done > 0.1 { elapsed / done } else { total };
        let left = Duration::from_secs_f64(((1.0 - done) * whole).clamp(0.0, 1e6));
        (self.report)(Progress { stage: self.stage, done, left });
        Ok(())
    }

    /// The same for samplers.
    pub(crate) fn flow(&self, part: f64) -> ControlFlow<()> {
        if self.at(part).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// Whether the job is still wanted, and nothing more urgent waits.
    pub(crate) fn proceed(&self) -> bool {
        (self.wanted)()
    }

    fn close(&mut self) {
        let took = self.stage_begun.elapsed().as_secs_f64();
        self.stage_begun = Instant::now();
        match self.timing.iter_mut().find(|(s, _)| *s == self.stage) {
            Some((_, sum)) => *sum += took,
            None => self.timing.push((self.stage, took)),
        }
    }

    /// Seconds of each stage so far.
    pub(crate) fn finish(mut self) -> Timing {
        self.close();
        self.timing
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn stages_of_takes_follow_each_other_for_every_take() {
        use Stage::{Closing, Decoding, Loading, Sampling};
        let plan = Plan { stages: vec![(Loading, 1.0), (Sampling, 8.0), (Decoding, 2.0), (Closing, 4.0)], round: Sampling };
        assert_eq!((plan.seconds(), plan.once(Loading), plan.once(Sampling)), (15.0, (0.0, 1.0), (1.0, 8.0)));
        assert_eq!([Sampling, Decoding, Closing].map(|s| plan.for_take(s, (0, 2))), [(1.0, 4.0), (5.0, 1.0), (6.0, 2.0)]);
        assert_eq!([Sampling, Decoding, Closing].map(|s| plan.for_take(s, (1, 2))), [(8.0, 4.0), (12.0, 1.0), (13.0, 2.0)]);
    }
}
