//! Credentials in the trust folder: taken in once, held against what is there, read again at every start.

use super::{CredentialError, Credentials, Holder, MOST_BYTES, Recipients, chain, verify};
use crate::domain::ids::{Digest, OperatorId, OrgId, SiteId};
use crate::trust::organisation::{self, Organisation};
use crate::trust::x509::{Arc, Certificate, ChainError};
use crate::trust::{KeyError, file, request, signing};
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

const BUNDLE: &str = "bundle.ekcred";
const PREVIOUS: &str = "bundle.previous.ekcred";
const ROOT: &str = "root.pem";
const CRL: &str = "crl.pem";
const CERTIFICATES: &str = "certificates.pem";
const RECIPIENTS: &str = "recipients.txt";

/// What was taken in, for the chief to compare with what the organisation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Its arc.
    pub arc: Arc,
    /// Whether its root is a throw-away one.
    pub demo: bool,
    /// Whether the root is trusted from now on.
    pub first: bool,
    /// Whether anything changed: the same file twice changes nothing.
    pub changed: bool,
    /// The number of the bundle.
    pub bundle_sequence: u64,
    /// SHA-256 of the root.
    pub root: Digest,
    /// Holders with the SHA-256 and the last second of their certificates, the site first.
    pub certificates: Vec<(Holder, Digest, i64)>,
    /// Proctors whose key lies here and who have no certificate: they cannot sign for this organisation.
    pub without: Vec<OperatorId>,
    /// To whom packages are encrypted.
    pub recipients: Recipients,
    /// Whether those are others than before.
    pub recipients_changed: bool,
    /// When the next list of revocations is promised, unix seconds.
    pub next_update: i64,
}

/// An organisation's folder in the trust directory.
#[must_use]
pub fn folder(trust: &Path, org: &OrgId) -> PathBuf {
    trust.join(org.as_str())
}

/// Reads an organisation's folder and verifies it again.
///
/// # Errors
/// [`CredentialError::NotEnrolled`] when there is no bundle; otherwise with the first rule that is broken.
pub fn load(folder: &Path) -> Result<Credentials, CredentialError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = read(folder, BUNDLE)?.ok_or(CredentialError::NotEnrolled { org: name })?;
    let missing = |file: &str| CredentialError::File(KeyError::Damaged { path: folder.join(file) });
    let (root, known) = anchored(folder)?.ok_or_else(|| missing(ROOT))?;
    let credentials = verify(&bytes, &root)?;
    same_organisation(&known, &credentials)?;
    Ok(credentials)
}

/// Takes a bundle in: verifies it, holds it against the keys in `keys`, the site and what is kept, and keeps it durably.
/// `root` is a PEM or DER file that came another way; the first bundle of an organisation needs it. `now` is in unix
/// seconds: a certificate that has run out by then is refused.
///
/// # Errors
/// [`CredentialError`] with the first rule that it breaks; then nothing is changed.
pub fn enrol(
    trust: &Path,
    keys: &Path,
    site: &SiteId,
    bytes: &[u8],
    root: Option<&[u8]>,
    now: i64,
) -> Result<Enrolled, CredentialError> {
    let (claimed, _) = verify::open(bytes)?;
    let folder = folder(trust, &claimed.org);
    let kept = anchored(&folder)?;
    let given = root.map(Certificate::parse).transpose().map_err(chain("root"))?;
    let root = match (&kept, given) {
        (Some((kept, _)), Some(given)) if *kept != given => {
            return Err(CredentialError::Root { expected: "the root that is trusted here already, found another" });
        }
        (Some((kept, _)), _) => kept.clone(),
        (None, Some(given)) => given,
        (None, None) => {
            let expected = "a root certificate with an organisation's first bundle, found none";
            return Err(CredentialError::Root { expected });
        }
    };
    let fresh = verify(bytes, &root)?;
    if fresh.site_id != *site {
        return Err(CredentialError::Elsewhere { what: "site", expected: site.to_string() });
    }
    let before = match &kept {
        Some((_, known)) => {
            same_organisation(known, &fresh)?;
            read(&folder, BUNDLE)?.map(|bytes| Ok::<_, CredentialError>((verify(&bytes, &root)?, bytes))).transpose()?
        }
        None => None,
    };
    held_here(keys, &fresh)?;
    for (holder, certificate) in fresh.certificates() {
        let until = certificate.not_after();
        if until < now {
            return Err(chain(holder)(ChainError::Expired { what: "certificate", at: now, until }));
        }
    }
    let changed = before.as_ref().is_none_or(|(_, kept)| kept != bytes);
    if let Some((before, kept)) = before.as_ref().filter(|_| changed) {
        newer(before, &fresh)?;
        file::write(&folder.join(PREVIOUS), kept)?;
    }
    if changed {
        keep(&folder, &fresh, bytes)?;
    }
    let recipients_changed = before.as_ref().is_some_and(|(before, _)| before.recipients != fresh.recipients);
    report(keys, fresh, kept.is_none(), changed, recipients_changed)
}

/// A kept file.
fn read(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, CredentialError> {
    Ok(file::read(&folder.join(name), MOST_BYTES as u64)?.map(|bytes| bytes.to_vec()))
}

/// What is trusted already. A folder in which the first enrolment was cut short holds no bundle and trusts nothing.
fn anchored(folder: &Path) -> Result<Option<(Certificate, Organisation)>, CredentialError> {
    let (Some(root), Some(known)) = (read(folder, ROOT)?, read(folder, organisation::FILE)?) else { return Ok(None) };
    if read(folder, BUNDLE)?.is_none() {
        return Ok(None);
    }
    Ok(Some((Certificate::parse(&root).map_err(chain("root"))?, Organisation::parse(&known)?)))
}

/// Its name may change, who it is and where it numbers its roles may not.
fn same_organisation(known: &Organisation, found: &Credentials) -> Result<(), CredentialError> {
    if known.org != found.org {
        return Err(CredentialError::Elsewhere { what: "organisation", expected: known.org.to_string() });
    }
    if known.arc != *found.anchors.arc() {
        return Err(CredentialError::Root { expected: "the arc that is trusted here already, found another" });
    }
    Ok(())
}

/// The keys that certificates speak of lie here, and the site's recipient is the one it asked with.
fn held_here(keys: &Path, fresh: &Credentials) -> Result<(), CredentialError> {
    for (holder, certificate) in fresh.certificates() {
        let path = signing::public_beside(&keys.join(holder.stem()));
        match signing::read_public(&path) {
            Ok(public) if certificate.public_key().bytes() == public => {}
            Ok(_) | Err(KeyError::NoKey { .. }) => return Err(CredentialError::ForeignKey { holder }),
            Err(e) => return Err(e.into()),
        }
    }
    if request::recipient(keys)? == fresh.site_recipient {
        Ok(())
    } else {
        Err(CredentialError::Recipient { expected: "the recipient that this site asked with" })
    }
}

fn newer(before: &Credentials, fresh: &Credentials) -> Result<(), CredentialError> {
    let (kept, found) = (before.bundle_sequence, fresh.bundle_sequence);
    if found <= kept {
        return Err(CredentialError::Older { what: "a bundle", kept: kept.to_string(), found: found.to_string() });
    }
    if fresh.crl.is_older_than(&before.crl) {
        let [kept, found] = [before, fresh].map(|credentials| hex(credentials.crl.number()));
        return Err(CredentialError::Older { what: "a revocation list", kept, found });
    }
    Ok(())
}

/// Writes the folder, the bundle last: it is there only when everything is.
fn keep(folder: &Path, fresh: &Credentials, bytes: &[u8]) -> Result<(), CredentialError> {
    let failed = |source| KeyError::File { verb: "create", path: folder.to_owned(), source };
    DirBuilder::new().mode(0o700).recursive(true).create(folder).map_err(failed)?;
    let (root, org) = (fresh.anchors.root(), fresh.org.clone());
    let known = Organisation { org, name: fresh.name.clone(), arc: fresh.anchors.arc().clone() };
    let certificates: String = fresh.certificates().map(|(_, certificate)| certificate.pem()).collect();
    let Recipients { working, recovery } = &fresh.recipients;
    for (name, content) in [
        (ROOT, root.pem()),
        (organisation::FILE, known.to_toml()),
        (CRL, fresh.crl.pem()),
        (CERTIFICATES, certificates),
        (RECIPIENTS, format!("# working key\n{working}\n# recovery key\n{recovery}\n")),
    ] {
        file::write(&folder.join(name), content.as_bytes())?;
    }
    Ok(file::write(&folder.join(BUNDLE), bytes)?)
}

fn report(
    keys: &Path,
    fresh: Credentials,
    first: bool,
    changed: bool,
    recipients_changed: bool,
) -> Result<Enrolled, CredentialError> {
    let certificates = fresh.certificates();
    let certificates =
        certificates.map(|(holder, certificate)| (holder, certificate.thumbprint(), certificate.not_after())).collect();
    let mut without = request::proctors(keys)?;
    without.retain(|op| !fresh.proctors.contains_key(op));
    Ok(Enrolled {
        arc: fresh.anchors.arc().clone(),
        demo: fresh.anchors.is_demo(),
        root: fresh.anchors.root().thumbprint(),
        bundle_sequence: fresh.bundle_sequence,
        next_update: fresh.next_update,
        org: fresh.org,
        name: fresh.name,
        recipients: fresh.recipients,
        first,
        changed,
        certificates,
        without,
        recipients_changed,
    })
}

fn hex(number: &[u8]) -> String {
    number.iter().map(|byte| format!("{byte:02x}")).collect()
}
