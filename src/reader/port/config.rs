//! How a reader's port is used, and how long each step may take at a line speed (id-card-reader.md §1.2 to §1.4).
//!
//! A deadline is a step's own patience and the time its command and its longest answer spend on the wire, so that no
//! figure is right at one speed and wrong at another.

use super::Devices;
use crate::reader::sam::Command;
use std::path::PathBuf;
use std::time::Duration;

/// Bytes whose time on the wire a pause inside a frame may always last: the reference asks for 30, but a USB adapter
/// delivers up to 62 at once.
const GAP: u32 = 80;

/// How a port is used. All times are settings, so that tests and demonstrations need not wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortConfig {
    /// What to open, best a name that survives unplugging, such as `/dev/serial/by-id/…`.
    pub path: PathBuf,
    /// Where a port that is no longer at its path is looked for.
    pub devices: Devices,
    /// Line speed in baud to begin with.
    pub baud: u32,
    /// Whether a silent reader is tried at the other speeds.
    pub other_speeds: bool,
    /// Whether a card's latest address is asked for after its read.
    pub latest_address: bool,
    /// Whether a card is read with its fingerprints. They reach [`Sink::frame`](super::Sink::frame) alone.
    pub fingerprints: bool,
    /// Between two finds.
    pub poll: Duration,
    /// Between two tests whether the card still lies there.
    pub removal: Duration,
    /// A card that stays is read and presented again after this long; `None`: once per presence.
    pub same_card: Option<Duration>,
    /// A card that lay there when the reader was lost, and lies there when it is back within this long, is not presented
    /// again.
    pub remembered: Duration,
    /// A card that could not be read and stays is tried again after this long.
    pub retry: Duration,
    /// Silence that ends the drain at opening and after a foreign reply.
    pub quiet: Duration,
    /// Silence inside a frame that ends it; at low speeds the time of 80 bytes.
    pub gap: Duration,
    /// How long an answer to find or select may take, without its time on the wire. So with those below.
    pub patience: Duration,
    /// How long an answer to status or module number may take.
    pub status_patience: Duration,
    /// How long an answer to a read may take.
    pub read_patience: Duration,
    /// How much longer a read with fingerprints may take.
    pub fingerprint_patience: Duration,
    /// How long a module may take to wake up before it counts as silent.
    pub warm_up: Duration,
    /// Between two looks for a port that has vanished.
    pub seek: Duration,
    /// Before each further try of a port that is there and does not work; the last one repeats.
    pub backoff: [Duration; 4],
}

impl PortConfig {
    /// The figures of id-card-reader.md §1.3 and §1.4.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let ms = Duration::from_millis;
        Self {
            path: path.into(),
            devices: Devices::default(),
            baud: 115_200,
            other_speeds: true,
            latest_address: false,
            fingerprints: false,
            poll: ms(300),
            removal: ms(200),
            same_card: None,
            remembered: ms(10_000),
            retry: ms(1000),
            quiet: ms(50),
            gap: ms(200),
            patience: ms(500),
            status_patience: ms(1000),
            read_patience: ms(1500),
            fingerprint_patience: ms(1000),
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

    /// How long an answer may take at this speed, from the first byte of the command to its own last.
    pub(super) fn patience_for(&self, command: Command, baud: u32) -> Duration {
        let (patience, answer) = match command {
            Command::Read => (self.read_patience, 1295),
            Command::ReadWithFingerprint => (self.read_patience + self.fingerprint_patience, 2321),
            Command::AllAddresses => (self.read_patience, 291),
            Command::LatestAddress => (self.read_patience, 81),
            Command::Find => (self.patience, 15),
            Command::Select => (self.patience, 19),
            // The length of this answer is not documented; one driver keeps room for 24 bytes.
            Command::ChipNumber => (self.patience, 35),
            Command::SamNumber => (self.status_patience, 27),
            Command::Reset | Command::Status | Command::SetSpeed(_) | Command::SetMaxRadioFrame(_) => {
                (self.status_patience, 11)
            }
        };
        patience + wire(11 + answer, baud)
    }

    /// The silence that ends a frame at this speed.
    pub(super) fn gap_at(&self, baud: u32) -> Duration {
        self.gap.max(wire(GAP, baud))
    }

    /// The silence that ends a drain at this speed.
    pub(super) fn quiet_at(&self, baud: u32) -> Duration {
        self.quiet.max(wire(GAP, baud))
    }
}

/// How long bytes take on the wire, ten bits each.
fn wire(bytes: u32, baud: u32) -> Duration {
    Duration::from_micros(u64::from(bytes) * 10_000_000 / u64::from(baud.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deadline_has_its_time_on_the_wire() {
        let config = PortConfig::new("/dev/idreader");
        for (command, baud, ms) in [
            (Command::Find, 115_200, 502),
            (Command::Find, 9_600, 527),
            (Command::Select, 9_600, 531),
            (Command::Status, 9_600, 1022),
            (Command::SamNumber, 115_200, 1003),
            (Command::Read, 115_200, 1613),
            (Command::Read, 9_600, 2860),
            (Command::ReadWithFingerprint, 9_600, 4929),
            (Command::LatestAddress, 9_600, 1595),
        ] {
            assert_eq!(config.patience_for(command, baud).as_millis(), ms, "{command:?} at {baud}");
        }
    }

    #[test]
    fn a_gap_is_never_shorter_than_a_burst_of_bytes() {
        let fast = PortConfig { gap: Duration::from_millis(1), ..PortConfig::fast("/dev/idreader") };
        for (baud, micros) in [(115_200, 6944), (57_600, 13_888), (38_400, 20_833), (19_200, 41_666), (9_600, 83_333)] {
            assert_eq!(fast.gap_at(baud).as_micros(), micros, "{baud}");
        }
        assert_eq!(PortConfig::new("/dev/idreader").gap_at(9_600).as_millis(), 200);
        assert_eq!(PortConfig::new("/dev/idreader").quiet_at(115_200).as_millis(), 50);
    }
}
