//! The worker's promises.

use super::{queue::Queue, thread::Worker, *};
use crate::{
    JobError, Source, Stage, make,
    models::embedded::{EmbeddedModel, Weights},
    pools::Pools,
    progress::Watch,
};
use candle_core::Device;
use inlay_music::{Bars, Bpm, Prompt, Request, Seed, Task};
use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

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
    Order { request, source: Source::Nothing, variations: 1, maker: Default::default() }
}

fn status(settings: &Settings) -> Arc<Status> {
    Arc::new(Status::new(model_of(settings)))
}

fn worker(settings: Settings) -> (Worker, Arc<Status>) {
    let status = status(&settings);
    (Worker::new(settings, Arc::clone(&status)), status)
}

/// Runs `jobs` on a worker whose inbox closes behind them.
fn run(worker: &mut Worker, status: &Status, jobs: impl IntoIterator<Item = Box<job::Work>>) {
    let (inbox, messages) = unbounded();
    for work in jobs {
        status.waits(work.priority);
        inbox.send(queue::Message::Work(work)).unwrap();
    }
    drop(inbox);
    worker.run(&messages);
}

/// How often `stage` was reported by a job that isn't wanted any more after its `at`-th report.
fn reports_until(stage: Stage, at: usize, unwanted: impl Fn() + Sync, wanted: &(dyn Fn() -> bool + Sync)) -> usize {
    let model = EmbeddedModel::load(&Weights::embedded(), &Device::Cpu).unwrap();
    let seen = AtomicUsize::new(0);
    let report = |p: crate::Progress| {
        if p.stage == stage && seen.fetch_add(1, Ordering::Relaxed) + 1 == at {
            unwanted();
        }
    };
    let mut watch = Watch::new(wanted, &report);
    let pools = Pools::new(NonZeroUsize::MIN, false, &Arc::default()).unwrap();
    assert_eq!(make::make(&model, &order(1, 50), &pools, &mut watch).unwrap_err(), JobError::Cancelled);
    seen.into_inner()
}

fn reports_until_cancelled(stage: Stage, at: usize) -> usize {
    let cancelled = AtomicBool::new(false);
    reports_until(stage, at, || cancelled.store(true, Ordering::Relaxed), &|| !cancelled.load(Ordering::Relaxed))
}

#[test]
fn a_cancelled_job_ends_within_one_step() {
    // a step is reported before it is made: none begins after the one that was reported last
    assert_eq!(reports_until_cancelled(Stage::Sampling, 5), 5);
    assert_eq!(reports_until_cancelled(Stage::Decoding, 1), 1);
    assert_eq!(reports_until_cancelled(Stage::Phases, 1), 1);
}

#[test]
fn a_job_whose_handle_is_dropped_is_not_wanted_any_more() {
    let (waiting, work) = job::pair(order(1, 1), Priority::User);
    drop(waiting);
    assert!(job::Work::begin(work).is_none());
    let (running, work) = job::pair(order(1, 1), Priority::User);
    let work = job::Work::begin(work).unwrap();
    drop(running);
    assert!(work.is_cancelled());
}

#[cfg(target_os = "linux")]
#[test]
fn threads_without_work_use_no_processor() {
    // processor time of a thread in ticks: the 14th and 15th number of what the kernel tells
    let ticks = |thread: &std::path::PathBuf| {
        let stat = std::fs::read_to_string(thread.join("stat")).unwrap();
        let times = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2).map(|t| t.parse::<u64>().unwrap());
        times.sum::<u64>()
    };
    let pools = Pools::new(NonZeroUsize::new(2).unwrap(), true, &Arc::default()).unwrap();
    let here = || std::path::Path::new("/proc").join(std::fs::read_link("/proc/thread-self").unwrap());
    let threads = pools.run(|| rayon::broadcast(|_| here()));
    // long enough to fall asleep, then long enough to be seen awake
    let idle = |millis| std::thread::sleep(Duration::from_millis(millis));
    idle(100);
    let before: Vec<u64> = threads.iter().map(ticks).collect();
    idle(400);
    assert_eq!(threads.iter().map(ticks).collect::<Vec<_>>(), before);
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
    let (mut worker, status) = worker(Settings::default());
    let faults: [Option<fn()>; 3] =
        [Some(|| panic!("a shape that nobody expected")), None, Some(|| assert!(rayon::join(|| [true, true][beyond()], || true).0))];
    let (handles, jobs): (Vec<_>, Vec<_>) = faults
        .into_iter()
        .map(|fault| {
            let (handle, mut work) = job::pair(order(1, 1), Priority::User);
            work.fault = fault;
            (handle, work)
        })
        .unzip();
    run(&mut worker, &status, jobs);
    let ends: Vec<_> = handles.iter().map(|h| h.wait(|_| ())).collect();
    assert_eq!(ends[0].as_ref().unwrap_err(), &JobError::Panic("a shape that nobody expected".into()));
    assert_eq!(ends[1].as_ref().unwrap().made.takes.len(), 1);
    assert!(matches!(ends[2], Err(JobError::Panic(_))), "in a thread of the pool too");
    let (after, work) = job::pair(order(1, 1), Priority::User);
    run(&mut worker, &status, vec![work]);
    assert_eq!(after.wait(|_| ()).unwrap().made.takes, ends[1].as_ref().unwrap().made.takes);
}

/// An index beyond the end that the compiler doesn't see.
fn beyond() -> usize {
    std::hint::black_box(2)
}

#[test]
fn a_job_beyond_the_memory_is_refused_before_it_starts() {
    let engine = Engine::start(Settings { memory: Some(64 << 20), ..Settings::default() }).unwrap();
    let error = engine.submit(order(16, 16), Priority::User).unwrap().wait(|_| ()).unwrap_err();
    assert!(matches!(error, JobError::Memory { free: 64, needed } if needed > 64), "{error}");
}

#[test]
fn the_user_s_job_comes_before_retiming_and_that_before_speculation() {
    let status = status(&Settings::default());
    let mut queue = Queue::new(Arc::clone(&status));
    let handles = [Priority::Speculative, Priority::Retime, Priority::User, Priority::User].map(|priority| {
        let (handle, work) = job::pair(order(1, 1), priority);
        status.waits(priority);
        queue.push(work);
        handle
    });
    handles[2].cancel();
    assert!(matches!(handles[2].events().try_recv(), Ok(Event::Ended(Err(JobError::Cancelled)))), "who waits ends at once");
    let popped: Vec<_> = std::iter::from_fn(|| queue.pop().map(|r| r.work.priority)).collect();
    assert_eq!(popped, [Priority::User, Priority::Retime, Priority::Speculative]);
    assert!(!status.more_urgent(Priority::Speculative), "nobody waits any more");
}

#[test]
fn a_job_gives_way_within_one_step_to_a_more_urgent_one_only() {
    for (running, comes) in
        [(Priority::Speculative, Priority::User), (Priority::Speculative, Priority::Retime), (Priority::Retime, Priority::User)]
    {
        let status = status(&Settings::default());
        assert_eq!(reports_until(Stage::Sampling, 5, || status.waits(comes), &|| !status.more_urgent(running)), 5);
    }
    let status = status(&Settings::default());
    [Priority::User, Priority::Retime, Priority::Speculative].iter().for_each(|p| status.waits(*p));
    assert!(!status.more_urgent(Priority::User), "the user's own jobs wait for each other");
    status.begins(Priority::User);
    assert!(!status.more_urgent(Priority::Retime));
}

#[test]
fn a_job_that_gave_way_is_made_again_and_nobody_hears_of_it() {
    let engine = Engine::start(Settings::default()).unwrap();
    let alone = engine.submit(order(1, 60), Priority::User).unwrap().wait(|_| ()).unwrap().made.takes[0].id.clone();

    // a thousand steps: it can't be over before the user's job comes
    let long = engine.submit(order(4, 1000), Priority::Speculative).unwrap();
    while !matches!(long.events().recv().unwrap(), Event::Progress(p) if p.stage == Stage::Sampling) {}
    let short = engine.submit(order(1, 60), Priority::Speculative).unwrap();
    engine.submit(order(1, 1), Priority::User).unwrap().wait(|_| ()).unwrap();
    // it began again: from then on it reports a stage that was over
    while !matches!(long.events().recv().unwrap(), Event::Progress(p) if p.stage == Stage::Text) {}
    assert!(short.events().is_empty(), "the one that gave way is the first of its kind");
    long.cancel();
    assert_eq!(long.wait(|_| ()).unwrap_err(), JobError::Cancelled);
    assert_eq!(short.wait(|_| ()).unwrap().made.takes[0].id, alone);
}

#[test]
fn a_job_that_is_cancelled_while_it_gives_way_ends_once() {
    let (handle, work) = job::pair(order(1, 1), Priority::Speculative);
    let status = status(&Settings::default());
    let mut queue = Queue::new(Arc::clone(&status));
    let running = job::Work::begin(work).unwrap();
    handle.cancel();
    queue.again(running);
    assert!(queue.pop().is_none());
    assert!(matches!(handle.events().recv(), Ok(Event::Ended(Err(JobError::Cancelled)))));
    assert!(handle.events().recv().is_err(), "nothing after it");
}

#[test]
fn reports_that_nobody_reads_do_not_pile_up_and_the_end_is_told_all_the_same() {
    let (mut worker, status) = worker(Settings::default());
    let (handle, work) = job::pair(order(1, 400), Priority::User);
    run(&mut worker, &status, vec![work]);
    let events: Vec<_> = handle.events().iter().collect();
    assert!(events.len() <= 257, "{}", events.len());
    assert!(matches!(events.last(), Some(Event::Ended(Ok(_)))));
}

#[test]
fn takes_are_the_same_while_a_host_plays_and_when_it_starts_in_the_middle() {
    let settings = Settings { threads: NonZeroUsize::new(3).unwrap(), ..Settings::default() };
    let engine = Engine::start(settings).unwrap();
    let make = || engine.submit(order(2, 6), Priority::User).unwrap();
    let alone = make().wait(|_| ()).unwrap().made.takes;
    let playing = engine.playing();
    assert_eq!(make().wait(|_| ()).unwrap().made.takes, alone);
    drop(playing);
    let mut playing = None;
    let outcome = make().wait(|p| {
        if p.stage == Stage::Sampling && playing.is_none() {
            playing = Some(engine.playing());
        }
    });
    assert_eq!(outcome.unwrap().made.takes, alone);
    assert!(playing.is_some());
}

#[test]
fn a_core_is_left_to_the_host_while_one_of_them_plays() {
    let hosts = Arc::default();
    let pools = Pools::new(NonZeroUsize::new(3).unwrap(), true, &hosts).unwrap();
    assert_eq!(pools.threads(), 3);
    let (a, b) = (Playing::new(&hosts), Playing::new(&hosts));
    assert_eq!((pools.threads(), pools.run(rayon::current_num_threads)), (2, 2));
    drop(a);
    assert_eq!(pools.threads(), 2);
    drop(b);
    assert_eq!(pools.threads(), 3);
    let one = Pools::new(NonZeroUsize::MIN, false, &hosts).unwrap();
    let _playing = Playing::new(&hosts);
    assert_eq!(one.threads(), 1, "at least one works");
}

#[cfg(target_os = "linux")]
#[test]
fn a_guest_s_threads_run_below_normal_priority_and_a_program_s_own_at_normal() {
    // what the kernel tells of a thread: the 19th number is its niceness
    let niceness = || {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        stat.rsplit(')').next().unwrap().split_whitespace().nth(16).unwrap().parse::<i32>().unwrap()
    };
    let own = niceness();
    for (background, expected) in [(true, own.max(10)), (false, own)] {
        let pools = Pools::new(NonZeroUsize::new(2).unwrap(), background, &Arc::default()).unwrap();
        assert_eq!(pools.run(|| rayon::join(niceness, niceness)), (expected, expected));
    }
    std::thread::spawn(move || {
        give_way();
        assert_eq!(niceness(), own.max(10));
    })
    .join()
    .unwrap();
}

#[test]
fn the_model_goes_when_nobody_needs_it_for_long_and_comes_back() {
    let settings = Settings { idle: Some(Duration::ZERO), ..Settings::default() };
    let (mut worker, status) = worker(settings);
    let (inbox, messages) = unbounded();
    // the second message is sent when the model is gone, the inbox closed when it has come back and gone again
    let gone = Arc::clone(&status);
    let sender = std::thread::spawn(move || {
        [(); 2].map(|()| {
            let (handle, work) = job::pair(order(1, 1), Priority::User);
            gone.waits(Priority::User);
            inbox.send(queue::Message::Work(work)).unwrap();
            let id = handle.wait(|_| ()).unwrap().made.takes[0].id.clone();
            while gone.is_loaded() {
                std::thread::yield_now();
            }
            id
        })
    });
    worker.run(&messages);
    let [first, second] = sender.join().unwrap();
    assert_eq!(first, second);
}

#[test]
fn one_engine_serves_a_process_and_ends_with_its_last_handle() {
    let first = Engine::shared().unwrap();
    let second = Engine::shared().unwrap();
    assert!(Arc::ptr_eq(&first.core, &second.core));
    drop(first);
    let job = second.submit(order(1, 1), Priority::User).unwrap();
    let status = Arc::clone(&second.core.status);
    drop(second);
    job.wait(|_| ()).unwrap();
    // the worker is the last that holds it, and lets go of it with the model
    while Arc::strong_count(&status) > 1 {
        std::thread::yield_now();
    }
    let third = Engine::shared().unwrap();
    assert!(!Arc::ptr_eq(&third.core.status, &status));
    assert!(third.submit(order(1, 1), Priority::User).unwrap().wait(|_| ()).is_ok());
}

#[test]
fn the_model_is_known_before_it_is_loaded() {
    let engine = Engine::start(Settings::default()).unwrap();
    let before = engine.model();
    assert!(!before.loaded);
    let take = engine.submit(order(1, 1), Priority::User).unwrap().wait(|_| ()).unwrap().made.takes[0].clone();
    let after = engine.model();
    assert_eq!(after, ModelInfo { loaded: true, ..before });
    assert_eq!((after.hash.as_ref(), after.codec.as_ref()), (Some(&take.about.model), Some(&take.about.codec)));
}

#[test]
fn an_estimate_counts_unpacking_and_follows_the_machine() {
    let engine = Engine::start(Settings::default()).unwrap();
    let (short, long) = (order(1, 4), order(4, 16));
    assert!(engine.estimate(&short) < engine.estimate(&long));
    let cold = engine.estimate(&short);
    engine.submit(short.clone(), Priority::User).unwrap().wait(|_| ()).unwrap();
    let status = &engine.core.status;
    assert!(status.is_loaded());
    let warm = engine.estimate(&short).as_secs_f64() / status.pace(Pace::Own);
    assert!(warm < cold.as_secs_f64(), "unpacking is over");
    let pace = status.pace(Pace::Own);
    status.took(Pace::Own, 1.0, 8.0 * pace);
    assert!(engine.estimate(&short).as_secs_f64() > 2.0 * warm * pace);
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
    let (mut worker, status) = worker(Settings::default());
    let mut run = |unload: bool| {
        let (inbox, messages) = unbounded();
        let handles: Vec<_> = (0..2)
            .map(|_| {
                let (handle, work) = job::pair(order(1, 1), Priority::User);
                status.waits(Priority::User);
                inbox.send(queue::Message::Work(work)).unwrap();
                handle
            })
            .collect();
        if unload {
            inbox.send(queue::Message::Unload).unwrap();
        }
        drop(inbox);
        worker.run(&messages);
        let takes: Vec<_> = handles.iter().map(|h| h.wait(|_| ()).unwrap().made.takes[0].id.clone()).collect();
        (takes, status.is_loaded())
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
