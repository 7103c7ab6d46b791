//! The thread that keeps a port open: opens it by name, lets it be served, and looks again after every fault.
//!
//! The same for the card reader and for line devices. A descriptor is closed before the next look, so that a device that
//! comes back gets its old name; a fault is told when it begins, not at every try; every wait ends when the handle stops.

use super::PortFault;
use super::line::{SerialLine, is_stopped_within};
use super::talk::End;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// What to open, and when to look again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reader) struct Opening {
    /// Best a name that survives unplugging.
    pub(in crate::reader) path: PathBuf,
    /// Speed in baud.
    pub(in crate::reader) baud: u32,
    /// Between two looks for a port that has vanished.
    pub(in crate::reader) seek: Duration,
    /// Before each further try of a port that is there and does not work; the last one repeats.
    pub(in crate::reader) backoff: [Duration; 4],
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
    stop: Option<Sender<()>>,
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
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A sink that panicked has had its say in the panic's own report.
            let _ = thread.join();
        }
    }
}

/// Starts a supervised port.
///
/// # Errors
/// When the system gives no thread.
pub(in crate::reader) fn start(
    name: &str,
    opening: Opening,
    mut service: impl Service + Send + 'static,
) -> io::Result<PortHandle> {
    let (stop, stopped) = channel();
    let run = move || supervise(&opening, &stopped, &mut service);
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(PortHandle { stop: Some(stop), thread: Some(thread) })
}

/// Opens the port again and again until it is stopped.
fn supervise(opening: &Opening, stopped: &Receiver<()>, service: &mut impl Service) {
    let mut told: Option<PortFault> = None;
    let mut tries = 0;
    loop {
        let fault = match SerialLine::open(&opening.path, opening.baud, stopped) {
            Err(fault) => fault,
            Ok(line) => {
                let (End::Fault(fault), worked) = service.serve(line) else { return };
                if worked {
                    (told, tries) = (None, 0);
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
        if is_stopped_within(stopped, wait) {
            return;
        }
    }
}
