//! The engine beside the reference, in one run and in turns.

use crate::beside::{Row, build, draw, report};
use anyhow::{Context as _, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Seconds of every stage of one run.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Stage {
    text: f64,
    sampling: f64,
    decoding: f64,
    phases: f64,
    total: f64,
}

const ROWS: [Row<Stage>; 5] =
    [("text", |s| s.text), ("sampling", |s| s.sampling), ("decoding", |s| s.decoding), ("phases", |s| s.phases), ("total", |s| s.total)];

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A Python with torch, numpy, safetensors and transformers
    #[arg(long, value_name = "PATH")]
    python: PathBuf,
    /// Turns that each side has
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Measured runs in each turn
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
    /// What both make
    #[arg(long, default_value = "house drum loop with punchy kick")]
    prompt: String,
    /// Bars of it: 1, 2 or 4
    #[arg(long, default_value_t = 4)]
    bars: u32,
    /// Its tempo
    #[arg(long, default_value_t = 120.0)]
    bpm: f64,
    /// Steps of the sampler
    #[arg(long, default_value_t = 16)]
    steps: u32,
    /// Threads of both sides
    #[arg(long, default_value_t = std::thread::available_parallelism().map_or(1, |n| n.get() as u32))]
    threads: u32,
    /// Folder of the weights [default: assets/model]
    #[arg(long, value_name = "PATH")]
    folder: Option<PathBuf>,
    /// The `inlay` to measure [default: built with the profile `ci`]
    #[arg(long, value_name = "PATH")]
    inlay: Option<PathBuf>,
}

/// What either side prints: one line of JSON with seconds of each run.
#[derive(Debug, Deserialize)]
struct Report {
    runs: Vec<Stage>,
}

/// Measures and prints the table.
///
/// # Errors
/// A sentence where a side is missing or fails.
pub fn run(args: &Args) -> anyhow::Result<()> {
    ensure!([1, 2, 4].contains(&args.bars), "the reference makes 1, 2 or 4 bars: choose one of them with --bars");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    let folder = args.folder.clone().unwrap_or_else(|| root.join("assets/model"));
    ensure!(folder.join("unet.safetensors").is_file(), "there are no weights in {}: name their folder with --folder", folder.display());
    let inlay = match &args.inlay {
        Some(path) => path.clone(),
        None => build(root, &["--package", "inlay-lab"], "inlay")?,
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=args.rounds {
        eprintln!("round {round} of {}: inlay …", args.rounds);
        ours.extend(measure(&mut engine(&inlay, args), "inlay bench")?);
        eprintln!("round {round} of {}: reference …", args.rounds);
        theirs.extend(measure(&mut reference(root, &folder, args), "the reference")?);
    }
    println!("{} bars at {} BPM, {} steps, {} threads; medians of {} runs each", args.bars, args.bpm, args.steps, args.threads, ours.len());
    print!("{}", draw(&ROWS, &ours, &theirs));
    Ok(())
}

/// `inlay bench` with the request's flags.
fn engine(inlay: &Path, args: &Args) -> Command {
    let mut command = Command::new(inlay);
    command.args(["bench", "--json"]).args(request(args)).arg("--").arg(&args.prompt);
    command
}

/// The reference's own measurement with the same request.
fn reference(root: &Path, folder: &Path, args: &Args) -> Command {
    let mut command = Command::new(&args.python);
    command.arg(root.join("lab/reference/bench.py")).arg("--folder").arg(folder).args(["--prompt", &args.prompt]).args(request(args));
    command
}

/// Flags that both sides read alike.
fn request(args: &Args) -> Vec<String> {
    let pairs = [
        ("--bars", args.bars.to_string()),
        ("--bpm", args.bpm.to_string()),
        ("--steps", args.steps.to_string()),
        ("--threads", args.threads.to_string()),
        ("--runs", args.runs.to_string()),
    ];
    pairs.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]).collect()
}

/// Runs one side.
fn measure(command: &mut Command, name: &str) -> anyhow::Result<Vec<Stage>> {
    let report: Report = report(command, name)?;
    ensure!(!report.runs.is_empty(), "{name} measured nothing");
    Ok(report.runs)
}
