//! All work of a job runs on the engine's own threads, which give way to a host: candle has some that spin while they wait.
#![cfg(target_os = "linux")]

use inlay_engine::{Engine, Order, Priority, Settings, Source};
use inlay_music::{Amount, Bars, Bpm, Prompt, Request, SampleRate, Seed, Sound, Task};
use std::{fs, sync::Arc};

fn run(engine: &Engine, request: Request, source: Source, variations: u32) {
    let order = Order { request, source, variations, maker: Default::default() };
    engine.submit(order, Priority::User).unwrap().wait(|_| ()).unwrap();
}

#[test]
fn no_job_starts_threads_of_candles_own() {
    let engine = Engine::start(Settings::default()).unwrap();
    let request = Request {
        task: Task::Generate,
        prompt: Prompt::new("warm pad with strings and a long line of many words about how it should sound in the end").unwrap(),
        negative: Some(Prompt::new("drums").unwrap()),
        bars: Bars::new(16).unwrap(),
        bpm: Bpm::DEFAULT,
        key: Some("Am".parse().unwrap()),
        chords: None,
        feel: Default::default(),
        seed: Seed(1),
        variation: 0,
        steps: 2,
        guidance: 3.0,
        sampler: "dpm++2m".into(),
    };
    run(&engine, request.clone(), Source::Nothing, 4);
    let sine = (0..32 * 44_100).map(|i| (i as f32 * 0.05).sin()).collect();
    let sound = Arc::new(Sound { rate: SampleRate::CD, channels: vec![sine] });
    run(&engine, Request { task: Task::Transform { amount: Amount::DEFAULT }, ..request }, Source::Audio(sound), 1);
    let names = fs::read_dir("/proc/self/task").unwrap().filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok());
    let candles: Vec<String> = names.filter(|name| name.starts_with("candle")).collect();
    assert!(candles.is_empty(), "{candles:?}");
}
