//! Putting a file in its place: whole or not at all.

use super::WriteError;
use std::io::{self, Write};
use std::path::Path;

/// Says early what would fail at the end anyway.
pub(super) fn check(path: &Path, replace: bool) -> Result<(), WriteError> {
    if path.file_name().is_none() || path.is_dir() {
        return Err(WriteError::Name);
    }
    if !folder(path).is_dir() {
        return Err(WriteError::Folder);
    }
    if !replace && path.symlink_metadata().is_ok() {
        return Err(WriteError::Exists);
    }
    Ok(())
}

/// Lets `fill` write a file that appears as `path` once it is whole and on the disk. Without `replace` the last step fails if
/// somebody else took the name meanwhile. The file is made beside its place, since only there a rename is one step.
pub(super) fn save(path: &Path, replace: bool, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), WriteError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".inlay-").suffix(".part");
    #[cfg(unix)]
    {
        // Temporary files are private by default; this one becomes a file like any other, less what the umask takes.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // Dropped on the way out of any failure, which removes it.
    let mut file = builder.tempfile_in(folder(path))?;
    fill(&mut file)?;
    file.as_file().sync_all()?;
    let placed = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    placed.map(drop).map_err(|failed| failed.error.into())
}

/// Writes any bytes as the file `path`, whole or not at all. Another file of that name is replaced.
///
/// # Errors
/// [`WriteError`] for the place or the disk; nothing of the file is left then.
pub fn save_bytes(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    check(path, true)?;
    save(path, true, |file| file.write_all(bytes))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod test {
    use super::*;
    use std::fs;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_full_disk_leaves_the_old_file_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("beat.wav");
        fs::write(&path, "old").unwrap();
        let result = save(&path, true, |file| {
            file.write_all(b"half of the new")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(matches!(result, Err(WriteError::Full)), "{result:?}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["beat.wav"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_systems_own_word_for_a_full_disk_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let result = save(&folder.path().join("beat.wav"), false, |_| fs::File::create("/dev/full")?.write_all(b"audio"));
        assert!(matches!(result, Err(WriteError::Full)), "{result:?}");
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_name_taken_while_writing_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("beat.wav");
        let result = save(&path, false, |file| {
            fs::write(&path, "somebody else's")?;
            file.write_all(b"ours")
        });
        assert!(matches!(result, Err(WriteError::Exists)), "{result:?}");
        assert_eq!(fs::read(&path).unwrap(), b"somebody else's");
        assert_eq!(names(folder.path()), ["beat.wav"]);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_may_be_read_by_others_like_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        save(&ours, false, |file| file.write_all(b"x")).unwrap();
        fs::write(&usual, "x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&usual));
    }
}
