//! Chores of the workspace: `cargo xtask help` lists them.

mod bench_reference;

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
}

fn main() -> ExitCode {
    let Chore::BenchReference(args) = Cli::parse().chore;
    match bench_reference::run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
