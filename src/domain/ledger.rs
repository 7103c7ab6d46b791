//! The catalogue of the site ledger (rules.md §11, the events marked ◊): what happens to the site and not in a session.
//!
//! One chained stream for the whole store. Its head is quoted in every `SessionPlanned`, so that a package can carry
//! what lies between.

use super::catalogue::catalogue;
use super::event::Recorded;
use super::ids::{Digest, OperatorId, SessionId};
use serde::{Deserialize, Serialize};

/// A line of the ledger.
pub type LedgerLine = Recorded<LedgerEvent>;

/// Why somebody cannot act for now, or may again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// A wrong PIN was typed.
    WrongPin,
    /// The right PIN was typed after wrong ones, or after a lock.
    RightPin,
    /// Somebody locked the desk.
    Asked,
}

/// Why a prepared seal was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbandonReason {
    /// The chief stopped it.
    Stopped,
}

catalogue! {
    /// A fact of the site.
    enum LedgerEvent;

    /// A proctor signed the manifest that was sealed.
    SealSigned = "seal_signed/1" { session: SessionId, manifest_sha256: Digest, op: OperatorId, key: Digest }
    /// A prepared seal was given up: the session's streams take lines again.
    SealAbandoned = "seal_abandoned/1" { session: SessionId, reason: AbandonReason }
    /// The session is sealed: the package of this hash was written, read back and verified.
    SessionSealed = "session_sealed/1" { session: SessionId, package_sha256: Digest, sequence: u64, amendment_no: u32 }
    /// Somebody cannot act for now: the desk was locked, or a PIN was wrong for the n-th time.
    OperatorLocked = "operator_locked/1" { op: OperatorId, why: LockReason, tries: u32 }
    /// Somebody may act again, after so many wrong tries.
    OperatorUnlocked = "operator_unlocked/1" { op: OperatorId, why: LockReason, tries: u32 }
}

impl LedgerEvent {
    /// The session it speaks of, where it speaks of one.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::SealSigned(e) => Some(e.session),
            Self::SealAbandoned(e) => Some(e.session),
            Self::SessionSealed(e) => Some(e.session),
            Self::OperatorLocked(_) | Self::OperatorUnlocked(_) => None,
        }
    }
}
