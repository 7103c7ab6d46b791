//! The one way into the journal.

use super::{Store, StoreError, project};
use crate::domain::catalogue::Fact as _;
use crate::domain::event::{Draft, Event};
use crate::journal::chain::Chain;
use crate::journal::line;
use crate::journal::verify::StreamId;
use rusqlite::{Connection, TransactionBehavior};
use std::collections::BTreeMap;

/// Where streams end.
pub(super) type Ends = BTreeMap<StreamId, Chain>;

impl Store {
    /// Stores lines and what they move in the read tables, in one transaction; durable when it returns.
    ///
    /// # Errors
    /// [`StoreError::Order`] or [`StoreError::Unnamed`] when a line does not continue or begin its stream;
    /// [`StoreError::Stopped`] after an earlier failure; whatever the disk says. After any error the store takes nothing
    /// more before it is reopened.
    pub fn append(&mut self, drafts: &[Draft]) -> Result<(), StoreError> {
        self.write(|db, ends| lines(db, ends, drafts))
    }

    /// Does some work in one transaction, durable when it returns, and takes over where it says that streams end. After
    /// any error the store takes nothing more: only the file can tell whether the commit is in it.
    pub(super) fn write(
        &mut self,
        work: impl FnOnce(&Connection, &Ends) -> Result<Ends, StoreError>,
    ) -> Result<(), StoreError> {
        if self.stopped {
            return Err(StoreError::Stopped);
        }
        self.stopped = true;
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let moved = work(&tx, &self.ends)?;
        tx.commit()?;
        self.ends.extend(moved);
        self.stopped = false;
        Ok(())
    }
}

/// Writes lines inside a transaction and returns the streams' new ends.
pub(super) fn lines(db: &Connection, ends: &Ends, drafts: &[Draft]) -> Result<Ends, StoreError> {
    let mut moved = Ends::new();
    for draft in drafts {
        let recorded = &draft.recorded;
        let stream = StreamId { session: draft.session, desk: recorded.author.desk };
        let end = moved.get(&stream).or_else(|| ends.get(&stream)).copied().unwrap_or(Chain::EMPTY);
        if recorded.seq != end.next_seq() {
            return Err(StoreError::Order { expected: end.next_seq(), found: recorded.seq });
        }
        // A stream that does not begin by naming its session would never be read again.
        if recorded.seq == 1 && !matches!(recorded.event, Event::SessionPlanned(_) | Event::DeskJoined(_)) {
            return Err(StoreError::Unnamed { desk: stream.desk, found: recorded.event.kind() });
        }
        let bytes = line::encode(recorded).map_err(|e| StoreError::row("line", e))?;
        let end = end.with(&bytes);
        let (session, desk) = (draft.session.to_string(), stream.desk.get());
        let (size, head) = (integer(end.size()), end.head());
        db.prepare_cached(
            "INSERT INTO stream (session, desk, size, head) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET size = excluded.size, head = excluded.head",
        )?
        .execute((&session, desk, size, head.bytes()))?;
        db.prepare_cached("INSERT INTO line (session, desk, seq, bytes, head) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute((&session, desk, size, &bytes, head.bytes()))?;
        project::apply(db, &session, recorded)?;
        moved.insert(stream, end);
    }
    Ok(moved)
}

/// A count as SQLite keeps it; no stream comes near 2^63 lines.
pub(super) fn integer(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
