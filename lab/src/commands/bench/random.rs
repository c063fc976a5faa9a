//! A model's folder with random weights: as fast and as large as the real one, without its files.

use crate::platform::interrupt::presses;
use crate::said;
use crate::trouble::{Outcome, Trouble};
use anyhow::Context as _;
use std::path::Path;
use tempfile::TempDir;

/// The size that can be written.
const SMALL: &str = "sa3-small";

/// Writes the folder, which goes with what is returned.
pub(super) fn folder(name: Option<&Path>) -> Outcome<TempDir> {
    if name.is_none_or(|name| name.as_os_str() != SMALL) {
        return Err(Trouble::usage(format!("--random: only {SMALL} can be made with random weights: write --model {SMALL} --random")));
    }
    // stopped by Ctrl-C it is taken away all the same
    let presses = presses();
    let folder = TempDir::with_prefix("inlay-random-").context("there is no place for a model of 2.8 GB")?;
    said::aside(format!("writing random weights of 2.8 GB into {}", said::path(folder.path())));
    inlay_stable::write_random_small(folder.path()).context("the random weights can't be written")?;
    if presses.try_recv().is_ok() {
        return Err(Trouble::Cancelled);
    }
    Ok(folder)
}
