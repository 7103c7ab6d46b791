//! A reader's port: a supervised thread that owns the line, speaks the protocol and tells what happens on it.
//!
//! ```text
//! open by path -> drain -> status, module number -> Up
//!   -> find … find -> select -> read -> Presented -> is it still there? … -> Removed -> find …
//! any fault -> Down (or Fault, when the module itself refuses) -> look again, for ever
//! ```
//!
//! Follows id-card-reader.md §1.3 to §1.5 and §11. Invariants: one command at a time; a card is presented once per
//! presence; bytes that are no answer are counted as noise and never become a card; nothing here ends the program. Every
//! wait ends at once when the handle is stopped. Knows no candidates and no verdicts; the words for people are the screen's,
//! by [`PortFault::code`]:
//!
//! | code | [`PortFault`] | code | [`PortFault`] |
//! |---|---|---|---|
//! | KD-3101 | `NoSuchPort` | KD-3105 | `Unplugged` |
//! | KD-3102 | `Silent` | KD-3106 | `SelfTestFailed` |
//! | KD-3103 | `NoPermission` | KD-3107 | `NotAuthorised` |
//! | KD-3104 | `Busy` | KD-3108 | `Unusable` |

mod fault;
pub(super) mod line;
mod session;
pub(super) mod supervise;
pub(super) mod talk;

pub use fault::PortFault;
pub use supervise::PortHandle;

use super::frame::Frame;
use super::sam::{Command, SamNumber};
use crate::domain::document::Presented;
use line::SerialLine;
use session::Session;
use std::io;
use std::path::PathBuf;
use std::time::Duration;
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
    /// The card has left.
    Removed,
    /// The reader answers, but refuses to work; it is asked again.
    Fault(PortFault),
    /// There is no reader; it is looked for.
    Down(PortFault),
    /// So many bytes that were no answer since the last time.
    Noise(u64),
}

/// Who is told. A closure over [`ReaderEvent`]s does for most; a technician's tool also sees the frames.
///
/// It is called on the port's thread and must not wait for the thread that stops the port.
pub trait Sink: Send {
    /// Takes an event.
    fn event(&mut self, event: ReaderEvent);

    /// Takes a valid reply, before the event it leads to. It may hold a whole card.
    fn frame(&mut self, frame: &Frame) {
        let _ = frame;
    }
}

struct Events<F>(F);

impl<F: FnMut(ReaderEvent) + Send> Sink for Events<F> {
    fn event(&mut self, event: ReaderEvent) {
        (self.0)(event);
    }
}

/// How a port is used. All times are settings, so that tests and demonstrations need not wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortConfig {
    /// What to open, best a name that survives unplugging, such as `/dev/serial/by-id/…`.
    pub path: PathBuf,
    /// Line speed in baud to begin with.
    pub baud: u32,
    /// Whether a silent reader is tried at the other speeds.
    pub other_speeds: bool,
    /// Between two finds.
    pub poll: Duration,
    /// Between two tests whether the card still lies there.
    pub removal: Duration,
    /// A card that stays is read and presented again after this long; `None`: once per presence.
    pub same_card: Option<Duration>,
    /// A card that could not be read and stays is tried again after this long.
    pub retry: Duration,
    /// Silence that ends the drain at opening and after a foreign reply.
    pub quiet: Duration,
    /// Silence inside a frame that ends it.
    pub gap: Duration,
    /// How long an answer to find or select may take.
    pub patience: Duration,
    /// How long an answer to status or module number may take.
    pub status_patience: Duration,
    /// How long an answer to a read may take, without its time on the wire.
    pub read_patience: Duration,
    /// How long a module may take to wake up before it counts as silent.
    pub warm_up: Duration,
    /// Between two looks for a port that has vanished.
    pub seek: Duration,
    /// Before each further try of a port that is there and does not work; the last one repeats.
    pub backoff: [Duration; 4],
}

impl PortConfig {
    /// The figures of id-card-reader.md §1.3 and §1.4, at 115200 baud.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let ms = Duration::from_millis;
        Self {
            path: path.into(),
            baud: 115_200,
            other_speeds: true,
            poll: ms(300),
            removal: ms(200),
            same_card: None,
            retry: ms(1000),
            quiet: ms(50),
            gap: ms(200),
            patience: ms(500),
            status_patience: ms(1000),
            read_patience: ms(1500),
            warm_up: ms(5000),
            seek: ms(500),
            backoff: [ms(1000), ms(2000), ms(5000), ms(10_000)],
        }
    }

    /// For a simulated reader: polls every 10 ms and waits for nothing longer than it must.
    #[must_use]
    pub fn fast(path: impl Into<PathBuf>) -> Self {
        let ms = Duration::from_millis;
        Self {
            other_speeds: false,
            poll: ms(10),
            removal: ms(10),
            retry: ms(100),
            quiet: ms(5),
            gap: ms(50),
            warm_up: ms(1000),
            seek: ms(20),
            backoff: [ms(20), ms(50), ms(100), ms(200)],
            ..Self::new(path)
        }
    }

    /// How long an answer may take at this speed.
    fn patience_for(&self, command: Command, baud: u32) -> Duration {
        let wire = |bytes: u64| Duration::from_millis(bytes * 10_000 / u64::from(baud.max(1)));
        match command {
            Command::Read => self.read_patience + wire(1295),
            Command::ReadWithFingerprint => self.read_patience + Duration::from_secs(1) + wire(2321),
            Command::AllAddresses | Command::LatestAddress => self.read_patience + wire(281),
            Command::Find | Command::Select | Command::ChipNumber => self.patience,
            Command::Reset
            | Command::Status
            | Command::SamNumber
            | Command::SetSpeed(_)
            | Command::SetMaxRadioFrame(_) => self.status_patience,
        }
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
    let PortConfig { path, baud, seek, backoff, .. } = config.clone();
    supervise::start("reader-port", Opening { path, baud, seek, backoff }, Reader { config, sink })
}

/// The protocol, as a service of the supervisor.
struct Reader<S> {
    config: PortConfig,
    sink: S,
}

impl<S: Sink> Service for Reader<S> {
    fn serve(&mut self, line: SerialLine<'_>) -> (End, bool) {
        let mut session = Session::new(&self.config, line, &mut self.sink);
        let end = session.run();
        (end, session.was_up())
    }

    fn fault(&mut self, fault: PortFault) {
        let refuses = matches!(fault, PortFault::SelfTestFailed | PortFault::NotAuthorised);
        self.sink.event(if refuses { ReaderEvent::Fault(fault) } else { ReaderEvent::Down(fault) });
    }
}
