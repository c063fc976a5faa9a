//! The worker's promises.

use super::{
    job,
    queue::{Priority, Queue},
    thread::Worker,
    *,
};
use crate::{
    JobError, Source, Stage,
    models::embedded::{EmbeddedModel, Weights},
    progress::Watch,
};
use candle_core::Device;
use inlay_music::{Bars, Bpm, Prompt, Request, Seed, Task};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn order(bars: u32, steps: u32) -> Order {
    let request = Request {
        task: Task::Generate,
        prompt: Prompt::new("house drums").unwrap(),
        negative: None,
        bars: Bars::new(bars).unwrap(),
        bpm: Bpm::DEFAULT,
        key: None,
        chords: None,
        feel: Default::default(),
        seed: Seed(1),
        variation: 0,
        steps,
        guidance: 1.0,
        sampler: "ddim".into(),
    };
    Order { request, source: Source::Nothing, variations: 1 }
}

fn worker() -> Worker {
    Worker::new(Settings::default())
}

/// How often `stage` was reported by a job that is cancelled at its `at`-th report.
fn reports_until_cancelled(stage: Stage, at: usize) -> usize {
    let model = EmbeddedModel::load(&Weights::embedded(), &Device::Cpu).unwrap();
    let (cancelled, seen) = (AtomicBool::new(false), AtomicUsize::new(0));
    let report = |p: crate::Progress| {
        if p.stage == stage && seen.fetch_add(1, Ordering::Relaxed) + 1 == at {
            cancelled.store(true, Ordering::Relaxed);
        }
    };
    let mut watch = Watch::new(&cancelled, &report);
    assert_eq!(make::make(&model, &order(1, 50), 1, &mut watch).unwrap_err(), JobError::Cancelled);
    seen.into_inner()
}

#[test]
fn a_cancelled_job_ends_within_one_step() {
    // a step is reported before it is made: none begins after the one that was reported last
    assert_eq!(reports_until_cancelled(Stage::Sampling, 5), 5);
    assert_eq!(reports_until_cancelled(Stage::Decoding, 1), 1);
    assert_eq!(reports_until_cancelled(Stage::Phases, 1), 1);
}

#[test]
fn the_next_job_runs_after_a_cancelled_one() {
    let engine = Engine::start(Settings::default()).unwrap();
    let job = engine.submit(order(4, 1000), Priority::User).unwrap();
    job.cancel();
    assert_eq!(job.wait(|_| ()).unwrap_err(), JobError::Cancelled);
    assert!(engine.submit(order(1, 1), Priority::User).unwrap().wait(|_| ()).is_ok());
}

#[test]
fn a_panic_fails_that_job_alone() {
    let mut worker = worker();
    let failed: Result<(), _> = worker.protected(|_| panic!("a shape that nobody expected"));
    assert_eq!(failed, Err(JobError::Panic("a shape that nobody expected".into())));
    let (_job, work) = job::pair(order(1, 1), Priority::User);
    assert_eq!(worker.work(&work).unwrap().made.takes.len(), 1);
}

#[test]
fn a_job_beyond_the_memory_is_refused_before_it_starts() {
    let engine = Engine::start(Settings { memory: Some(64 << 20), ..Settings::default() }).unwrap();
    let error = engine.submit(order(16, 16), Priority::User).unwrap().wait(|_| ()).unwrap_err();
    assert!(matches!(error, JobError::Memory { free: 64, needed } if needed > 64), "{error}");
}

#[test]
fn the_user_s_job_comes_before_retiming_and_that_before_speculation() {
    let mut queue = Queue::default();
    let jobs: Vec<_> = [Priority::Speculative, Priority::Retime, Priority::User, Priority::User].map(|p| job::pair(order(1, 1), p)).into();
    let handles: Vec<_> = jobs
        .into_iter()
        .map(|(handle, work)| {
            queue.push(Box::new(work));
            handle
        })
        .collect();
    handles[2].cancel();
    let popped: Vec<_> = std::iter::from_fn(|| queue.pop().map(|w| w.priority)).collect();
    assert_eq!(popped, [Priority::User, Priority::Retime, Priority::Speculative]);
    assert!(matches!(handles[2].wait(|_| ()), Err(JobError::Cancelled)));
}

#[test]
fn progress_goes_from_nothing_to_all_and_tells_the_time_left() {
    let engine = Engine::start(Settings::default()).unwrap();
    let mut seen = vec![];
    let several = Order { variations: 3, ..order(1, 8) };
    engine.submit(several, Priority::User).unwrap().wait(|p| seen.push(p)).unwrap();
    assert!(seen.windows(2).all(|w| w[0].done <= w[1].done), "{seen:?}");
    assert!(seen[0].done == 0.0 && seen.last().unwrap().done > 0.5);
    assert!(!seen[0].left.is_zero(), "loading counts too");
}

#[test]
fn the_model_is_unloaded_after_the_jobs_that_wait_and_comes_back_with_the_next() {
    let mut worker = worker();
    let mut run = |unload: bool| {
        let (inbox, messages) = unbounded();
        let jobs: Vec<_> = (0..2).map(|_| job::pair(order(1, 1), Priority::User)).collect();
        let handles: Vec<_> = jobs
            .into_iter()
            .map(|(handle, work)| {
                inbox.send(queue::Message::Work(Box::new(work))).unwrap();
                handle
            })
            .collect();
        if unload {
            inbox.send(queue::Message::Unload).unwrap();
        }
        drop(inbox);
        worker.run(&messages);
        let takes: Vec<_> = handles.iter().map(|h| h.wait(|_| ()).unwrap().made.takes[0].id.clone()).collect();
        (takes, worker.is_loaded())
    };
    let (before, loaded) = run(true);
    assert!(!loaded);
    assert_eq!(run(false), (before, true));
}

#[test]
fn what_is_wrong_with_an_order_is_said_at_once() {
    let engine = Engine::start(Settings::default()).unwrap();
    let mut bad = order(1, 1);
    bad.request.sampler = "euler?".into();
    assert!(matches!(engine.submit(bad, Priority::User), Err(JobError::Sampler(_))));
    let mut bad = order(1, 1);
    bad.variations = 0;
    assert!(matches!(engine.submit(bad, Priority::User), Err(JobError::Variations(0))));
    let mut bad = order(1, 1);
    bad.request.chords = Some("Am | F".parse().unwrap());
    assert!(matches!(engine.submit(bad, Priority::User), Err(JobError::Chart(_))));
}
