//! Stored lines, byte for byte.

use super::{Store, StoreError};
use crate::domain::event::Recorded;
use crate::domain::ids::{AdmissionNo, DeskId, SessionId};
use crate::journal::line;

/// One stored line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLine {
    /// The desk's stream it stands in.
    pub desk: DeskId,
    /// Its number.
    pub seq: u64,
    /// Its bytes, without LF.
    pub bytes: Vec<u8>,
}

impl Store {
    /// The lines of a session after a number, desks by number, each in order.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn lines_of(
        &self,
        session: SessionId,
        desk: Option<DeskId>,
        after: u64,
    ) -> Result<Vec<StoredLine>, StoreError> {
        let mut query = self.db.prepare(
            "SELECT desk, seq, bytes FROM line
             WHERE session = ?1 AND (?2 IS NULL OR desk = ?2) AND seq > ?3 ORDER BY desk, seq",
        )?;
        let after = super::append::integer(after);
        let rows = query.query_map((session.to_string(), desk.map(DeskId::get), after), |row| {
            Ok((row.get::<_, u8>(0)?, row.get::<_, i64>(1)?, row.get(2)?))
        })?;
        rows.map(|row| {
            let (desk, seq, bytes) = row?;
            let desk = DeskId::try_from(desk).map_err(|e| StoreError::row("line", e))?;
            Ok(StoredLine { desk, seq: u64::try_from(seq).map_err(|e| StoreError::row("line", e))?, bytes })
        })
        .collect()
    }

    /// Every line of a session that is about a candidate, in the order of the fold. The bytes are looked through before
    /// any is read, so that the others cost little.
    ///
    /// # Errors
    /// [`StoreError::Row`] when one does not read.
    pub fn history(&self, session: SessionId, cand: &AdmissionNo) -> Result<Vec<Recorded>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT bytes FROM line WHERE session = ?1 AND instr(bytes, ?2) > 0")?;
        // As a whole value: a shorter number may stand inside a longer one.
        let named = format!("\"{cand}\"").into_bytes();
        let mut rows = query.query((session.to_string(), named))?;
        let mut history: Vec<Recorded> = Vec::new();
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob().map_err(|e| StoreError::row("line", e))?;
            history.push(line::parse(bytes).map_err(|e| StoreError::row("line", e))?);
        }
        history.sort_by_key(Recorded::stamp);
        Ok(history)
    }
}
