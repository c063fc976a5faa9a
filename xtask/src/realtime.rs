//! RealtimeSanitizer over the player and over `process` of the bundled plugins.

use crate::bundle::{Bundled, target_folder};
use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The one system that this is set up for.
const TARGET: &str = "x86_64-unknown-linux-gnu";
/// The first Rust whose compiler has the sanitizer in the form that is used here.
const RUST: (u32, u32) = (1, 95);

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    bundled: Bundled,
}

/// Builds the small program that plays under the sanitizer, and runs it.
///
/// # Errors
/// Where something on the audio thread blocks or allocates, or the sanitizer doesn't work.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    if !cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) || version()? < RUST {
        println!("RealtimeSanitizer needs Linux on x86-64 and Rust {}.{}: skipped here", RUST.0, RUST.1);
        return Ok(());
    }
    let clap = args.bundled.clap(root);
    ensure!(clap.exists(), "{} isn't there: run cargo xtask bundle first", clap.display());
    let program = build(root)?;
    let proof = watched(&program, &["prove"])?;
    let report = String::from_utf8_lossy(&proof.stderr).into_owned();
    ensure!(!proof.status.success() && report.contains("RealtimeSanitizer"), "the sanitizer let an allocation pass: {report}");
    for what in [vec!["player"], vec!["plugin", clap.to_str().context("the CLAP's path isn't Unicode")?]] {
        let output = watched(&program, &what)?;
        ensure!(output.status.success(), "{}: {}", what[0], String::from_utf8_lossy(&output.stderr));
        println!("RealtimeSanitizer found nothing in the {}", what[0]);
    }
    Ok(())
}

/// The program, in a folder of its own: its flags suit nothing else.
fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let folder = target_folder(root).join("realtime");
    let built = Command::new(cargo)
        .current_dir(root)
        .args(["build", "--locked", "--quiet", "--profile=ci", "--package=inlay-realtime", "--features=rtsan", "--target", TARGET])
        .arg("--target-dir")
        .arg(&folder)
        // the sanitizer isn't stable yet; its calls must be found by libraries that are loaded later
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=realtime -Clink-arg=-rdynamic")
        .status();
    ensure!(built.context("cargo can't be run")?.success(), "the program couldn't be built (see above)");
    Ok(folder.join(TARGET).join("ci/inlay-realtime"))
}

fn watched(program: &Path, what: &[&str]) -> anyhow::Result<Output> {
    Command::new(program).args(what).output().with_context(|| format!("{} can't be run", program.display()))
}

/// The compiler's version.
fn version() -> anyhow::Result<(u32, u32)> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("--version").output().context("rustc can't be run")?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let mut numbers = said.split([' ', '.']).skip(1).map_while(|n| n.parse().ok());
    numbers.next().zip(numbers.next()).with_context(|| format!("{said:?} is no version of rustc"))
}
