//! What is said on the standard streams. A stream that is gone or full is no reason to panic.

use crate::trouble::Outcome;
use std::fmt::Display;
use std::io::{ErrorKind, Write as _};

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

/// One line on standard output.
///
/// # Errors
/// As [`print()`].
pub fn line(text: impl Display) -> Outcome {
    print(format!("{text}\n").as_bytes())
}

/// One line on standard error, beside whatever the command's result is.
pub fn aside(text: impl Display) {
    beside(format!("inlay: {text}\n").as_bytes());
}

/// Writes to standard error as it is.
pub fn beside(bytes: &[u8]) {
    // Where nobody can read it there is nobody to be told that.
    let _ = std::io::stderr().write_all(bytes);
}
