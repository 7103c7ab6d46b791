//! Why a session is not sealed, each with its code.

use crate::domain::ids::OperatorId;
use crate::seal::SealError;
use crate::store::StoreError;
use crate::trust::credentials::CredentialError;
use std::io;
use std::path::PathBuf;

/// Why a session is not sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealFault {
    /// KD-S-14: a rehearsal is never sealed.
    #[error("expected a live or demo site, found a rehearsal: it can never be sealed")]
    Rehearsal,
    /// KD-S-14: an example policy in Live.
    #[error("expected the organisation's own policy, found an example")]
    ExamplePolicy,
    /// KD-S-14: a program that is no release, in Live.
    #[error("expected a released program, found a development build")]
    DevelopmentBuild,
    /// KD-S-16: the store was made before site keys, or without a passphrase.
    #[error("expected a site with keys of its own, found a data directory that was made without a site passphrase")]
    NoSiteKey,
    /// KD-S-12: credentials.
    #[error("expected {expected}, found {found}")]
    Credentials {
        /// What sealing needs.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// KD-T-06: who is to sign is no proctor of this session.
    #[error("expected a proctor of this session's crew, found {0}")]
    NotOfCrew(OperatorId),
    /// KD-S-12: the bundle itself.
    #[error(transparent)]
    Bundle(#[from] CredentialError),
    /// KD-S-05: the store's chains are not those of the package.
    #[error("expected the trees of the package to be those of the store, found others")]
    Trees,
    /// The session's data key is not at hand.
    #[error("expected the session's data key to be open, found it closed")]
    DataKey,
    /// Nothing was prepared.
    #[error("expected a session that is prepared for its seal, found another")]
    NotPrepared,
    /// The format.
    #[error(transparent)]
    Form(#[from] SealError),
    /// KD-S-29: the package cannot be written or read back.
    #[error("the package cannot be kept at {}: {source}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the disk answered.
        source: io::Error,
    },
    /// KD-S-30: the session is sealed, and its package has no name yet.
    #[error("the session is sealed, but its package cannot be given the name {}: {source}", path.display())]
    Unnamed {
        /// Its name to come.
        path: PathBuf,
        /// What the disk answered.
        source: io::Error,
    },
    /// KD-2401: what was written does not verify.
    #[error("expected the written package to verify, found that it does not: {0}")]
    Unverified(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key file.
    #[error(transparent)]
    Key(crate::trust::KeyError),
}

impl SealFault {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rehearsal | Self::ExamplePolicy | Self::DevelopmentBuild => "KD-S-14",
            Self::NoSiteKey => "KD-S-16",
            Self::Credentials { .. } => "KD-S-12",
            Self::NotOfCrew(_) => "KD-T-06",
            Self::Bundle(error) => error.code(),
            Self::Trees => "KD-S-05",
            Self::DataKey => "KD-S-17",
            Self::NotPrepared => "KD-S-18",
            Self::Form(error) => error.code(),
            Self::Disk { .. } => "KD-S-29",
            Self::Unnamed { .. } => "KD-S-30",
            Self::Unverified(_) => "KD-2401",
            Self::Store(error) => error.code(),
            Self::Key(error) => error.code(),
        }
    }
}
