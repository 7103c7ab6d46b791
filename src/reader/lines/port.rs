//! A line device's port: a supervised thread that reads without pause and tells what was heard.
//!
//! Devices without flow control lose characters while nobody reads, so the thread does nothing else. A device is up once
//! its port is open: it says nothing before somebody scans. Faults are those of the reader's port under codes of their own:
//!
//! | code | [`PortFault`] | code | [`PortFault`] |
//! |---|---|---|---|
//! | KD-3131 | `NoSuchPort` | KD-3135 | `Unplugged` |
//! | KD-3133 | `NoPermission` | KD-3138 | any other: no serial port |
//! | KD-3134 | `Busy` | | |

use super::frames::QUESTION;
use super::rfid::Tag;
use super::scanner::Scan;
use super::{Decoder, Device, Heard};
use crate::reader::port::line::{Broken, Line, SerialLine};
use crate::reader::port::supervise::{self, Opening, Service};
use crate::reader::port::talk::End;
use crate::reader::port::{Devices, PortFault, PortHandle};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// How long a read waits where no silence is to be told earlier.
const PATIENCE: Duration = Duration::from_secs(1);

/// What happens on a line device's port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineEvent {
    /// Its port is open.
    Up,
    /// A code was scanned.
    Scanned(Scan),
    /// A campus card was laid on it.
    Tagged(Tag),
    /// A line of so many bytes was dropped: too long, or no text.
    Dropped(u64),
    /// So many bytes that were nothing since the last time.
    Noise(u64),
    /// Its port does not work; it is looked for.
    Down(PortFault),
}

/// How a line device's port is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineConfig {
    /// What to open, best a name that survives unplugging.
    pub path: PathBuf,
    /// Line speed in baud.
    pub baud: u32,
    /// What stands at its end.
    pub device: Device,
    /// Between two looks for a port that has vanished.
    pub seek: Duration,
    /// Before each further try of a port that is there and does not work; the last one repeats.
    pub backoff: [Duration; 4],
}

impl LineConfig {
    /// With the waits of the reader's port.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, baud: u32, device: Device) -> Self {
        let usual = crate::reader::port::PortConfig::new(path);
        Self { path: usual.path, baud, device, seek: usual.seek, backoff: usual.backoff }
    }
}

/// The code of a fault on a line device's port.
#[must_use]
pub const fn code(fault: &PortFault) -> &'static str {
    match fault {
        PortFault::NoSuchPort { .. } => "KD-3131",
        PortFault::NoPermission { .. } => "KD-3133",
        PortFault::Busy { .. } => "KD-3134",
        PortFault::Unplugged { .. } => "KD-3135",
        // The others are a card reader's own and do not come from a line.
        PortFault::Silent { .. }
        | PortFault::SelfTestFailed
        | PortFault::NotAuthorised
        | PortFault::Unusable { .. } => "KD-3138",
    }
}

/// Starts a line device's port; events come on its thread.
///
/// # Errors
/// When the system gives no thread.
pub fn spawn(config: LineConfig, sink: impl FnMut(LineEvent) + Send + 'static) -> io::Result<PortHandle> {
    let LineConfig { path, baud, device, seek, backoff } = config;
    let service = Listener { path: path.clone(), baud, device, sink };
    let opening = Opening { path, devices: Devices::default(), baud, seek, backoff };
    supervise::start("line-port", opening, service)
}

struct Listener<F> {
    path: PathBuf,
    baud: u32,
    device: Device,
    sink: F,
}

impl<F: FnMut(LineEvent)> Service for Listener<F> {
    fn serve(&mut self, line: SerialLine<'_>) -> (End, bool) {
        (self.sink)(LineEvent::Up);
        let end = match self.listen(line) {
            Broken::Stopped => End::Stopped,
            Broken::Gone => End::Fault(PortFault::Unplugged { path: self.path.clone() }),
        };
        (end, true)
    }

    fn fault(&mut self, fault: PortFault) {
        (self.sink)(LineEvent::Down(fault));
    }
}

impl<F: FnMut(LineEvent)> Listener<F> {
    /// Listens until the line breaks; what was half heard then is forgotten with the decoder.
    fn listen(&mut self, mut line: impl Line) -> Broken {
        let mut decoder = Decoder::new(&self.device, self.baud);
        let question = match &self.device {
            Device::Rfid(settings) => settings.format.question(),
            Device::Scanner(_) => None,
        };
        let mut next_question = line.now();
        let mut buffer = [0; 512];
        loop {
            let now = line.now();
            let mut wake = decoder.due().unwrap_or(now + PATIENCE);
            if let Some(question) = question {
                if now >= next_question {
                    if let Err(broken) = line.send(question) {
                        return broken;
                    }
                    next_question = now + QUESTION;
                }
                wake = wake.min(next_question);
            }
            let got = match line.receive(&mut buffer, wake.saturating_sub(now)) {
                Ok(got) => got,
                Err(broken) => return broken,
            };
            let bytes = buffer.get(..got).unwrap_or_default();
            let heard = if got == 0 { decoder.pass(line.now()) } else { decoder.feed(bytes, line.now()) };
            for one in heard {
                (self.sink)(event(one));
            }
            let noise = decoder.take_noise();
            if noise > 0 {
                (self.sink)(LineEvent::Noise(noise));
            }
        }
    }
}

fn event(heard: Heard) -> LineEvent {
    match heard {
        Heard::Scan(scan) => LineEvent::Scanned(scan),
        Heard::Tag(tag) => LineEvent::Tagged(tag),
        Heard::Overlong(bytes) | Heard::Undecodable(bytes) => LineEvent::Dropped(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::lines::{Format, RfidSettings, ScannerSettings, Terminator, UidForm};
    use std::collections::VecDeque;

    /// A line whose bytes come at their times, and whose clock moves only when somebody waits.
    struct Memory {
        due: VecDeque<(Duration, &'static [u8])>,
        clock: Duration,
        end: Duration,
        asked: Vec<Duration>,
    }

    impl Line for &mut Memory {
        fn send(&mut self, _: &[u8]) -> Result<(), Broken> {
            self.asked.push(self.clock);
            Ok(())
        }

        fn receive(&mut self, buffer: &mut [u8], patience: Duration) -> Result<usize, Broken> {
            let limit = self.clock + patience;
            let (at, bytes) = self.due.front().copied().unwrap_or((limit, &[]));
            self.clock = at.min(limit);
            if self.clock >= self.end {
                return Err(Broken::Gone);
            }
            if at > limit || bytes.is_empty() {
                return Ok(0);
            }
            self.due.pop_front();
            buffer[..bytes.len()].copy_from_slice(bytes);
            Ok(bytes.len())
        }

        fn set_speed(&mut self, _: u32) -> Result<(), Broken> {
            Ok(())
        }

        fn pause(&mut self, time: Duration) -> Result<(), Broken> {
            self.clock += time;
            Ok(())
        }

        fn now(&self) -> Duration {
            self.clock
        }
    }

    fn listen(device: Device, due: &[(u64, &'static [u8])], end: u64) -> (Vec<LineEvent>, Vec<Duration>) {
        let ms = Duration::from_millis;
        let due = due.iter().map(|(at, bytes)| (ms(*at), *bytes)).collect();
        let mut memory = Memory { due, clock: Duration::ZERO, end: ms(end), asked: Vec::new() };
        let mut events = Vec::new();
        let sink = |event| events.push(event);
        let mut listener = Listener { path: "/dev/line".into(), baud: 9600, device, sink };
        assert_eq!(listener.listen(&mut memory), Broken::Gone);
        (events, memory.asked)
    }

    #[test]
    fn silence_is_told_when_it_means_something_and_not_when_the_next_byte_comes() {
        let settings = ScannerSettings { terminator: Terminator::None, ..ScannerSettings::default() };
        // The line ends before the next byte could end it: only the waking at its due time can tell it.
        let (events, asked) = listen(Device::Scanner(settings), &[(10, b"26001"), (40, b"00001")], 100);
        assert!(matches!(&events[..], [LineEvent::Scanned(scan)] if scan.text == "2600100001"), "{events:?}");
        assert!(asked.is_empty(), "a scanner is not asked");
    }

    #[test]
    fn a_device_that_has_to_be_asked_is_asked_at_intervals() {
        let device = Device::Rfid(RfidSettings { format: Format::StxLength, form: UidForm::AsRead });
        let reply: &[u8] = b"\x02\x00\x06\x00\x00\xde\xad\xbe\xef\x22\x03";
        let (events, asked) = listen(device, &[(250, reply), (450, reply), (460, b"??")], 700);
        assert!(matches!(&events[..], [LineEvent::Tagged(_), LineEvent::Noise(2)]), "{events:?}");
        assert_eq!(asked, [0, 200, 400, 600].map(Duration::from_millis));
    }
}
