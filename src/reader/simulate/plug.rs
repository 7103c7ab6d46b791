//! The device's end of a pseudo-terminal, and the link by which a host finds the other end.

use rustix::fd::OwnedFd;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// A terminal that is open until it is pulled.
#[derive(Debug)]
pub(super) struct Plug {
    master: Option<OwnedFd>,
    path: PathBuf,
    link: Option<PathBuf>,
}

impl Plug {
    /// Opens a terminal, found by `link` as well.
    pub(super) fn open(link: Option<&Path>) -> io::Result<Self> {
        let (master, path) = open_terminal()?;
        if let Some(link) = link {
            make_link(&path, link)?;
        }
        Ok(Self { master: Some(master), path, link: link.map(Path::to_owned) })
    }

    /// The device's end. Reads and writes do not block.
    pub(super) fn master(&self) -> io::Result<&OwnedFd> {
        self.master.as_ref().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// The host's end.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Closes the terminal; its link vanishes with it.
    pub(super) fn pull(&mut self) {
        // The link first: once the terminal is closed its number may become somebody else's.
        if let Some(link) = self.link.take()
            && std::fs::read_link(&link).is_ok_and(|target| target == self.path)
        {
            // A link that somebody else removed meanwhile is gone as well.
            let _ = std::fs::remove_file(link);
        }
        self.master = None;
    }
}

impl Drop for Plug {
    fn drop(&mut self) {
        self.pull();
    }
}

/// Opens a pseudo-terminal in raw mode: without it the line would echo and translate.
fn open_terminal() -> io::Result<(OwnedFd, PathBuf)> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let mut attributes = tcgetattr(&master)?;
    attributes.make_raw();
    tcsetattr(&master, OptionalActions::Now, &attributes)?;
    rustix::io::ioctl_fionbio(&master, true)?;
    let name = ptsname(&master, Vec::new())?;
    Ok((master, std::ffi::OsString::from_vec(name.into_bytes()).into()))
}

fn make_link(target: &Path, link: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(link) {
        Ok(there) if there.is_symlink() => std::fs::remove_file(link)?,
        Ok(_) => {
            let place = link.display();
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("expected a link or nothing at {place}")));
        }
        Err(_) => {}
    }
    std::os::unix::fs::symlink(target, link)
}
