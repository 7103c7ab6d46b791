//! Secret files: mode 0600, whole or not at all.
//!
//! A file is written under a temporary name in its own directory, synced, renamed, and the directory synced. It is
//! read only while nobody but its owner has a right on it.

use super::KeyError;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    move |source| KeyError::File { verb, path: path.to_owned(), source }
}

/// The path with something put behind its file name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    // A trailing slash must not make the suffix a name of its own.
    let mut name: OsString = path.components().collect::<PathBuf>().into();
    name.push(suffix);
    name.into()
}

/// Replaces a file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let temporary = beside(path, ".new");
    match fs::remove_file(&temporary) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed("replace", &temporary)(e)),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&temporary)
        .map_err(failed("create", &temporary))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed("write", &temporary))?;
    fs::rename(&temporary, path).map_err(failed("replace", path))?;
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory).and_then(|d| d.sync_all()).map_err(failed("sync", directory))
}

/// Reads a file of at most `most` bytes; `None` when there is none.
pub(crate) fn read(path: &Path, most: u64) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    let file = match File::open(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(failed("read", path))?,
    };
    let metadata = file.metadata().map_err(failed("read", path))?;
    let mode = metadata.mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyError::TooWide { path: path.to_owned(), mode });
    }
    let damaged = || KeyError::Damaged { path: path.to_owned() };
    if !metadata.is_file() || metadata.len() > most {
        return Err(damaged());
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(metadata.len()).map_err(|_| damaged())? + 1));
    file.take(most + 1).read_to_end(&mut bytes).map_err(failed("read", path))?;
    if bytes.len() as u64 > most { Err(damaged()) } else { Ok(Some(bytes)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_written_file_is_its_owners_alone_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        fs::write(dir.path().join("secret.new"), "left by a crash").unwrap();
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(read(&path, 3).unwrap().unwrap().as_slice(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_with_its_mode() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        write(&path, b"x").unwrap();
        for mode in [0o640, 0o604, 0o620, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(read(&path, 9), Err(KeyError::TooWide { mode: found, .. }) if found == mode));
        }
    }

    #[test]
    fn a_file_too_long_and_a_directory_are_no_secret() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        write(&path, b"four").unwrap();
        assert!(matches!(read(&path, 3), Err(KeyError::Damaged { .. })));
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(matches!(read(dir.path(), 1 << 20), Err(KeyError::Damaged { .. })));
        assert!(read(&dir.path().join("nothing"), 3).unwrap().is_none());
    }

    #[test]
    fn a_suffix_belongs_to_the_name() {
        assert_eq!(beside(Path::new("data/D/"), ".secret"), Path::new("data/D.secret"));
    }
}
