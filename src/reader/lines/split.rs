//! From bytes to lines: where a line ends, how long it may be, and what a silence means.
//!
//! A line that ended is given without C0 controls at its ends, but for `1D` (GS1 separator); an empty one is nothing.

use std::time::Duration;

/// The longest line in bytes: a QR code holds at most 2953.
pub const MAX_LINE: usize = 4096;

/// An unfinished line is noise after this much silence where a terminator would have ended it.
const STALE: Duration = Duration::from_secs(1);

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const GS: u8 = 0x1d;

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Terminator {
    /// CR, LF, or both, which is one end.
    #[default]
    Any,
    /// CR.
    Cr,
    /// LF.
    Lf,
    /// CR and LF together, neither alone.
    CrLf,
    /// TAB.
    Tab,
    /// ETX, with STX in front of the line.
    Etx,
    /// Nothing but silence.
    None,
}

/// What came of bytes or of silence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A line, and whether a terminator ended it.
    Line(Vec<u8>, bool),
    /// A line longer than [`MAX_LINE`], of so many bytes, was dropped.
    Overlong(u64),
    /// So many bytes that are no line.
    Noise(u64),
}

/// The bytes of the line that has not ended.
#[derive(Debug)]
pub(super) struct Splitter {
    terminator: Terminator,
    idle: Duration,
    buffer: Vec<u8>,
    /// Bytes dropped of a line that is too long.
    overlong: u64,
    /// The byte before, where CR and LF belong together.
    last: u8,
    /// An STX began a line.
    begun: bool,
    heard: Duration,
}

impl Splitter {
    /// For a line at this speed in baud, which tells how long a silence ends a line without terminator.
    pub(super) fn new(terminator: Terminator, baud: u32) -> Self {
        let idle = Duration::from_millis(if baud >= 115_200 { 20 } else { 50 });
        Self { terminator, idle, buffer: Vec::new(), overlong: 0, last: 0, begun: false, heard: Duration::ZERO }
    }

    /// Takes bytes that arrived now.
    pub(super) fn feed(&mut self, bytes: &[u8], now: Duration) -> Vec<Piece> {
        self.heard = now;
        bytes.iter().filter_map(|byte| self.push(*byte)).collect()
    }

    /// What the silence until now means.
    pub(super) fn pass(&mut self, now: Duration) -> Option<Piece> {
        if self.due().is_none_or(|due| now < due) {
            return None;
        }
        if self.terminator == Terminator::None {
            return self.finish(false);
        }
        let piece = if self.overlong > 0 { Piece::Overlong(self.overlong) } else { Piece::Noise(self.held()) };
        self.reset();
        Some(piece)
    }

    /// When silence will mean something.
    pub(super) fn due(&self) -> Option<Duration> {
        let gap = if self.terminator == Terminator::None { self.idle } else { STALE };
        (self.held() > 0 || self.overlong > 0).then_some(self.heard + gap)
    }

    /// Bytes that wait for the end of their line.
    pub(super) fn held(&self) -> u64 {
        self.buffer.len() as u64
    }

    fn push(&mut self, byte: u8) -> Option<Piece> {
        let last = std::mem::replace(&mut self.last, byte);
        if self.ends(last, byte) {
            return self.finish(true);
        }
        if self.terminator == Terminator::Etx && byte == STX {
            let cut = self.held();
            self.reset();
            self.begun = true;
            return (cut > 0).then_some(Piece::Noise(cut));
        }
        if self.terminator == Terminator::Etx && !self.begun {
            return (!is_control(byte)).then_some(Piece::Noise(1));
        }
        if self.overlong > 0 {
            self.overlong += 1;
            return None;
        }
        self.buffer.push(byte);
        if self.buffer.len() > MAX_LINE {
            self.overlong = self.held();
            self.buffer.clear();
        }
        None
    }

    fn ends(&self, last: u8, byte: u8) -> bool {
        match self.terminator {
            Terminator::Any => matches!(byte, b'\r' | b'\n'),
            Terminator::Cr => byte == b'\r',
            Terminator::Lf => byte == b'\n',
            Terminator::CrLf => (last, byte) == (b'\r', b'\n'),
            Terminator::Tab => byte == b'\t',
            Terminator::Etx => byte == ETX && self.begun,
            Terminator::None => false,
        }
    }

    fn finish(&mut self, terminated: bool) -> Option<Piece> {
        let (line, overlong) = (std::mem::take(&mut self.buffer), self.overlong);
        self.reset();
        if overlong > 0 {
            return Some(Piece::Overlong(overlong));
        }
        let line = strip(&line);
        (!line.is_empty()).then(|| Piece::Line(line.to_vec(), terminated))
    }

    fn reset(&mut self) {
        self.buffer.clear();
        (self.overlong, self.begun) = (0, false);
    }
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && byte != GS
}

fn strip(mut line: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = line
        && is_control(*first)
    {
        line = rest;
    }
    while let [rest @ .., last] = line
        && is_control(*last)
    {
        line = rest;
    }
    line
}
