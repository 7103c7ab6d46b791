//! What went over a reader's line lately, without a byte of a card: for the technician's screen and the support capture.
//!
//! ```text
//! Sink (port's thread) -> Traced -> Trace: entries (a ring), figures, the likely finding -> screen, `reader doctor`, capture
//! ```
//!
//! Invariant: an [`Entry`] cannot hold card content. Of a reply it keeps the three status bytes, how much data followed,
//! and a module's own number; of noise its length. The same exchange again and again (find, nothing) is one pair with a
//! count, so that a ring of [`KEPT`] entries reaches back over many polls. Knows no words: [`capture`] writes plain
//! English for support, people read the screen's.

mod capture;
mod figures;
mod finding;
mod tap;

pub use capture::{capture, meaning};
pub use figures::Figures;
pub use finding::Finding;
pub use tap::Traced;

use super::frame::{self, Flaw, Frame};
use super::port::PortFault;
use super::sam::{Command, Reply, SamNumber, encode_reply};
use crate::domain::time::Instant;
use std::collections::VecDeque;
use std::time::Duration;

/// How many entries are kept.
pub const KEPT: usize = 1000;

/// A valid reply without its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Masked {
    /// The card's own status, where forwarded.
    pub card_status: [u8; 2],
    /// The module's status.
    pub sw3: u8,
    /// How many bytes of data followed.
    pub data: usize,
    /// The module's own number, if that is what followed.
    pub sam: Option<SamNumber>,
}

impl Masked {
    /// Takes a reply to a command.
    fn of(frame: &Frame, command: Option<Command>) -> Option<Self> {
        let reply = Reply::of(frame)?;
        let asked = command == Some(Command::SamNumber);
        let sam = asked.then(|| SamNumber::parse(reply.data)).flatten();
        Some(Self { card_status: reply.card_status, sw3: reply.sw3, data: reply.data.len(), sam })
    }
}

/// One thing that happened on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A command went out.
    Sent(Command),
    /// A reply came.
    Received(Masked),
    /// Something began like a frame and was none.
    Flawed(Flaw),
    /// So many bytes that were no answer.
    Noise(u64),
    /// A reader answered at this speed.
    Up(u32),
    /// It does not work.
    Down(PortFault),
}

impl What {
    /// The frame as hexadecimal text, what a card said as `..`; `None` for what is no frame.
    #[must_use]
    pub fn hex(&self) -> Option<String> {
        let (bytes, cut) = match self {
            Self::Sent(command) => (command.bytes(), false),
            Self::Received(Masked { card_status, sw3, data, .. }) => {
                let mut bytes = encode_reply(*card_status, *sw3, &vec![0; *data]);
                if *data > 0 {
                    bytes.truncate(frame::PREAMBLE.len() + 5);
                }
                (bytes, *data > 0)
            }
            Self::Flawed(_) | Self::Noise(_) | Self::Up(_) | Self::Down(_) => return None,
        };
        let mut text: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        if cut {
            text.push("..".to_owned());
        }
        Some(text.join(" "))
    }
}

/// One line of the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it happened last.
    pub at: Instant,
    /// What.
    pub what: What,
    /// How often in a row.
    pub times: u32,
    /// Counts from 1 in the order of the line; a repeated exchange keeps the number of its first time.
    pub number: u64,
}

/// Whether a reader answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Nobody knows yet.
    Seeking,
    /// It does.
    Up {
        /// Its speed in baud.
        baud: u32,
        /// Its module's number, if it told the same one twice.
        sam: Option<SamNumber>,
        /// When it did first, on the clock without settings.
        since: Duration,
    },
    /// It does not.
    Down(PortFault),
}

/// The trace of one port.
#[derive(Debug, Clone)]
pub struct Trace {
    entries: VecDeque<Entry>,
    pushed: u64,
    link: Link,
    figures: Figures,
    /// At which speed the port was said to work.
    configured: u32,
    last: Option<(Command, u32)>,
    trouble: Option<Finding>,
    noise_since_answer: u64,
}

impl Trace {
    /// An empty one, of a port that is configured at this speed.
    #[must_use]
    pub fn new(configured: u32) -> Self {
        Self {
            entries: VecDeque::new(),
            pushed: 0,
            link: Link::Seeking,
            figures: Figures::default(),
            configured,
            last: None,
            trouble: None,
            noise_since_answer: 0,
        }
    }

    /// What happened, oldest first.
    #[must_use]
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// What came after the entry with this number, for whoever tells it as it goes; a command whose answer may still come
    /// is left for the next time, because the two may turn out to be a repetition.
    #[must_use]
    pub fn since(&self, number: u64) -> Vec<Entry> {
        let waits = self.entries.back().filter(|last| matches!(last.what, What::Sent(_))).map(|last| last.number);
        let fresh = self.entries.iter().filter(|entry| entry.number > number && Some(entry.number) != waits);
        fresh.cloned().collect()
    }

    /// Whether a reader answers.
    #[must_use]
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// What was read, and what went wrong.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.figures
    }

    fn push(&mut self, at: Instant, what: What) {
        self.pushed += 1;
        self.entries.push_back(Entry { at, what, times: 1, number: self.pushed });
        self.fold();
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
    }

    /// Joins the last exchange with the same one before it.
    fn fold(&mut self) {
        let len = self.entries.len();
        let at = |back: usize| len.checked_sub(back).and_then(|at| self.entries.get(at));
        let (Some(sent_before), Some(got_before), Some(sent), Some(got)) = (at(4), at(3), at(2), at(1)) else { return };
        let exchange = matches!((&sent.what, &got.what), (What::Sent(_), What::Received(_)));
        if exchange && sent_before.what == sent.what && got_before.what == got.what {
            let (times, first, second) = (got_before.times + 1, sent_before.number, got_before.number);
            self.entries.drain(len - 4..len - 2);
            for (entry, number) in self.entries.iter_mut().rev().take(2).zip([second, first]) {
                (entry.times, entry.number) = (times, number);
            }
        }
    }
}

#[cfg(test)]
mod tests;
