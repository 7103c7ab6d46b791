//! The seam between protocol and wire: a serial port, or a simulator in memory with a clock of its own (in tests).
//!
//! A vanished USB adapter shows itself as a read of 0, a hang-up or an error, never as silence; a blocking read might not
//! return at all (id-card-reader.md §11). So the port is polled and read without blocking, on a descriptor of its own:
//! the one that `serialport` opens for exclusive use and sets up blocks.

use super::PortFault;
use crate::reader::stop::{Stop, poll_for};
use rustix::event::{PollFd, PollFlags};
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use serialport::{ErrorKind, SerialPort, TTYPort};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Why a line is of no more use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reader) enum Broken {
    /// The handle was stopped.
    Stopped,
    /// The device is gone.
    Gone,
}

/// Bytes both ways, and time. A wait of any kind ends at once when the line is stopped.
pub(in crate::reader) trait Line {
    /// Sends all bytes.
    fn send(&mut self, bytes: &[u8]) -> Result<(), Broken>;

    /// Takes what has arrived; 0 when nothing does within `patience`, or a little earlier.
    fn receive(&mut self, buffer: &mut [u8], patience: Duration) -> Result<usize, Broken>;

    /// Changes the speed of the host's side.
    fn set_speed(&mut self, baud: u32) -> Result<(), Broken>;

    /// Does nothing for this long.
    fn pause(&mut self, time: Duration) -> Result<(), Broken>;

    /// Time since an arbitrary start.
    fn now(&self) -> Duration;
}

/// How long a port may take no more bytes while a command is sent.
const SENDING: Duration = Duration::from_secs(1);

/// A port opened by path, for exclusive use.
pub(in crate::reader) struct SerialLine<'a> {
    wire: OwnedFd,
    port: TTYPort,
    stop: &'a Stop,
    opened: Instant,
}

impl<'a> SerialLine<'a> {
    /// Opens the port.
    pub(super) fn open(path: &Path, baud: u32, stop: &'a Stop) -> Result<Self, PortFault> {
        // First: once the port is exclusive it opens no more.
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let wire = rustix::fs::open(path, flags, Mode::empty()).map_err(|e| refused(path, e))?;
        // Eight data bits, no parity, one stop bit, no flow control, raw, exclusive: serialport's defaults are the protocol's.
        let port = TTYPort::open(&serialport::new(path.to_string_lossy(), baud));
        let port = port.map_err(|e| opening_fault(path, &e))?;
        Ok(Self { wire, port, stop, opened: Instant::now() })
    }

    /// Waits for the line or the stop; says what the line is ready for.
    fn wait(&self, flag: PollFlags, patience: Duration) -> Result<PollFlags, Broken> {
        let mut both = [PollFd::new(&self.wire, flag), PollFd::new(self.stop, PollFlags::IN)];
        poll_for(&mut both, Some(patience)).map_err(|_| Broken::Gone)?;
        let [wire, stop] = both.map(|fd| fd.revents());
        if stop.is_empty() { Ok(wire) } else { Err(Broken::Stopped) }
    }
}

impl Line for SerialLine<'_> {
    fn send(&mut self, mut bytes: &[u8]) -> Result<(), Broken> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.wire, bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) if self.wait(PollFlags::OUT, SENDING)?.contains(PollFlags::OUT) => {}
                Err(_) => return Err(Broken::Gone),
            }
        }
        Ok(())
    }

    fn receive(&mut self, buffer: &mut [u8], patience: Duration) -> Result<usize, Broken> {
        let ready = self.wait(PollFlags::IN, patience)?;
        if ready.is_empty() {
            return Ok(0);
        }
        match rustix::io::read(&self.wire, buffer) {
            Ok(count) if count > 0 => Ok(count),
            Err(Errno::AGAIN | Errno::INTR) if ready == PollFlags::IN => Ok(0),
            // Readable with nothing to read, hung up, or EIO, ENODEV, ENXIO: there is nobody behind it.
            Ok(_) | Err(_) => Err(Broken::Gone),
        }
    }

    fn set_speed(&mut self, baud: u32) -> Result<(), Broken> {
        self.port.set_baud_rate(baud).map_err(|_| Broken::Gone)
    }

    fn pause(&mut self, time: Duration) -> Result<(), Broken> {
        if self.stop.within(time) { Err(Broken::Stopped) } else { Ok(()) }
    }

    fn now(&self) -> Duration {
        self.opened.elapsed()
    }
}

/// The first opening already tells most of the ways apart in which a port does not open.
fn refused(path: &Path, error: Errno) -> PortFault {
    let path = path.to_owned();
    match error {
        // A node whose device has gone opens no more.
        Errno::NOENT | Errno::NOTDIR | Errno::NODEV | Errno::NXIO => PortFault::NoSuchPort { path },
        Errno::ACCESS | Errno::PERM => PortFault::NoPermission { path },
        Errno::BUSY => PortFault::Busy { path },
        other => PortFault::Unusable { path, reason: io::Error::from(other).to_string() },
    }
}

/// Tells apart why a port that opens cannot be had or set up.
fn opening_fault(path: &Path, error: &serialport::Error) -> PortFault {
    let path = path.to_owned();
    match error.kind() {
        ErrorKind::Io(io::ErrorKind::NotFound) => PortFault::NoSuchPort { path },
        ErrorKind::Io(io::ErrorKind::PermissionDenied) => PortFault::NoPermission { path },
        // serialport says so for EBUSY and for a lock that somebody else holds.
        ErrorKind::NoDevice => PortFault::Busy { path },
        _ if !path.exists() => PortFault::NoSuchPort { path },
        _ => PortFault::Unusable { path, reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serialport::Error;

    #[test]
    fn each_way_of_not_opening_is_its_own_fault() {
        let here = Path::new("/dev/null");
        let code = |path: &Path, kind: ErrorKind| opening_fault(path, &Error::new(kind, "told")).code();
        assert_eq!(code(here, ErrorKind::Io(io::ErrorKind::NotFound)), "KD-3101");
        assert_eq!(code(Path::new("/nowhere/at/all"), ErrorKind::Unknown), "KD-3101");
        assert_eq!(code(here, ErrorKind::Io(io::ErrorKind::PermissionDenied)), "KD-3103");
        assert_eq!(code(here, ErrorKind::NoDevice), "KD-3104");
        assert_eq!(code(here, ErrorKind::Unknown), "KD-3108");
        for (error, expected) in [
            (Errno::NOENT, "KD-3101"),
            (Errno::NODEV, "KD-3101"),
            (Errno::NXIO, "KD-3101"),
            (Errno::ACCESS, "KD-3103"),
            (Errno::BUSY, "KD-3104"),
            (Errno::IO, "KD-3108"),
        ] {
            assert_eq!(refused(here, error).code(), expected, "{error}");
        }
    }
}
