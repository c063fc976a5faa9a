//! Inlay's Stable Audio 3 beside one in PyTorch (`lab/reference/stable`), in one run and in turns: how fast they are, and how far what
//! they compute of the same noise is apart.

mod outcome;

use crate::beside::{Row, build, draw, report, target};
use anyhow::{Context as _, ensure};
use outcome::Outcome;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How far the two may be apart after all steps, relative to the largest number.
const APART: f32 = 1e-2;

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A Python with torch, numpy, safetensors and tokenizers
    #[arg(long, value_name = "PATH")]
    python: PathBuf,
    /// Folder of a Stable Audio 3; one with random weights is written by the example `speed` of inlay-stable
    #[arg(long, value_name = "PATH")]
    folder: PathBuf,
    /// Turns that each side has
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Measured runs in each turn
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
    /// What both make
    #[arg(long, default_value = "dusty boom bap drums, warm rhodes, 92 BPM")]
    prompt: String,
    /// How long it is
    #[arg(long, default_value_t = 8.0)]
    seconds: f64,
    /// Steps of the sampler
    #[arg(long, default_value_t = 8)]
    steps: u32,
    /// Seconds that PyTorch makes behind the sound and throws away; Inlay is measured with as many, and with none as is its default
    #[arg(long, default_value_t = 6.0)]
    headroom: f64,
    /// Threads of both sides
    #[arg(long, default_value_t = std::thread::available_parallelism().map_or(1, |n| n.get() as u32))]
    threads: u32,
    /// Let PyTorch's threads spin while they wait, as is their default: that may save a little time where nothing else runs, but waiting
    /// then counts as processor time, several times over on a busy machine
    #[arg(long)]
    spin: bool,
    /// The example `speed` of inlay-stable [default: built with the profile `ci`]
    #[arg(long, value_name = "PATH")]
    speed: Option<PathBuf>,
}

/// What either side prints: one line of JSON.
#[derive(Debug, Deserialize)]
struct Report {
    runs: Vec<Run>,
    latents: usize,
    peak_mb: u64,
}

/// Every stage of one run.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Run {
    text: Seconds,
    sampling: Seconds,
    decoding: Seconds,
    total: Seconds,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Seconds {
    wall: f64,
    /// Of all processors.
    cpu: f64,
}

const CPU: [Row<Run>; 4] =
    [("text", |r| r.text.cpu), ("sampling", |r| r.sampling.cpu), ("decoding", |r| r.decoding.cpu), ("total", |r| r.total.cpu)];
const WALL: [Row<Run>; 4] =
    [("text", |r| r.text.wall), ("sampling", |r| r.sampling.wall), ("decoding", |r| r.decoding.wall), ("total", |r| r.total.wall)];

/// All turns of one side.
#[derive(Debug, Default)]
struct Side {
    runs: Vec<Run>,
    latents: usize,
    peak_mb: u64,
}

impl Side {
    /// One turn.
    fn visit(&mut self, command: &mut Command, name: &str) -> anyhow::Result<()> {
        let report: Report = report(command, name)?;
        ensure!(!report.runs.is_empty(), "{name} measured nothing");
        self.runs.extend(report.runs);
        self.latents = report.latents;
        self.peak_mb = self.peak_mb.max(report.peak_mb);
        Ok(())
    }
}

/// Measures and prints the tables.
///
/// # Errors
/// A sentence where a side is missing or fails, or where they don't compute the same.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    ensure!(
        args.folder.join("model.safetensors").is_file(),
        "there is no model in {}: name its folder with --folder",
        args.folder.display()
    );
    let speed = match &args.speed {
        Some(path) => path.clone(),
        None => build(root, &["--package", "inlay-stable", "--example", "speed"], "examples/speed")?,
    };
    let files = target(root).join("bench-stable");
    std::fs::create_dir_all(&files).with_context(|| format!("{} can't be made", files.display()))?;
    let (mine, other) = (files.join("inlay.safetensors"), files.join("pytorch.safetensors"));
    let (mut same, mut short, mut theirs) = (Side::default(), Side::default(), Side::default());
    for round in 1..=args.rounds {
        eprintln!("round {round} of {} …", args.rounds);
        same.visit(&mut inlay(&speed, args, args.headroom, Some(&mine)), "inlay")?;
        theirs.visit(&mut pytorch(root, args, &mine, &other), "PyTorch")?;
        if args.headroom > 0.0 {
            short.visit(&mut inlay(&speed, args, 0.0, None), "inlay")?;
        }
    }
    let runs = theirs.runs.len();
    println!("{} s, {} steps, {} threads; medians of {runs} runs each", args.seconds, args.steps, args.threads);
    tell(&format!("both with {} s of headroom", args.headroom), &same, &theirs);
    if args.headroom > 0.0 {
        tell(&format!("inlay without headroom, PyTorch with {} s", args.headroom), &short, &theirs);
    }
    compare(&Outcome::read(&mine)?, &Outcome::read(&other)?)
}

fn tell(mode: &str, ours: &Side, theirs: &Side) {
    println!("\n{mode}: {} and {} latents, {} and {} MB of memory", ours.latents, theirs.latents, ours.peak_mb, theirs.peak_mb);
    print!("processor time\n{}", draw(&CPU, &ours.runs, &theirs.runs));
    print!("time\n{}", draw(&WALL, &ours.runs, &theirs.runs));
}

/// # Errors
/// Where the two are further apart than rounding explains.
fn compare(ours: &Outcome, theirs: &Outcome) -> anyhow::Result<()> {
    let (latents, audio) = (ours.latents.apart(&theirs.latents)?, ours.audio.apart(&theirs.audio)?);
    println!("\nfrom the same noise, apart by at most {latents:.1e} of the largest latent and {audio:.1e} of the largest sample");
    // NaN isn't
    ensure!(latents <= APART && audio <= APART, "that is more than {APART:.0e}: one of them computes something else");
    Ok(())
}

/// Inlay's side.
fn inlay(speed: &Path, args: &Args, headroom: f64, out: Option<&Path>) -> Command {
    let mut command = Command::new(speed);
    let numbers = [args.seconds.to_string(), args.steps.to_string(), headroom.to_string(), args.runs.to_string()];
    command.env("RAYON_NUM_THREADS", args.threads.to_string());
    command.arg("--json").arg(&args.folder).arg(&args.prompt).args(numbers).args(out);
    command
}

/// PyTorch's side, with the noise that Inlay drew.
fn pytorch(root: &Path, args: &Args, noise: &Path, out: &Path) -> Command {
    let mut command = Command::new(&args.python);
    if !args.spin {
        command.env("OMP_WAIT_POLICY", "passive");
    }
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(root.join("lab/reference/stable/bench.py"));
    command.arg("--folder").arg(&args.folder).args(["--prompt", &args.prompt]);
    let pairs = [
        ("--seconds", args.seconds.to_string()),
        ("--steps", args.steps.to_string()),
        ("--headroom", args.headroom.to_string()),
        ("--runs", args.runs.to_string()),
        ("--threads", args.threads.to_string()),
    ];
    command.args(pairs.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]));
    command.arg("--noise").arg(noise).arg("--out").arg(out);
    command
}
