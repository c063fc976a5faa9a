//! `inlay models`.

use crate::args::commands::Models;
use crate::said;
use crate::trouble::Outcome;
use inlay_engine::{Found, Listed, maker};
use serde::Serialize;
use std::fmt::Write as _;

/// A model that can be got: its name, and what its folder has to hold.
struct Known {
    name: &'static str,
    by: &'static str,
    files: &'static str,
}

/// What can be used. Nothing is got from anywhere without being asked for: these are names to look for.
const KNOWN: [Known; 8] = [
    Known { name: "stable-audio-3-small-music", by: THREE, files: THREES },
    Known { name: "stable-audio-3-small-music-base", by: THREE, files: THREES },
    Known { name: "stable-audio-3-small-sfx", by: THREE, files: THREES },
    Known { name: "stable-audio-3-small-sfx-base", by: THREE, files: THREES },
    Known { name: "stable-audio-3-medium", by: THREE, files: THREES },
    Known { name: "stable-audio-3-medium-base", by: THREE, files: THREES },
    Known { name: "stable-audio-open-1.0", by: THREE, files: OPENS },
    Known { name: "stable-audio-open-small", by: THREE, files: OPENS },
];
const THREE: &str = "stabilityai on Hugging Face";
const THREES: &str = "model_config.json, model.safetensors and the folder t5gemma-b-b-ul2";
const OPENS: &str = "model_config.json, model.safetensors, and the folder t5-base (by google-t5) in it or beside it";

/// What is said of a folder, as JSON.
#[derive(Serialize)]
struct Line {
    name: String,
    folder: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    megabytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inpaints: Option<bool>,
    /// Why it can't be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

impl Line {
    fn of(listed: &Listed) -> Self {
        let found = listed.found.as_ref().ok();
        Self {
            name: maker::name_of(&listed.path),
            folder: listed.path.display().to_string(),
            kind: found.map(Found::kind),
            megabytes: found.map(|f| f.memory() / 1_000_000),
            seconds: found.map(Found::seconds),
            steps: found.map(|f| f.usual().steps),
            guidance: found.map(|f| f.usual().guidance.scale),
            inpaints: found.map(Found::inpaints),
            problem: listed.found.as_ref().err().map(ToString::to_string),
        }
    }
}

/// What is said of it for people.
fn words(listed: &Listed) -> String {
    match &listed.found {
        Ok(found) => maker::words(found),
        Err(problem) => format!("can't be used: {problem}"),
    }
}

/// What models from disk run on here.
fn device() -> String {
    let place = || maker::helper_place().map(|place| said::path(&place)).unwrap_or_default();
    match maker::graphics().map(|graphics| graphics.try_out()) {
        None => format!(
            "Models from disk run on the processor; on NVIDIA's graphics processors with inlay-helper at {} ({} names another place).",
            place(),
            maker::HELPER
        ),
        Some(Ok(device)) => format!("Models from disk run on the {}.", said::clean(&device)),
        Some(Err(problem)) => {
            format!(
                "Models from disk run on the processor, since the graphics processor can't be used: {}",
                said::clean(&problem.to_string())
            )
        }
    }
}

/// Lists the models on this machine, what is missing of them, and what else can be got.
///
/// # Errors
/// Where it can't be said.
pub fn run(args: &Models) -> Outcome {
    let listed = maker::listed();
    let found: Vec<Line> = listed.iter().map(Line::of).collect();
    if args.json {
        return found.iter().try_for_each(said::json);
    }
    let folder = maker::models_folder().map_or_else(|| "nowhere".into(), |folder| said::path(&folder));
    let mut text = format!("Models in {folder} ({} names another folder):\n", maker::MODELS);
    // Writing into a string can't fail.
    let _ = writeln!(text, "  inlay\n    Inlay's own, inside this program");
    for listed in &listed {
        let _ = writeln!(text, "  {}\n    {}", said::clean(&maker::name_of(&listed.path)), said::clean(&words(listed)));
    }
    let _ = writeln!(text, "\n{}", device());
    let missing: Vec<&Known> = KNOWN
        .iter()
        .filter(|known| !found.iter().any(|line| line.problem.is_none() && line.name.eq_ignore_ascii_case(known.name)))
        .collect();
    if !missing.is_empty() {
        let _ = writeln!(text, "\nCan be got, each into a folder of its name there; look at their licences:");
    }
    for Known { name, by, files } in missing {
        let _ = writeln!(text, "  {name}\n    from {by}: {files}");
    }
    said::print(text.as_bytes())
}
