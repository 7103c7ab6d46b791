//! The organisation's side, for pilots and tests: a root, what it issues and what it revokes (sealing.md §3).
//!
//! ```text
//! DIR/                     mode 0700, files 0600
//!   root.pem org.toml      what a site trusts, and by which role numbers; handed over by a way of its own
//!   crl.pem                the list of revocations, numbered from 1
//!   policy-signer.pem      the certificate below every bundle
//!   recipients.txt         age1… of the working key, then of the recovery key
//!   identity.age           working key, a plain age identity file as age-keygen writes it
//!   recovery.age           recovery key: belongs offline, nothing here reads it
//!   issued.jsonl           one JSON object for each certificate: what a serial number was issued for
//!   private/root.key.pem private/policy-signer.key.pem        plain PKCS#8
//! ```
//!
//! The private keys lie here in clear: this is a pilot's authority. An organisation with people's futures in its hands
//! keeps its root offline and does all of this with openssl and age, and nothing that a site or a verifier does would
//! notice the difference. Reads no clock: every moment is an argument in unix seconds. One process at a time.
//!
//! | code | [`OrgError`] |
//! |---|---|
//! | KD-C-50 | the directory is not empty |
//! | KD-C-51 | no organisation's directory, or a damaged file in it |
//! | KD-C-52 | a serial number that was not issued here |
//! | KD-C-53 | revoked already |
//! | KD-C-10 … 40, KD-K-… | what certificates, requests, bundles and files say |

mod book;
mod init;
mod issue;
mod office;
mod revoke;
#[cfg(test)]
mod tests;

pub use init::{Made, init};
pub use issue::{Grant, Granted, hand_out, issue};
pub use revoke::{Revoked, revoke};

use crate::trust::KeyError;
use crate::trust::credentials::CredentialError;
use crate::trust::x509::ChainError;
use std::path::PathBuf;

/// Why the organisation's act was not done.
#[derive(Debug, thiserror::Error)]
pub enum OrgError {
    /// An organisation is made once.
    #[error("expected {} to be empty or not there, found files", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// A file that `org init` writes.
    #[error("expected {} as `org init` writes it, found {found}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// `no file` or `another form`.
        found: &'static str,
    },
    /// Nothing of ours has this number.
    #[error("expected a serial number from issued.jsonl, found another")]
    UnknownSerial,
    /// It stands on the list.
    #[error("expected a certificate that is not revoked, found it on the list since second {at}")]
    AlreadyRevoked {
        /// Since when, unix seconds.
        at: i64,
    },
    /// A request or a bundle.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// A certificate or a list.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A key or a file.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl OrgError {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEmpty { .. } => "KD-C-50",
            Self::Missing { .. } => "KD-C-51",
            Self::UnknownSerial => "KD-C-52",
            Self::AlreadyRevoked { .. } => "KD-C-53",
            Self::Credential(e) => e.code(),
            Self::Chain(e) => e.code(),
            Self::Key(e) => e.code(),
        }
    }
}

/// Bytes in lower-case hexadecimal, as serial numbers are written.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
