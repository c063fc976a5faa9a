//! The `inlay` command line: its words, its files and its pictures.

pub mod args;
pub mod batch;
pub mod files;
pub mod naming;
pub mod picture;
pub mod play;
pub mod targets;
pub mod trouble;

use args::{Command, Parsed};
use std::ffi::OsString;
use std::io::Write as _;
use trouble::{Outcome, Trouble};

/// Does what the arguments say (the program's name first) and gives the exit code: 0 done, 1 failed, 2 used wrongly.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    match parse_and_do(args) {
        Ok(()) => 0,
        Err(trouble) => {
            match &trouble {
                Trouble::Help(help) => eprint!("{help}"),
                _ => eprintln!("inlay: {trouble}"),
            }
            trouble.code()
        }
    }
}

fn parse_and_do(args: impl IntoIterator<Item = OsString>) -> Outcome {
    match args::parse(args)? {
        Parsed::Show(text) => print(text.as_bytes()),
        Parsed::Run(cli) => match cli.command {
            Command::Completions { shell } => print(&args::completions(shell)),
            _ => Err(anyhow::anyhow!("the engine isn't part of this build yet").into()),
        },
    }
}

/// Writes to standard output; a reader that has gone away (`inlay --help | head -1`) is no trouble.
fn print(bytes: &[u8]) -> Outcome {
    match std::io::stdout().write_all(bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("standard output can't be written").into())
        }
        _ => Ok(()),
    }
}
