//! `org issue`: a site's request answered with a signed bundle.

use super::office::Office;
use super::{OrgError, book, hex};
use crate::domain::ids::{Digest, SiteId};
use crate::trust::credentials::{Bundle, Holder, Issued, verify};
use crate::trust::file;
use crate::trust::request::SiteRequest;
use crate::trust::x509::issue::Subject;
use ring::rand::SecureRandom;
use std::path::Path;

/// A bundle, ready to be carried to the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The file `*.ekcred`.
    pub bytes: Vec<u8>,
    /// For this site.
    pub site: SiteId,
    /// Its number.
    pub bundle_sequence: u64,
    /// The site's certificate first, then the proctors'.
    pub certificates: Vec<Grant>,
}

/// One certificate of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Whose.
    pub holder: Holder,
    /// Lower-case hexadecimal, what `org revoke` takes.
    pub serial: String,
    /// SHA-256.
    pub thumbprint: Digest,
    /// Last second, unix time.
    pub not_after: i64,
}

/// Issues a certificate for everybody in the request, from `now` on for at most 400 days, and signs the bundle.
///
/// # Errors
/// [`OrgError`] when the request is refused or the directory is not as it was made.
pub fn issue(dir: &Path, request: &[u8], now: i64, rng: &dyn SecureRandom) -> Result<Granted, OrgError> {
    let office = Office::open(dir)?;
    let request = SiteRequest::parse(request)?;
    let mut crl = office.crl()?;
    if crl.next_update() < now {
        crl = office.publish(super::revoke::next_number(&crl), now, crl.entries())?;
    }
    let (policy_key, policy_signer) = office.policy_signer(&crl, now, rng)?;
    let sequence = next_sequence(dir, &request.site)?;

    let (mut lines, mut issued, mut certificates) = (Vec::new(), Vec::new(), Vec::new());
    for (holder, asked) in &request.requests {
        let subject = Subject { cn: &asked.cn, ou: &asked.ou, key_info: &asked.key_info, role: holder.role() };
        let certificate = office.certify(&subject, now, rng)?;
        lines.push(book::Line::of(&certificate, holder, &request.site, sequence, now));
        certificates.push(Grant {
            holder: holder.clone(),
            serial: hex(certificate.serial()),
            thumbprint: certificate.thumbprint(),
            not_after: certificate.not_after(),
        });
        issued.push(Issued { holder: holder.clone(), der: certificate.der().to_vec() });
    }
    let bundle = Bundle {
        org: office.organisation.org.clone(),
        site: request.site.clone(),
        bundle_sequence: sequence,
        issued_at: now,
        next_update: crl.next_update(),
        certificates: issued,
        crl: crl.der().to_vec(),
        recipients: office.recipients()?,
        site_recipient: request.recipient,
        trust_anchors: vec![office.anchors.root().der().to_vec()],
        arc: office.organisation.arc.to_string(),
        name: office.organisation.name.clone(),
    };
    let bytes = bundle.sign(&policy_key, &policy_signer)?;
    // What the site will refuse is not handed out.
    verify(&bytes, office.anchors.root())?;
    book::add(dir, &lines)?;
    Ok(Granted { bytes, site: request.site, bundle_sequence: sequence, certificates })
}

/// Writes a bundle's file durably, whole or not at all: it leaves on a stick.
///
/// # Errors
/// [`OrgError::Key`] when the disk refuses.
pub fn hand_out(path: &Path, granted: &Granted) -> Result<(), OrgError> {
    Ok(file::write(path, &granted.bytes)?)
}

fn next_sequence(dir: &Path, site: &SiteId) -> Result<u64, OrgError> {
    let lines = book::lines(dir)?;
    let last =
        lines.iter().filter(|line| line.site.as_ref() == Some(site)).filter_map(|line| line.bundle_sequence).max();
    Ok(last.unwrap_or(0) + 1)
}
