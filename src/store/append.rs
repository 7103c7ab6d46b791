//! The one way into the journal.

use super::{Store, StoreError, project};
use crate::domain::event::Draft;
use crate::journal::chain::Chain;
use crate::journal::line;
use crate::journal::verify::StreamId;
use rusqlite::{Connection, TransactionBehavior};
use std::collections::BTreeMap;

impl Store {
    /// Stores lines and what they move in the read tables, in one transaction; durable when it returns.
    ///
    /// # Errors
    /// [`StoreError::Order`] when a line does not continue its stream; [`StoreError::Stopped`] after an earlier
    /// failure; whatever the disk says. After any error the store takes nothing more before it is reopened.
    pub fn append(&mut self, drafts: &[Draft]) -> Result<(), StoreError> {
        if self.stopped {
            return Err(StoreError::Stopped);
        }
        match self.append_in_one_transaction(drafts) {
            Ok(moved) => {
                self.ends.extend(moved);
                Ok(())
            }
            Err(error) => {
                self.stopped = true;
                Err(error)
            }
        }
    }

    fn append_in_one_transaction(&mut self, drafts: &[Draft]) -> Result<BTreeMap<StreamId, Chain>, StoreError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let moved = lines(&tx, &self.ends, drafts)?;
        tx.commit()?;
        Ok(moved)
    }
}

/// Writes lines inside a transaction and returns the streams' new ends.
pub(super) fn lines(
    db: &Connection,
    ends: &BTreeMap<StreamId, Chain>,
    drafts: &[Draft],
) -> Result<BTreeMap<StreamId, Chain>, StoreError> {
    let mut moved: BTreeMap<StreamId, Chain> = BTreeMap::new();
    for draft in drafts {
        let recorded = &draft.recorded;
        let stream = StreamId { session: draft.session, desk: recorded.author.desk };
        let end = moved.get(&stream).or_else(|| ends.get(&stream)).copied().unwrap_or(Chain::EMPTY);
        if recorded.seq != end.next_seq() {
            return Err(StoreError::Order { expected: end.next_seq(), found: recorded.seq });
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
