//! What only systems like Unix can be made to do.

use super::{inlay, names, said};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use tempfile::tempdir;

/// A limit on the size of files stands in for a full disk.
#[test]
fn a_file_that_cannot_be_written_to_its_end_leaves_nothing() {
    let folder = tempdir().unwrap();
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" generate drums --bars 1 --steps 1 -o a.wav";
    let output = Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_inlay")]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).starts_with("inlay: a.wav: "), "{}", said(&output));
    assert!(names(folder.path()).is_empty(), "{:?}", names(folder.path()));
}

#[test]
fn a_folder_that_cannot_be_written_is_named_before_any_work() {
    let folder = tempdir().unwrap();
    let locked = folder.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(locked.join("probe"), "").is_ok() {
        return; // the superuser writes everywhere
    }
    let output = inlay(folder.path(), "generate drums --bars 1 --steps 1 -o locked/a.wav");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("nothing can be written in the folder locked"), "{}", said(&output));
}

/// Full standard streams end no command in a panic.
#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_a_failure_and_a_full_standard_error_is_none() {
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_inlay")).arg("info").stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).starts_with("inlay: standard output can't be written"), "{}", said(&output));
    let status = Command::new(env!("CARGO_BIN_EXE_inlay")).args(["generate", "--bars", "0"]).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_with_130_and_leaves_nothing() {
    let folder = tempdir().unwrap();
    let mut child = super::command(folder.path(), "generate drums --bars 16 --steps 1000 -o a.wav").spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    // SIGINT is the second signal: its bit is set once inlay listens to it.
    let listens = || {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let mask = text.lines().find_map(|line| line.strip_prefix("SigCgt:")).map(str::trim).map(|mask| u64::from_str_radix(mask, 16));
        matches!(mask, Some(Ok(mask)) if mask & 2 != 0)
    };
    while !listens() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("sh").args(["-c", "kill -INT $0", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(names(folder.path()).is_empty(), "{:?}", names(folder.path()));
}

/// What was written before stays, and is whole.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_between_takes_leaves_the_rest_unwritten() {
    let folder = tempdir().unwrap();
    let line = "generate drums --bars 1 --bpm 240 --steps 1 --variations 24 --picture . -o a.wav";
    let mut child = super::command(folder.path(), line).spawn().unwrap();
    while !folder.path().join("a_v1.wav").exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(Command::new("sh").args(["-c", "kill -TERM $0", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let names = names(folder.path());
    assert!(names.len() < 48 && names.iter().all(|name| name.ends_with(".wav") || name.ends_with(".png")), "{names:?}");
}
