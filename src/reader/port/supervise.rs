//! The thread that keeps a port open: opens it by name, lets it be served, and looks again after every fault.
//!
//! The same for the card reader and for line devices. A descriptor is closed before the next look, so that a device that
//! comes back gets its old name; one that comes back under another name is found by its USB ids. A fault is told when it
//! begins, not at every try. Every wait ends when the handle stops, and one for a port that is there and does not work also
//! when another device stands there, or this one was pulled and put back, or its permissions changed.

use super::PortFault;
use super::devices::{Devices, Sighting};
use super::line::SerialLine;
use super::talk::End;
use crate::reader::stop::Stop;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

/// What to open, and when to look again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reader) struct Opening {
    /// Best a name that survives unplugging.
    pub(in crate::reader) path: PathBuf,
    /// Where a port that is not there any more is looked for.
    pub(in crate::reader) devices: Devices,
    /// Speed in baud.
    pub(in crate::reader) baud: u32,
    /// Between two looks for a port that has vanished.
    pub(in crate::reader) seek: Duration,
    /// Before each further try of a port that is there and does not work; the last one repeats.
    pub(in crate::reader) backoff: [Duration; 4],
}

impl Opening {
    /// Opens the port that stands there now, and says what it is. Whatever is wrong is told of the path that was asked for.
    fn open<'a>(&self, place: &Path, stop: &'a Stop) -> Result<(SerialLine<'a>, Option<Sighting>), PortFault> {
        match SerialLine::open(place, self.baud, stop) {
            Ok(line) => Ok((line, self.devices.sight(place))),
            Err(_) if place != self.path => Err(PortFault::NoSuchPort { path: self.path.clone() }),
            Err(fault) => Err(fault),
        }
    }

    /// Where the port stands now, and what is there.
    fn look(&self, last: Option<&Sighting>) -> (PathBuf, Option<Node>) {
        let place = self.devices.place(&self.path, last);
        let node = Node::at(&place);
        (place, node)
    }

    /// Waits before the next try; a device that comes, or comes back, ends it.
    fn wait(&self, wait: Duration, seen: &(PathBuf, Option<Node>), last: Option<&Sighting>, stop: &Stop) -> Waited {
        let mut left = wait;
        loop {
            let step = left.min(self.seek);
            if stop.within(step) {
                return Waited::Stopped;
            }
            left = left.saturating_sub(step);
            if self.look(last) != *seen {
                return Waited::Changed;
            }
            if left.is_zero() {
                return Waited::Over;
            }
        }
    }
}

/// How a wait ended.
enum Waited {
    Over,
    /// Something else stands there.
    Changed,
    Stopped,
}

/// A file of a device: another one once the device was pulled and put back, though its name is the same.
#[derive(Debug, PartialEq, Eq)]
struct Node {
    file: (u64, u64),
    device: u64,
    /// When owner, permissions or existence changed; use does not count.
    changed: (i64, i64),
}

impl Node {
    fn at(path: &Path) -> Option<Self> {
        let about = std::fs::metadata(path).ok()?;
        let (file, changed) = ((about.dev(), about.ino()), (about.ctime(), about.ctime_nsec()));
        Some(Self { file, device: about.rdev(), changed })
    }
}

/// What is done with an opened line.
pub(in crate::reader) trait Service {
    /// Serves the line until its end, and says whether the device worked meanwhile.
    fn serve(&mut self, line: SerialLine<'_>) -> (End, bool);

    /// A fault begins.
    fn fault(&mut self, fault: PortFault);
}

/// A running port. Dropping it stops and joins its thread.
#[derive(Debug)]
pub struct PortHandle {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl PortHandle {
    /// Stops the thread and waits for its end.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for PortHandle {
    fn drop(&mut self) {
        self.stop.give();
        if let Some(thread) = self.thread.take() {
            // A sink that panicked has had its say in the panic's own report.
            let _ = thread.join();
        }
    }
}

/// Starts a supervised port.
///
/// # Errors
/// When the system gives no thread, or no descriptor for its stop.
pub(in crate::reader) fn start(
    name: &str,
    opening: Opening,
    mut service: impl Service + Send + 'static,
) -> io::Result<PortHandle> {
    let stop = Stop::new()?;
    let stopped = stop.clone();
    let run = move || supervise(&opening, &stopped, &mut service);
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(PortHandle { stop, thread: Some(thread) })
}

/// Opens the port again and again until it is stopped.
fn supervise(opening: &Opening, stop: &Stop, service: &mut impl Service) {
    let mut told: Option<PortFault> = None;
    let mut last = None;
    let mut tries = 0;
    loop {
        let seen = opening.look(last.as_ref());
        let fault = match opening.open(&seen.0, stop) {
            Err(fault) => fault,
            Ok((line, sighting)) => {
                let (End::Fault(fault), worked) = service.serve(line) else { return };
                if worked {
                    (told, tries) = (None, 0);
                    // One that only was at the place of the device is not remembered for it.
                    last = sighting.or(last);
                }
                fault
            }
        };
        let still_gone = matches!((&told, &fault), (Some(PortFault::Unplugged { .. }), PortFault::NoSuchPort { .. }));
        if told.as_ref() != Some(&fault) && !still_gone {
            service.fault(fault.clone());
            told = Some(fault.clone());
        }
        let wait = if matches!(fault, PortFault::NoSuchPort { .. } | PortFault::Unplugged { .. }) {
            opening.seek
        } else {
            let [.., last] = opening.backoff;
            let wait = opening.backoff.get(tries).copied().unwrap_or(last);
            tries += 1;
            wait
        };
        match opening.wait(wait, &seen, last.as_ref(), stop) {
            Waited::Over => {}
            Waited::Changed => tries = 0,
            Waited::Stopped => return,
        }
    }
}
