//! What only a built bundle can show: that a host can load, use and unload it as often as it likes.

use crate::bundle::Bundled;
use anyhow::{Context as _, ensure};
use inlay_host::{Library, Rig};
use std::path::Path;

/// How often the library is loaded.
const TIMES: usize = 50;
/// What the library may be larger than the model in it, in bytes.
const CODE: u64 = 48 << 20;
/// The plugins that hosts list.
const IDS: [&str; 2] = ["org.inlay.inlay", "org.inlay.inlay-fx"];

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    bundled: Bundled,
}

/// Checks the bundle.
///
/// # Errors
/// What is wrong with it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    let clap = args.bundled.clap(root);
    size(root, &clap)?;
    let before = threads();
    for _ in 0..TIMES {
        let library = Library::open(&clap).with_context(|| format!("{}: run cargo xtask bundle first", clap.display()))?;
        ensure!(library.ids() == IDS, "the library holds {:?}", library.ids());
        for id in IDS {
            let mut rig = Rig::new(&library, id)?;
            rig.input = (id == IDS[1]).then(|| Box::new(|| [0.25f32; 2]) as inlay_host::Input);
            rig.activate(48_000.0, 512)?;
            let sound = rig.play(4800, 512)?;
            let expected = if id == IDS[1] { 0.25f32 } else { 0.0 };
            ensure!(sound.iter().flatten().all(|s| *s == expected), "{id} doesn't let its input pass");
        }
    }
    if let (Some(before), Some(after)) = (before, settled(before)) {
        ensure!(after <= before + 1, "{} threads are left of {TIMES} loads", after - before);
    }
    println!("Loaded, played and unloaded {TIMES} times: {}", clap.display());
    Ok(())
}

/// The library holds the model, and not much more.
fn size(root: &Path, clap: &Path) -> anyhow::Result<()> {
    // on macOS a CLAP is a folder with the library in it
    let inner = clap.join("Contents/MacOS/Inlay");
    let library = if inner.exists() { &inner } else { clap };
    let size = std::fs::metadata(library).with_context(|| format!("{} isn't there", library.display()))?.len();
    let model = folder_size(&root.join("assets/model"))?;
    ensure!(size > model, "the library ({size} bytes) can't hold the model ({model} bytes)");
    ensure!(size < model + CODE, "the library ({size} bytes) is much larger than the model ({model} bytes): is it stripped?");
    println!("{:.1} MB, {:.1} MB of them the model", size as f64 / 1e6, model as f64 / 1e6);
    Ok(())
}

fn folder_size(folder: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        sum += if entry.path().is_dir() { folder_size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}

/// Threads of this process, where the system tells.
fn threads() -> Option<usize> {
    std::fs::read_dir("/proc/self/task").ok().map(Iterator::count)
}

/// The same, once those have ended that need a moment for it.
fn settled(before: Option<usize>) -> Option<usize> {
    for _ in 0..100 {
        if threads() <= before {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    threads()
}
