//! What a step works in. On Linux, where the system counts the pages that a process is given.
#![cfg(target_os = "linux")]

use candle_core::Device;
use inlay_stable::{Folder, Loading, Request, StableAudio3, write_random};
use std::{fs, ops::ControlFlow, path::Path};

/// Pages that this process was given so far.
fn pages() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // behind the name, which may hold anything: the state is the first of the rest, minor faults are the eighth
    stat[stat.rfind(')').unwrap() + 1..].split_whitespace().nth(7).unwrap().parse().unwrap()
}

#[test]
fn a_step_works_in_the_memory_of_the_step_before() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sa3-tiny");
    let read = |name: &str| fs::read(fixtures.join(name)).unwrap();
    let mut config: serde_json::Value = serde_json::from_slice(&read("model_config.json")).unwrap();
    // wide enough that a step's activations are hundreds of megabytes
    config.pointer_mut("/model/diffusion/config").unwrap()["embed_dim"] = 512.into();
    let folder = tempfile::tempdir().unwrap();
    let (text, tokenizer) = (read("t5gemma-b-b-ul2/config.json"), read("t5gemma-b-b-ul2/tokenizer.json"));
    write_random(folder.path(), config.to_string().as_bytes(), &text, &tokenizer).unwrap();
    let model = StableAudio3::load(&Folder::read(folder.path(), None).unwrap(), &Device::Cpu, &[], &Loading::unwatched()).unwrap();
    let mut given = vec![];
    let request = Request { steps: 8, ..Request::new("drums", model.config().seconds(), 1) };
    let mut on = |_| {
        given.push(pages());
        ControlFlow::Continue(())
    };
    model.sample(&request, &mut on).unwrap();
    let each: Vec<u64> = given.windows(2).map(|w| w[1] - w[0]).collect();
    // the allocator hands out again what the step before gave back, but for a large block now and then
    assert!(each[0] > 4000 && each[1..].iter().all(|step| 3 * step < each[0]), "{each:?}");
}
