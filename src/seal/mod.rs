//! The format exam-seal/1: a closed session as one file that strangers can verify (sealing.md §6 to §8).
//!
//! ```text
//! freeze        Source, Journal ──► Frozen: files and manifest       content, journal, manifest, attendance, leaves
//! sign          Frozen + key ──► one entry, three times              package
//! enclose       Frozen + three entries ──► Inner: inner ZIP          package
//! encrypt       Inner ──► Encrypted: age file                        package
//! envelope      Encrypted + site key ──► Package: the bytes          package, envelope
//! verify        bytes ──► Report                                     verify
//! open          bytes, directory ──► files, only if all is well      open
//! ```
//!
//! The page a stranger could write a reader from is `assets/design/exam-seal.md`. Knows no store, no clock and no
//! directory but the one it opens into: when the flow runs, who is asked for a PIN and where a package lies is for others.
//! Writer and reader share the names of [`layout`], the types of [`manifest`] and [`envelope`], and the pure builders of
//! [`mod@attendance`], [`leaves`] and `domain::scoring`; everything else the reader works out for itself from the bytes.
//!
//! | code | [`SealError`] |
//! |---|---|
//! | KD-S-20 | the streams are not those of a prepared session |
//! | KD-S-21 | the results differ from those that were derived |
//! | KD-S-22 | somebody's attendance is still open |
//! | KD-S-23 | the ledger does not lead from the plan to the preparation |
//! | KD-S-24 | a figure or a text that the format cannot hold |
//! | KD-S-25 | a key is not that of its certificate |
//! | KD-S-26 | signers are not two proctors and the site |
//! | KD-S-27 | recipients are not two different ones |
//! | KD-S-28 | encryption failed |

pub mod attendance;
pub mod content;
pub mod envelope;
pub mod fingerprint;
pub mod journal;
pub mod layout;
pub mod leaves;
pub mod manifest;
pub mod open;
pub mod package;
#[cfg(test)]
pub(crate) mod samples;
pub mod verify;

pub use content::{Frozen, Source, freeze};
pub use fingerprint::Fingerprint;
pub use journal::Journal;
pub use manifest::Manifest;
pub use package::{Package, Signer, package, sign};

use crate::proof::jcs::JcsError;
use std::thread::ScopedJoinHandle;

/// What a thread came to; its panic goes on here.
pub(crate) fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Why a package is not made. Carries rules and places, never content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The streams are not those of a session that was prepared for sealing.
    #[error("expected {expected}, found another")]
    Streams {
        /// What they should be.
        expected: &'static str,
    },
    /// Results that are not those the chief derived.
    #[error("expected the results as they were derived, found others")]
    Results,
    /// A candidate who is neither absent nor has handed in.
    #[error("expected everybody's attendance to be final, found one that is open")]
    Attendance,
    /// Ledger lines that do not join.
    #[error("expected the ledger to lead from the plan to the preparation, found other lines")]
    Ledger,
    /// A value outside the format.
    #[error("expected values that the format can hold: {0}")]
    Form(#[from] JcsError),
    /// The signer's key is another than the certificate speaks of.
    #[error("expected the key of the signer's certificate, found another")]
    Key,
    /// Signers outside the rule.
    #[error("expected two proctors and the site as signers, found another set: {rule}")]
    Signers {
        /// Code of the rule that is broken (`assets/design/exam-seal.md`).
        rule: &'static str,
    },
    /// Recipients outside the rule.
    #[error("expected two different age recipients, found {found}")]
    Recipients {
        /// What was given.
        found: &'static str,
    },
    /// The library failed.
    #[error("cannot write {what}")]
    Primitive {
        /// What was to be written.
        what: &'static str,
    },
}

impl SealError {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Streams { .. } => "KD-S-20",
            Self::Results => "KD-S-21",
            Self::Attendance => "KD-S-22",
            Self::Ledger => "KD-S-23",
            Self::Form(_) => "KD-S-24",
            Self::Key => "KD-S-25",
            Self::Signers { .. } => "KD-S-26",
            Self::Recipients { .. } => "KD-S-27",
            Self::Primitive { .. } => "KD-S-28",
        }
    }
}
