//! A simulator on a real pseudo-terminal.
//!
//! A thread owns the master side and does the machine's acts; the host opens [`SimulatedReader::path`] like any serial
//! port. Unplugging closes the master, so the host sees what a vanished USB adapter shows it.

use super::card::Card;
use super::fault::Plan;
use super::machine::{Act, Simulator, State};
use super::plug::Plug;
use super::settings::{Settings, garbled};
use crate::reader::stop::{Stop, poll_for};
use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::termios::tcgetattr;
use std::io;
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
    place: Arc<Mutex<Place>>,
    line: Option<Line>,
}

/// Where a host finds the port.
#[derive(Debug)]
struct Place {
    link: Option<PathBuf>,
    terminal: PathBuf,
}

/// A plugged-in line.
#[derive(Debug)]
struct Line {
    stop: Stop,
    thread: JoinHandle<()>,
}

impl SimulatedReader {
    /// Plugs in a reader without a card. With `link` its port is found by that name, as a udev rule would name it.
    ///
    /// # Errors
    /// When no pseudo-terminal can be opened, or something that is not a link stands in the place of `link`.
    pub fn start(settings: Settings, link: Option<&Path>) -> io::Result<Self> {
        let machine = Arc::new(Mutex::new(Simulator::new(settings)));
        let place = Place { link: link.map(Path::to_owned), terminal: PathBuf::new() };
        let mut reader = Self { machine, place: Arc::new(Mutex::new(place)), line: None };
        reader.plug_in()?;
        Ok(reader)
    }

    /// The path to open: the link, or the terminal itself; empty while unplugged without a link.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        let place = lock(&self.place);
        place.link.clone().unwrap_or_else(|| place.terminal.clone())
    }

    /// Lays a card on the reader, in place of any other.
    pub fn present(&self, card: Card) {
        lock(&self.machine).present(card);
    }

    /// Lifts the card.
    pub fn remove(&self) {
        lock(&self.machine).remove();
    }

    /// Plans a fault.
    pub fn set_fault(&self, plan: Plan) {
        lock(&self.machine).set_fault(plan);
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        lock(&self.machine).clear_faults();
    }

    /// Where the module stands with its card.
    #[must_use]
    pub fn state(&self) -> State {
        lock(&self.machine).state()
    }

    /// Pulls the plug: the port and its link vanish. A card stays where it lies.
    pub fn unplug(&mut self) {
        if let Some(line) = self.line.take() {
            line.stop.give();
            // The thread ends in no other way but its own failure, which to a host is the same.
            let _ = line.thread.join();
        }
    }

    /// Gives the port another name in the folder of its link, from the next plugging in.
    pub fn rename(&mut self, name: &str) {
        lock(&self.place).rename(name);
    }

    /// Plugs it in again: a new port, under the same link.
    ///
    /// # Errors
    /// As [`SimulatedReader::start`].
    pub fn plug_in(&mut self) -> io::Result<()> {
        if self.line.is_some() {
            return Ok(());
        }
        let stop = Stop::new()?;
        let (machine, place) = (Arc::clone(&self.machine), Arc::clone(&self.place));
        let mut server = Server { plug: open(&machine, &place)?, machine, place, stop: stop.clone() };
        let serve = move || server.run();
        let thread = std::thread::Builder::new().name("simulated-reader".to_owned()).spawn(serve)?;
        self.line = Some(Line { stop, thread });
        Ok(())
    }
}

impl Drop for SimulatedReader {
    fn drop(&mut self) {
        self.unplug();
    }
}

impl Place {
    fn rename(&mut self, name: &str) {
        self.link = self.link.take().map(|link| link.with_file_name(name));
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens a new terminal for the module, which has lost its power meanwhile.
fn open(machine: &Mutex<Simulator>, place: &Mutex<Place>) -> io::Result<Plug> {
    lock(machine).power_cycle();
    let mut place = lock(place);
    let plug = Plug::open(place.link.as_deref())?;
    plug.path().clone_into(&mut place.terminal);
    Ok(plug)
}

/// The thread's side.
struct Server {
    plug: Plug,
    machine: Arc<Mutex<Simulator>>,
    place: Arc<Mutex<Place>>,
    stop: Stop,
}

/// What the line did.
enum Heard {
    Bytes(usize),
    Silence,
    NoHost,
    Stop,
}

/// Why a terminal is served no longer.
enum Left {
    Stopped,
    Unplugged { away: Duration, name: Option<String> },
}

impl Server {
    /// Serves one terminal after the other; any failure of one is the same to a host: the reader is gone.
    fn run(&mut self) {
        while let Ok(Left::Unplugged { away, name }) = self.serve() {
            self.plug.pull();
            if let Some(name) = name {
                lock(&self.place).rename(&name);
            }
            if self.stop.within(away) {
                break;
            }
            match open(&self.machine, &self.place) {
                Ok(plug) => self.plug = plug,
                Err(_) => break,
            }
        }
        self.plug.pull();
        lock(&self.place).terminal = PathBuf::new();
    }

    fn serve(&self) -> io::Result<Left> {
        let mut buffer = [0; 512];
        let mut baud = lock(&self.machine).baud();
        loop {
            let gap = lock(&self.machine).is_waiting().then_some(COMMAND_GAP);
            let acts = match self.hear(&mut buffer, gap)? {
                Heard::Stop => return Ok(Left::Stopped),
                Heard::NoHost if self.stop.within(NO_HOST) => return Ok(Left::Stopped),
                Heard::NoHost => continue,
                Heard::Silence => lock(&self.machine).idle_gap(),
                Heard::Bytes(count) => {
                    let mut bytes = buffer.get(..count).unwrap_or_default().to_vec();
                    self.wire(&mut bytes, baud)?;
                    lock(&self.machine).receive(&bytes)
                }
            };
            for act in acts {
                match act {
                    Act::Wait(time) => {
                        if self.stop.within(time) {
                            return Ok(Left::Stopped);
                        }
                    }
                    Act::Send(mut bytes) => {
                        self.wire(&mut bytes, baud)?;
                        // A host that does not read must not stop the module: like a UART, bytes without room are lost.
                        let _ = rustix::io::write(self.plug.master()?, &bytes);
                    }
                    Act::Speed(speed) => baud = speed,
                    Act::Deaf(time) => {
                        if self.stop.within(time) {
                            return Ok(Left::Stopped);
                        }
                        while rustix::io::read(self.plug.master()?, &mut buffer).is_ok_and(|count| count > 0) {}
                    }
                    Act::Unplug { away, name } => return Ok(Left::Unplugged { away, name }),
                }
            }
        }
    }

    /// What bytes become between two ends of different speed.
    fn wire(&self, bytes: &mut [u8], baud: u32) -> io::Result<()> {
        let differs = lock(&self.machine).heeds_speed() && tcgetattr(self.plug.master()?)?.output_speed() != baud;
        if differs {
            bytes.iter_mut().for_each(|byte| *byte = garbled(*byte));
        }
        Ok(())
    }

    fn hear(&self, buffer: &mut [u8], patience: Option<Duration>) -> io::Result<Heard> {
        let master = self.plug.master()?;
        let mut both = [PollFd::new(master, PollFlags::IN), PollFd::new(&self.stop, PollFlags::IN)];
        poll_for(&mut both, patience)?;
        let [line, stop] = both.map(|fd| fd.revents());
        if !stop.is_empty() {
            return Ok(Heard::Stop);
        }
        if line.contains(PollFlags::IN) {
            return match rustix::io::read(master, buffer) {
                Ok(count) if count > 0 => Ok(Heard::Bytes(count)),
                Ok(_) | Err(Errno::IO) => Ok(Heard::NoHost),
                Err(Errno::AGAIN | Errno::INTR) => Ok(Heard::Bytes(0)),
                Err(e) => Err(e.into()),
            };
        }
        Ok(if line.is_empty() { Heard::Silence } else { Heard::NoHost })
    }
}
