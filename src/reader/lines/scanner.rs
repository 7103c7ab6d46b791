//! A scanner's lines: text with its encoding, once for each time a code is shown.

use super::decoder::Heard;
use super::split::{Piece, Splitter, Terminator};
use super::text::{Encoded, Encoding, aim, decode};
use std::fmt;
use std::time::Duration;

/// How a scanner is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannerSettings {
    /// What ends a line.
    pub terminator: Terminator,
    /// Encodings of its text.
    pub encoding: Encoding,
    /// Whether it puts an AIM identifier such as `]Q1` in front.
    pub aim: bool,
    /// The same code within this long after it was told is the same event.
    pub repeat: Duration,
}

impl Default for ScannerSettings {
    fn default() -> Self {
        let (terminator, encoding) = (Terminator::default(), Encoding::default());
        Self { terminator, encoding, aim: false, repeat: Duration::from_secs(1) }
    }
}

/// A scanned code. Untrusted, and possibly personal: `Debug` hides the content.
#[derive(Clone, PartialEq, Eq)]
pub struct Scan {
    /// The bytes of the line as they came.
    pub raw: Vec<u8>,
    /// Its text, without the AIM identifier.
    pub text: String,
    /// The encoding that the text was in.
    pub encoded: Encoded,
    /// The AIM identifier, such as `]Q1`, where it is configured and there.
    pub aim: Option<String>,
    /// Whether a terminator ended it; otherwise silence did.
    pub terminated: bool,
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { raw, encoded, aim, terminated, .. } = self;
        let mut shape = f.debug_struct("Scan");
        shape.field("bytes", &raw.len()).field("encoded", encoded).field("aim", aim).field("terminated", terminated);
        shape.finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct Scanner {
    settings: ScannerSettings,
    splitter: Splitter,
    told: Option<(Vec<u8>, Duration)>,
}

impl Scanner {
    pub(super) fn new(settings: ScannerSettings, baud: u32) -> Self {
        let splitter = Splitter::new(settings.terminator, baud);
        Self { settings, splitter, told: None }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], now: Duration, noise: &mut u64) -> Vec<Heard> {
        let pieces = self.splitter.feed(bytes, now);
        pieces.into_iter().filter_map(|piece| self.hear(piece, now, noise)).collect()
    }

    pub(super) fn pass(&mut self, now: Duration, noise: &mut u64) -> Vec<Heard> {
        let piece = self.splitter.pass(now);
        piece.and_then(|piece| self.hear(piece, now, noise)).into_iter().collect()
    }

    pub(super) fn splitter(&self) -> &Splitter {
        &self.splitter
    }

    fn hear(&mut self, piece: Piece, now: Duration, noise: &mut u64) -> Option<Heard> {
        let (raw, terminated) = match piece {
            Piece::Line(raw, terminated) => (raw, terminated),
            Piece::Overlong(bytes) => return Some(Heard::Overlong(bytes)),
            Piece::Noise(bytes) => {
                *noise += bytes;
                return None;
            }
        };
        let Some((text, encoded)) = decode(&raw, self.settings.encoding) else {
            return Some(Heard::Undecodable(raw.len() as u64));
        };
        // From the event that was told, so that a code left under the scanner is told again.
        if self.told.as_ref().is_some_and(|(last, at)| *last == raw && now < *at + self.settings.repeat) {
            return None;
        }
        self.told = Some((raw.clone(), now));
        let prefix = if self.settings.aim { aim(&text) } else { None };
        let (aim, text) = match prefix {
            Some((aim, rest)) => (Some(aim.to_owned()), rest.to_owned()),
            None => (None, text),
        };
        Some(Heard::Scan(Scan { raw, text, encoded, aim, terminated }))
    }
}
