//! The worker's promises.

use super::{
    job,
    queue::{Priority, Queue},
    thread::Worker,
    *,
};
use crate::{Event, JobError, Source};
use inlay_music::{Bars, Bpm, Prompt, Request, Seed, Task};

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

#[test]
fn a_cancelled_job_ends_within_one_step() {
    let engine = Engine::start(Settings::default()).unwrap();
    let job = engine.submit(order(4, 1000), Priority::User).unwrap();
    let mut sampled = 0;
    let mut after = 0;
    loop {
        match job.events().recv().unwrap() {
            Event::Progress(p) if p.stage == crate::Stage::Sampling => {
                sampled += 1;
                if sampled == 3 {
                    job.cancel();
                } else if sampled > 3 {
                    after += 1;
                }
            }
            Event::Progress(_) => {}
            Event::Ended(outcome) => {
                assert_eq!(outcome.unwrap_err(), JobError::Cancelled);
                break;
            }
        }
    }
    // what was on its way when the handle cancelled may still be told
    assert!(after < 100, "{after} steps after cancelling");
    assert!(engine.submit(order(1, 1), Priority::User).unwrap().wait(|_| ()).is_ok(), "the next job runs");
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
    engine.submit(order(1, 8), Priority::User).unwrap().wait(|p| seen.push(p)).unwrap();
    assert!(seen.windows(2).all(|w| w[0].done <= w[1].done), "{seen:?}");
    assert!(seen[0].done == 0.0 && seen.last().unwrap().done > 0.5);
    assert!(seen.iter().any(|p| !p.left.is_zero()));
}

#[test]
fn an_unloaded_model_comes_back_with_the_next_job() {
    let engine = Engine::start(Settings::default()).unwrap();
    let run = || engine.submit(order(1, 1), Priority::User).unwrap().wait(|_| ()).unwrap().made.takes[0].id.clone();
    engine.load();
    let before = run();
    engine.unload();
    assert_eq!(run(), before);
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
