//! How reading went since the trace began.

use std::time::Duration;

/// What was laid on the reader, and what came of it; each presence of a card counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Cards that were tried.
    pub reads: u32,
    /// Cards that were read.
    pub ok: u32,
    /// Reads that failed with 41: mostly a card lifted early.
    pub lifted: u32,
    /// Replies whose checksum was wrong.
    pub damaged: u32,
    /// Cards that the module does not know.
    pub unknown: u32,
    /// Spent on the cards that were read, from find to the end of the read.
    pub spent: Duration,
}

impl Figures {
    /// How long a good read takes on average; `None` before the first one.
    #[must_use]
    pub fn mean(&self) -> Option<Duration> {
        self.spent.checked_div(self.ok)
    }
}
