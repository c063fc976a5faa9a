//! The `inlay` command line: its words, its files and its pictures.

pub mod args;
pub mod batch;
pub mod commands;
pub mod deliver;
pub mod facts;
pub mod files;
pub mod heard;
pub mod maker;
pub mod measure;
pub mod parent;
pub mod picture;
pub mod platform;
pub mod play;
pub mod progress;
pub mod request;
pub mod said;
pub mod studio;
pub mod targets;
pub mod trouble;

use args::{Command, Parsed};
use std::ffi::OsString;
use trouble::{Outcome, Trouble};

/// Does what the arguments say (the program's name first) and gives the exit code: 0 done, 1 failed, 2 used wrongly, 130 stopped.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    match parse_and_do(args) {
        Ok(()) => 0,
        Err(trouble) => {
            match &trouble {
                Trouble::Help(help) => said::beside(help.as_bytes()),
                _ => said::aside(&trouble),
            }
            trouble.code()
        }
    }
}

fn parse_and_do(args: impl IntoIterator<Item = OsString>) -> Outcome {
    let command = match args::parse(args)? {
        Parsed::Show(text) => return said::print(text.as_bytes()),
        Parsed::Run(cli) => cli.command,
    };
    match command {
        Command::Generate(args) => commands::generate::run(&args),
        Command::Inpaint(args) => commands::inpaint::run(&args),
        Command::Vary(args) => commands::vary::run(&args),
        Command::Transform(args) => commands::transform::run(&args),
        Command::Retime(args) => commands::retime::run(&args),
        Command::Info(args) => commands::info::run(&args),
        Command::Bench(args) => commands::bench::run(&args),
        Command::Models(args) => commands::models::run(&args),
        Command::Completions { shell } => said::print(&args::completions(shell)),
    }
}
