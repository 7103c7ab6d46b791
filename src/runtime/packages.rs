//! Packages on the disk (sealing.md §6, order of the seal).
//!
//! ```text
//! out/NAME.ekseal.part   written, synced with its directory, read back and verified; no seal yet
//!     the ledger's transaction with SessionSealed: this commit is the seal
//! out/NAME.ekseal        renamed, the directory synced
//! ```
//!
//! Whatever dies on the way: at the next start a part whose hash the ledger names is renamed, any other is deleted.
//! Knows nothing of what a package holds.

use crate::domain::ids::Digest;
use crate::proof::sha256;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// What a package is called before it is sealed.
const PART: &str = "part";

/// A package written under its temporary name. While this lives nobody else's seal replaces it.
#[derive(Debug)]
pub struct Part {
    temporary: PathBuf,
    last: PathBuf,
    /// Holds the lock.
    _file: File,
}

impl Part {
    /// Writes a package durably under its temporary name; a part left by an earlier try is replaced.
    ///
    /// # Errors
    /// Whatever the disk says, [`io::ErrorKind::WouldBlock`] while another seal holds its own part there; nothing of
    /// this one is left then.
    pub fn write(out: &Path, name: &str, bytes: &[u8]) -> io::Result<Self> {
        let last = out.join(name);
        let temporary = last.with_added_extension(PART);
        clear(&temporary)?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.try_lock()?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync_dir(out));
        let part = Self { temporary, last, _file: file };
        written.inspect_err(|_| part.discard())?;
        Ok(part)
    }

    /// Reads back what the disk holds.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        fs::read(&self.temporary)
    }

    /// Where the package will lie.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.last
    }

    /// Gives the package its name; durable when it returns.
    ///
    /// # Errors
    /// Whatever the disk says. The seal stands all the same: the next start tries again.
    pub fn publish(&self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.last)?;
        sync_dir(self.last.parent().unwrap_or(Path::new(".")))
    }

    /// Removes a part that will not be sealed. What stays is removed at the next start.
    pub fn discard(&self) {
        if let Err(error) = fs::remove_file(&self.temporary)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a package that was not sealed could not be removed");
        }
    }
}

/// Removes a part that an earlier try left, unless that try still goes on.
fn clear(temporary: &Path) -> io::Result<()> {
    match File::open(temporary) {
        Ok(earlier) => {
            earlier.try_lock()?;
            fs::remove_file(temporary)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether anything lies there that a crash may have left. A directory that does not read is for [`settle`] to tell.
#[must_use]
pub fn unsettled(out: &Path) -> bool {
    let is_part = |entry: fs::DirEntry| entry.path().extension().is_some_and(|extension| extension == PART);
    match fs::read_dir(out) {
        Err(error) => error.kind() != io::ErrorKind::NotFound,
        Ok(mut entries) => entries.any(|entry| entry.map_or(true, is_part)),
    }
}

/// Settles what a crash left: parts that were sealed get their name, the others go. Returns how many got their name.
///
/// # Errors
/// Whatever the disk says.
pub fn settle(out: &Path, is_sealed: impl Fn(&Digest) -> bool) -> io::Result<usize> {
    let entries = match fs::read_dir(out) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let (mut named, mut touched) = (0, false);
    for entry in entries {
        let entry = entry?;
        let temporary = entry.path();
        // Only files are ours: anything else of that name must not keep the site from starting.
        if temporary.extension().is_none_or(|extension| extension != PART) || !entry.file_type()?.is_file() {
            continue;
        }
        touched = true;
        if is_sealed(&sha256(&[&fs::read(&temporary)?])) {
            fs::rename(&temporary, temporary.with_extension(""))?;
            named += 1;
        } else {
            fs::remove_file(&temporary)?;
        }
    }
    if touched {
        sync_dir(out)?;
    }
    Ok(named)
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_part_gets_its_name_and_nothing_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("EK-1.ekseal.part"), "an earlier try, and longer than this one").unwrap();
        let part = Part::write(dir.path(), "EK-1.ekseal", b"package").unwrap();
        assert_eq!(
            (part.read().unwrap().as_slice(), names(dir.path())),
            (&b"package"[..], vec!["EK-1.ekseal.part".into()])
        );
        part.publish().unwrap();
        assert_eq!(
            (fs::read(part.path()).unwrap().as_slice(), names(dir.path())),
            (&b"package"[..], vec!["EK-1.ekseal".into()])
        );
        part.discard();
        assert_eq!(names(dir.path()), ["EK-1.ekseal"]);
    }

    /// Two seals that finish at once after a fault and a second try: the first one's part stays its own.
    #[test]
    fn a_part_that_is_still_held_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let first = Part::write(dir.path(), "EK-1.ekseal", b"first").unwrap();
        let refused = Part::write(dir.path(), "EK-1.ekseal", b"second").unwrap_err();
        assert_eq!((refused.kind(), first.read().unwrap().as_slice()), (io::ErrorKind::WouldBlock, &b"first"[..]));
        drop(first);
        assert_eq!(Part::write(dir.path(), "EK-1.ekseal", b"third").unwrap().read().unwrap(), b"third");
    }

    #[test]
    fn after_a_crash_what_was_sealed_is_named_and_the_rest_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["EK-1.ekseal", "EK-2.ekseal", "EK-3.ekseal"] {
            Part::write(dir.path(), name, name.as_bytes()).unwrap();
        }
        fs::write(dir.path().join("EK-0.ekseal"), "sealed long ago").unwrap();
        fs::create_dir(dir.path().join("EK-4.ekseal.part")).unwrap();
        let sealed = sha256(&[b"EK-2.ekseal"]);
        assert_eq!(settle(dir.path(), |hash| *hash == sealed).unwrap(), 1);
        assert_eq!(names(dir.path()), ["EK-0.ekseal", "EK-2.ekseal", "EK-4.ekseal.part"]);
        assert_eq!(settle(dir.path(), |_| true).unwrap(), 0);
        assert_eq!(settle(&dir.path().join("none"), |_| true).unwrap(), 0);
    }

    #[test]
    fn a_disk_that_refuses_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("EK-1.ekseal.part")).unwrap();
        assert!(Part::write(dir.path(), "EK-1.ekseal", b"package").is_err());
        assert!(Part::write(&dir.path().join("none"), "EK-1.ekseal", b"package").is_err());
    }
}
