//! Import: sessions, placement, sealed persons and the first lines of every stream, in one transaction.

use super::append::lines;
use super::{Store, StoreError, persons};
use crate::domain::candidate::RosterRow;
use crate::domain::event::Draft;
use crate::domain::ids::{Digest, SessionId};
use crate::domain::session::Plan;
use crate::trust::data_key::DataKey;
use ring::rand::SecureRandom;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// What an import puts into the store.
pub struct Import<'a> {
    /// Policy files by hash, byte for byte.
    pub policies: Vec<(Digest, &'a [u8])>,
    /// The sessions planned.
    pub plans: &'a [Plan],
    /// Every row with the session whose key seals its person: its own, or for a row of another site the first one.
    pub rows: Vec<(&'a RosterRow, SessionId)>,
    /// The new sessions' data keys, already durable in the file `wraps`.
    pub keys: &'a BTreeMap<SessionId, &'a DataKey>,
    /// The first lines of every session's stream.
    pub drafts: &'a [Draft],
    /// Where the seals' nonces come from.
    pub rng: &'a dyn SecureRandom,
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
    for (row, held_by) in &import.rows {
        let cand = &row.placement.cand;
        let json = serde_json::to_string(&row.placement).map_err(|e| StoreError::row("placement", e))?;
        db.prepare_cached("INSERT INTO placement (cand, session, placement) VALUES (?1, ?2, ?3)")?.execute((
            cand.as_str(),
            held_by.to_string(),
            json,
        ))?;
        let key = import.keys.get(held_by).ok_or_else(|| StoreError::row("person", "its session has no key"))?;
        persons::seal(db, cand, *held_by, key, &row.person, import.rng)?;
    }
    Ok(())
}
