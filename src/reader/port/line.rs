//! The seam between protocol and wire: a serial port, or a simulator in memory with a clock of its own (in tests).

use super::PortFault;
use serialport::{ErrorKind, SerialPort, TTYPort};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
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

/// How long a read may keep a stopped thread.
const SLICE: Duration = Duration::from_millis(50);

/// How long sending one command may take.
const SENDING: Duration = Duration::from_secs(1);

/// A port opened by path, for exclusive use.
pub(in crate::reader) struct SerialLine<'a> {
    port: TTYPort,
    stopped: &'a Receiver<()>,
    opened: Instant,
}

impl<'a> SerialLine<'a> {
    /// Opens the port.
    pub(super) fn open(path: &Path, baud: u32, stopped: &'a Receiver<()>) -> Result<Self, PortFault> {
        let name = path.to_string_lossy();
        // Eight data bits, no parity, one stop bit, no flow control, exclusive: serialport's defaults are the protocol's.
        let port = TTYPort::open(&serialport::new(name, baud).timeout(SLICE));
        let port = port.map_err(|e| opening_fault(path, &e))?;
        Ok(Self { port, stopped, opened: Instant::now() })
    }

    fn check(&self) -> Result<(), Broken> {
        if is_stopped_within(self.stopped, Duration::ZERO) { Err(Broken::Stopped) } else { Ok(()) }
    }
}

impl Line for SerialLine<'_> {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.port.set_timeout(SENDING).map_err(|_| Broken::Gone)?;
        self.port.write_all(bytes).map_err(|_| Broken::Gone)
    }

    fn receive(&mut self, buffer: &mut [u8], patience: Duration) -> Result<usize, Broken> {
        self.check()?;
        self.port.set_timeout(patience.min(SLICE)).map_err(|_| Broken::Gone)?;
        match self.port.read(buffer) {
            // A port that reads nothing without having waited has nobody behind it.
            Ok(0) => Err(Broken::Gone),
            Ok(count) => Ok(count),
            Err(e) if matches!(e.kind(), io::ErrorKind::TimedOut | io::ErrorKind::Interrupted) => Ok(0),
            Err(_) => Err(Broken::Gone),
        }
    }

    fn set_speed(&mut self, baud: u32) -> Result<(), Broken> {
        self.port.set_baud_rate(baud).map_err(|_| Broken::Gone)
    }

    fn pause(&mut self, time: Duration) -> Result<(), Broken> {
        if is_stopped_within(self.stopped, time) { Err(Broken::Stopped) } else { Ok(()) }
    }

    fn now(&self) -> Duration {
        self.opened.elapsed()
    }
}

/// Waits for the stop; the handle stops a port by dropping its end.
pub(super) fn is_stopped_within(stopped: &Receiver<()>, time: Duration) -> bool {
    !matches!(stopped.recv_timeout(time), Err(RecvTimeoutError::Timeout))
}

/// Tells the ways apart in which a port does not open.
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
    }
}
