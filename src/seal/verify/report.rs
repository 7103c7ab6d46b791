//! What a check found: the answer, and every reason against it.

use super::rule::Rule;
use crate::domain::ids::Digest;
use crate::domain::session::Sealable;
use crate::seal::envelope::Envelope;
use crate::seal::fingerprint::Fingerprint;
use crate::seal::manifest::Manifest;
use crate::trust::x509::Role;
use std::fmt;

/// Why a package is refused. Carries places and figures, never a candidate's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule that is broken.
    pub rule: Rule,
    /// Where: a member, a line as `journal.jsonl:12`, a member of the manifest.
    pub path: Option<String>,
    /// What the rule asks for there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl Reason {
    pub(super) fn new(
        rule: Rule,
        path: impl Into<String>,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) -> Self {
        Self { rule, path: Some(path.into()), expected: expected.to_string(), found: found.to_string() }
    }

    /// Its stable code, `KD-V-nn`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.rule.code()
    }

    /// The same reason in another package's member.
    pub(super) fn below(mut self, prefix: &str) -> Self {
        self.path = Some(self.path.map_or_else(|| prefix.to_owned(), |path| format!("{prefix}/{path}")));
        self
    }
}

/// `KD-V-62 results.jsonl: expected …, found …`
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        if let Some(path) = &self.path {
            write!(f, " {path}")?;
        }
        write!(f, ": expected {}, found {}", self.expected, self.found)
    }
}

/// Somebody whose signature verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerSeen {
    /// What the certificate entitles to.
    pub role: Role,
    /// Its common name: the site id, or the operator.
    pub name: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// Its SHA-256.
    pub thumbprint: Digest,
}

/// The answer about one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// SHA-256 of the bytes.
    pub package_sha256: Digest,
    /// The root is a demo's.
    pub demo_root: bool,
    /// The envelope, once its form was right.
    pub envelope: Option<Envelope>,
    /// The manifest, once its form was right.
    pub manifest: Option<Manifest>,
    /// The manifest's fingerprint.
    pub fingerprint: Option<Fingerprint>,
    /// Whether a revocation list was asked.
    pub revocation_checked: bool,
    /// Whether everything inside was checked to the end.
    pub content_checked: bool,
    /// Signers of the manifest, else of the envelope.
    pub signers: Vec<SignerSeen>,
    /// Every reason against it, in the order of the checks.
    pub reasons: Vec<Reason>,
}

impl Report {
    /// Whether nothing speaks against it.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.reasons.is_empty()
    }

    /// The mode: the manifest's, else a demo's where the root is one.
    #[must_use]
    pub fn mode(&self) -> Option<Sealable> {
        let of_manifest = self.manifest.as_ref().map(|manifest| manifest.mode);
        if self.demo_root { Some(Sealable::Demo) } else { of_manifest }
    }

    /// Takes a result, keeping the reason of a failure.
    pub(super) fn take<T>(&mut self, result: Result<T, Reason>) -> Option<T> {
        result.map_err(|reason| self.reasons.push(reason)).ok()
    }
}
