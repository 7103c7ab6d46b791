//! What an organisation gives to a site: certificates, revocations, recipients, in one signed file (sealing.md §3).
//!
//! ```text
//! *.ekcred   JWS (proof::jws), typ "exam-seal-credentials+jws", one signature by the organisation's policy signer,
//!            whose certificate (role .5, directly below the root) is x5c[0]. Payload, canonical JSON:
//! {"format":"exam-seal-credentials/1","org":"EX-ORG-A","site":"EX-SITE-01",
//!  "bundle_sequence":1,                          from 1, one more with every bundle for this site
//!  "issued_at","next_update":                    unix seconds; the second is the list's and a promise, not an end
//!  "certificates":[{"role":"site","der":…},{"role":"proctor","op":"wang","der":…},…]      base64 with padding
//!  "crl_der":…,                                  the list of revocations, complete
//!  "recipients":["age1…","age1…"],               working key, recovery key: packages are encrypted to both
//!  "site_recipient":"age1…",                     the site's own, as it was requested: exam packs come to it
//!  "trust_anchors":[…],                          the root, DER
//!  "policy":{"arc":"1.3.6.1.4.1.32473.1","name":"示例评价组织"}}
//!
//! trust/<OrgId>/    mode 0700, files 0600
//!   bundle.ekcred root.pem org.toml             what is read and verified again at every start
//!   bundle.previous.ekcred                      the one before
//!   crl.pem certificates.pem recipients.txt     copies for people's tools; never read
//! ```
//!
//! A bundle is verified whole against a root that came another way, at its own moment of issue: chain and role of every
//! certificate, the list's signature, the recipients. Whether a certificate is valid when something is sealed is asked
//! then. The kiosk takes no lower `bundle_sequence` and no older list than it has. Reads no clock.
//!
//! | code | [`CredentialError`] |
//! |---|---|
//! | KD-C-30 | a file of another form |
//! | KD-C-31 | not one signature of the policy signer |
//! | KD-C-32 | for another site or another organisation |
//! | KD-C-33 | somebody or something twice, or left out |
//! | KD-C-34 | a subject that does not fit the role |
//! | KD-C-35 | another key than the one that lies here |
//! | KD-C-36 | a recipient that does not read, or another one |
//! | KD-C-37 | older than what is kept |
//! | KD-C-38 | another root, or none yet |
//! | KD-C-39 | no credentials are kept |
//! | KD-C-40 | a certificate that its own list revokes |
//! | KD-C-10 … 23 | a certificate or list is at fault ([`ChainError`]) |
//! | KD-K-… | a file cannot be read or written ([`KeyError`]) |

mod bundle;
mod keep;
#[cfg(test)]
mod tests;
mod verify;

pub use bundle::{Bundle, Holder, Issued};
pub use keep::{Enrolled, enrol, folder, load};
pub(super) use verify::is_recipient;
pub use verify::verify;

use super::KeyError;
use super::x509::{Anchors, Certificate, ChainError, Crl};
use crate::domain::ids::{OperatorId, OrgId, SiteId};
use crate::proof::jws::JwsError;
use std::collections::BTreeMap;

/// A bundle of 300 proctors has about 250 kB.
pub const MOST_BYTES: usize = 1 << 20;

/// Verified credentials of one site under one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Its root and arc.
    pub anchors: Anchors,
    /// The number of the bundle.
    pub bundle_sequence: u64,
    /// When it was issued, unix seconds.
    pub issued_at: i64,
    /// When the next is promised, unix seconds.
    pub next_update: i64,
    /// The site.
    pub site_id: SiteId,
    /// The site's certificate.
    pub site: Certificate,
    /// The proctors'.
    pub proctors: BTreeMap<OperatorId, Certificate>,
    /// The list of revocations.
    pub crl: Crl,
    /// To whom packages are encrypted.
    pub recipients: Recipients,
    /// The site's own recipient.
    pub site_recipient: String,
}

/// The two keys that open packages, as `age1…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipients {
    /// In daily use at the organisation.
    pub working: String,
    /// Kept offline.
    pub recovery: String,
}

impl Credentials {
    /// Every certificate with its holder, the site's first.
    pub fn certificates(&self) -> impl Iterator<Item = (Holder, &Certificate)> {
        let proctors = self.proctors.iter().map(|(op, certificate)| (Holder::Proctor(op.clone()), certificate));
        std::iter::once((Holder::Site, &self.site)).chain(proctors)
    }
}

/// Why credentials are not taken. Names roles, operator ids, files and rules; nothing personal.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// Not this kind of file, too long, or a value of another form in it.
    #[error("expected a {what}, found another form")]
    Form {
        /// What was expected.
        what: &'static str,
    },
    /// Not a signature file of this kind.
    #[error("the credential bundle: {0}")]
    Jws(#[from] JwsError),
    /// A bundle has one signer.
    #[error("expected one signature, by one certificate directly below the root, found more")]
    Signatures,
    /// A file for somebody else.
    #[error("expected credentials of the {what} {expected}, found another's")]
    Elsewhere {
        /// `site` or `organisation`.
        what: &'static str,
        /// Whose they should be.
        expected: String,
    },
    /// Twice, or not there at all.
    #[error("expected {expected} once, found {found}")]
    Count {
        /// What there should be one of.
        expected: String,
        /// `none` or `several`.
        found: &'static str,
    },
    /// A name in a certificate or request that its role does not have.
    #[error("{holder}: expected CN={cn} and OU={ou}, found another subject")]
    Subject {
        /// Whose certificate.
        holder: Holder,
        /// As it should be.
        cn: String,
        /// As it should be.
        ou: String,
    },
    /// A certificate or request for a key that does not lie in the key directory.
    #[error("{holder}: expected a certificate of the key that lies here, found another key or none here")]
    ForeignKey {
        /// Whose certificate.
        holder: Holder,
    },
    /// No age X25519 recipient, or not the one expected.
    #[error("expected {expected}, found another text")]
    Recipient {
        /// Which recipient, and what it should be.
        expected: &'static str,
    },
    /// A rollback, or two bundles with one number.
    #[error("expected {what} after {kept}, found {found}")]
    Older {
        /// `a bundle` or `a revocation list`.
        what: &'static str,
        /// The number that is kept.
        kept: String,
        /// The number that was offered.
        found: String,
    },
    /// Not under the root that is trusted here.
    #[error("expected {expected}")]
    Root {
        /// What was expected, and what was found.
        expected: &'static str,
    },
    /// Nothing was enrolled.
    #[error("expected the credentials of {org}, found none")]
    NotEnrolled {
        /// The organisation.
        org: String,
    },
    /// A bundle that contradicts itself.
    #[error("{whose}: expected a certificate that is not revoked, found it on the bundle's own list")]
    Revoked {
        /// Whose certificate.
        whose: String,
    },
    /// A certificate or list is at fault.
    #[error("{whose}: {source}")]
    Chain {
        /// Whose it is.
        whose: String,
        /// What is wrong with it.
        source: ChainError,
    },
    /// A file.
    #[error(transparent)]
    File(#[from] KeyError),
}

impl CredentialError {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form { .. } => "KD-C-30",
            Self::Jws(_) | Self::Signatures => "KD-C-31",
            Self::Elsewhere { .. } => "KD-C-32",
            Self::Count { .. } => "KD-C-33",
            Self::Subject { .. } => "KD-C-34",
            Self::ForeignKey { .. } => "KD-C-35",
            Self::Recipient { .. } => "KD-C-36",
            Self::Older { .. } => "KD-C-37",
            Self::Root { .. } => "KD-C-38",
            Self::NotEnrolled { .. } => "KD-C-39",
            Self::Revoked { .. } => "KD-C-40",
            Self::Chain { source, .. } => source.code(),
            Self::File(source) => source.code(),
        }
    }
}

/// Says whose certificate or list it was.
pub(super) fn chain(whose: impl ToString) -> impl FnOnce(ChainError) -> CredentialError {
    move |source| CredentialError::Chain { whose: whose.to_string(), source }
}
