//! Chores of the workspace: `cargo xtask help` lists them.

mod bench_reference;
mod licences;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Chores of the Inlay workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Run the same requests through `inlay` and through the reference in PyTorch, in turns, and print ratios
    BenchReference(bench_reference::Args),
    /// List the crates that `inlay` is built of with their licences in assets/THIRD_PARTY.md
    Licences(licences::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::BenchReference(args) => bench_reference::run(&args),
        Chore::Licences(args) => licences::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
