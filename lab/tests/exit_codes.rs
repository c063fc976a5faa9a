//! What a shell sees of `inlay`: exit codes, and sentences on standard error.

use std::process::{Command, Output};

fn inlay(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_inlay")).args(args).output().unwrap()
}

#[test]
fn wrong_use_ends_with_2_and_one_sentence() {
    let output = inlay(&["generate", "drums", "--bars", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "inlay: --bars: 0 bars can't be made: choose 1, 2, 4, 8 or 16\n");
    assert!(output.stdout.is_empty());
}

#[test]
fn unknown_words_end_with_2() {
    assert_eq!(inlay(&["sing"]).status.code(), Some(2));
    assert_eq!(inlay(&[]).status.code(), Some(2));
    assert_eq!(inlay(&["generate", "--bogus"]).status.code(), Some(2));
}

#[test]
fn help_version_and_completions_go_to_standard_output_and_end_with_0() {
    for args in [&["--help"][..], &["--version"], &["inpaint", "--help"], &["completions", "bash"]] {
        let output = inlay(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(output.stderr.is_empty() && !output.stdout.is_empty(), "{args:?}");
    }
}
