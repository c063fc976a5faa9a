//! The program that runs a model from disk for Inlay: asks come on its standard input, answers go to its standard output.

use inlay_helper::serve::serve;
use std::{process::ExitCode, time::Duration};

/// Inlay is gone: what a driver doesn't give back by then, it never will.
fn give_up() {
    std::thread::sleep(Duration::from_secs(10));
    std::process::exit(1);
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let processor = match arguments.as_slice() {
        [] => false,
        [one] if one == "--processor" => true,
        _ => {
            eprintln!(
                "inlay-helper is started by Inlay, where it has to do with a graphics processor; by hand there is nothing to do with it."
            );
            return ExitCode::from(2);
        }
    };
    match serve(std::io::stdin(), std::io::stdout(), processor, give_up) {
        Ok(()) => ExitCode::SUCCESS,
        // nobody reads answers any more: nobody to tell
        Err(_) => ExitCode::FAILURE,
    }
}
