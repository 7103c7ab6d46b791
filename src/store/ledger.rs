//! The site ledger in the file: one chained stream, read whole at start, written in transactions of its own.

use super::append::integer;
use super::{Store, StoreError};
use crate::domain::event::{Author, DeskEnd, End, Frontier};
use crate::domain::ids::{DeskId, Digest, OperatorId, SessionId};
use crate::domain::ledger::{LedgerEvent, LedgerLine};
use crate::domain::time::{ClockQuality, Instant};
use crate::journal::chain::Chain;
use crate::journal::line;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Who writes a ledger line, where and when.
#[derive(Debug, Clone)]
pub struct LedgerAuthor {
    /// The desk.
    pub desk: DeskId,
    /// Who acts; nobody where nobody is signed in.
    pub op: Option<OperatorId>,
    /// When, for people.
    pub at: Instant,
    /// Quality of the clock.
    pub quality: ClockQuality,
}

impl Store {
    pub(super) fn ledger_end(&self) -> Result<Chain, StoreError> {
        let (size, head): (i64, [u8; 32]) =
            self.db.query_row("SELECT size, head FROM ledger_end", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let size = u64::try_from(size).map_err(|e| StoreError::row("ledger_end", e))?;
        Ok(Chain::at(size, Digest::new(head)))
    }

    /// Where the ledger ends.
    #[must_use]
    pub fn ledger_head(&self) -> Digest {
        self.ledger.head()
    }

    /// Stores ledger lines in one transaction; durable when it returns. They come back as they were written.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn append_ledger(
        &mut self,
        events: Vec<LedgerEvent>,
        author: &LedgerAuthor,
    ) -> Result<Vec<LedgerLine>, StoreError> {
        let (mut end, mut written) = (self.ledger, Vec::with_capacity(events.len()));
        self.write(|db, _| {
            for event in events {
                let recorded = LedgerLine { seq: end.next_seq(), at: author.at, author: author.of(end), event };
                end = insert(db, end, &recorded)?;
                super::project::apply_ledger(db, &recorded)?;
                written.push(recorded);
            }
            let (size, head) = (integer(end.size()), end.head());
            db.execute("UPDATE ledger_end SET size = ?1, head = ?2", (size, head.bytes()))?;
            Ok(super::append::Ends::new())
        })?;
        self.ledger = end;
        Ok(written)
    }

    /// Every line with its bytes, the chain checked on the way.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] naming the first line that is not as it was written.
    pub fn each_ledger_line(&self, mut take: impl FnMut(LedgerLine, Vec<u8>)) -> Result<End, StoreError> {
        let _moment = self.db.unchecked_transaction()?;
        let recorded = self.ledger_end()?;
        let mut query = self.db.prepare("SELECT seq, bytes, head FROM ledger ORDER BY seq")?;
        let mut rows = query.query([])?;
        let mut end = Chain::EMPTY;
        while let Some(row) = rows.next()? {
            let broken = |why: &str| StoreError::Ledger { seq: end.next_seq(), why: why.to_owned() };
            let (seq, bytes, head): (i64, Vec<u8>, [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let next = end.with(&bytes);
            if integer(end.next_seq()) != seq {
                return Err(broken("it is missing"));
            }
            if next.head() != Digest::new(head) {
                return Err(broken("it was changed: its chain does not give the stored head"));
            }
            let line: LedgerLine = line::parse(&bytes).map_err(|e| broken(&e.to_string()))?;
            if line.seq != end.next_seq() || line.author.lc != line.seq {
                return Err(broken("it was written for another place"));
            }
            end = next;
            take(line, bytes);
        }
        if end != recorded {
            let why = format!("the ledger is recorded with {} lines and another head", recorded.size());
            return Err(StoreError::Ledger { seq: end.size(), why });
        }
        Ok(End { size: end.size(), head: end.head() })
    }

    /// The lines after the one whose chain gives `from`, of the first `size`, byte for byte.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] when no line gives it, or one is not as it was written.
    pub fn ledger_after(&self, from: Digest, size: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let (mut end, mut after) = (Chain::EMPTY, (from == Digest::ZERO).then(Vec::new));
        self.each_ledger_line(|line, bytes| {
            end = end.with(&bytes);
            match &mut after {
                Some(lines) if line.seq <= size => lines.push(bytes),
                None if end.head() == from => after = Some(Vec::new()),
                _ => {}
            }
        })?;
        let why = "no line gives the head that the session quotes".to_owned();
        after.ok_or(StoreError::Ledger { seq: end.size(), why })
    }

    /// Every sealed session with the hash of its package.
    ///
    /// # Errors
    /// [`StoreError::Ledger`].
    pub fn seals(&self) -> Result<BTreeMap<SessionId, Digest>, StoreError> {
        let mut seals = BTreeMap::new();
        self.each_ledger_line(|line, _| {
            if let LedgerEvent::SessionSealed(sealed) = line.event {
                seals.insert(sealed.session, sealed.package_sha256);
            }
        })?;
        Ok(seals)
    }

    /// Where the session's streams and the ledger end now.
    #[must_use]
    pub fn frontier(&self, session: &SessionId) -> Frontier {
        let ends = self.ends.iter().filter(|(stream, _)| stream.session == *session);
        Frontier {
            desks: ends.map(|(s, end)| DeskEnd { desk: s.desk, size: end.size(), head: end.head() }).collect(),
            ledger: End { size: self.ledger.size(), head: self.ledger.head() },
        }
    }
}

impl LedgerAuthor {
    fn of(&self, end: Chain) -> Author {
        Author { desk: self.desk, lc: end.next_seq(), op: self.op.clone(), w: None, q: self.quality }
    }
}

fn insert(db: &Connection, end: Chain, recorded: &LedgerLine) -> Result<Chain, StoreError> {
    let bytes = line::encode(recorded).map_err(|e| StoreError::row("ledger", e))?;
    let end = end.with(&bytes);
    db.execute(
        "INSERT INTO ledger (seq, bytes, head) VALUES (?1, ?2, ?3)",
        (integer(end.size()), &bytes, end.head().bytes()),
    )?;
    Ok(end)
}
