//! The leaves of the record tree (sealing.md §8): what a candidate's receipt can later be held against.
//!
//! ```text
//! deterministic CBOR, RFC 8949 §4.2
//! attendance   [2, cand, room, seat, t, salt 16 bytes, SHA-256(journal line)]   one for each CandidateAdmitted
//! result       [1, cand, composite | null, salt 16 bytes, SHA-256(line)]        one for each line of results.jsonl
//! ```
//!
//! The tree takes all attendance leaves in the order of journal.jsonl, then the result leaves. `t` is in unix
//! milliseconds, `composite` in centi-points; a line's hash never includes its LF. The salt of an admission stands in its
//! event, that of a result in its line. Writer and verifier share this file.

use crate::domain::event::CandidateAdmitted;
use crate::domain::ids::{AdmissionNo, Salt};
use crate::domain::time::Instant;
use crate::proof::cbor::Item;
use crate::proof::{cbor, sha256};

/// The leaf of an admission at `at`, recorded by this line; `None` for a time before 1970.
#[must_use]
pub fn attendance(event: &CandidateAdmitted, at: Instant, line: &[u8]) -> Option<Vec<u8>> {
    Some(cbor::encode(&Item::Array(&[
        Item::Uint(2),
        Item::Text(event.cand.as_str()),
        Item::Text(event.room.as_str()),
        Item::Text(event.seat.as_str()),
        Item::Uint(u64::try_from(at.0).ok()?),
        Item::Bytes(event.salt.bytes()),
        Item::Bytes(sha256(&[line]).bytes()),
    ])))
}

/// The leaf of a result with this line, its salt included.
#[must_use]
pub fn result(cand: &AdmissionNo, composite: Option<u32>, salt: &Salt, line: &[u8]) -> Vec<u8> {
    cbor::encode(&Item::Array(&[
        Item::Uint(1),
        Item::Text(cand.as_str()),
        composite.map_or(Item::Null, |mark| Item::Uint(u64::from(mark))),
        Item::Bytes(salt.bytes()),
        Item::Bytes(sha256(&[line]).bytes()),
    ]))
}
