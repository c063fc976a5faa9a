//! What is said on the standard streams. A stream that is gone or full is no reason to panic.

use crate::trouble::Outcome;
use anyhow::Context as _;
use serde::Serialize;
use std::fmt::Display;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// Writes to standard output; a reader that has gone away (`inlay --help | head -1`) is no trouble.
///
/// # Errors
/// Where it can't be written.
pub fn print(bytes: &[u8]) -> Outcome {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("standard output can't be written").into())
        }
        _ => Ok(()),
    }
}

/// Lines on standard output, with a line's end after them; control characters but for ends of lines are replaced.
///
/// # Errors
/// As [`print()`].
pub fn line(text: impl Display) -> Outcome {
    print(format!("{}\n", lines(&text.to_string())).as_bytes())
}

/// One line of JSON on standard output. Control characters that JSON would let through are escaped.
///
/// # Errors
/// As [`print()`].
pub fn json(value: &impl Serialize) -> Outcome {
    let text = serde_json::to_string(value).context("the result can't be said as JSON")?;
    print(format!("{}\n", escaped(&text)).as_bytes())
}

/// One line on standard error, beside whatever the command's result is; control characters are replaced as by [`line()`].
pub fn aside(text: impl Display) {
    beside(format!("inlay: {}\n", lines(&text.to_string())).as_bytes());
}

/// A file's name as sentences show it.
pub fn path(path: &Path) -> String {
    clean(&path.to_string_lossy())
}

/// Text from a file with control characters replaced: they could drive a terminal, or make one line look like two.
pub fn clean(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// Sentences of our own have ends of lines; everything else that controls is replaced.
fn lines(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n', "\u{fffd}")
}

/// In JSON they only occur in strings, where each may be written by its number.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_control() {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

/// Writes to standard error as it is.
pub fn beside(bytes: &[u8]) {
    // Where nobody can read it there is nobody to be told that.
    let _ = std::io::stderr().write_all(bytes);
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn control_characters_are_replaced_and_ends_of_lines_stay_in_sentences_only() {
        assert_eq!(clean("a\u{1b}[2J\n\u{9b}b\u{7f}é"), "a\u{fffd}[2J\u{fffd}\u{fffd}b\u{fffd}é");
        assert_eq!(lines("a\u{1b}\nb\r"), "a\u{fffd}\nb\u{fffd}");
    }

    #[test]
    fn json_means_the_same_without_control_characters() {
        let name = "a\u{9b}\u{7f}\u{1b}\n\"é";
        let text = escaped(&serde_json::to_string(name).unwrap());
        assert!(!text.contains(char::is_control), "{text:?}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), name);
    }
}
