//! Import: sessions, placement, sealed persons and the first lines of every stream, in one transaction.

use super::append::lines;
use super::{Store, StoreError, persons};
use crate::domain::candidate::RosterRow;
use crate::domain::event::Draft;
use crate::domain::ids::{AdmissionNo, Digest, SessionId};
use crate::domain::session::Plan;
use crate::trust::data_key::DataKey;
use ring::rand::SecureRandom;
use rusqlite::{Connection, OptionalExtension as _};
use std::collections::BTreeMap;

/// After so many rows an import says how far it is.
pub const STEP: usize = 1_000;

/// What an import puts into the store.
pub struct Import<'a> {
    /// Policy files by hash, byte for byte.
    pub policies: Vec<(Digest, &'a [u8])>,
    /// The sessions planned.
    pub plans: &'a [Plan],
    /// The file of rooms that these sessions' rosters were checked against, byte for byte.
    pub rooms: Option<(&'a [u8], Vec<SessionId>)>,
    /// Rows that go: removed, or replaced by one of `rows`.
    pub remove: Vec<&'a AdmissionNo>,
    /// Every row with the session whose key seals its person: its own, or for a row of another site the first one.
    pub rows: Vec<(&'a RosterRow, SessionId)>,
    /// The data keys of these rows' sessions, already durable.
    pub keys: &'a BTreeMap<SessionId, &'a DataKey>,
    /// The first lines of every session's stream.
    pub drafts: &'a [Draft],
    /// Where the seals' nonces come from.
    pub rng: &'a dyn SecureRandom,
    /// Told after every [`STEP`] rows how many are stored, inside the transaction: nothing of it is durable yet.
    pub progress: &'a dyn Fn(usize),
}

impl Store {
    /// Stores an import whole or not at all.
    ///
    /// # Errors
    /// Whatever the disk says; the store takes nothing more then before it is reopened.
    pub fn import(&mut self, import: &Import<'_>) -> Result<(), StoreError> {
        self.write(|db, ends| {
            plan(db, import)?;
            lines(db, ends, import.drafts)
        })
    }
}

impl Store {
    /// The file of rooms of a session, as imported.
    ///
    /// # Errors
    /// [`StoreError::Row`] when the bytes are not there or not those of this hash, the one that the journal names.
    pub fn rooms(&self, session: SessionId, sha256: &Digest) -> Result<Vec<u8>, StoreError> {
        let query = "SELECT bytes FROM rooms WHERE session = ?1";
        let bytes: Option<Vec<u8>> = self.db.query_row(query, [session.to_string()], |row| row.get(0)).optional()?;
        let bytes = bytes.ok_or_else(|| StoreError::row("rooms", "those of a session are missing"))?;
        if crate::proof::sha256(&[&bytes]) != *sha256 {
            return Err(StoreError::row("rooms", "its bytes do not have the hash that the journal names"));
        }
        Ok(bytes)
    }
}

fn plan(db: &Connection, import: &Import<'_>) -> Result<(), StoreError> {
    for (sha256, bytes) in &import.policies {
        db.prepare_cached("INSERT INTO policy (sha256, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute((sha256.to_string(), bytes))?;
    }
    for plan in import.plans {
        let json = serde_json::to_string(plan).map_err(|e| StoreError::row("session", e))?;
        db.prepare_cached("INSERT INTO session (id, no, plan, policy_sha256) VALUES (?1, ?2, ?3, ?4)")?.execute((
            plan.id.to_string(),
            plan.no.get(),
            json,
            plan.policy_sha256.to_string(),
        ))?;
    }
    for cand in &import.remove {
        db.prepare_cached("DELETE FROM person WHERE cand = ?1")?.execute([cand.as_str()])?;
        db.prepare_cached("DELETE FROM placement WHERE cand = ?1")?.execute([cand.as_str()])?;
    }
    if let Some((bytes, sessions)) = &import.rooms {
        for session in sessions {
            let query = "INSERT INTO rooms (session, bytes) VALUES (?1, ?2)
                         ON CONFLICT DO UPDATE SET bytes = excluded.bytes";
            db.prepare_cached(query)?.execute((session.to_string(), bytes))?;
        }
    }
    for (n, (row, held_by)) in (1usize..).zip(&import.rows) {
        let cand = &row.placement.cand;
        let json = serde_json::to_string(&row.placement).map_err(|e| StoreError::row("placement", e))?;
        db.prepare_cached("INSERT INTO placement (cand, session, placement) VALUES (?1, ?2, ?3)")?.execute((
            cand.as_str(),
            held_by.to_string(),
            json,
        ))?;
        let key = import.keys.get(held_by).ok_or_else(|| StoreError::row("person", "its session has no key"))?;
        persons::seal(db, cand, *held_by, key, &row.person, import.rng)?;
        if n.is_multiple_of(STEP) {
            (import.progress)(n);
        }
    }
    Ok(())
}
