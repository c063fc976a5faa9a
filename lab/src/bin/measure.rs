//! `cargo run --profile ci -p inlay-lab --bin measure -- all`: what the engine makes, in figures.

use clap::Parser;
use inlay_lab::measure::{What, measure};
use std::process::ExitCode;

/// Measures what the engine really makes, against its bars. Exit code 1 if one is missed.
#[derive(Debug, Parser)]
struct Args {
    /// What to measure.
    what: What,
    /// Fewer takes, for a first look.
    #[arg(long)]
    quick: bool,
    /// One JSON object instead of tables.
    #[arg(long)]
    json: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let report = measure(args.what, args.quick)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    Ok(if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
