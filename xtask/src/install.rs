//! Puts the bundles where hosts look for them.

use crate::bundle::{self, Bundles};
use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    bundle: bundle::Args,
    /// Install below this folder instead of the user's own
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
}

/// Bundles, then copies the bundles into the folders that hosts scan. Those of another system stay where they were made.
///
/// # Errors
/// Where bundling fails, or a folder can't be written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let made = bundle::run(&args.bundle)?;
    let Bundles { clap, vst3, target } = &made;
    let (clap_folder, vst3_folder) = folders(target.as_deref());
    let here = target.as_ref().is_none_or(|t| system(t) == system(std::env::consts::OS));
    if !here && args.into.is_none() {
        println!("Copy  {}  into  {clap_folder}\nCopy  {}  into  {vst3_folder}", clap.display(), vst3.display());
        return Ok(());
    }
    for (bundle, folder) in [(clap, clap_folder), (vst3, vst3_folder)] {
        let folder = match &args.into {
            Some(root) => root.join(folder.rsplit(['/', '\\']).next().unwrap_or(folder)),
            None => of_user(folder)?,
        };
        let placed =
            replace(bundle, &folder).with_context(|| format!("{} can't be installed into {}", bundle.display(), folder.display()))?;
        println!("Installed {}", placed.display());
    }
    println!("Let your host scan for new plugins: it lists Inlay (an instrument) and Inlay FX (an effect).");
    Ok(())
}

/// The word for a system in its triple, or as Rust names it.
fn system(name: &str) -> &'static str {
    if name.contains("windows") {
        "windows"
    } else if name.contains("apple") || name.contains("macos") {
        "macos"
    } else {
        "linux"
    }
}

/// Where hosts look for the user's own CLAPs and VST3s, on a system.
fn folders(target: Option<&str>) -> (&'static str, &'static str) {
    match system(target.unwrap_or(std::env::consts::OS)) {
        "windows" => (r"%LOCALAPPDATA%\Programs\Common\CLAP", r"%LOCALAPPDATA%\Programs\Common\VST3"),
        "macos" => ("~/Library/Audio/Plug-Ins/CLAP", "~/Library/Audio/Plug-Ins/VST3"),
        _ => ("~/.clap", "~/.vst3"),
    }
}

/// A folder of the user that runs this.
fn of_user(folder: &str) -> anyhow::Result<PathBuf> {
    if let Some(rest) = folder.strip_prefix("~/") {
        return Ok(dirs::home_dir().context("you have no home folder: say --into FOLDER")?.join(rest));
    }
    let rest = folder.trim_start_matches(r"%LOCALAPPDATA%\").split('\\');
    Ok(rest.fold(dirs::data_local_dir().context("LOCALAPPDATA isn't set: say --into FOLDER")?, |path, part| path.join(part)))
}

/// Copies a bundle into a folder, in place of an older one: a host never finds half of it.
fn replace(bundle: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let name = bundle.file_name().context("the bundle has no name")?;
    fs::create_dir_all(folder)?;
    let (place, fresh) = (folder.join(name), folder.join(format!(".{}.new", name.to_string_lossy())));
    remove(&fresh)?;
    copy(bundle, &fresh)?;
    if place.is_dir() {
        // folders can't be replaced in one step
        remove(&place)?;
    }
    fs::rename(&fresh, &place)?;
    Ok(place)
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod test;
