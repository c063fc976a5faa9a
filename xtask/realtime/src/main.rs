//! Plays under RealtimeSanitizer: whatever blocks or allocates within a block ends this program with a report.
//!
//! `cargo xtask realtime` builds and runs it. The sanitizer watches this thread's calls of the system, whoever makes them: the plugin is
//! the bundled one, as it is.
#![cfg_attr(feature = "rtsan", feature(sanitize))]

mod player;
mod plugin;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let what: Vec<String> = std::env::args().skip(1).collect();
    let done = match what.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["prove"] => {
            prove();
            Ok(())
        }
        ["player"] => {
            player::run();
            Ok(())
        }
        ["plugin", clap] => plugin::run(Path::new(clap)),
        _ => Err("say prove, player, or plugin and the path of a CLAP".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Does what is forbidden: the sanitizer has to end it.
#[cfg_attr(feature = "rtsan", sanitize(realtime = "nonblocking"))]
fn prove() {
    drop(std::hint::black_box(vec![1u8; 100]));
}
