//! A simulated line device on a real pseudo-terminal: it sends what it is told to send.
//!
//! No thread: a line device never listens. Unplugging closes the master, as for the simulated reader.

use super::plug::Plug;
use std::io;
use std::path::{Path, PathBuf};

/// A scanner or campus-card reader that a host can open by path. Dropping it unplugs it.
#[derive(Debug)]
pub struct SimulatedLine {
    link: Option<PathBuf>,
    plug: Option<Plug>,
}

impl SimulatedLine {
    /// Plugs a device in. With `link` its port is found by that name, as a udev rule would name it.
    ///
    /// # Errors
    /// When no pseudo-terminal can be opened, or something that is not a link stands in the place of `link`.
    pub fn start(link: Option<&Path>) -> io::Result<Self> {
        let mut device = Self { link: link.map(Path::to_owned), plug: None };
        device.plug_in()?;
        Ok(device)
    }

    /// The path to open: the link, or the terminal itself; empty while unplugged without a link.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match (&self.link, &self.plug) {
            (Some(link), _) => link.clone(),
            (None, Some(plug)) => plug.path().to_owned(),
            (None, None) => PathBuf::new(),
        }
    }

    /// Sends bytes, as for one code or card; while unplugged they are lost.
    ///
    /// # Errors
    /// When the terminal takes less than all of them: nobody has read for some 4 KiB.
    pub fn present(&self, bytes: &[u8]) -> io::Result<()> {
        let Some(plug) = &self.plug else { return Ok(()) };
        let master = plug.master()?;
        // Whatever the host has asked meanwhile is not for a device that talks unasked.
        let mut asked = [0; 512];
        while rustix::io::read(master, &mut asked).is_ok_and(|count| count > 0) {}
        let written = rustix::io::write(master, bytes)?;
        if written == bytes.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
    }

    /// Pulls the plug: the port and its link vanish.
    pub fn unplug(&mut self) {
        self.plug = None;
    }

    /// Plugs it in again: a new port, under the same link.
    ///
    /// # Errors
    /// As [`SimulatedLine::start`].
    pub fn plug_in(&mut self) -> io::Result<()> {
        if self.plug.is_none() {
            self.plug = Some(Plug::open(self.link.as_deref())?);
        }
        Ok(())
    }
}
