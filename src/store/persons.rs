//! Sealed persons: one blob for each, readable only with the data key of the session it was imported with.

use super::{Store, StoreError};
use crate::domain::candidate::Person;
use crate::domain::ids::{AdmissionNo, SessionId};
use crate::domain::roster::{Identity, Roster};
use crate::trust::data_key::{DataKey, Place};
use ring::rand::SecureRandom;
use rusqlite::Connection;

/// The table's name as the seal binds it.
const TABLE: &str = "person";

/// Seals one person under the data key of a session.
pub(super) fn seal(
    db: &Connection,
    cand: &AdmissionNo,
    session: SessionId,
    key: &DataKey,
    person: &Person,
    rng: &dyn SecureRandom,
) -> Result<(), StoreError> {
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(person).map_err(|e| StoreError::row(TABLE, e))?);
    let place = Place { table: TABLE, row: cand.as_str(), session };
    let sealed = key.seal(place, rng, &plain).map_err(|e| StoreError::row(TABLE, e))?;
    db.prepare_cached("INSERT INTO person (cand, session, sealed) VALUES (?1, ?2, ?3)")?.execute((
        cand.as_str(),
        session.to_string(),
        sealed,
    ))?;
    Ok(())
}

impl Store {
    /// Hands every person to `take`, by admission number; a person whose key is not at hand is left out.
    ///
    /// # Errors
    /// [`StoreError::Row`] when a blob does not open or does not read.
    pub fn each_person<'k>(
        &self,
        key: impl Fn(SessionId) -> Option<&'k DataKey>,
        mut take: impl FnMut(AdmissionNo, Person),
    ) -> Result<(), StoreError> {
        let mut query = self.db.prepare("SELECT cand, session, sealed FROM person ORDER BY cand")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let cand: String = row.get(0)?;
            let session: String = row.get(1)?;
            let session = SessionId::parse(&session).map_err(|e| StoreError::row(TABLE, e))?;
            let Some(key) = key(session) else { continue };
            let sealed = row.get_ref(2)?.as_blob().map_err(|e| StoreError::row(TABLE, e))?;
            let plain =
                key.open(Place { table: TABLE, row: &cand, session }, sealed).map_err(|e| StoreError::row(TABLE, e))?;
            // The parser's message could quote a value: only that it failed is told.
            let person =
                serde_json::from_slice(&plain).map_err(|_| StoreError::row(TABLE, "its blob does not read"))?;
            take(AdmissionNo::parse(&cand).map_err(|e| StoreError::row(TABLE, e))?, person);
        }
        Ok(())
    }

    /// The roster with everybody's identity, for the desk's memory.
    ///
    /// # Errors
    /// As [`Store::each_person`], and when a placed person is not there at all: that card would be answered "not on the
    /// roster" by a file from which somebody has taken a row.
    pub fn roster<'k>(&self, key: impl Fn(SessionId) -> Option<&'k DataKey>) -> Result<Roster, StoreError> {
        let mut entries = self.placed()?;
        // Both come by admission number: one pass joins them.
        let mut at = 0;
        self.each_person(key, |cand, person| {
            at += entries.iter().skip(at).take_while(|entry| entry.cand < cand).count();
            if let Some(entry) = entries.get_mut(at).filter(|entry| entry.cand == cand) {
                entry.identity = Some(Identity::of(&person));
            }
        })?;
        let missing = self.persons_missing()?;
        if missing > 0 {
            return Err(StoreError::row(TABLE, format!("{missing} placed persons are missing")));
        }
        Ok(Roster::new(entries))
    }

    fn persons_missing(&self) -> Result<i64, StoreError> {
        let query = "SELECT count(*) FROM placement WHERE cand NOT IN (SELECT cand FROM person)";
        Ok(self.db.query_row(query, [], |row| row.get(0))?)
    }
}
