//! Chores of the workspace: `cargo xtask help` lists them.

mod bench_plugin;
mod bench_reference;
mod bench_stable;
mod beside;
mod bundle;
mod check;
mod install;
mod licences;
mod play;
mod realtime;

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
    /// Host the bundled CLAP and time what a host waits for: instances, projects, blocks
    BenchPlugin(bench_plugin::Args),
    /// Run the same requests through `inlay` and through the reference in PyTorch, in turns, and print ratios
    BenchReference(bench_reference::Args),
    /// Run the same requests through Inlay's Stable Audio 3 and through one in PyTorch, in turns, and print ratios and differences
    BenchStable(bench_stable::Args),
    /// Build the plugin and bundle it: target/bundled/Inlay.clap and Inlay.vst3
    Bundle(bundle::Args),
    /// Check the bundled CLAP: its size, and that hosts can load and unload it again and again
    Check(check::Args),
    /// Bundle, then put the bundles where hosts look for them
    Install(install::Args),
    /// Host the bundled CLAP, make a loop through its parameters, and write what it plays into a WAV
    Play(play::Args),
    /// Run the player and the bundled plugins under RealtimeSanitizer
    Realtime(realtime::Args),
    /// List the crates that `inlay` is built of with their licences in assets/THIRD_PARTY.md
    Licences(licences::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::BenchPlugin(args) => bench_plugin::run(&args),
        Chore::BenchReference(args) => bench_reference::run(&args),
        Chore::BenchStable(args) => bench_stable::run(&args),
        Chore::Bundle(args) => bundle::run(&args).map(drop),
        Chore::Check(args) => check::run(&args),
        Chore::Install(args) => install::run(&args),
        Chore::Play(args) => play::run(&args),
        Chore::Realtime(args) => realtime::run(&args),
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
