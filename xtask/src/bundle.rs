//! The bundles that hosts load: `Inlay.clap` and `Inlay.vst3`.

use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate that is bundled.
const PACKAGE: &str = "inlay-plugin";
/// The one profile that serves builds, tests and checks.
const PROFILE: &str = "ci";

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Build for another system, such as x86_64-pc-windows-msvc (its toolchain must be installed)
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Build nothing: bundle what was built last
    #[arg(long)]
    built: bool,
}

/// The bundle that a chore works on.
#[derive(Debug, clap::Args)]
pub struct Bundled {
    /// The CLAP to take (default: what `cargo xtask bundle` made)
    #[arg(long)]
    clap: Option<PathBuf>,
}

impl Bundled {
    /// Where it should lie, in a workspace.
    pub fn clap(&self, root: &Path) -> PathBuf {
        self.clap.clone().unwrap_or_else(|| target_folder(root).join("bundled/Inlay.clap"))
    }
}

/// What was bundled.
#[derive(Debug)]
pub struct Bundles {
    /// Where the CLAP lies.
    pub clap: PathBuf,
    /// Where the VST3 lies.
    pub vst3: PathBuf,
    /// The system that they are for, where it is another one than this.
    pub target: Option<String>,
}

/// Builds the library and makes both bundles of it.
///
/// # Errors
/// Where the build fails, or a bundle can't be written.
pub fn run(args: &Args) -> anyhow::Result<Bundles> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    std::env::set_current_dir(root).with_context(|| format!("{} can't be entered", root.display()))?;
    let mut flags = vec![format!("--profile={PROFILE}")];
    flags.extend(args.target.iter().map(|target| format!("--target={target}")));
    if !args.built {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo).args(["build", "--locked", "--package", PACKAGE]).args(&flags).status();
        ensure!(built.context("cargo can't be run")?.success(), "the plugin couldn't be built (see above)");
    }
    let target = target_folder(root);
    nice_plug_xtask::bundle(&target, PACKAGE, &flags, false)?;
    let bundled = target.join("bundled");
    Ok(Bundles { clap: bundled.join("Inlay.clap"), vst3: bundled.join("Inlay.vst3"), target: args.target.clone() })
}

/// The folder that cargo builds into.
pub fn target_folder(root: &Path) -> PathBuf {
    // a relative folder is one of the workspace's
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}
