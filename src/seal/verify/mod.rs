//! The check of a package by whoever does not trust its writer (sealing.md §6 and §7; every rule in [`Rule`]).
//!
//! ```text
//! outer      strict archive of one spelling              always
//! envelope   form, one site signature, content digest     always
//! after      the given earlier package: its envelope      with one
//! inner      decryption, archive, manifest, signatures    with an identity
//! files      list, lengths, digests                       once the signatures hold
//! lines      policy, journal and ledger, replayed         once the digests hold
//! results    balance, marks, results, attendance, trees   once the lines hold
//! ```
//!
//! A stage that fails ends the check, with every reason of that stage; so nothing is inflated on the word of a manifest
//! that nobody signed, and memory stays within its sizes. Reads no clock, no directory and no network. Everything is
//! worked out from the bytes received, which are hashed and verified as they are, never written again.

mod course;
mod inner;
mod lines;
mod outer;
mod report;
mod results;
mod rule;
pub mod signers;
#[cfg(test)]
mod tests;

pub use report::{Reason, Report, SignerSeen};
pub use rule::Rule;

use super::envelope::Envelope;
use super::layout::File;
use super::manifest::{Manifest, SignersRequired};
use crate::domain::ids::Digest;
use crate::domain::session::Sealable;
use crate::proof::sha256;
use crate::trust::x509::{Anchors, Crl};
use signers::{Accepted, Judge};
use std::fmt;

/// What is known of revocations.
#[derive(Debug, Clone, Copy)]
pub enum Revocations<'a> {
    /// Nothing, and nobody said that this will do: the answer is no.
    NotGiven,
    /// Nothing, on purpose.
    Declined,
    /// The newest list.
    List(&'a Crl),
}

/// What a package is held against.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The organisation's root and roles.
    pub anchors: &'a Anchors,
    /// Its list of revocations.
    pub revocations: Revocations<'a>,
    /// A key that opens the content; without one the envelope alone is checked.
    pub identity: Option<&'a dyn age::Identity>,
    /// The package before this one.
    pub after: Option<&'a [u8]>,
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({:?})", self.revocations)
    }
}

/// The inner archive, every member of it as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// seal.jws.json.
    pub seal: Vec<u8>,
    /// The files of the manifest, ascending by name.
    pub files: Vec<(File, Vec<u8>)>,
}

/// Checks a package.
#[must_use]
pub fn verify(bytes: &[u8], request: &Request<'_>) -> Report {
    examine(bytes, request).0
}

/// Checks a package and hands out what is inside; nothing unless every rule holds and an identity was given.
#[must_use]
pub fn examine(bytes: &[u8], request: &Request<'_>) -> (Report, Option<Opened>) {
    let list = match request.revocations {
        Revocations::List(crl) => Some(crl),
        Revocations::NotGiven | Revocations::Declined => None,
    };
    let mut check = Check {
        request: *request,
        crl: list,
        report: Report {
            package_sha256: sha256(&[bytes]),
            demo_root: request.anchors.is_demo(),
            envelope: None,
            manifest: None,
            fingerprint: None,
            revocation_checked: false,
            content_checked: false,
            signers: Vec::new(),
            reasons: Vec::new(),
        },
    };
    let opened = check.package(bytes);
    if matches!(request.revocations, Revocations::NotGiven) {
        let found = "neither a list nor the word that none is wanted";
        check.report.reasons.push(Reason {
            rule: Rule::RevocationUnchecked,
            path: None,
            expected: "a list of revocations".to_owned(),
            found: found.to_owned(),
        });
    }
    let whole = check.report.ok();
    (check.report, opened.filter(|_| whole))
}

struct Check<'a> {
    request: Request<'a>,
    crl: Option<&'a Crl>,
    report: Report,
}

impl Check<'_> {
    fn package(&mut self, bytes: &[u8]) -> Option<Opened> {
        let outer = outer::read(bytes);
        let outer = self.report.take(outer)?;
        let (envelope, site) = self.envelope(&outer)?;
        let earlier = match self.request.after {
            Some(bytes) => Some(self.earlier(bytes, &envelope)?),
            None => None,
        };
        let opened = inner::open(outer.sealed, self.request.identity?);
        let archive = self.report.take(opened)?;
        let manifest = self.manifest(&archive, &envelope, &site, earlier)?;
        let files = archive.files(&manifest);
        let files = self.report.take(files)?;
        let followed = follow(&files, &manifest);
        self.report.take(followed)?;
        self.report.content_checked = true;
        Some(Opened { seal: archive.into_seal(), files })
    }

    fn judge<'b>(&'b self, site: &'b crate::domain::ids::SiteId, sealed_at: i64) -> Judge<'b> {
        Judge { anchors: self.request.anchors, crl: self.crl, site, sealed_at }
    }

    fn envelope(&mut self, outer: &outer::Outer<'_>) -> Option<(Envelope, Accepted)> {
        let read = outer.envelope();
        let (jws, envelope) = self.report.take(read)?;
        self.report.envelope = Some(envelope.clone());
        self.report.revocation_checked = self.crl.is_some();
        match self.judge(&envelope.site, envelope.sealed_at).envelope(&jws) {
            Ok(signer) => {
                self.report.signers = vec![signer.seen()];
                let content = outer.content(&envelope);
                self.report.take(content)?;
                Some((envelope, signer))
            }
            Err(reasons) => {
                self.report.reasons.extend(reasons);
                None
            }
        }
    }

    /// The package before: its envelope, signed by a site of this root, one number lower.
    fn earlier(&mut self, bytes: &[u8], envelope: &Envelope) -> Option<Digest> {
        let read = outer::read(bytes).and_then(|outer| {
            let (jws, earlier) = outer.envelope()?;
            let judge = self.judge(&earlier.site, earlier.sealed_at);
            judge.envelope(&jws).map_err(|reasons| first(reasons, Rule::EnvelopeSigner))?;
            outer.content(&earlier)?;
            Ok(earlier)
        });
        let read = read.map_err(|reason| Reason { rule: Rule::AfterPackage, ..reason.below("after") });
        let earlier = self.report.take(read)?;
        let follows = if earlier.site != envelope.site {
            Err(Reason::new(Rule::After, "after", format!("a package of {}", envelope.site), earlier.site))
        } else if earlier.sequence.checked_add(1) == Some(envelope.sequence) {
            Ok(sha256(&[bytes]))
        } else {
            let expected = format!("the package after number {}", earlier.sequence);
            Err(Reason::new(Rule::After, "sequence", expected, format!("number {}", envelope.sequence)))
        };
        self.report.take(follows)
    }

    fn manifest(
        &mut self,
        archive: &inner::Archive,
        envelope: &Envelope,
        site: &Accepted,
        earlier: Option<Digest>,
    ) -> Option<Manifest> {
        let read = archive.manifest(envelope);
        let (jws, manifest) = self.report.take(read)?;
        self.report.manifest = Some(manifest.clone());
        self.report.fingerprint = Some(super::Fingerprint::of(&sha256(&[&jws.payload])));
        let before = self.report.reasons.len();
        self.report.reasons.extend(inner::agreement(envelope, &manifest));
        self.report.reasons.extend(stand_alone(&manifest, self.request.anchors, earlier));
        match self.judge(&manifest.site, manifest.sealed_at).seal(&jws) {
            Ok(signers) => {
                let sealed_by = signers.iter().find(|signer| signer.role == site.role);
                if sealed_by.is_none_or(|signer| signer.certificate.der() != site.certificate.der()) {
                    let expected = "the certificate that signed the manifest for the site";
                    let reason = Reason::new(Rule::SameSite, "envelope.jws.json", expected, "another");
                    self.report.reasons.push(reason);
                }
                self.report.signers = signers.iter().map(Accepted::seen).collect();
            }
            Err(reasons) => self.report.reasons.extend(reasons),
        }
        (self.report.reasons.len() == before).then_some(manifest)
    }
}

/// What the manifest must say whatever its files hold.
fn stand_alone(manifest: &Manifest, anchors: &Anchors, earlier: Option<Digest>) -> Vec<Reason> {
    let (mut reasons, demo_root) = (Vec::new(), anchors.is_demo());
    let mut refuse = |rule, path: &str, expected: String, found: String| {
        reasons.push(Reason::new(rule, path, expected, found));
    };
    let asked = manifest.signers_required;
    if asked != SignersRequired::RULE {
        let found = format!("site {} and proctor {}", asked.site, asked.proctor);
        refuse(Rule::SignersRequired, "signers_required", "site 1 and proctor 2".to_owned(), found);
    }
    if let Some(org) = anchors.org().filter(|org| *org != manifest.org.as_str()) {
        refuse(Rule::Organisation, "org", org.to_owned(), manifest.org.to_string());
    }
    if (manifest.mode == Sealable::Demo) != demo_root {
        let (expected, found) = if demo_root { ("demo", "live") } else { ("live", "demo") };
        refuse(Rule::Mode, "mode", format!("{expected} under this root"), found.to_owned());
    }
    if let Err(e) = super::package::recipients(&manifest.recipients) {
        refuse(Rule::Recipients, "recipients", "two different age recipients".to_owned(), e.to_string());
    }
    let text = |digest: Option<Digest>| digest.map_or_else(|| "null".to_owned(), |digest| digest.to_string());
    if manifest.sequence == 0 || (manifest.sequence == 1) != manifest.previous.is_none() {
        let found = format!("number {} after {}", manifest.sequence, text(manifest.previous));
        refuse(Rule::Sequence, "previous", "null for number 1, a package for every later one".to_owned(), found);
    }
    if earlier.is_some() && manifest.previous != earlier {
        refuse(Rule::After, "previous", text(earlier), text(manifest.previous));
    }
    if manifest.amends.is_some() {
        refuse(Rule::Amendment, "amends", "null".to_owned(), "an amendment: use a newer release".to_owned());
    }
    reasons
}

/// Everything that follows from the files.
fn follow(files: &[(File, Vec<u8>)], manifest: &Manifest) -> Result<(), Reason> {
    let content = |file| files.iter().find(|(name, _)| *name == file).map_or(&[][..], |(_, bytes)| bytes);
    let policy = results::policy(content(File::Policy), manifest)?;
    let journal = lines::journal(content(File::Journal), manifest)?;
    let told = course::replay(journal, &policy)?;
    results::head(manifest, &policy, &told)?;
    lines::ledger(content(File::Ledger), manifest, &told)?;
    results::balance(manifest, &told)?;
    results::incidents(content(File::Incidents))?;
    results::outcome(content(File::Results), content(File::Attendance), manifest, &policy, told)
}

fn first(reasons: Vec<Reason>, otherwise: Rule) -> Reason {
    let none = || Reason::new(otherwise, "envelope.jws.json", "a signature that holds", "none");
    reasons.into_iter().next().unwrap_or_else(none)
}
