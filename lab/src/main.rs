//! Loops from words, on the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(inlay_lab::run(std::env::args_os()))
}
