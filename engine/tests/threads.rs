//! All work of a job runs on the engine's own threads, which give way to a host: candle has some that spin while they wait.
#![cfg(target_os = "linux")]

use inlay_engine::{DeviceChoice, DiskModel, Engine, Maker, Order, Priority, Settings, Source};
use inlay_music::{Amount, Bars, Bpm, Prompt, Request, SampleRate, Seed, Sound, Task};
use std::{fs, path::Path, sync::Arc};

fn run(engine: &Engine, maker: &Maker, request: Request, source: Source, variations: u32) {
    let order = Order { request, source, variations, maker: maker.clone() };
    engine.submit(order, Priority::User).unwrap().wait(|_| ()).unwrap();
}

/// Names of this process's threads that candle gave.
fn candles() -> Vec<String> {
    let names = fs::read_dir("/proc/self/task").unwrap().filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok());
    names.filter(|name| name.starts_with("candle")).collect()
}

fn request() -> Request {
    Request {
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
    }
}

/// A sine for a source.
fn sine() -> Source {
    let sine = (0..32 * 44_100).map(|i| (i as f32 * 0.05).sin()).collect();
    Source::Audio(Arc::new(Sound { rate: SampleRate::CD, channels: vec![sine] }))
}

fn transform() -> Task {
    Task::Transform { amount: Amount::DEFAULT }
}

#[test]
fn no_job_starts_threads_of_candles_own() {
    let engine = Engine::start(Settings::default()).unwrap();
    run(&engine, &Maker::Own, request(), Source::Nothing, 4);
    run(&engine, &Maker::Own, Request { task: transform(), ..request() }, sine(), 1);
    assert_eq!(candles(), Vec::<String>::new());
}

/// Makes a tiny Stable Audio Open's sound long: what is small enough candle does on the thread that asks for it.
fn lengthen(folder: &Path) {
    let file = folder.join("model_config.json");
    let mut config: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    config["sample_size"] = (1 << 16).into();
    fs::write(file, config.to_string()).unwrap();
}

#[test]
fn no_job_by_a_model_from_disk_starts_threads_of_candles_own() {
    let engine = Engine::start(Settings::default()).unwrap();
    for (name, sampler) in [("sa3-tiny", "ping-pong"), ("sao10-tiny", "dpm++3m-sde")] {
        let folder = inlay_tiny::folder(name);
        if name != "sa3-tiny" {
            lengthen(folder.path());
        }
        let maker = Maker::Disk(Arc::new(DiskModel { device: DeviceChoice::Cpu, ..DiskModel::new(folder.path()) }));
        // 8 s: a thousand latents, whose rows are more than the 65,536 numbers from which on candle would start threads
        let request = Request { sampler: sampler.into(), bars: Bars::new(4).unwrap(), ..request() };
        run(&engine, &maker, request.clone(), Source::Nothing, 4);
        run(&engine, &maker, Request { task: transform(), ..request }, sine(), 1);
        assert_eq!(candles(), Vec::<String>::new(), "{name}");
    }
}
