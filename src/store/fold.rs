//! From the file to what the desk holds: every chain checked, every event folded.

use super::{Store, StoreError};
use crate::domain::candidate::Placement;
use crate::domain::event::Recorded;
use crate::domain::ids::{DeskId, Digest, SessionId, SessionNo};
use crate::domain::policy::Policy;
use crate::domain::record::{Held, SessionBook, SessionRecord};
use crate::domain::roster::{Entry, Roster};
use crate::domain::session::{Plan, Session};
use crate::journal::chain::Chain;
use crate::journal::verify::{Check, Report, Row, StreamId};
use crate::proof::sha256;
use rusqlite::OptionalExtension as _;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sessions on their way through the journal. Whoever checks lines and whoever folds them may be two threads.
#[derive(Debug)]
pub struct Folding {
    desk: DeskId,
    books: BTreeMap<SessionId, SessionBook>,
    sizes: BTreeMap<SessionNo, u64>,
}

impl Folding {
    /// Takes the next line.
    pub fn take(&mut self, stream: StreamId, recorded: &Recorded) {
        let Some(book) = self.books.get_mut(&stream.session) else { return };
        if stream.desk == self.desk {
            self.sizes.insert(book.session.plan.no, recorded.seq);
        }
        book.record.apply(recorded);
    }
}

impl Store {
    /// Where every stream ends, as stored beside it.
    pub(super) fn stream_ends(&self) -> Result<BTreeMap<StreamId, Chain>, StoreError> {
        let mut query = self.db.prepare("SELECT session, desk, size, head FROM stream")?;
        let rows = query.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, u8>(1)?, row.get::<_, i64>(2)?, row.get::<_, [u8; 32]>(3)?))
        })?;
        rows.map(|row| {
            let (session, desk, size, head) = row?;
            let size = u64::try_from(size).map_err(|e| StoreError::row("stream", e))?;
            Ok((stream_id(&session, desk)?, Chain::at(size, Digest::new(head))))
        })
        .collect()
    }

    /// Checks every stream from its first line and reports where each ends.
    ///
    /// # Errors
    /// [`StoreError::Broken`] with the first finding.
    pub fn verify(&self) -> Result<Vec<Report>, StoreError> {
        self.each_line(|_, _, _| {})
    }

    /// Hands every line to `take` with its bytes, streams in order of session and desk, lines by seq, checking the
    /// chains on the way; says where every stream ends. Nothing that was taken counts before this has returned.
    ///
    /// # Errors
    /// [`StoreError::Broken`] with the first finding.
    pub fn each_line(&self, mut take: impl FnMut(StreamId, Recorded, &[u8])) -> Result<Vec<Report>, StoreError> {
        // One moment of the file for ends and lines: a desk may be writing meanwhile.
        let _moment = self.db.unchecked_transaction()?;
        let mut check = Check::new(self.stream_ends()?);
        let mut query =
            self.db.prepare("SELECT session, desk, seq, bytes, head FROM line ORDER BY session, desk, seq")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let stream = stream_id(row.get_ref(0)?.as_str().map_err(column)?, row.get(1)?)?;
            let seq = u64::try_from(row.get::<_, i64>(2)?).map_err(|e| StoreError::row("line", e))?;
            let bytes = row.get_ref(3)?.as_blob().map_err(column)?;
            let head = Digest::new(row.get(4)?);
            take(stream, check.row(&Row { stream, seq, line: bytes, head }).map_err(StoreError::Broken)?, bytes);
        }
        let reports = check.finish().map_err(StoreError::Broken)?;
        // A stream that is gone with its recorded end leaves its session behind.
        for (no, id) in self.session_ids()? {
            if !reports.iter().any(|report| report.stream.session == id && report.size > 0) {
                return Err(StoreError::row("line", format!("session {id} (number {no}) has none, not even its plan")));
            }
        }
        Ok(reports)
    }

    /// Folds everything this desk needs to go on.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when the journal is not as it was written, [`StoreError::Row`] when the plan is not.
    pub fn hold(&self, desk: DeskId) -> Result<Held, StoreError> {
        let mut folding = self.folding(desk)?;
        self.each_line(|stream, recorded, _| folding.take(stream, &recorded))?;
        let mut held = self.folded(folding)?;
        held.roster = Roster::new(self.placed()?);
        Ok(held)
    }

    /// What the lines are to be folded into: everything that is planned, nothing taken.
    ///
    /// # Errors
    /// [`StoreError::Row`] when the plan is not as it was written.
    pub fn folding(&self, desk: DeskId) -> Result<Folding, StoreError> {
        Ok(Folding { desk, books: self.sessions()?, sizes: BTreeMap::new() })
    }

    /// What was folded, with an empty roster, and what the ledger adds.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when the ledger is not as it was written.
    pub fn folded(&self, Folding { books, sizes, .. }: Folding) -> Result<Held, StoreError> {
        let books = books.into_values().map(|book| (book.session.plan.no, book)).collect();
        let mut held = Held { books, sizes, roster: Roster::new(Vec::new()) };
        self.each_ledger_line(|line, _| held.apply_ledger(&line))?;
        Ok(held)
    }

    fn sessions(&self) -> Result<BTreeMap<SessionId, SessionBook>, StoreError> {
        let mut query = self.db.prepare(
            "SELECT plan, bytes FROM session JOIN policy ON policy.sha256 = session.policy_sha256 ORDER BY no",
        )?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        rows.map(|row| {
            let (plan, policy) = row?;
            let plan: Plan = serde_json::from_str(&plan).map_err(|e| StoreError::row("session", e))?;
            if sha256(&[&policy]) != plan.policy_sha256 {
                return Err(StoreError::row("policy", "its bytes do not have the hash that its session names"));
            }
            let policy = Policy::parse(&policy, "policy of the session")
                .map_err(|found| StoreError::row("policy", format!("{} findings", found.len())))?;
            let session = Session { plan, policy: Arc::new(policy) };
            Ok((session.plan.id, SessionBook { session, record: SessionRecord::default() }))
        })
        .collect()
    }

    /// The bytes of a session's policy, as imported.
    ///
    /// # Errors
    /// [`StoreError::Row`] when it is not there.
    pub fn policy_bytes(&self, sha256: &Digest) -> Result<Vec<u8>, StoreError> {
        let query = "SELECT bytes FROM policy WHERE sha256 = ?1";
        let bytes = self.db.query_row(query, [sha256.to_string()], |row| row.get(0)).optional()?;
        bytes.ok_or_else(|| StoreError::row("policy", "the one of a session is missing"))
    }

    /// The first session that other desks have joined and this one has not. A session without any stream is no such
    /// session: its journal is gone, and the fold says so.
    ///
    /// # Errors
    /// [`StoreError::Row`] when a session cannot be read.
    pub fn not_joined(&self, desk: DeskId) -> Result<Option<SessionNo>, StoreError> {
        let sessions = self.session_ids()?;
        let joined = |id: &SessionId| self.ends.keys().any(|stream| stream.session == *id);
        let missing = |id: &SessionId| joined(id) && !self.ends.contains_key(&StreamId { session: *id, desk });
        Ok(sessions.into_iter().find(|(_, id)| missing(id)).map(|(no, _)| no))
    }

    /// Hands every placement to `take`, by admission number, one at a time: thirty thousand at once would leave the heap
    /// twice as large as what the desk keeps of them.
    ///
    /// # Errors
    /// [`StoreError::Row`] when one cannot be read.
    pub fn each_placement(&self, mut take: impl FnMut(Placement)) -> Result<(), StoreError> {
        let mut query = self.db.prepare("SELECT placement FROM placement ORDER BY cand")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let json = row.get_ref(0)?.as_str().map_err(|e| StoreError::row("placement", e))?;
            take(serde_json::from_str(json).map_err(|e| StoreError::row("placement", e))?);
        }
        Ok(())
    }

    /// The rows as placed, nobody's identity known.
    pub(super) fn placed(&self) -> Result<Vec<Entry>, StoreError> {
        let count: i64 = self.db.query_row("SELECT count(*) FROM placement", [], |row| row.get(0))?;
        let mut entries = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        self.each_placement(|placement| entries.push(Entry::placed(&placement, &self.about.site)))?;
        Ok(entries)
    }

    /// The session ids by number.
    ///
    /// # Errors
    /// [`StoreError::Row`] when one cannot be read.
    pub fn session_ids(&self) -> Result<BTreeMap<SessionNo, SessionId>, StoreError> {
        let mut query = self.db.prepare("SELECT no, id FROM session")?;
        let rows = query.query_map([], |row| Ok((row.get::<_, u8>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (no, id) = row?;
            let no = SessionNo::try_from(no).map_err(|e| StoreError::row("session", e))?;
            Ok((no, SessionId::parse(&id).map_err(|e| StoreError::row("session", e))?))
        })
        .collect()
    }
}

fn column(error: rusqlite::types::FromSqlError) -> StoreError {
    StoreError::row("line", error)
}

fn stream_id(session: &str, desk: u8) -> Result<StreamId, StoreError> {
    let session = SessionId::parse(session).map_err(|e| StoreError::row("stream", e))?;
    let desk = DeskId::try_from(desk).map_err(|e| StoreError::row("stream", e))?;
    Ok(StreamId { session, desk })
}
