//! What a site asks an organisation for: the requests that were made when its keys were made, in one file (sealing.md §3).
//!
//! ```text
//! keys/NAME.csr         PKCS#10 as PEM, written beside NAME.pub when the key is made; NAME is `site` or an operator id
//! keys/site.recipient   age1… and LF: the site's own age recipient, so that asking needs no passphrase
//!
//! *.ekreq    canonical JSON, no LF at the end
//! {"format":"exam-seal-request/1","site":"EX-SITE-01","recipient":"age1…",
//!  "requests":[{"csr":"-----BEGIN CERTIFICATE REQUEST-----…","role":"site"},
//!              {"csr":"…","op":"wang","role":"proctor"},…]}       the site once and first, proctors ascending
//! ```
//!
//! `CN=<site>, OU=<site>` for the site, `CN=<operator>, OU=<site>` for a proctor. Every request is signed by its own key;
//! the file is not signed, so the organisation takes it from a hand that it knows. Opens no private key.

use super::credentials::{CredentialError, Holder, chain, is_recipient};
use super::signing::SigningKey;
use super::x509::{self, Request};
use super::{KeyError, file, signing};
use crate::domain::ids::{OperatorId, SiteId};
use crate::proof::jcs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FORMAT: &str = "exam-seal-request/1";
const FORM: CredentialError = CredentialError::Form { what: "site request of exam-seal-request/1" };
/// A file of 300 proctors has about 150 kB.
const MOST_BYTES: usize = 1 << 20;
const MOST_CSR_BYTES: u64 = 16 << 10;
const RECIPIENT: &str = "site.recipient";

/// What a site asks for, verified as far as it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRequest {
    /// The site.
    pub site: SiteId,
    /// Its age recipient.
    pub recipient: String,
    /// Who asks for a certificate, the site among them.
    pub requests: BTreeMap<Holder, Request>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    site: SiteId,
    recipient: String,
    requests: Vec<WireRequest>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireRequest {
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    op: Option<OperatorId>,
    csr: String,
}

fn csr_file(keys: &Path, holder: &Holder) -> PathBuf {
    keys.join(holder.stem()).with_extension("csr")
}

/// Keeps a request for a key that was just made.
///
/// # Errors
/// [`CredentialError::File`] when the disk refuses.
pub fn keep(keys: &Path, site: &SiteId, holder: &Holder, key: &SigningKey) -> Result<(), CredentialError> {
    let pem = x509::csr(key, &holder.cn(site), site.as_str()).map_err(chain(holder))?;
    Ok(file::write(&csr_file(keys, holder), pem.as_bytes())?)
}

/// Keeps the site's recipient where it can be read without the passphrase.
///
/// # Errors
/// [`CredentialError::File`] when the disk refuses.
pub fn keep_recipient(keys: &Path, recipient: &str) -> Result<(), CredentialError> {
    Ok(file::write(&keys.join(RECIPIENT), format!("{recipient}\n").as_bytes())?)
}

/// The site's recipient as it was kept.
pub(super) fn recipient(keys: &Path) -> Result<String, CredentialError> {
    let path = keys.join(RECIPIENT);
    let Some(bytes) = file::read(&path, 256)? else { return Err(KeyError::NoKey { path }.into()) };
    let text = std::str::from_utf8(&bytes).ok().and_then(|text| text.strip_suffix('\n'));
    let known = text.filter(|text| is_recipient(text)).map(str::to_owned);
    known.ok_or(CredentialError::File(KeyError::Damaged { path }))
}

/// The operators who have a request here, ascending.
pub(super) fn proctors(keys: &Path) -> Result<Vec<OperatorId>, CredentialError> {
    let failed = |source| KeyError::File { verb: "read", path: keys.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(keys).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".csr"));
        // The site's own file has the form of an operator's; nobody of that name holds a key.
        found.extend(stem.filter(|stem| *stem != Holder::Site.stem()).and_then(|stem| OperatorId::parse(stem).ok()));
    }
    found.sort();
    Ok(found)
}

/// Collects the kept requests into the file for the organisation.
///
/// # Errors
/// [`CredentialError`] when the site's request or recipient is missing, or a request is not of the key beside it.
pub fn collect(keys: &Path, site: &SiteId) -> Result<Vec<u8>, CredentialError> {
    let holders = std::iter::once(Holder::Site).chain(proctors(keys)?.into_iter().map(Holder::Proctor));
    let kept = |holder: Holder| {
        let path = csr_file(keys, &holder);
        let bytes = file::read(&path, MOST_CSR_BYTES)?.ok_or(KeyError::NoKey { path })?;
        let csr = std::str::from_utf8(&bytes).map_err(|_| FORM)?.to_owned();
        let asked = checked(site, &holder, &csr)?;
        let public = signing::read_public(&signing::public_beside(&keys.join(holder.stem())))?;
        if asked.key.bytes() != public {
            return Err(CredentialError::ForeignKey { holder });
        }
        let (role, op) = holder.parts();
        Ok(WireRequest { role, op, csr })
    };
    let requests = holders.map(kept).collect::<Result<_, CredentialError>>()?;
    write(&Wire { format: FORMAT.to_owned(), site: site.clone(), recipient: recipient(keys)?, requests })
}

fn write(wire: &Wire) -> Result<Vec<u8>, CredentialError> {
    jcs::to_bytes(wire).map_err(|_| FORM)
}

fn checked(site: &SiteId, holder: &Holder, csr: &str) -> Result<Request, CredentialError> {
    let asked = Request::parse(csr.as_bytes()).map_err(chain(holder))?;
    let (cn, ou) = (holder.cn(site), site.to_string());
    if asked.cn == cn && asked.ou == ou {
        Ok(asked)
    } else {
        Err(CredentialError::Subject { holder: holder.clone(), cn, ou })
    }
}

impl SiteRequest {
    /// Reads the file: every request is signed by its own key and asks for what its role has.
    ///
    /// # Errors
    /// [`CredentialError`] with the first rule that it breaks.
    pub fn parse(bytes: &[u8]) -> Result<Self, CredentialError> {
        if bytes.len() > MOST_BYTES {
            return Err(CredentialError::Form { what: "site request of at most 1 MiB" });
        }
        let wire = jcs::parse(bytes).ok().and_then(|value| serde_json::from_value::<Wire>(value).ok());
        let wire = wire.filter(|wire| wire.format == FORMAT).ok_or(FORM)?;
        if write(&wire)? != bytes {
            return Err(FORM);
        }
        if !is_recipient(&wire.recipient) {
            return Err(CredentialError::Recipient { expected: "an age X25519 recipient of the site" });
        }
        let mut requests = BTreeMap::<Holder, Request>::new();
        let twice = |expected: String| CredentialError::Count { expected, found: "several" };
        for WireRequest { role, op, csr } in wire.requests {
            let holder = Holder::of(&role, op).ok_or(FORM)?;
            let asked = checked(&wire.site, &holder, &csr)?;
            if requests.values().any(|other| other.key == asked.key) {
                return Err(twice(format!("the key of {holder}")));
            }
            if requests.contains_key(&holder) {
                return Err(twice(format!("the request of {holder}")));
            }
            requests.insert(holder, asked);
        }
        if !requests.contains_key(&Holder::Site) {
            return Err(CredentialError::Count { expected: "the site's request".to_owned(), found: "none" });
        }
        Ok(Self { site: wire.site, recipient: wire.recipient, requests })
    }
}
