//! What chores share that measure two programs in turns: A B A B …, so that a machine that slows down slows both.
//!
//! Both sides are warm in every visit: each loads its model and throws a first run away before it measures.

mod table;

use anyhow::{Context as _, bail, ensure};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
pub use table::{Row, draw};

/// Runs one side and reads its last line.
///
/// # Errors
/// A sentence where it can't be started, fails, or prints something else.
pub fn report<R: DeserializeOwned>(command: &mut Command, name: &str) -> anyhow::Result<R> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("{program} can't be started: look at its path"))?;
    if !output.status.success() {
        bail!("{name} failed (see above)");
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).with_context(|| format!("{name} didn't print what was measured"))
}

/// Builds a program with the profile `ci` and says where it is.
///
/// # Errors
/// Where the build fails.
pub fn build(root: &Path, which: &[&str], program: &str) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).current_dir(root).args(["build", "--profile", "ci"]).args(which).status();
    ensure!(status.context("cargo can't be started")?.success(), "the build of {program} failed (see above)");
    Ok(target(root).join("ci").join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
}

/// Where builds go.
pub fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}
