//! A reader's port: a supervised thread that owns the line, speaks the protocol and tells what happens on it.
//!
//! ```text
//! open by path -> drain -> status, module number -> Up
//!   -> find … find -> select -> read -> Presented -> is it still there? … -> Removed -> find …
//! any fault -> Down (or Fault, when the module itself refuses) -> look again, for ever
//! ```
//!
//! Follows id-card-reader.md §1.3 to §1.5 and §11. Invariants: one command at a time; a card is presented once per
//! presence, also over a loss of the reader; the speed at which the reader answered last is tried first; bytes that are no answer are counted as noise and
//! never become a card; nothing here ends the program. Every wait ends at once when the handle is stopped. Knows no
//! candidates and no verdicts; the words for people are the screen's, by [`PortFault::code`]:
//!
//! | code | [`PortFault`] | code | [`PortFault`] |
//! |---|---|---|---|
//! | KD-3101 | `NoSuchPort` | KD-3105 | `Unplugged` |
//! | KD-3102 | `Silent` | KD-3106 | `SelfTestFailed` |
//! | KD-3103 | `NoPermission` | KD-3107 | `NotAuthorised` |
//! | KD-3104 | `Busy` | KD-3108 | `Unusable` |

mod config;
mod devices;
mod fault;
pub(super) mod line;
mod request;
mod session;
pub(super) mod supervise;
pub(super) mod talk;

pub use config::PortConfig;
pub use devices::Devices;
pub use fault::PortFault;
pub use request::{Request, Tested};
pub use supervise::PortHandle;

use super::frame::{Flaw, Frame};
use super::record::Record;
use super::sam::{Command, SamNumber};
use crate::domain::document::Presented;
use line::SerialLine;
use session::Session;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;
use supervise::{Opening, Service};
use talk::End;

/// What happens on a reader's port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderEvent {
    /// A reader answers.
    Up {
        /// Its module's number, if it told the same one twice.
        sam: Option<SamNumber>,
        /// Whether that number is reserved for simulators (KD-A-19).
        simulated: bool,
    },
    /// A card was laid on it.
    Presented(Presented),
    /// The latest address of the card that was presented, if it was asked for and the card has one.
    LatestAddress(LatestAddress),
    /// The card has left; behind `Up` one that left while the reader was lost.
    Removed,
    /// The reader answers, but refuses to work; it is asked again.
    Fault(PortFault),
    /// There is no reader; it is looked for.
    Down(PortFault),
    /// So many bytes that were no answer since the last time.
    Noise(u64),
    /// What a [`Request`] came to.
    Tested(Tested),
}

/// An address that was written into a card after its issue. Personal: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct LatestAddress(pub String);

impl fmt::Debug for LatestAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LatestAddress").finish_non_exhaustive()
    }
}

/// Who is told. A closure over [`ReaderEvent`]s does for most; a technician's tool also sees what is on the line.
///
/// It is called on the port's thread and must not wait for the thread that stops the port.
pub trait Sink: Send {
    /// Takes an event.
    fn event(&mut self, event: ReaderEvent);

    /// Takes a valid reply, before the event it leads to. It may hold a whole card.
    fn frame(&mut self, frame: &Frame) {
        let _ = frame;
    }

    /// A command goes out, at this speed in baud.
    fn sent(&mut self, command: Command, baud: u32) {
        let _ = (command, baud);
    }

    /// Something began like a frame and was none; its bytes are told as noise.
    fn flawed(&mut self, flaw: Flaw) {
        let _ = flaw;
    }
}

struct Events<F>(F);

impl<F: FnMut(ReaderEvent) + Send> Sink for Events<F> {
    fn event(&mut self, event: ReaderEvent) {
        (self.0)(event);
    }
}

/// Starts a port whose events go to a closure.
///
/// # Errors
/// When the system gives no thread.
pub fn spawn(config: PortConfig, sink: impl FnMut(ReaderEvent) + Send + 'static) -> io::Result<PortHandle> {
    spawn_with(config, Events(sink))
}

/// Starts a port whose events and frames go to a [`Sink`].
///
/// # Errors
/// As [`spawn`].
pub fn spawn_with(config: PortConfig, sink: impl Sink + 'static) -> io::Result<PortHandle> {
    let (_, nobody) = channel();
    spawn_attended(config, sink, nobody)
}

/// Starts a port that also does what is asked of it between two polls; what is asked while no reader answers is dropped.
///
/// # Errors
/// As [`spawn`].
pub fn spawn_attended(
    config: PortConfig,
    sink: impl Sink + 'static,
    requests: Receiver<Request>,
) -> io::Result<PortHandle> {
    let PortConfig { path, devices, baud, seek, backoff, .. } = config.clone();
    let opening = Opening { path, devices, baud, seek, backoff };
    supervise::start("reader-port", opening, Reader { speed: baud, left: None, config, sink, requests })
}

/// The protocol, as a service of the supervisor.
struct Reader<S> {
    config: PortConfig,
    /// At which the reader answered last: a module keeps its speed while it is unplugged.
    speed: u32,
    /// The card that lay there when the line broke, until when it is remembered.
    left: Option<(Arc<Record>, Instant)>,
    sink: S,
    requests: Receiver<Request>,
}

impl<S: Sink> Service for Reader<S> {
    fn serve(&mut self, line: SerialLine<'_>) -> (End, bool) {
        let left = self.left.take().map(|(card, until)| (card, until.saturating_duration_since(Instant::now())));
        let session = Session::new(&self.config, self.speed, line, &mut self.sink);
        let mut session = session.attended(&self.requests).after(left);
        let end = session.run();
        self.speed = session.speed();
        self.left = session.left().map(|(card, keep)| (card, Instant::now() + keep));
        (end, session.was_up())
    }

    fn fault(&mut self, fault: PortFault) {
        while self.requests.try_recv().is_ok() {}
        let refuses = matches!(fault, PortFault::SelfTestFailed | PortFault::NotAuthorised);
        self.sink.event(if refuses { ReaderEvent::Fault(fault) } else { ReaderEvent::Down(fault) });
    }
}
