//! The drivers of OpenGL, which stay loaded.
//!
//! The windowing library loads them for every window and lets go of them with it. What they keep for the whole process is lost each
//! time: some 15 KiB, and the time to load them again.

use std::collections::BTreeSet;
use std::sync::Once;

use libloading::Library;

/// Keeps those that are in use when this is first called.
pub(crate) fn keep_drivers() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let maps = std::fs::read("/proc/self/maps").unwrap_or_default();
        for file in drivers(&String::from_utf8_lossy(&maps)) {
            // SAFETY: the library is loaded already, so no code of it runs.
            match unsafe { Library::new(file) } {
                Ok(library) => std::mem::forget(library),
                Err(error) => tracing::debug!("{file} can't be kept: {error}"),
            }
        }
    });
}

/// The drivers among the files that are mapped. What they are linked with stays with them.
fn drivers(maps: &str) -> BTreeSet<&str> {
    let files = maps.lines().filter_map(|line| Some(&line[line.find('/')?..]));
    let is_driver = |file: &&str| {
        let name = file.rsplit('/').next().unwrap_or_default();
        name.contains(".so") && (name.starts_with("libEGL") || name.starts_with("libGL") || name.ends_with("_dri.so"))
    };
    files.filter(is_driver).collect()
}

#[cfg(test)]
mod test;
