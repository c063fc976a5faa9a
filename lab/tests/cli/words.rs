//! The command line itself.

use super::{inlay, said};
use std::path::Path;

#[test]
fn wrong_use_ends_with_2_and_one_sentence() {
    let output = inlay(Path::new("."), "generate drums --bars 0");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(said(&output), "inlay: --bars: 0 bars can't be made: choose 1, 2, 4, 8 or 16\n");
    assert!(output.stdout.is_empty());
}

#[test]
fn unknown_words_end_with_2() {
    for line in ["sing", "", "generate --bogus"] {
        assert_eq!(inlay(Path::new("."), line).status.code(), Some(2), "{line}");
    }
}

#[test]
fn help_version_and_completions_go_to_standard_output_and_end_with_0() {
    for line in ["--help", "--version", "inpaint --help", "completions bash", "info"] {
        let output = inlay(Path::new("."), line);
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert!(output.stderr.is_empty() && !output.stdout.is_empty(), "{line}");
    }
}
