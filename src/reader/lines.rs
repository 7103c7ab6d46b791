//! Line devices: barcode and QR scanners, campus-card readers. They talk unasked, one line or frame at a time.
//!
//! ```text
//! bytes, clock -> split -> scanner -> Heard::Scan        a line of text with its encoding
//!              -> frames | split -> rfid -> Heard::Tag   a number that passed its checksum, once per presence
//! port                                                   a supervised thread that owns the line
//! ```
//!
//! Follows id-card-reader.md §13. Pure but for `port`: [`Decoder`] takes bytes and a time and gives events, and says by
//! [`Decoder::due`] when silence will mean something. Invariants: every byte ends in an event, in framing or in
//! [`Decoder::take_noise`]; a decoder holds at most [`MAX_LINE`] bytes and a fixed count of recent numbers; what is scanned
//! is data and never steers anything. Knows nothing of candidates: an admission ticket is a text here, a campus card a
//! number, and neither is proof of who holds it.

mod decoder;
mod frames;
mod port;
mod rfid;
mod scanner;
mod split;
mod text;
mod uid;

pub use decoder::{Decoder, Heard};
pub use frames::Format;
pub use port::{LineConfig, LineEvent, code, spawn};
pub use rfid::{RfidSettings, Tag};
pub use scanner::{Scan, ScannerSettings};
pub use split::{MAX_LINE, Terminator};
pub use text::{Encoded, Encoding};
pub use uid::{PlainNumber, Uid, UidForm};

/// What stands at the end of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Device {
    /// A barcode or QR scanner.
    Scanner(ScannerSettings),
    /// A campus-card reader.
    Rfid(RfidSettings),
}

#[cfg(test)]
mod tests;
