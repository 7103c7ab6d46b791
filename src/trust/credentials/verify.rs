//! A bundle against a root: everything that does not depend on what this site already has.

use super::bundle::Issued;
use super::{Bundle, CredentialError, Credentials, Holder, MOST_BYTES, Recipients, chain};
use crate::proof::jws::{self, Entry, Typ, signing_input};
use crate::trust::organisation::Organisation;
use crate::trust::x509::{Anchors, Arc, Certificate, Crl, Role};
use age::x25519::Recipient;
use std::collections::BTreeMap;

/// Reads a bundle without believing it.
pub(super) fn open(bytes: &[u8]) -> Result<(Bundle, Entry), CredentialError> {
    if bytes.len() > MOST_BYTES {
        return Err(CredentialError::Form { what: "credential bundle of at most 1 MiB" });
    }
    let file = jws::parse(bytes, Typ::Credentials)?;
    let bundle = Bundle::parse(&file.payload)?;
    let mut signatures = file.signatures.into_iter();
    match (signatures.next(), signatures.next()) {
        (Some(entry), None) if entry.above().is_empty() => Ok((bundle, entry)),
        _ => Err(CredentialError::Signatures),
    }
}

/// Verifies a bundle under a root, at its own moment of issue.
///
/// # Errors
/// [`CredentialError`] with the first rule that it breaks.
pub fn verify(bytes: &[u8], root: &Certificate) -> Result<Credentials, CredentialError> {
    let (bundle, entry) = open(bytes)?;
    let arc = Arc::parse(&bundle.arc).map_err(chain("bundle"))?;
    let organisation = Organisation::new(bundle.org.clone(), &bundle.name, arc)?;
    let anchors = organisation.anchors(root.clone()).map_err(chain("root"))?;
    let signer = signed(&bundle, &entry, &anchors)?;
    if bundle.trust_anchors != [root.der()] {
        let expected = "the trusted root as the bundle's one anchor, found another";
        return Err(CredentialError::Root { expected });
    }
    let crl = Crl::parse(&bundle.crl, &anchors).map_err(chain("bundle"))?;
    let alive = |whose: &dyn ToString, certificate: &Certificate| {
        let revoked = crl.find(certificate.serial()).is_some_and(|found| found.rejects(bundle.issued_at));
        if revoked { Err(CredentialError::Revoked { whose: whose.to_string() }) } else { Ok(()) }
    };
    alive(&Role::PolicySigner, &signer)?;
    let mut held = certificates(&bundle, &anchors)?;
    for (holder, certificate) in &held {
        alive(holder, certificate)?;
    }
    let recipients = recipients(&bundle)?;
    let none = || CredentialError::Count { expected: "the site's certificate".to_owned(), found: "none" };
    let site = held.remove(&Holder::Site).ok_or_else(none)?;
    let proctors = held.into_iter().filter_map(|(holder, certificate)| match holder {
        Holder::Proctor(op) => Some((op, certificate)),
        Holder::Site => None,
    });
    Ok(Credentials {
        org: organisation.org,
        name: organisation.name,
        anchors,
        bundle_sequence: bundle.bundle_sequence,
        issued_at: bundle.issued_at,
        next_update: bundle.next_update,
        site_id: bundle.site,
        site,
        proctors: proctors.collect(),
        crl,
        recipients,
        site_recipient: bundle.site_recipient,
    })
}

/// The policy signer's certificate, after its signature was verified.
fn signed(bundle: &Bundle, entry: &Entry, anchors: &Anchors) -> Result<Certificate, CredentialError> {
    let whose = Role::PolicySigner;
    let signer = Certificate::parse(entry.certificate()).map_err(chain(whose))?;
    anchors.check(&signer, whose, bundle.issued_at).map_err(chain(whose))?;
    // The payload has one spelling, so these are the bytes of the file.
    let input = signing_input(entry.protected(), &bundle.to_payload()?);
    signer.verify(entry.alg(), &input, entry.signature()).map_err(chain(whose))?;
    Ok(signer)
}

fn certificates(bundle: &Bundle, anchors: &Anchors) -> Result<BTreeMap<Holder, Certificate>, CredentialError> {
    let twice = |expected: String| CredentialError::Count { expected, found: "several" };
    let mut held = BTreeMap::<Holder, Certificate>::new();
    for Issued { holder, der } in &bundle.certificates {
        let certificate = Certificate::parse(der).map_err(chain(holder))?;
        anchors.check(&certificate, holder.role(), bundle.issued_at).map_err(chain(holder))?;
        let (cn, ou) = (holder.cn(&bundle.site), bundle.site.to_string());
        if certificate.cn() != Some(&cn) || certificate.ou() != Some(&ou) {
            return Err(CredentialError::Subject { holder: holder.clone(), cn, ou });
        }
        if held.values().any(|other| other.public_key() == certificate.public_key()) {
            return Err(twice(format!("the key of {holder}")));
        }
        if held.values().any(|other| other.serial() == certificate.serial()) {
            return Err(twice(format!("the serial number of {holder}")));
        }
        if held.insert(holder.clone(), certificate).is_some() {
            return Err(twice(format!("the certificate of {holder}")));
        }
    }
    Ok(held)
}

fn recipients(bundle: &Bundle) -> Result<Recipients, CredentialError> {
    let [working, recovery] = &bundle.recipients;
    for (text, expected) in [
        (working, "an age X25519 recipient for the working key"),
        (recovery, "an age X25519 recipient for the recovery key"),
        (&bundle.site_recipient, "an age X25519 recipient of the site"),
    ] {
        if !is_recipient(text) {
            return Err(CredentialError::Recipient { expected });
        }
    }
    if working == recovery {
        return Err(CredentialError::Recipient { expected: "a recovery key other than the working key" });
    }
    Ok(Recipients { working: working.clone(), recovery: recovery.clone() })
}

/// Whether a text is an X25519 recipient in its one spelling.
pub(in crate::trust) fn is_recipient(text: &str) -> bool {
    text.parse::<Recipient>().is_ok_and(|recipient| recipient.to_string() == text)
}
