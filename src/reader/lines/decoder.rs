//! The decoder of one line device: bytes and a clock in, events out.

use super::Device;
use super::rfid::{Rfid, Tag};
use super::scanner::{Scan, Scanner};
use std::time::Duration;

/// What was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A code was scanned.
    Scan(Scan),
    /// A campus card was laid on the reader.
    Tag(Tag),
    /// A line of so many bytes was longer than [`MAX_LINE`](super::MAX_LINE) and dropped.
    Overlong(u64),
    /// A line of so many bytes is no text in the encodings allowed.
    Undecodable(u64),
}

/// Decodes what one device sends. Times are of a clock that never runs backwards; its start is arbitrary.
#[derive(Debug)]
pub struct Decoder {
    kind: Kind,
    noise: u64,
}

#[derive(Debug)]
enum Kind {
    Scanner(Scanner),
    Rfid(Rfid),
}

impl Decoder {
    /// For a device on a line of this speed in baud.
    #[must_use]
    pub fn new(device: &Device, baud: u32) -> Self {
        let kind = match device {
            Device::Scanner(settings) => Kind::Scanner(Scanner::new(settings.clone(), baud)),
            Device::Rfid(settings) => Kind::Rfid(Rfid::new(*settings, baud)),
        };
        Self { kind, noise: 0 }
    }

    /// Takes bytes that arrived now. Silence before them counts first.
    pub fn feed(&mut self, bytes: &[u8], now: Duration) -> Vec<Heard> {
        let mut heard = self.pass(now);
        match &mut self.kind {
            Kind::Scanner(scanner) => heard.extend(scanner.feed(bytes, now, &mut self.noise)),
            Kind::Rfid(rfid) => heard.extend(rfid.feed(bytes, now, &mut self.noise).into_iter().map(Heard::Tag)),
        }
        heard
    }

    /// Says what the silence until now means.
    pub fn pass(&mut self, now: Duration) -> Vec<Heard> {
        match &mut self.kind {
            Kind::Scanner(scanner) => scanner.pass(now, &mut self.noise),
            Kind::Rfid(rfid) => rfid.pass(now, &mut self.noise).into_iter().map(Heard::Tag).collect(),
        }
    }

    /// When [`Decoder::pass`] will have something to say, if nothing arrives until then.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        match &self.kind {
            Kind::Scanner(scanner) => scanner.splitter().due(),
            Kind::Rfid(rfid) => rfid.due(),
        }
    }

    /// Bytes that wait for more.
    #[must_use]
    pub fn held(&self) -> u64 {
        match &self.kind {
            Kind::Scanner(scanner) => scanner.splitter().held(),
            Kind::Rfid(rfid) => rfid.held(),
        }
    }

    /// Bytes that were nothing since the last time.
    pub fn take_noise(&mut self) -> u64 {
        std::mem::take(&mut self.noise)
    }
}
