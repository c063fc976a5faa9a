//! What steps work in. On Linux, where the system tells a process how much memory it had.
#![cfg(target_os = "linux")]

use candle_core::Device;
use inlay_stable::{Folder, Loading, Request, StableAudio3, write_random};
use std::{fs, ops::ControlFlow, path::Path};

/// The most memory that this process had so far, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn steps_work_in_the_memory_of_those_before() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sa3-tiny");
    let read = |name: &str| fs::read(fixtures.join(name)).unwrap();
    let mut config: serde_json::Value = serde_json::from_slice(&read("model_config.json")).unwrap();
    // wide enough that a step's activations are hundreds of megabytes
    config.pointer_mut("/model/diffusion/config").unwrap()["embed_dim"] = 512.into();
    let folder = tempfile::tempdir().unwrap();
    let (text, tokenizer) = (read("t5gemma-b-b-ul2/config.json"), read("t5gemma-b-b-ul2/tokenizer.json"));
    write_random(folder.path(), config.to_string().as_bytes(), &text, &tokenizer).unwrap();
    let model = StableAudio3::load(&Folder::read(folder.path(), None).unwrap(), &Device::Cpu, &[], &Loading::unwatched()).unwrap();
    let (before, mut peaks) = (peak(), vec![]);
    let request = Request { steps: 8, ..Request::new("drums", model.config().seconds(), 1) };
    let mut on = |_| {
        peaks.push(peak());
        ControlFlow::Continue(())
    };
    // as many threads on every machine, each with a heap of its own
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| model.sample(&request, &mut on)).unwrap();
    // the first steps take what they need, and give it back to those that follow
    let (first, last) = (peaks[2] - before, peaks[7] - before);
    assert!(first > 8 << 10 && last <= first + first / 8 + (8 << 10), "from {before} KiB: {peaks:?}");
}
