//! Files that are there already.

use super::{done, inlay, names, said};
use std::fs::read;
use tempfile::tempdir;

#[test]
fn a_file_is_replaced_only_with_force() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("a.wav"), "somebody's").unwrap();
    let output = inlay(at, "generate drums --bars 1 --steps 1 -o a.wav");
    assert_eq!((output.status.code(), read(at.join("a.wav")).unwrap().as_slice()), (Some(2), b"somebody's".as_slice()));
    assert!(said(&output).contains("--force"));
    done(at, "generate drums --bars 1 --steps 1 -o a.wav --force");
    assert!(read(at.join("a.wav")).unwrap().starts_with(b"RIFF"));
    assert_eq!(names(at), ["a.wav"]);
}

#[test]
fn a_loop_can_be_changed_in_place() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    done(at, "generate drums --bars 1 --seed 7 --steps 1 -o a.wav");
    let before = read(at.join("a.wav")).unwrap();
    done(at, "vary a.wav --steps 1 -o a.wav --force");
    assert_ne!(read(at.join("a.wav")).unwrap(), before);
}
