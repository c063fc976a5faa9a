//! What a shell sees of `inlay`: files, exit codes, and sentences.

mod damaged;
mod edit;
mod files;
mod make;
mod models;
mod sound;
#[cfg(unix)]
mod unix;
mod words;
mod wrong;

use std::path::Path;
use std::process::{Command, Output};

/// `inlay` in a folder.
fn command(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inlay"));
    // whatever helper for a graphics processor this machine has, tests do without it
    command.current_dir(folder).args(shlex::split(line).unwrap()).env("INLAY_HELPER", folder.join("no-helper"));
    command
}

/// Runs `inlay` in a folder.
fn inlay(folder: &Path, line: &str) -> Output {
    command(folder, line).output().unwrap()
}

/// Runs `inlay`, which must succeed, and gives its standard output.
fn done(folder: &Path, line: &str) -> String {
    let output = inlay(folder, line);
    assert_eq!(output.status.code(), Some(0), "{line}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `inlay --json` and gives what it says of each file.
fn told(folder: &Path, line: &str) -> Vec<serde_json::Value> {
    done(folder, &format!("{line} --json")).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Names of the files in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
