//! Whole files or none.

use crate::said;
use anyhow::Context as _;
use inlay_audio::file::save_bytes;
use std::path::Path;

/// Writes `bytes` beside `path` and then puts them in its place, so that nobody ever sees half a file.
///
/// # Errors
/// A sentence; what had been written is gone again.
pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    save_bytes(path, bytes)
        .with_context(|| format!("{} can't be written: look at the room on its disk and at who may write there", said::path(path)))
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        write(&file, b"one").unwrap();
        write(&file, b"two").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_write_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("taken");
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("inside"), "").unwrap();
        assert!(write(&place, b"one").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
