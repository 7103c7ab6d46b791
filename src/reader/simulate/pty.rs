//! A simulator on a real pseudo-terminal, and the terminal itself for the simulated line devices.
//!
//! A thread owns the master side and does the machine's acts; the host opens [`SimulatedReader::path`] like any serial
//! port. Unplugging closes the master, so the host sees what a vanished USB adapter shows it.

use super::card::Card;
use super::fault::Plan;
use super::machine::{Act, Settings, Simulator, State};
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fd::{AsFd, OwnedFd};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a command may pause inside (id-card-reader.md §12).
const COMMAND_GAP: Duration = Duration::from_millis(200);

/// How often to look whether a host has come back after the last one closed the port.
const NO_HOST: Duration = Duration::from_millis(5);

/// A simulated reader that a host can open by path. Dropping it unplugs it.
#[derive(Debug)]
pub struct SimulatedReader {
    machine: Arc<Mutex<Simulator>>,
    link: Option<PathBuf>,
    line: Option<Line>,
}

/// The module's end of a terminal, and the name of the host's.
#[derive(Debug)]
pub(super) struct Plug {
    pub(super) master: OwnedFd,
    pub(super) path: PathBuf,
}

impl Plug {
    /// Opens a terminal, found by `link` as well.
    pub(super) fn open(link: Option<&Path>) -> io::Result<Self> {
        let (master, path) = open_terminal()?;
        if let Some(link) = link {
            make_link(&path, link)?;
        }
        Ok(Self { master, path })
    }

    /// Removes the link while it is this one's.
    pub(super) fn unlink(&self, link: Option<&Path>) {
        remove_link(&self.path, link);
    }
}

/// A plugged-in line with a machine behind it.
#[derive(Debug)]
struct Line {
    path: PathBuf,
    stop: Arc<OwnedFd>,
    thread: JoinHandle<()>,
}

impl SimulatedReader {
    /// Plugs in a reader without a card. With `link` its port is found by that name, as a udev rule would name it.
    ///
    /// # Errors
    /// When no pseudo-terminal can be opened, or something that is not a link stands in the place of `link`.
    pub fn start(settings: Settings, link: Option<&Path>) -> io::Result<Self> {
        let machine = Arc::new(Mutex::new(Simulator::new(settings)));
        let mut reader = Self { machine, link: link.map(Path::to_owned), line: None };
        reader.plug_in()?;
        Ok(reader)
    }

    /// The path to open: the link, or the terminal itself; empty while unplugged without a link.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match (&self.link, &self.line) {
            (Some(link), _) => link.clone(),
            (None, Some(line)) => line.path.clone(),
            (None, None) => PathBuf::new(),
        }
    }

    /// Lays a card on the reader, in place of any other.
    pub fn present(&self, card: Card) {
        self.machine().present(card);
    }

    /// Lifts the card.
    pub fn remove(&self) {
        self.machine().remove();
    }

    /// Plans a fault.
    pub fn set_fault(&self, plan: Plan) {
        self.machine().set_fault(plan);
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        self.machine().clear_faults();
    }

    /// Where the module stands with its card.
    #[must_use]
    pub fn state(&self) -> State {
        self.machine().state()
    }

    /// Pulls the plug: the port and its link vanish. A card stays where it lies.
    pub fn unplug(&mut self) {
        let Some(line) = self.line.take() else { return };
        remove_link(&line.path, self.link.as_deref());
        // The descriptor cannot be full after one write, and the thread has no other way to end but its own failure.
        let _ = rustix::io::write(line.stop.as_fd(), &1u64.to_ne_bytes());
        let _ = line.thread.join();
    }

    /// Plugs it in again: a new port, under the same link.
    ///
    /// # Errors
    /// As [`SimulatedReader::start`].
    pub fn plug_in(&mut self) -> io::Result<()> {
        if self.line.is_some() {
            return Ok(());
        }
        self.machine().power_cycle();
        let stop = Arc::new(eventfd(0, EventfdFlags::CLOEXEC)?);
        let Plug { master, path } = Plug::open(self.link.as_deref())?;
        let (machine, stopped) = (Arc::clone(&self.machine), Arc::clone(&stop));
        let serve = move || {
            // Any failure of the terminal is the same to a host: the reader is gone.
            let _ = Server { master, stop: stopped, machine }.run();
        };
        let thread = std::thread::Builder::new().name("simulated-reader".to_owned()).spawn(serve)?;
        self.line = Some(Line { path, stop, thread });
        Ok(())
    }

    fn machine(&self) -> MutexGuard<'_, Simulator> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SimulatedReader {
    fn drop(&mut self) {
        self.unplug();
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
    // A host that does not read must not stop the module: like a UART, bytes without room are lost.
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

fn remove_link(target: &Path, link: Option<&Path>) {
    if let Some(link) = link
        && std::fs::read_link(link).is_ok_and(|there| there == target)
    {
        // A link that somebody else removed meanwhile is gone as well.
        let _ = std::fs::remove_file(link);
    }
}

/// Reads away what a host has sent.
pub(super) fn drop_input(master: &OwnedFd) {
    let mut buffer = [0; 512];
    while rustix::io::read(master, &mut buffer).is_ok_and(|count| count > 0) {}
}

/// The thread's side.
struct Server {
    master: OwnedFd,
    stop: Arc<OwnedFd>,
    machine: Arc<Mutex<Simulator>>,
}

/// What the line did.
enum Heard {
    Bytes(usize),
    Silence,
    NoHost,
    Stop,
}

impl Server {
    fn run(self) -> io::Result<()> {
        let mut buffer = [0; 512];
        loop {
            let gap = self.machine().is_waiting().then_some(COMMAND_GAP);
            let acts = match self.hear(&mut buffer, gap)? {
                Heard::Stop => return Ok(()),
                Heard::NoHost if self.stopped_within(NO_HOST)? => return Ok(()),
                Heard::NoHost => continue,
                Heard::Silence => self.machine().idle_gap(),
                Heard::Bytes(count) => self.machine().receive(buffer.get(..count).unwrap_or_default()),
            };
            for act in acts {
                match act {
                    Act::Wait(time) => {
                        if self.stopped_within(time)? {
                            return Ok(());
                        }
                    }
                    Act::Send(bytes) => {
                        // See open_terminal: what finds no room is lost.
                        let _ = rustix::io::write(&self.master, &bytes);
                    }
                }
            }
        }
    }

    fn machine(&self) -> MutexGuard<'_, Simulator> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, buffer: &mut [u8], patience: Option<Duration>) -> io::Result<Heard> {
        let mut both = [PollFd::new(&self.master, PollFlags::IN), PollFd::new(&*self.stop, PollFlags::IN)];
        poll_for(&mut both, patience)?;
        let [master, stop] = both.map(|fd| fd.revents());
        if !stop.is_empty() {
            return Ok(Heard::Stop);
        }
        if master.contains(PollFlags::IN) {
            return match rustix::io::read(&self.master, buffer) {
                Ok(count) if count > 0 => Ok(Heard::Bytes(count)),
                Ok(_) | Err(rustix::io::Errno::IO) => Ok(Heard::NoHost),
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => Ok(Heard::Bytes(0)),
                Err(e) => Err(e.into()),
            };
        }
        Ok(if master.is_empty() { Heard::Silence } else { Heard::NoHost })
    }

    fn stopped_within(&self, time: Duration) -> io::Result<bool> {
        let mut stop = [PollFd::new(&*self.stop, PollFlags::IN)];
        poll_for(&mut stop, Some(time))
    }
}

/// Waits for any of these; says whether one came before the time ran out.
fn poll_for(fds: &mut [PollFd<'_>], patience: Option<Duration>) -> io::Result<bool> {
    let patience =
        patience.map(|time| Timespec { tv_sec: time.as_secs().cast_signed(), tv_nsec: i64::from(time.subsec_nanos()) });
    match poll(fds, patience.as_ref()) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(e) => Err(e.into()),
    }
}
