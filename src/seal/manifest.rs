//! The manifest: what two proctors and the site sign (sealing.md §6).
//!
//! ```text
//! canonical JSON, one object; integers and strings only; null where something does not apply
//! {"amends":null,"batch":…,"certificate":…,
//!  "clock":{"offset_ms":null,"quality":"synced|attested|untrusted","source":…},
//!  "counts":{absent conflicts_resolved expected handed_in incidents journal late present registered removed void},
//!  "credential_bundle":n,"desks":[{"desk":n,"head":hex,"root":hex,"size":n},…],
//!  "files":[{"bytes":n,"media_type":…,"path":…,"sha256":hex},…],"format":"exam-seal/1",
//!  "journal":{"alg":"RFC9162_SHA256","root":hex,"size":n},"ledger":{"from":hex,"head":hex,"size":n},"level":…,
//!  "mode":"live|demo","notices":[code,…],"opened_at":s,"org":…,"pack_sha256":hex|null,"policy_sha256":hex,
//!  "previous":hex|null,"recipients":[age1…,…],"records_tree":{alg root size},"sealed_at":s,"sequence":n,
//!  "session":32 hex,"signers_required":{"proctor":2,"site":1},"site":…,"software":{"name":…,"sha256":hex,"version":…}}
//! ```
//!
//! [`Manifest::parse`] takes exactly the bytes that [`Manifest::to_bytes`] writes. Whether they are true, `verify` says.

use super::layout::File;
use crate::domain::candidate::Level;
use crate::domain::event::SealCounts;
use crate::domain::ids::{BatchId, DeskId, Digest, OrgId, SessionId, SiteId};
use crate::domain::session::Sealable;
use crate::domain::time::ClockQuality;
use crate::proof::jcs::{self, JcsError};
use serde::{Deserialize, Serialize};

/// The one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// exam-seal/1.
    #[serde(rename = "exam-seal/1")]
    One,
}

/// How trees are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TreeAlg {
    /// RFC 9162 §2.1 with SHA-256.
    #[serde(rename = "RFC9162_SHA256")]
    Rfc9162Sha256,
}

/// Number of signers that a package needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignersRequired {
    /// Site keys.
    pub site: u32,
    /// Proctors.
    pub proctor: u32,
}

impl SignersRequired {
    /// The only rule there is.
    pub const RULE: Self = Self { site: 1, proctor: 2 };
}

/// The clock that gave `sealed_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockSeen {
    /// Which clock, such as `system`.
    pub source: String,
    /// How far it can be trusted.
    pub quality: ClockQuality,
    /// Its offset, where it was measured.
    pub offset_ms: Option<i64>,
}

/// The program that wrote the package, by its own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Software {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// SHA-256 of the executable.
    pub sha256: Digest,
}

/// The package that this one amends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amends {
    /// SHA-256 of the package.
    pub package_sha256: Digest,
    /// Which amendment, from 1.
    pub no: u32,
}

/// The part of the site ledger that is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerPart {
    /// Head before it: the one that SessionPlanned quotes.
    pub from: Digest,
    /// Number of lines carried.
    pub size: u64,
    /// Head after it.
    pub head: Digest,
}

/// One file of the inner archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Name in the archive.
    pub path: String,
    /// Media type.
    pub media_type: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

impl FileEntry {
    /// The entry of a file with this content.
    #[must_use]
    pub fn of(file: File, content: &[u8]) -> Self {
        Self {
            path: file.name().to_owned(),
            media_type: file.media_type().to_owned(),
            bytes: content.len() as u64,
            sha256: crate::proof::sha256(&[content]),
        }
    }
}

/// One desk's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskStream {
    /// The desk.
    pub desk: DeskId,
    /// Number of lines.
    pub size: u64,
    /// RFC 9162 root over its lines.
    pub root: Digest,
    /// Head of its chain.
    pub head: Digest,
}

/// A tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// How it is built.
    pub alg: TreeAlg,
    /// Number of leaves.
    pub size: u64,
    /// Its root.
    pub root: Digest,
}

impl From<&crate::proof::merkle::Tree> for TreeHead {
    fn from(tree: &crate::proof::merkle::Tree) -> Self {
        Self { alg: TreeAlg::Rfc9162Sha256, size: tree.size(), root: tree.root() }
    }
}

/// What a package says it holds. Members are named as in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "sealing.md §6 defines each member by its name")]
pub struct Manifest {
    pub format: Format,
    pub mode: Sealable,
    pub org: OrgId,
    pub site: SiteId,
    pub session: SessionId,
    pub batch: BatchId,
    pub certificate: String,
    pub level: Level,
    /// From 1, one more for each package of this site for this organisation.
    pub sequence: u64,
    /// SHA-256 of the package before; null for the first.
    pub previous: Option<Digest>,
    pub amends: Option<Amends>,
    /// Unix seconds.
    pub opened_at: i64,
    /// Unix seconds.
    pub sealed_at: i64,
    pub clock: ClockSeen,
    pub software: Software,
    pub credential_bundle: u64,
    pub pack_sha256: Option<Digest>,
    pub policy_sha256: Digest,
    pub ledger: LedgerPart,
    pub notices: Vec<String>,
    pub counts: SealCounts,
    /// Ascending by path.
    pub files: Vec<FileEntry>,
    /// Ascending by number.
    pub desks: Vec<DeskStream>,
    /// Over all lines of journal.jsonl.
    pub journal: TreeHead,
    /// Over the record leaves.
    pub records_tree: TreeHead,
    pub recipients: Vec<String>,
    pub signers_required: SignersRequired,
}

/// Why bytes are no manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not canonical JSON.
    #[error(transparent)]
    Json(#[from] JcsError),
    /// Other members, or a value outside its type.
    #[error("expected the members of exam-seal/1, found others")]
    Members,
}

impl Manifest {
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

/// The canonical bytes of a value with named members.
pub(super) fn to_canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, JcsError> {
    jcs::to_bytes(value)
}

/// Reads a value from the only bytes that it has.
pub(super) fn from_canonical<T: Serialize + serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, ManifestError> {
    let value = serde_json::from_value(jcs::parse(bytes)?).map_err(|_| ManifestError::Members)?;
    // A value type may read more than it writes, and an absent member as null.
    if to_canonical(&value)? == bytes { Ok(value) } else { Err(ManifestError::Members) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::AttendanceCounts;
    use crate::seal::samples::{Day, Ground};
    use proptest::prelude::*;

    const GREATEST: u64 = jcs::MAX_INTEGER;

    fn digest() -> impl Strategy<Value = Digest> {
        any::<[u8; 32]>().prop_map(Digest::new)
    }

    fn tree() -> impl Strategy<Value = TreeHead> {
        (0..=GREATEST, digest()).prop_map(|(size, root)| TreeHead { alg: TreeAlg::Rfc9162Sha256, size, root })
    }

    fn desks() -> impl Strategy<Value = Vec<DeskStream>> {
        let desk = (1u8..=99, 0..=GREATEST, digest(), digest());
        prop::collection::vec(desk, 0..4).prop_map(|desks| {
            let stream =
                |(desk, size, root, head)| DeskStream { desk: DeskId::try_from(desk).unwrap(), size, root, head };
            desks.into_iter().map(stream).collect()
        })
    }

    fn manifest() -> impl Strategy<Value = Manifest> {
        let (live, optional) = (any::<bool>(), prop::option::of(digest()));
        let texts = prop::collection::vec(".{0,12}", 0..3);
        let moments = (-(1i64 << 40)..1 << 40, prop::option::of(any::<i32>().prop_map(i64::from)));
        (live, optional, (texts, ".{0,12}"), 0..=GREATEST, moments, desks(), tree(), any::<[u32; 3]>()).prop_map(
            |(live, previous, (texts, certificate), sequence, (moment, offset_ms), desks, journal, [a, b, c])| {
                let mut manifest = Day::prepared().freeze(&Ground::new()).manifest().clone();
                manifest.mode = if live { Sealable::Live } else { Sealable::Demo };
                manifest.previous = previous;
                manifest.pack_sha256 = previous;
                manifest.amends = previous.map(|package_sha256| Amends { package_sha256, no: a });
                manifest.notices.clone_from(&texts);
                manifest.recipients = texts;
                manifest.certificate = certificate;
                manifest.sequence = sequence;
                manifest.opened_at = moment;
                manifest.clock.offset_ms = offset_ms;
                manifest.desks = desks;
                manifest.journal = journal;
                let counts = AttendanceCounts { registered: a, late: b, ..Default::default() };
                manifest.counts = SealCounts::new(counts, sequence);
                manifest.signers_required = SignersRequired { site: b, proctor: c };
                manifest
            },
        )
    }

    fn sample() -> String {
        let frozen = Day::prepared().freeze(&Ground::new());
        String::from_utf8(frozen.manifest_bytes().to_vec()).unwrap()
    }

    #[test]
    fn what_is_not_written_is_not_read() {
        let text = sample();
        assert!(Manifest::parse(text.as_bytes()).is_ok());
        for (flaw, from, to) in [
            ("a member more", "\"site\":", "\"sitd\":1,\"site\":"),
            ("a member less", "\"amends\":null,", ""),
            ("an optional member less", ",\"previous\":null", ""),
            ("a member more inside", "{\"desk\":", "{\"des\":1,\"desk\":"),
            ("another format", "exam-seal/1", "exam-seal/2"),
            ("another tree", "RFC9162_SHA256", "RFC6962"),
            ("a rehearsal", "\"demo\"", "\"rehearsal\""),
            ("a text for a number", "\"sequence\":1", "\"sequence\":\"1\""),
            ("a number below zero", "\"sequence\":1", "\"sequence\":-1"),
            ("a float", "\"sequence\":1", "\"sequence\":1.0"),
            ("a number that readers round", "\"sequence\":1", "\"sequence\":9007199254740992"),
            ("a desk without a number", "\"desk\":1", "\"desk\":0"),
            ("a blank", "\"sequence\":1", "\"sequence\": 1"),
            ("a member twice", "\"sequence\":1", "\"sequence\":1,\"sequence\":1"),
        ] {
            assert!(text.contains(from), "{flaw}");
            assert!(Manifest::parse(text.replacen(from, to, 1).as_bytes()).is_err(), "{flaw}");
        }
        assert!(Manifest::parse(format!("{text}\n").as_bytes()).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_manifest_reads_as_it_is_written(manifest in manifest()) {
            let bytes = manifest.to_bytes().unwrap();
            prop_assert_eq!(Manifest::parse(&bytes), Ok(manifest));
        }
    }

    proptest! {
        #[test]
        fn bytes_that_read_are_the_ones_that_are_written(at: prop::sample::Index, byte: u8) {
            static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(sample);
            let mut bytes = TEXT.clone().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(read) = Manifest::parse(&bytes) {
                prop_assert_eq!(read.to_bytes().unwrap(), bytes);
            }
        }
    }
}
