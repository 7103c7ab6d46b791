//! The data directory: its paths, its permissions and its lock.
//!
//! ```text
//! D/kaodian.db   journal, plan, sealed persons, read tables      D/keys/   encrypted private keys (with site keys)
//! D/wraps        session data keys, encrypted to the crew        D/trust/  what each organisation enrolled
//! D/lock         held by the one process that writes             D/out/    packages
//! D/log/         what the program noticed, no personal data
//! D.secret       the machine secret, beside the directory unless the configuration names another file
//! ```

use rustix::fs::{FlockOperation, flock};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirError {
    /// It is not there.
    #[error("expected a data directory, found nothing at {0}")]
    Missing(PathBuf),
    /// Something is there already.
    #[error("expected nothing or an empty directory at {0}, found something in it")]
    Exists(PathBuf),
    /// Others could read it.
    #[error("expected {path} to be readable by its owner alone, found mode {mode:04o}")]
    TooWide {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another process holds it.
    #[error("the data directory is held by {0}")]
    Held(String),
    /// The disk refuses.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What it answered.
        source: io::Error,
    },
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> DirError {
    let path = path.to_owned();
    move |source| DirError::Io { path, source }
}

/// A data directory that exists and nobody else can read.
#[derive(Debug, Clone)]
pub struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// The directory of a database that is open.
    pub(super) fn of(database: &Path) -> Self {
        Self { root: database.parent().unwrap_or(Path::new(".")).to_owned() }
    }

    /// Makes it with its folders, mode 0700.
    ///
    /// # Errors
    /// [`DirError::Exists`] when it is there and not empty; whatever the disk says.
    pub fn create(root: &Path) -> Result<Self, DirError> {
        if fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(DirError::Exists(root.to_owned()));
        }
        let mut builder = DirBuilder::new();
        builder.mode(0o700).recursive(true);
        for dir in [root.to_owned(), root.join("keys"), root.join("trust"), root.join("log"), root.join("out")] {
            builder.create(&dir).map_err(io_at(&dir))?;
        }
        // `recursive` keeps the mode of a directory that was there and empty.
        fs::set_permissions(root, std::os::unix::fs::PermissionsExt::from_mode(0o700)).map_err(io_at(root))?;
        Self::open(root)
    }

    /// Checks that it is there and closed to others.
    ///
    /// # Errors
    /// [`DirError::Missing`], [`DirError::TooWide`]; whatever the disk says.
    pub fn open(root: &Path) -> Result<Self, DirError> {
        if !root.is_dir() {
            return Err(DirError::Missing(root.to_owned()));
        }
        let dir = Self { root: root.to_owned() };
        for path in [dir.root.clone(), dir.database(), dir.wraps()] {
            closed_to_others(&path)?;
        }
        for name in ["keys", "trust", "log", "out", "lock"] {
            closed_to_others(&dir.root.join(name))?;
        }
        Ok(dir)
    }

    /// The directory itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The SQLite file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.root.join("kaodian.db")
    }

    /// The age file of session data keys.
    #[must_use]
    pub fn wraps(&self) -> PathBuf {
        self.root.join("wraps")
    }

    /// The log folder.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The folder of encrypted private keys.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// The folder of enrolled credentials, one for each organisation.
    #[must_use]
    pub fn trust(&self) -> PathBuf {
        self.root.join("trust")
    }

    /// The folder of packages.
    #[must_use]
    pub fn out(&self) -> PathBuf {
        self.root.join("out")
    }

    /// Where the machine secret lies unless the configuration names another file.
    #[must_use]
    pub fn default_secret(&self) -> PathBuf {
        let mut name = self.root.file_name().unwrap_or_default().to_owned();
        name.push(".secret");
        self.root.with_file_name(name)
    }

    /// Takes the lock of the one process that writes; it is released when the value is dropped or the process dies.
    ///
    /// # Errors
    /// [`DirError::Held`] with what the holder wrote about itself.
    pub fn lock(&self, purpose: &str) -> Result<Lock, DirError> {
        let path = self.root.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(io_at(&path))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let mut holder = String::new();
            let read = file.read_to_string(&mut holder);
            let known = read.is_ok() && !holder.trim().is_empty();
            return Err(DirError::Held(if known { holder.trim().to_owned() } else { "another process".to_owned() }));
        }
        let told = file
            .set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| writeln!(file, "kaodian {purpose}, process {}", std::process::id()));
        told.map_err(io_at(&path))?;
        Ok(Lock { _file: file })
    }
}

/// The held lock.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Refuses what others could read; what is not there is no danger.
fn closed_to_others(path: &Path) -> Result<(), DirError> {
    let Ok(meta) = fs::metadata(path) else { return Ok(()) };
    let mode = meta.mode() & 0o7777;
    let others = mode & 0o077;
    if others == 0 { Ok(()) } else { Err(DirError::TooWide { path: path.to_owned(), mode }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_second_holder_is_told_who_the_first_is() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::create(&temp.path().join("d")).unwrap();
        let held = dir.lock("desk 1").unwrap();
        let refused = dir.lock("import").unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("the data directory is held by kaodian desk 1, process {}", std::process::id())
        );
        drop(held);
        assert!(dir.lock("import").is_ok());
    }

    #[test]
    fn a_directory_that_others_can_read_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("d");
        DataDir::create(&root).unwrap();
        fs::set_permissions(&root, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(matches!(DataDir::open(&root), Err(DirError::TooWide { mode: 0o750, .. })));
    }

    #[test]
    fn nothing_is_made_over_something() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("a"), "b").unwrap();
        assert!(matches!(DataDir::create(temp.path()), Err(DirError::Exists(_))));
        assert!(matches!(DataDir::open(&temp.path().join("none")), Err(DirError::Missing(_))));
    }

    #[test]
    fn the_machine_secret_lies_beside_the_directory() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::create(&temp.path().join("data")).unwrap();
        assert_eq!(dir.default_secret(), temp.path().join("data.secret"));
    }
}
