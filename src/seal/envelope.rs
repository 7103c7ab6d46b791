//! The envelope: what an intake server reads without the decryption key (sealing.md §6).
//!
//! ```text
//! canonical JSON, signed by the site key; no personal data
//! {"content":{"bytes":n,"path":"sealed.zip.age","sha256":hex},"format":"exam-seal-envelope/1","records_root":hex,
//!  "records_size":n,"seal_sha256":hex,"sealed_at":s,"sequence":n,"session":32 hex,"site":…}
//! ```
//!
//! `seal_sha256` is of the file seal.jws.json: the site countersigns the finished set of signatures.

use super::manifest::{Manifest, ManifestError, from_canonical, to_canonical};
use crate::domain::ids::{Digest, SessionId, SiteId};
use crate::proof::jcs::JcsError;
use serde::{Deserialize, Serialize};

/// The one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnvelopeFormat {
    /// exam-seal-envelope/1.
    #[serde(rename = "exam-seal-envelope/1")]
    One,
}

/// The encrypted member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Its name, `sealed.zip.age`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Digest,
}

/// The payload. Members are named as in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "sealing.md §6 defines each member by its name")]
pub struct Envelope {
    pub format: EnvelopeFormat,
    pub site: SiteId,
    pub session: SessionId,
    pub sequence: u64,
    /// Unix seconds.
    pub sealed_at: i64,
    pub content: Content,
    pub seal_sha256: Digest,
    pub records_root: Digest,
    pub records_size: u64,
}

impl Envelope {
    /// The envelope of a manifest around this content.
    #[must_use]
    pub fn of(manifest: &Manifest, content: Content, seal_sha256: Digest) -> Self {
        Self {
            format: EnvelopeFormat::One,
            site: manifest.site.clone(),
            session: manifest.session,
            sequence: manifest.sequence,
            sealed_at: manifest.sealed_at,
            content,
            seal_sha256,
            records_root: manifest.records_tree.root,
            records_size: manifest.records_tree.size,
        }
    }

    /// Writes the bytes that are signed.
    ///
    /// # Errors
    /// [`JcsError::Number`] when an integer is beyond 2^53-1.
    pub fn to_bytes(&self) -> Result<Vec<u8>, JcsError> {
        to_canonical(self)
    }

    /// Reads what [`Self::to_bytes`] writes and nothing else.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        from_canonical(bytes)
    }
}
