//! The log: what the program noticed, in `D/log/kaodian.log`, never on the terminal.
//!
//! Lines carry codes, counts and paths, no personal data: whatever could hold any has a `Debug` that hides it and no
//! `Display`. A log that cannot be written stops nothing; the journal is the record.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};

/// Its name in the log folder.
const NAME: &str = "kaodian.log";

/// Keeps the log's thread; what was noticed is written when this is dropped.
#[derive(Debug)]
#[must_use = "the log ends with it"]
pub struct Log {
    _worker: WorkerGuard,
}

/// Sends what this process notices to a file in `folder`, which may be made later: the file is opened at the first line.
/// The first call of a process counts.
pub fn install(folder: &Path) -> Log {
    let (writer, worker) = NonBlocking::new(Lazy { path: folder.join(NAME), file: None });
    let lines = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(writer)
        // The terminal belongs to the screen, also when the disk is full.
        .log_internal_errors(false)
        .finish();
    // A second installation keeps the first one's file: one process serves one data directory.
    let _ = tracing::subscriber::set_global_default(lines);
    Log { _worker: worker }
}

struct Lazy {
    path: PathBuf,
    file: Option<File>,
}

impl Write for Lazy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => OpenOptions::new().append(true).create(true).mode(0o600).open(&self.path)?,
        };
        let written = file.write(bytes);
        self.file = Some(file);
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_file_appears_with_the_first_line_once_its_folder_is_there() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("log");
        let mut lazy = Lazy { path: folder.join(NAME), file: None };
        assert!(lazy.write(b"too early\n").is_err());
        std::fs::create_dir(&folder).unwrap();
        lazy.write_all(b"one\n").and_then(|()| lazy.write_all(b"two\n")).unwrap();
        assert_eq!(std::fs::read_to_string(folder.join(NAME)).unwrap(), "one\ntwo\n");
        assert_eq!(std::fs::metadata(folder.join(NAME)).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
