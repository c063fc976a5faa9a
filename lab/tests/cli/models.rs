//! Models from disk: a tiny one with random weights, in the folder that `INLAY_MODELS` names.

use super::{command, names, said};
use std::fs;
use std::process::Output;

/// A folder of models with `tiny`, as a model of 8 kHz, and a place to work in.
struct Bench {
    models: tempfile::TempDir,
    work: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { models: tempfile::tempdir().unwrap(), work: tempfile::tempdir().unwrap() };
        let tiny = bench.models.path().join("tiny");
        inlay_tiny::put("sa3-tiny", &tiny);
        bench
    }

    fn run(&self, line: &str) -> Output {
        command(self.work.path(), line).env("INLAY_MODELS", self.models.path()).output().unwrap()
    }

    fn done(&self, line: &str) -> String {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn told(&self, line: &str) -> serde_json::Value {
        serde_json::from_str(self.done(&format!("{line} --json")).lines().next().unwrap()).unwrap()
    }

    /// What it says when it fails.
    fn fails(&self, line: &str) -> String {
        let output = self.run(line);
        assert_ne!(output.status.code(), Some(0), "{line}");
        said(&output)
    }
}

#[test]
fn models_are_listed_with_what_is_missing_and_what_can_be_got() {
    let bench = Bench::new();
    inlay_tiny::copy(&bench.models.path().join("tiny"), &bench.models.path().join("half"));
    fs::remove_dir_all(bench.models.path().join("half/t5gemma-b-b-ul2")).unwrap();
    let text = bench.done("models");
    for part in
        ["Inlay's own", "tiny\n    Stable Audio 3", "half\n    can't be used: the text encoder is missing", "stable-audio-3-small-music"]
    {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(text.contains("Models from disk run on the"), "{text}");
    let lines = bench.done("models --json");
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[cfg(not(target_os = "macos"))]
#[test]
fn a_graphics_processor_that_can_not_be_used_leaves_the_work_to_the_processor_and_says_why() {
    let bench = Bench::new();
    let none = bench.work.path().join("no-program");
    fs::write(&none, "").unwrap();
    let run =
        |line: &str| command(bench.work.path(), line).env("INLAY_MODELS", bench.models.path()).env("INLAY_HELPER", &none).output().unwrap();
    let line = "generate --model tiny Dusty drums --bpm 200 --bars 1 --seed 3 --steps 2";
    for device in ["", " --device auto", " --device gpu"] {
        let output = run(&format!("{line}{device} -o any.wav --force"));
        assert!(output.status.success());
        assert!(
            said(&output).contains("the graphics processor can't be used") && said(&output).contains("no-program can't be started"),
            "{}",
            said(&output)
        );
    }
    let output = run(&format!("{line} --device cpu -o plain.wav"));
    assert!(output.status.success() && !said(&output).contains("graphics"), "{}", said(&output));
    assert_eq!(fs::read(bench.work.path().join("any.wav")).unwrap(), fs::read(bench.work.path().join("plain.wav")).unwrap());
    assert!(String::from_utf8_lossy(&run("models").stdout).contains("run on the processor, since the graphics processor can't be used"));
    assert_eq!(bench.run("generate drums --device cpu").status.code(), Some(2), "Inlay's own has one device");
}

#[test]
fn a_text_encoder_lies_in_the_models_folder_beside_it_or_where_it_is_named() {
    let bench = Bench::new();
    let (inside, models) = (bench.models.path().join("tiny/t5gemma-b-b-ul2"), bench.models.path());
    let line = "generate --model tiny Dusty drums --bpm 200 --bars 1 --seed 3 --steps 1 --force -o any.wav";
    bench.done(line);
    let made = || fs::read(bench.work.path().join("any.wav")).unwrap();
    let first = made();
    fs::rename(&inside, models.join("t5gemma-b-b-ul2")).unwrap();
    bench.done(line);
    assert_eq!(made(), first);
    fs::rename(models.join("t5gemma-b-b-ul2"), bench.work.path().join("encoder")).unwrap();
    assert!(bench.fails(line).contains("the text encoder is missing"));
    bench.done(&format!("{line} --text-encoder encoder"));
    assert_eq!(made(), first);
}

#[test]
fn a_model_from_disk_makes_and_goes_on_from_its_own_loops() {
    let bench = Bench::new();
    let made = bench.told("generate --model tiny Dusty drums --bpm 200 --bars 1 --seed 3 -o beat.wav");
    assert_eq!((&made["made_by"], &made["steps"], &made["sampler"]), (&"tiny".into(), &8.into(), &"ping-pong".into()));
    assert_eq!((&made["frames"], &made["channels"]), (&52_920.into(), &2.into()));
    assert!(made["notices"].to_string().contains("the model "), "{made}");
    // what made it goes on from it, without being named
    let varied = bench.told("vary beat.wav --amount 0.3 --seed 4 -o varied.wav");
    assert_eq!((&varied["made_by"], &varied["parent"]), (&"tiny".into(), &made["take"]));
    let patched = bench.told("inpaint beat.wav --region 1.2-1.3 --steps 2 --headroom --model tiny --seed 4 -o patched.wav");
    assert_eq!((&patched["made_by"], &patched["steps"]), (&"tiny".into(), &2.into()));
    let own = bench.told("vary beat.wav --model inlay --seed 4 -o own.wav");
    assert_eq!((&own["made_by"], &own["steps"]), (&serde_json::Value::Null, &16.into()));
    assert!(bench.done("info beat.wav").contains(", tiny"));
    assert_eq!(names(bench.work.path()), ["beat.wav", "own.wav", "patched.wav", "varied.wav"]);
    // and without the model Inlay's own does, and says so
    fs::remove_dir_all(bench.models.path().join("tiny")).unwrap();
    let output = bench.run("vary beat.wav --seed 4 -o without.wav");
    assert!(
        output.status.success() && said(&output).contains("tiny made this loop, and it isn't among the models here"),
        "{}",
        said(&output)
    );
}

#[test]
fn what_is_wrong_with_a_model_is_said_in_a_sentence() {
    let bench = Bench::new();
    assert!(bench.fails("generate drums --model nothing").contains("there is no model nothing"));
    assert!(bench.fails("generate drums --lora x.safetensors").contains("--model"));
    assert!(bench.fails("generate drums --model tiny --lora x.ckpt").contains("pickle"));
    assert!(bench.fails("generate drums --model tiny --lora x.safetensors:9").contains("strength of 9"));
    assert!(bench.fails("generate drums --model tiny --sampler ddpm").contains("sampler"));
    assert!(bench.fails("generate drums --sampler ping-pong").contains("ping-pong"));
    assert!(bench.fails("bench --random --model tiny").contains("sa3-small"));
    fs::write(bench.models.path().join("tiny/model.safetensors"), [0; 9]).unwrap();
    assert!(bench.fails("generate drums --model tiny").contains("cut off or damaged"));
    assert!(names(bench.work.path()).is_empty());
}
