//! X.509 as the organisation uses it (sealing.md §3): a root, certificates directly under it, one list of revocations.
//!
//! ```text
//! root          self-signed, CA:TRUE, keyCertSign and cRLSign; `OU=DEMO` in its subject makes everything below a demo
//! certificate   v3, Ed25519 or P-256, CA:FALSE, keyUsage with digitalSignature, CN once, OU once (the site id),
//!               exactly one EKU under the organisation's arc: .1 site .2 proctor .3 intake .4 desk .5 policy signer
//! CRL           v2, complete, signed by the root, with CRL number and nextUpdate
//! request       PKCS#10, subject CN and OU and nothing else, signed by its own key
//! ```
//!
//! webpki builds the chain and x509-parser reads the fields; what neither checks stands here. Reads no clock: every
//! moment is an argument in unix seconds. Knows nothing of bundles, sites' directories or who signs what.
//!
//! | code | [`ChainError`] |
//! |---|---|
//! | KD-C-10 | no certificate, list or request, or more than one |
//! | KD-C-11 | the root is not fit to be trusted |
//! | KD-C-12 | no arc of role numbers |
//! | KD-C-13 | issued by another root |
//! | KD-C-14 | the issuer's signature does not verify |
//! | KD-C-15 | not valid yet |
//! | KD-C-16 | expired |
//! | KD-C-17 | another role |
//! | KD-C-18 | outside the profile |
//! | KD-C-19 | a key of another kind |
//! | KD-C-20 | a signature does not verify, or its algorithm does not fit the key |
//! | KD-C-21 | a revocation list outside the profile |
//! | KD-C-22 | a request outside the profile |
//! | KD-C-23 | the library failed |

mod anchors;
mod arc;
mod certificate;
mod crl;
pub mod issue;
mod pem;
mod request;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use anchors::Anchors;
pub use arc::{Arc, Role};
pub use certificate::{Certificate, PublicKey};
pub use crl::{Crl, Reason, Revocation};
pub use request::{Request, csr};

use std::fmt;

/// A certificate, request or root of ours has about 500 bytes; a list of 10,000 revocations about 400 kB.
pub const MOST_BYTES: usize = 1 << 20;

/// Why a certificate, list or request is not taken. Carries kinds and dates, never a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// Not what its kind says, or not exactly one.
    #[error("expected one {what}, found {found}")]
    Malformed {
        /// `certificate`, `revocation list` or `certificate request`.
        what: &'static str,
        /// `none`, `several`, `a damaged one` or `more than 1 MiB`.
        found: &'static str,
    },
    /// A root that must not be an anchor.
    #[error("expected a root certificate that {expected}, found another")]
    Root {
        /// The rule it breaks.
        expected: &'static str,
    },
    /// Role numbers have no such place.
    #[error("expected an object identifier such as 1.3.6.1.4.1.32473.1, found another form")]
    Arc,
    /// Another issuer than this root.
    #[error("expected a {what} of this root, found one of another issuer")]
    Issuer {
        /// `certificate` or `revocation list`.
        what: &'static str,
    },
    /// The right issuer's name with a wrong signature.
    #[error("the root's signature on the {what} does not verify")]
    IssuerSignature {
        /// `certificate` or `revocation list`.
        what: &'static str,
    },
    /// Before its first second.
    #[error("expected a {what} valid at {}, found one valid from {}", Utc(*at), Utc(*from))]
    NotYet {
        /// `certificate` or `root certificate`.
        what: &'static str,
        /// The moment asked for, unix seconds.
        at: i64,
        /// Its first second.
        from: i64,
    },
    /// After its last second.
    #[error("expected a {what} valid at {}, found one valid until {}", Utc(*at), Utc(*until))]
    Expired {
        /// `certificate` or `root certificate`.
        what: &'static str,
        /// The moment asked for, unix seconds.
        at: i64,
        /// Its last second.
        until: i64,
    },
    /// A certificate for something else.
    #[error("expected a certificate for the role {expected}, found {}", found.map_or("none or several", Role::as_str))]
    Role {
        /// What it is needed for.
        expected: Role,
        /// What it is for, when it is one role of this organisation.
        found: Option<Role>,
    },
    /// A certificate outside the profile.
    #[error("expected a certificate with {expected}, found another")]
    Profile {
        /// The rule it breaks.
        expected: &'static str,
    },
    /// Neither Ed25519 nor P-256.
    #[error("expected an Ed25519 or P-256 key, found another kind")]
    Key,
    /// A signature by a certificate's key.
    #[error("expected a signature {expected}, found another")]
    Signature {
        /// What it should be.
        expected: &'static str,
    },
    /// A revocation list outside the profile.
    #[error("expected a revocation list {expected}, found another")]
    Crl {
        /// The rule it breaks.
        expected: &'static str,
    },
    /// A request outside the profile.
    #[error("expected a certificate request {expected}, found another")]
    Request {
        /// The rule it breaks.
        expected: &'static str,
    },
    /// The library refused to build what was asked for.
    #[error("cannot build the {what}")]
    Primitive {
        /// What was to be built.
        what: &'static str,
    },
}

impl ChainError {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "KD-C-10",
            Self::Root { .. } => "KD-C-11",
            Self::Arc => "KD-C-12",
            Self::Issuer { .. } => "KD-C-13",
            Self::IssuerSignature { .. } => "KD-C-14",
            Self::NotYet { .. } => "KD-C-15",
            Self::Expired { .. } => "KD-C-16",
            Self::Role { .. } => "KD-C-17",
            Self::Profile { .. } => "KD-C-18",
            Self::Key => "KD-C-19",
            Self::Signature { .. } => "KD-C-20",
            Self::Crl { .. } => "KD-C-21",
            Self::Request { .. } => "KD-C-22",
            Self::Primitive { .. } => "KD-C-23",
        }
    }
}

/// Unix seconds as certificates print them: `2026-11-24T00:42:17Z`.
pub(crate) struct Utc(pub i64);

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(stamp) => fmt::Display::fmt(&stamp, f),
            Err(_) => write!(f, "second {}", self.0),
        }
    }
}
