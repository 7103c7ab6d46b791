//! The machine secret: 32 random bytes that lie elsewhere than the data, so that a copied data directory and a guessed
//! PIN open nothing (sealing.md §5).
//!
//! ```text
//! file   exactly 32 bytes, mode 0600 or 0400; <data dir>.secret unless the configuration names another
//! ```

use super::{KeyError, aead, file};
use ring::rand::SecureRandom;
use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The secret of one installation.
pub struct MachineSecret(Zeroizing<[u8; 32]>);

impl MachineSecret {
    /// Its place beside a data directory, which a configuration may replace.
    #[must_use]
    pub fn beside(data_dir: &Path) -> PathBuf {
        let whole = std::path::absolute(data_dir);
        file::beside(whole.as_deref().unwrap_or(data_dir), ".secret")
    }

    /// Draws a secret and writes it durably.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when there is a file already: replacing it would lock everybody out.
    pub fn create(path: &Path, rng: &dyn SecureRandom) -> Result<Self, KeyError> {
        if path.symlink_metadata().is_ok() {
            return Err(KeyError::Exists { path: path.to_owned() });
        }
        let secret = Zeroizing::new(aead::draw(rng)?);
        file::write(path, secret.as_slice())?;
        Ok(Self(secret))
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`KeyError`] when it is missing, may be read by others, or has another length.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let bytes = file::read(path, 32)?.ok_or_else(|| KeyError::NoMachineSecret { path: path.to_owned() })?;
        let secret = bytes.as_slice().try_into().map_err(|_| KeyError::Damaged { path: path.to_owned() })?;
        Ok(Self(Zeroizing::new(secret)))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for MachineSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MachineSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;

    #[test]
    fn a_secret_is_made_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = MachineSecret::beside(&dir.path().join("D/"));
        assert_eq!(path, dir.path().join("D.secret"));
        assert!(matches!(MachineSecret::read(&path), Err(KeyError::NoMachineSecret { path: p }) if p == path));
        let made = MachineSecret::create(&path, &SystemRandom::new()).unwrap();
        assert_ne!(made.bytes(), &[0; 32]);
        assert_eq!(MachineSecret::read(&path).unwrap().bytes(), made.bytes());
        assert!(matches!(MachineSecret::create(&path, &SystemRandom::new()), Err(KeyError::Exists { .. })));
        assert_eq!(format!("{made:?}"), "MachineSecret(..)");
    }

    #[test]
    fn a_secret_of_another_length_is_damaged() {
        let dir = tempfile::tempdir().unwrap();
        for length in [0, 31, 33] {
            let path = dir.path().join(length.to_string());
            file::write(&path, &vec![1; length]).unwrap();
            assert!(matches!(MachineSecret::read(&path), Err(KeyError::Damaged { .. })), "{length}");
        }
    }

    #[test]
    fn the_directory_that_is_named_by_a_dot_has_its_secret_beside_it_too() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(MachineSecret::beside(Path::new(".")).parent(), here.parent());
    }
}
