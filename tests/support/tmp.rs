//! Temporary directories that go away with their test, also when it fails.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A directory of mode 0700 under the system's temporary directory.
pub struct Tmp(tempfile::TempDir);

impl Tmp {
    /// Makes an empty directory.
    pub fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("kaodian-").tempdir().expect("a temporary directory");
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).expect("mode 0700");
        Self(dir)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A path inside; nothing is made.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file of mode 0600, as secrets must be, and returns its path.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        std::fs::write(&path, bytes).expect("a file in a temporary directory");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode 0600");
        path
    }
}
