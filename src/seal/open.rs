//! Writing the inner files of a package that verified: into an empty or a new directory, and nowhere else.
//!
//! ```text
//! DIR/   mode 0700 when made here
//!   attendance.jsonl incidents.jsonl journal.jsonl ledger.jsonl mimetype policy.toml results.jsonl seal.jws.json
//!        mode 0600, each written under a temporary name, synced and renamed
//! ```
//!
//! Names are those of [`super::layout`], never the archive's. A refused package leaves nothing, not even the directory.

use super::layout::{INNER_TYPE, MIMETYPE, SEAL};
use super::verify::{Opened, Report, Request, examine};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The package was refused; the report says why.
    #[error("expected a package that verifies, found {} against it", .0.reasons.len())]
    Refused(Box<Report>),
    /// The directory holds something.
    #[error("expected {} to be empty or not to exist, found something in it", .0.display())]
    NotEmpty(PathBuf),
    /// The operating system refused.
    #[error("cannot {verb} {}: {source}", path.display())]
    Io {
        /// What was tried.
        verb: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
}

fn failed(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    move |source| OpenError::Io { verb, path: path.to_owned(), source }
}

/// Verifies a package and writes what is inside. The request must hold an identity.
///
/// # Errors
/// [`OpenError`]; whatever was written before a failure is removed again.
pub fn open(bytes: &[u8], request: &Request<'_>, dir: &Path) -> Result<Report, OpenError> {
    let (report, opened) = examine(bytes, request);
    let Some(opened) = opened else { return Err(OpenError::Refused(Box::new(report))) };
    let made = prepare(dir)?;
    let mut written = Vec::new();
    let result = write_all(dir, &opened, &mut written);
    if result.is_err() {
        written.iter().for_each(|path| drop(fs::remove_file(path)));
        if made {
            let _ = fs::remove_dir(dir);
        }
    }
    result.map(|()| report)
}

/// Makes the directory, or finds it empty. True when it was made.
fn prepare(dir: &Path) -> Result<bool, OpenError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            let mut entries = fs::read_dir(dir).map_err(failed("read", dir))?;
            if entries.next().is_some() { Err(OpenError::NotEmpty(dir.to_owned())) } else { Ok(false) }
        }
        Err(e) => Err(failed("make", dir)(e)),
    }
}

fn write_all(dir: &Path, opened: &Opened, written: &mut Vec<PathBuf>) -> Result<(), OpenError> {
    let files = opened.files.iter().map(|(file, bytes)| (file.name(), bytes.as_slice()));
    for (name, bytes) in files.chain([(MIMETYPE, INNER_TYPE), (SEAL, &opened.seal)]) {
        let (path, temporary) = (dir.join(name), dir.join(format!("{name}.part")));
        written.extend([path.clone(), temporary.clone()]);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)
            .map_err(failed("create", &temporary))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed("write", &temporary))?;
        fs::rename(&temporary, &path).map_err(failed("name", &path))?;
    }
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed("sync", dir))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::layout::INNER;
    use crate::seal::samples::{Day, Ground};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    }

    #[test]
    fn a_good_package_is_written_whole_and_for_its_owner_alone() {
        let (ground, home) = (Ground::new(), tempfile::tempdir().unwrap());
        let frozen = Day::prepared().freeze(&ground);
        let (package, anchors) = (ground.seal(&frozen), ground.anchors());
        let empty = home.path().join("empty");
        fs::create_dir(&empty).unwrap();
        for dir in [home.path().join("new"), empty] {
            let report = open(&package.bytes, &ground.request(&anchors), &dir).unwrap();
            assert!(report.ok() && report.content_checked);
            assert_eq!(names(&dir), INNER);
            for name in INNER {
                assert_eq!(fs::metadata(dir.join(name)).unwrap().permissions().mode() & 0o7777, 0o600);
            }
            for (file, packed) in frozen.files() {
                assert_eq!(fs::read(dir.join(file.name())).unwrap(), packed.bytes());
            }
            assert_eq!(fs::read(dir.join(MIMETYPE)).unwrap(), INNER_TYPE);
        }
        assert_eq!(names(home.path()), ["empty", "new"]);
    }

    #[test]
    fn a_refused_package_leaves_nothing() {
        let (ground, home) = (Ground::new(), tempfile::tempdir().unwrap());
        let (package, anchors) = (ground.seal(&Day::prepared().freeze(&ground)), ground.anchors());
        let dir = home.path().join("out");
        let mut flipped = package.bytes.clone();
        *flipped.last_mut().unwrap() ^= 1;
        let refused = open(&flipped, &ground.request(&anchors), &dir);
        assert!(matches!(refused, Err(OpenError::Refused(report)) if !report.ok()));
        let sealed = Request { identity: None, ..ground.request(&anchors) };
        assert!(matches!(open(&package.bytes, &sealed, &dir), Err(OpenError::Refused(_))), "nothing was opened");
        assert_eq!(names(home.path()), Vec::<String>::new());
    }

    #[test]
    fn a_directory_with_something_in_it_is_left_alone() {
        let (ground, home) = (Ground::new(), tempfile::tempdir().unwrap());
        let (package, anchors) = (ground.seal(&Day::prepared().freeze(&ground)), ground.anchors());
        let (dir, file) = (home.path().join("out"), home.path().join("file"));
        fs::create_dir(&dir).unwrap();
        symlink("/nowhere", dir.join("policy.toml")).unwrap();
        fs::write(&file, "mine").unwrap();
        let at = |dir: &Path| open(&package.bytes, &ground.request(&anchors), dir);
        assert!(matches!(at(&dir), Err(OpenError::NotEmpty(_))));
        assert!(matches!(at(&file), Err(OpenError::Io { verb: "read", .. })));
        assert!(matches!(at(&home.path().join("no/such")), Err(OpenError::Io { verb: "make", .. })));
        assert_eq!((names(&dir), fs::read(&file).unwrap()), (vec!["policy.toml".to_owned()], b"mine".to_vec()));
    }
}
