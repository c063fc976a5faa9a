//! Who wrote what `inlay` and the plugin are built of, and under which licences: `assets/THIRD_PARTY.md`, made of what cargo knows.
//!
//! Counted are the crates that a default build of `inlay-lab` or `inlay-plugin` uses on any system, without those that only build or test it.

mod allowed;
mod graph;

use anyhow::{Context as _, ensure};
use graph::Metadata;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Where the list lies, from the root of the workspace.
const FILE: &str = "assets/THIRD_PARTY.md";
/// The crates whose dependencies are listed.
const ROOTS: [&str; 2] = ["inlay-lab", "inlay-plugin"];
const INTRO: &str = "\
# Crates that `inlay` and the plugin are built of

Made by `cargo xtask licences` of what Cargo.lock names; `./x test` refuses it where it is out of date. It lists what a default build uses on any
system, so that not all of it is in every binary. Where a licence says \"OR\", Inlay takes whichever is easiest to keep. What else lies in the
binary (the model, a font, a colour map): `LICENSES.md`.

The source of every crate, exactly as it was used, is at `https://crates.io/crates/NAME/VERSION`, free of charge. That is the offer of source which
the Mozilla Public License 2.0 asks for: the crates under it (the `symphonia` family) are used unchanged.

";

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write nothing: fail where the file isn't what would be written
    #[arg(long)]
    check: bool,
}

/// One crate as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    name: String,
    version: String,
    licence: String,
    repository: String,
}

/// Writes the list, or compares it.
///
/// # Errors
/// Where cargo can't tell, a licence isn't allowed, or the list is out of date.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    let rows = metadata(root)?.used_by(&ROOTS)?;
    let refused: Vec<String> = rows.iter().filter_map(|row| allowed::refusal(&row.name, &row.licence)).collect();
    ensure!(refused.is_empty(), "{}", refused.join("\n"));
    let (path, list) = (root.join(FILE), list(&rows));
    if args.check {
        let old = std::fs::read_to_string(&path).with_context(|| format!("{FILE} can't be read"))?;
        ensure!(old == list, "{FILE} is out of date: run cargo xtask licences");
        println!("{} crates, all under licences that are allowed", rows.len());
        return Ok(());
    }
    std::fs::write(&path, list).with_context(|| format!("{FILE} can't be written"))
}

fn metadata(root: &Path) -> anyhow::Result<Metadata> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).current_dir(root).args(["metadata", "--format-version", "1", "--locked"]).output();
    let output = output.context("cargo can't be started")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    serde_json::from_slice(&output.stdout).context("what cargo metadata says can't be read")
}

fn list(rows: &[Row]) -> String {
    let mut text = format!("{INTRO}| crate | version | licence | repository |\n| --- | --- | --- | --- |\n");
    for Row { name, version, licence, repository } in rows {
        // Writing into a string can't fail.
        let _ = writeln!(text, "| {name} | {version} | {licence} | {repository} |");
    }
    text
}

#[cfg(test)]
mod test;
