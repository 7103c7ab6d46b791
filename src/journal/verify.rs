//! The check of stored streams: recomputes every chain and says what was done to the first line that is not as written.
//!
//! Rows come in the order of the store, streams may be mixed; inside a stream rows ascend by seq. What the check holds
//! against each other: the row's seq, the seq inside the line, the head stored beside the line, the recomputed chain,
//! and the size and head stored for the stream. Whoever rewrites all of them consistently is found by an older head
//! (`proof::merkle::extends`), never by this check.
//!
//! Findings name session, desk and seq, never content.

use super::chain::Chain;
use super::line::{self, LineError};
use crate::domain::event::{Event, Recorded};
use crate::domain::ids::{DeskId, Digest, SessionId};
use crate::proof::merkle;
use std::collections::BTreeMap;
use std::fmt;

/// A stream: one session at one desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// The session.
    pub session: SessionId,
    /// The desk.
    pub desk: DeskId,
}

/// `session 0011…ff desk 2`.
impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "session {} desk {}", self.session, self.desk)
    }
}

/// One row of the journal as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The stream it stands in.
    pub stream: StreamId,
    /// Its place there.
    pub seq: u64,
    /// The line without LF.
    pub line: &'a [u8],
    /// The chain's head after this line.
    pub head: Digest,
}

/// What is right about one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// The stream.
    pub stream: StreamId,
    /// Number of lines.
    pub size: u64,
    /// Head of the running chain.
    pub head: Digest,
    /// RFC 9162 root over the lines.
    pub root: Digest,
}

/// What is wrong at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{stream} line {seq}: {fault}")]
pub struct Finding {
    /// The stream.
    pub stream: StreamId,
    /// The place, from 1.
    pub seq: u64,
    /// What was done there.
    pub fault: Fault,
}

/// The ways in which a stream is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The line, or the head stored beside it, is not what was written.
    #[error("the line was changed: its chain does not give the stored head")]
    Changed,
    /// Lines are missing before the next one that stands.
    #[error("lines were removed: the next one is {next}")]
    Removed {
        /// Seq of the next row.
        next: u64,
    },
    /// A place is taken twice, or rows do not ascend.
    #[error("a line was inserted: the place is already taken")]
    Inserted,
    /// The line was written for another place.
    #[error("lines were reordered: the line was written as number {written}")]
    Reordered {
        /// The seq inside the line.
        written: u64,
    },
    /// Fewer lines than the stream is recorded to have.
    #[error("the tail was cut: the stream is recorded with {expected} lines")]
    TailCut {
        /// Recorded size.
        expected: u64,
    },
    /// More lines than the stream is recorded to have, or a stream that is not recorded at all.
    #[error("a line was added: the stream is recorded with {expected} lines")]
    Added {
        /// Recorded size.
        expected: u64,
    },
    /// The recorded head of the stream is not that of its lines.
    #[error("the recorded head of the stream is not that of its lines")]
    Head,
    /// The bytes are chained as stored, but are no line.
    #[error("the line does not read: {0}")]
    Unreadable(#[from] LineError),
    /// The line was written by another desk or names another session.
    #[error("the line belongs to another stream")]
    Foreign,
    /// The Lamport counter does not ascend.
    #[error("the counter lc does not ascend")]
    Counter,
    /// A stream must begin by naming its session.
    #[error("the first line does not name the session")]
    Unnamed,
}

/// A running check: rows go in one by one, so that no journal must fit into memory.
#[derive(Debug)]
pub struct Check {
    recorded: BTreeMap<StreamId, Chain>,
    streams: BTreeMap<StreamId, Progress>,
}

#[derive(Debug)]
struct Progress {
    chain: Chain,
    tree: merkle::Tree,
    lc: u64,
}

impl Check {
    /// Begins with the size and head that the store records for each stream.
    #[must_use]
    pub fn new(recorded: impl IntoIterator<Item = (StreamId, Chain)>) -> Self {
        Self { recorded: recorded.into_iter().collect(), streams: BTreeMap::new() }
    }

    /// Takes the next row and returns what it says.
    ///
    /// # Errors
    /// The first [`Finding`]; the check is of no more use then.
    pub fn row(&mut self, row: &Row<'_>) -> Result<Recorded, Finding> {
        let found = |seq, fault| Finding { stream: row.stream, seq, fault };
        let size = self.recorded.get(&row.stream).map_or(0, Chain::size);
        let progress = self.streams.entry(row.stream).or_insert_with(|| Progress {
            chain: Chain::EMPTY,
            tree: merkle::Tree::default(),
            lc: 0,
        });
        let expected = progress.chain.next_seq();
        if row.seq > size && expected > size {
            return Err(found(row.seq, Fault::Added { expected: size }));
        }
        if row.seq > expected {
            return Err(found(expected, Fault::Removed { next: row.seq }));
        }
        if row.seq < expected {
            return Err(found(row.seq, Fault::Inserted));
        }
        progress.take(row).map_err(|fault| found(row.seq, fault))
    }

    /// Ends the check: one report for each stream, ascending by session and desk.
    ///
    /// # Errors
    /// A [`Finding`] when a stream is shorter than recorded or its recorded head is another one.
    pub fn finish(mut self) -> Result<Vec<Report>, Finding> {
        let mut reports = Vec::with_capacity(self.recorded.len());
        for (stream, recorded) in self.recorded {
            let (chain, root) = match self.streams.remove(&stream) {
                Some(progress) => (progress.chain, progress.tree.root()),
                None => (Chain::EMPTY, merkle::root(&[])),
            };
            let fault = if chain.size() < recorded.size() {
                Some((chain.next_seq(), Fault::TailCut { expected: recorded.size() }))
            } else {
                (chain.head() != recorded.head()).then_some((chain.size(), Fault::Head))
            };
            if let Some((seq, fault)) = fault {
                return Err(Finding { stream, seq, fault });
            }
            reports.push(Report { stream, size: chain.size(), head: chain.head(), root });
        }
        Ok(reports)
    }
}

impl Progress {
    fn take(&mut self, row: &Row<'_>) -> Result<Recorded, Fault> {
        let chain = self.chain.with(row.line);
        let line = line::parse::<Event>(row.line);
        if let Ok(Recorded { seq: written, .. }) = line
            && written != row.seq
        {
            return Err(Fault::Reordered { written });
        }
        if chain.head() != row.head {
            return Err(Fault::Changed);
        }
        let line = line?;
        check_place(&line, row)?;
        if line.author.lc <= self.lc {
            return Err(Fault::Counter);
        }
        self.lc = line.author.lc;
        self.chain = chain;
        self.tree.push(row.line);
        Ok(line)
    }
}

fn check_place(line: &Recorded, row: &Row<'_>) -> Result<(), Fault> {
    let named = match &line.event {
        Event::SessionPlanned(planned) => Some(planned.session),
        Event::DeskJoined(joined) if row.seq > 1 || joined.desk == row.stream.desk => Some(joined.session),
        _ if row.seq == 1 => return Err(Fault::Unnamed),
        _ => None,
    };
    if line.author.desk != row.stream.desk || named.is_some_and(|session| session != row.stream.session) {
        return Err(if row.seq == 1 { Fault::Unnamed } else { Fault::Foreign });
    }
    Ok(())
}

/// Checks rows that are at hand all at once.
///
/// # Errors
/// The first [`Finding`].
pub fn verify<'a>(
    rows: impl IntoIterator<Item = Row<'a>>,
    recorded: impl IntoIterator<Item = (StreamId, Chain)>,
) -> Result<Vec<Report>, Finding> {
    let mut check = Check::new(recorded);
    for row in rows {
        check.row(&row)?;
    }
    check.finish()
}

#[cfg(test)]
mod tests;
