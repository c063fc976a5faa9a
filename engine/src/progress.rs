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

/// What a job tells and is told while it runs: progress, cancelling, times.
pub(crate) struct Watch<'a> {
    wanted: &'a (dyn Fn() -> bool + Sync),
    report: &'a (dyn Fn(Progress) + Sync),
    /// Expected seconds of each stage.
    plan: Vec<(Stage, f64)>,
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
        Self { wanted, report, plan: vec![], span: (0.0, 0.0), timing: vec![], begun: now, stage_begun: now, stage: Stage::Loading }
    }

    /// Sets the seconds that the stages are expected to take at `pace` 1; decoding and phases come last.
    pub(crate) fn plan(&mut self, plan: Vec<(Stage, f64)>, pace: f64) {
        self.plan = plan.into_iter().map(|(stage, seconds)| (stage, seconds * pace)).collect();
    }

    /// Begins a stage that a job has once.
    pub(crate) fn enter(&mut self, stage: Stage) -> Result<(), JobError> {
        let start = self.plan.iter().take_while(|(s, _)| *s != stage).map(|(_, s)| s).sum();
        self.begin(stage, start, self.planned(stage))
    }

    /// Begins [`Stage::Decoding`] or [`Stage::Phases`], which follow each other for every take: this one is `index` of `count`.
    pub(crate) fn enter_take(&mut self, stage: Stage, index: usize, count: usize) -> Result<(), JobError> {
        let (decoding, phases) = (self.planned(Stage::Decoding), self.planned(Stage::Phases));
        let before: f64 = self.plan.iter().map(|(_, s)| s).sum::<f64>() - decoding - phases;
        let share = 1.0 / count.max(1) as f64;
        let start = before + (decoding + phases) * share * index as f64;
        match stage {
            Stage::Phases => self.begin(stage, start + decoding * share, phases * share),
            _ => self.begin(stage, start, decoding * share),
        }
    }

    fn planned(&self, stage: Stage) -> f64 {
        self.plan.iter().find(|(s, _)| *s == stage).map_or(0.0, |(_, s)| *s)
    }

    fn begin(&mut self, stage: Stage, start: f64, length: f64) -> Result<(), JobError> {
        self.close();
        self.stage = stage;
        self.span = (start, length);
        self.at(0.0)
    }

    /// `part` (0 to 1) of the present stage is done.
    pub(crate) fn at(&self, part: f64) -> Result<(), JobError> {
        if !self.proceed() {
            return Err(JobError::Cancelled);
        }
        let total: f64 = self.plan.iter().map(|(_, s)| s).sum::<f64>().max(1e-9);
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
