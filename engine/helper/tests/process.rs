//! The program in a process of its own, on the processor: what is asked and answered, and what becomes of it where one side fails.

#[cfg(unix)]
mod known;

use inlay_diffusion::NoiseSource;
use inlay_helper::{Helper, HelperError, Model, Program};
use inlay_stable::{Found, Loading, Part, Request, Source};
use std::{
    ops::ControlFlow,
    process::{Command, Stdio},
};
use tempfile::TempDir;

fn program() -> Program {
    Program { processor: true, ..Program::new(env!("CARGO_BIN_EXE_inlay-helper")) }
}

fn model(folder: &TempDir) -> Model {
    Model { folder: folder.path().into(), text: None, loras: vec![] }
}

/// A helper with a tiny model.
fn started(folder: &TempDir) -> Helper {
    let mut helper = Helper::start(&program(), &|| true).unwrap();
    helper.load(&model(folder), &|_| ControlFlow::Continue(())).unwrap();
    helper
}

fn request(seed: u64) -> Request<'static> {
    Request { steps: 3, noise: NoiseSource::new([(seed, 2)]).with_pass(1), ..Request::new("dusty drums", 1.0, 0) }
}

#[test]
fn it_makes_what_this_process_makes_bit_for_bit() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let lora = folder.path().join("lora/lora.safetensors");
    let asked = Model { loras: vec![(lora.clone(), 0.7)], ..model(&folder) };
    let mut helper = Helper::start(&program(), &|| true).unwrap();
    assert_eq!(helper.device(), "processor, in a helper");
    let parts = std::cell::RefCell::new(vec![]);
    let told = |part: f64| {
        parts.borrow_mut().push(part);
        ControlFlow::Continue(())
    };
    helper.load(&asked, &told).unwrap();
    assert!(parts.borrow().windows(2).all(|w| w[0] <= w[1]), "{parts:?}");
    let here = Found::read(folder.path(), None).unwrap();
    let here = here.load(&candle_core::Device::Cpu, &[(inlay_stable::Lora::open(&lora).unwrap(), 0.7)], &Loading::unwatched()).unwrap();
    let audio = [0.01f32, 0.02].map(|step| (0..8000).map(|i| (i as f32 * step).sin() * 0.5).collect::<Vec<f32>>());
    let regions = [0.25..0.5];
    let sources = [Source::Nothing, Source::Vary { audio: &audio, amount: 0.5 }, Source::Inpaint { audio: &audio, regions: &regions }];
    for source in sources {
        let request = Request { source, ..request(u64::MAX) };
        let mut told = vec![];
        let there = helper
            .make(&request, 1000..7001, &mut |part| {
                told.push(part);
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(there, here.make(&request, 1000..7001, &mut |_| ControlFlow::Continue(())).unwrap());
        assert!(told.contains(&Part::Step { done: 2, all: 3 }), "{told:?}");
        assert!(matches!(told.last(), Some(Part::Decode { .. })), "{told:?}");
    }
}

#[test]
fn it_stops_when_nobody_wants_it_and_works_on_afterwards() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let mut helper = started(&folder);
    let endless = Request { steps: 1000, ..request(1) };
    let after_two = |part| if matches!(part, Part::Step { done: 0..2, .. }) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    assert_eq!(helper.make(&endless, 0..8000, &mut |part| after_two(part)), Err(HelperError::Cancelled));
    assert_eq!(
        helper.load(&model(&folder), &|part| if part < 0.5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }),
        Err(HelperError::Cancelled)
    );
    // the model is gone with that
    let without = helper.make(&request(1), 0..8000, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(without, Err(HelperError::Said(_))), "{without:?}");
    helper.load(&model(&folder), &|_| ControlFlow::Continue(())).unwrap();
    assert_eq!(helper.make(&request(1), 0..8000, &mut |_| ControlFlow::Continue(())).unwrap().0[1].len(), 8000);
}

#[test]
fn what_is_wrong_with_a_model_or_a_request_is_said_as_it_would_be_here() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let mut helper = started(&folder);
    let said = |error: HelperError| error.to_string();
    let far = helper.make(&Request { seconds: 1e9, ..request(1) }, 0..1, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(said(far.clone()).contains("s can't be made"), "{far}");
    let none = helper.load(&Model { folder: "/nowhere".into(), text: None, loras: vec![] }, &|_| ControlFlow::Continue(())).unwrap_err();
    assert!(said(none.clone()).contains("can't be read"), "{none}");
    let long = "x".repeat(2 << 20);
    let long = helper.make(&Request { prompt: &long, ..request(1) }, 0..1, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(said(long.clone()).contains("it is too long"), "{long}");
    assert!(!helper.is_over());
}

#[test]
fn a_program_that_is_missing_or_another_one_is_named() {
    let start = |path: &str| Helper::start(&Program::new(path), &|| true).unwrap_err().to_string();
    let missing = start("/nowhere/inlay-helper");
    assert!(missing.starts_with("/nowhere/inlay-helper can't be started ("), "{missing}");
    // without its feature it knows no graphics processor
    let plain = start(env!("CARGO_BIN_EXE_inlay-helper"));
    assert!(plain.contains("built without support for graphics processors"), "{plain}");
}

#[cfg(unix)]
#[test]
fn a_program_that_can_not_begin_says_why_and_one_that_talks_nonsense_is_not_believed() {
    let script = |text: &str| Helper::start(&Program::new(known::script(text).path().join("helper")), &|| true).unwrap_err();
    // as the system's loader says it
    let library =
        "inlay-helper: error while loading shared libraries: libcuda.so.1: cannot open shared object file: No such file or directory";
    let error = script(&format!("echo '{library}' >&2; exit 127"));
    assert!(error.to_string().contains(&format!("doesn't start ({library})")), "{error}");
    let error = script("exit 3");
    assert!(error.to_string().contains("exit status: 3"), "{error}");
    let error = script("echo hello there, how are you today");
    assert!(matches!(error, HelperError::Garbled(_)), "{error}");
    let ready = r#"{"Ready":{"version":"0.0.1","device":"x"}}"#;
    let error = script(&format!("printf '\\{:o}\\0\\0\\0\\0\\0\\0\\0%s' '{ready}'; sleep 5", ready.len()));
    assert!(error.to_string().contains("is of Inlay 0.0.1"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_program_that_hangs_holds_up_nobody() {
    use std::time::{Duration, Instant};
    // its child keeps what it would answer through, and goes on when it is ended
    let hangs = known::script("sleep 60");
    let (begun, program) = (Instant::now(), Program::new(hangs.path().join("helper")));
    let cancelled = Helper::start(&program, &|| begun.elapsed() < Duration::from_millis(100)).unwrap_err();
    assert_eq!(cancelled, HelperError::Cancelled);
    let silent = Helper::start(&Program { patience: Duration::from_millis(100), ..program }, &|| true).unwrap_err();
    assert_eq!(silent, HelperError::Died("it doesn't answer any more".into()));
    assert!(begun.elapsed() < Duration::from_secs(30), "it waited for the sleep");
}

#[cfg(unix)]
#[test]
fn a_program_that_dies_in_the_middle_is_told_from_one_that_refuses() {
    let folder = inlay_tiny::folder("sa3-tiny");
    let program = known::Known::new();
    let mut helper = Helper::start(&program.program, &|| true).unwrap();
    helper.load(&model(&folder), &|_| ControlFlow::Continue(())).unwrap();
    let mut killed = false;
    let error = helper
        .make(&Request { steps: 1000, ..request(1) }, 0..8000, &mut |_| {
            if !std::mem::replace(&mut killed, true) {
                // as a driver's crash would end it
                assert!(program.kill("ABRT"));
            }
            ControlFlow::Continue(())
        })
        .map(drop)
        .unwrap_err();
    assert!(matches!(&error, HelperError::Died(how) if how.contains("signal: 6")), "{error}");
    assert!(helper.is_over());
    assert!(matches!(helper.load(&model(&folder), &|_| ControlFlow::Continue(())), Err(HelperError::Died(_))));
}

#[test]
fn it_ends_with_whoever_started_it() {
    let mut child =
        Command::new(env!("CARGO_BIN_EXE_inlay-helper")).arg("--processor").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    let by_hand = Command::new(env!("CARGO_BIN_EXE_inlay-helper")).arg("--help").output().unwrap();
    assert!(String::from_utf8_lossy(&by_hand.stderr).contains("is started by Inlay"));
}
