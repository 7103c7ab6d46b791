//! The rooms of every session as its roster was checked against them, read again from the bytes that the store keeps.
//!
//! The file itself is the source: what is known of a room is what stands there, whose hash the journal names.

use crate::domain::ids::DeskId;
use crate::domain::record::Held;
use crate::domain::seats::Sha256;
use crate::intake::{Limits, read_rooms};
use crate::proof::sha256;
use crate::store::{Store, StoreError};

/// [`Store::hold`], every session furnished with its rooms.
///
/// # Errors
/// As [`Store::hold`]; [`StoreError::Row`] when a file of rooms is not the one that the journal names.
pub fn hold(store: &Store, desk: DeskId) -> Result<Held, StoreError> {
    let mut held = store.hold(desk)?;
    for book in held.books.values_mut() {
        let rooms = match book.record.rooms_sha256() {
            Some(hash) => {
                let found = read_rooms("rooms", &store.rooms(book.session.plan.id, &hash)?, &Limits::default());
                if found.rooms.is_empty() {
                    return Err(StoreError::row("rooms", format!("{} findings", found.findings.len())));
                }
                found.rooms
            }
            None => Vec::new(),
        };
        book.record.seats.furnish(book.session.policy.seats.mode, &rooms, Sha256(sha256));
    }
    Ok(held)
}
