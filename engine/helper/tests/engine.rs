//! Takes by way of the helper: the engine chooses it, and does without it where it fails.

#[cfg(unix)]
mod known;

use inlay_engine::maker::{Graphics, Program};
use inlay_engine::{DeviceChoice, DiskModel, Engine, JobError, Maker, Order, Outcome, Priority, Settings, Source};
use inlay_music::{Bars, Bpm, Prompt, Request, Seed, Task};
use std::sync::Arc;
use tempfile::TempDir;

fn helper() -> Program {
    Program { processor: true, ..Program::new(env!("CARGO_BIN_EXE_inlay-helper")) }
}

fn engine(program: Program) -> Engine {
    Engine::start(Settings { graphics: Some(Graphics::Helper(program)), ..Settings::default() }).unwrap()
}

fn order(folder: &TempDir, device: DeviceChoice) -> Order {
    let request = Request {
        task: Task::Generate,
        prompt: Prompt::new("dusty drums").unwrap(),
        negative: None,
        bars: Bars::new(1).unwrap(),
        bpm: Bpm::new(200.0).unwrap(),
        key: None,
        chords: None,
        feel: Default::default(),
        seed: Seed(7),
        variation: 0,
        steps: 2,
        guidance: 1.0,
        sampler: "ping-pong".into(),
    };
    let maker = Maker::Disk(Arc::new(DiskModel { device, ..DiskModel::new(folder.path()) }));
    Order { request, source: Source::Nothing, variations: 1, maker }
}

fn made(engine: &Engine, order: Order) -> Outcome {
    engine.submit(order, Priority::User).unwrap().wait(|_| ()).unwrap()
}

#[test]
fn a_take_by_the_helper_is_the_take_of_this_process_and_details_say_where_it_was_made() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let engine = engine(helper());
    let here = made(&engine, order(&folder, DeviceChoice::Cpu)).made;
    assert_eq!(engine.model().disk.as_deref(), Some("processor"));
    for device in [DeviceChoice::Gpu, DeviceChoice::Best] {
        let there = made(&engine, order(&folder, device)).made;
        assert_eq!(engine.model().disk.as_deref(), Some("processor, in a helper"));
        assert_eq!((&there.takes, &there.notices), (&here.takes, &here.notices));
    }
}

#[test]
fn where_the_helper_fails_the_processor_makes_the_take_and_says_why() {
    let folder = inlay_tiny::folder("sa3-tiny");
    for program in [Program::new(helper().path), Program::new("/nowhere/inlay-helper")] {
        let engine = engine(program);
        let done = made(&engine, order(&folder, DeviceChoice::Best));
        let said = done.made.notices.iter().find(|n| n.starts_with("the processor makes this, which takes longer, since")).cloned();
        let said = said.unwrap_or_else(|| panic!("{:?}", done.made.notices));
        assert!(said.contains("built without support") || said.contains("can't be started"), "{said}");
        assert_eq!(engine.model().disk.as_deref(), Some("processor"));
        // once for each time that it is loaded
        assert!(!made(&engine, order(&folder, DeviceChoice::Best)).made.notices.contains(&said));
    }
}

#[cfg(unix)]
#[test]
fn a_helper_that_died_is_started_anew_for_the_next_take() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let program = known::Known::new();
    let engine = engine(program.program.clone());
    let first = made(&engine, order(&folder, DeviceChoice::Best)).made.takes;
    let before = program.id();
    assert!(program.kill("KILL"));
    assert_eq!(made(&engine, order(&folder, DeviceChoice::Best)).made.takes, first);
    assert_ne!(program.id(), before);
    // and it goes with the engine's models
    engine.unload();
    while program.runs() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[cfg(unix)]
#[test]
fn a_job_is_stopped_while_its_helper_hangs() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let hangs = known::script("exec sleep 60");
    let engine = engine(Program::new(hangs.path().join("helper")));
    let job = engine.submit(order(&folder, DeviceChoice::Best), Priority::User).unwrap();
    let end = job.wait(|_| job.cancel());
    assert!(matches!(end, Err(JobError::Cancelled)), "{end:?}");
    // and the next one is made
    assert_eq!(made(&engine, order(&folder, DeviceChoice::Cpu)).made.takes.len(), 1);
}

#[test]
fn memory_is_asked_for_where_the_model_is() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let little = |program: Program| {
        let settings = Settings { graphics: Some(Graphics::Helper(program)), memory: Some(32 << 20), ..Settings::default() };
        let job = Engine::start(settings).unwrap().submit(order(&folder, DeviceChoice::Best), Priority::User).unwrap();
        job.wait(|_| ())
    };
    assert!(little(helper()).is_ok(), "the helper has its own");
    // what the graphics processor can't make, this process has no room for
    let error = little(Program::new(helper().path)).unwrap_err();
    assert!(matches!(error, JobError::Neither { .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains("built without support") && said.contains("MB of memory"), "{said}");
}

#[test]
fn what_happened_to_the_graphics_processor_is_said_to_who_waits_for_a_take_of_that_model() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let engine = engine(Program::new(helper().path));
    let ahead = engine.submit(order(&folder, DeviceChoice::Best), Priority::Speculative).unwrap().wait(|_| ()).unwrap();
    let own = Order { maker: Maker::Own, ..order(&folder, DeviceChoice::Best) };
    let own = Order { request: Request { sampler: "ddim".into(), ..own.request }, ..own };
    let said = |made: Outcome| made.made.notices.iter().any(|notice| notice.contains("graphics processor"));
    assert!(!said(ahead) && !said(made(&engine, own)));
    assert!(said(made(&engine, order(&folder, DeviceChoice::Best))));
}
