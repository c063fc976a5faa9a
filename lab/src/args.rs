//! The words of the command line.

pub mod commands;
pub mod examples;
pub mod flags;
pub mod value;

#[cfg(test)]
mod test;

use crate::trouble::{Outcome, Trouble};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, Parser, Subcommand};
use commands::{Bench, Generate, Info, Inpaint, Models, Retime, Transform, Vary};
use std::error::Error as _;
use std::ffi::OsString;

/// Loops from words: exactly as many bars as you ask for, at your tempo, without a seam.
#[derive(Debug, Parser)]
#[command(name = "inlay", version, arg_required_else_help = true, after_help = examples::ALL, max_term_width = 110)]
#[command(disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `inlay` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a loop from words
    #[command(after_help = examples::GENERATE)]
    Generate(Generate),
    /// Make parts of a loop anew; everything outside of them stays as it is, sample for sample
    #[command(after_help = examples::INPAINT)]
    Inpaint(Inpaint),
    /// Make variations of a loop, from close to far
    #[command(after_help = examples::VARY)]
    Vary(Vary),
    /// Turn an audio file into something else that follows it
    #[command(after_help = examples::TRANSFORM)]
    Transform(Transform),
    /// Put a loop to another tempo; its pitch stays
    #[command(after_help = examples::RETIME)]
    Retime(Retime),
    /// Say what a file is and how it was made; without a file, what this program can do on this machine
    #[command(after_help = examples::INFO)]
    Info(Info),
    /// List the models on this machine that can be used instead of Inlay's own, and those that can be got
    #[command(after_help = examples::MODELS)]
    Models(Models),
    /// Measure seconds and memory of every stage
    #[command(after_help = examples::BENCH)]
    Bench(Bench),
    /// Print completions for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// What the words on the command line came to.
#[derive(Debug)]
pub enum Parsed {
    /// Something to do.
    Run(Box<Cli>),
    /// Help or the version, to be printed.
    Show(String),
}

/// Reads the process's arguments, the program's name first.
///
/// # Errors
/// [`Trouble::Usage`] with a sentence; where the value of a flag is wrong it is the sentence of that value.
pub fn parse(args: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Outcome<Parsed> {
    match Cli::try_parse_from(args) {
        Ok(cli) => Ok(Parsed::Run(Box::new(cli))),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(Parsed::Show(error.render().to_string())),
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Err(Trouble::Help(error.render().to_string())),
            _ => Err(Trouble::Usage(sentence(&error))),
        },
    }
}

/// The completion script of a shell.
pub fn completions(shell: clap_complete::Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "inlay", &mut script);
    script
}

/// What a wrong command line gets to hear: the sentence of a wrong value with its flag, else clap's own words without "error:".
pub(crate) fn sentence(error: &clap::Error) -> String {
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) => flag.split_whitespace().next().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    match (error.kind(), error.source()) {
        (ErrorKind::ValueValidation, Some(reason)) if flag.starts_with('-') => format!("{flag}: {reason}"),
        (ErrorKind::ValueValidation, Some(reason)) => reason.to_string(),
        _ => {
            let text = error.render().to_string();
            text.strip_prefix("error: ").unwrap_or(&text).trim_end().to_owned()
        }
    }
}
