//! The organisation's directory, opened: its root with the key, and the files around it.

use super::{OrgError, book};
use crate::trust::file;
use crate::trust::organisation::{self, Organisation};
use crate::trust::signing::SigningKey;
use crate::trust::x509::issue::{Issuer, Serial, Subject, Validity};
use crate::trust::x509::{Anchors, Certificate, Crl, Revocation, Role};
use pkcs8::{LineEnding, SecretDocument};
use ring::rand::SecureRandom;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

pub(super) const ROOT: &str = "root.pem";
pub(super) const CRL: &str = "crl.pem";
pub(super) const POLICY_SIGNER: &str = "policy-signer.pem";
pub(super) const RECIPIENTS: &str = "recipients.txt";
pub(super) const PRIVATE: &str = "private";
pub(super) const ROOT_KEY: &str = "private/root.key.pem";
pub(super) const POLICY_KEY: &str = "private/policy-signer.key.pem";

const DAY: i64 = 86_400;
/// The most that a certificate below the root lives (sealing.md §3).
const MOST_DAYS: i64 = 400;
/// How long a list of revocations is promised to be the newest.
const CRL_DAYS: i64 = 30;
const MOST_BYTES: u64 = 64 << 20;

/// The directory, opened.
pub(super) struct Office {
    pub dir: PathBuf,
    pub organisation: Organisation,
    pub anchors: Anchors,
    pub key: SigningKey,
}

impl Office {
    pub(super) fn open(dir: &Path) -> Result<Self, OrgError> {
        let organisation = Organisation::parse(&read(dir, organisation::FILE)?)?;
        let anchors = organisation.anchors(Certificate::parse(&read(dir, ROOT)?)?)?;
        Ok(Self { dir: dir.to_owned(), organisation, anchors, key: read_key(dir, ROOT_KEY)? })
    }

    pub(super) fn crl(&self) -> Result<Crl, OrgError> {
        Ok(Crl::parse(&read(&self.dir, CRL)?, &self.anchors)?)
    }

    /// Signs and keeps a list with the given number.
    pub(super) fn publish<'s>(
        &self,
        number: u64,
        now: i64,
        revoked: impl IntoIterator<Item = (&'s [u8], Revocation)>,
    ) -> Result<Crl, OrgError> {
        let validity = Validity { from: now, until: now + CRL_DAYS * DAY };
        let der = Issuer::new(self.anchors.root(), &self.key)?.crl(&number.to_be_bytes(), validity, revoked)?;
        let crl = Crl::parse(&der, &self.anchors)?;
        file::write(&self.dir.join(CRL), crl.pem().as_bytes())?;
        Ok(crl)
    }

    /// Signs a certificate that begins now and neither outlives the root nor 400 days.
    pub(super) fn certify(
        &self,
        subject: &Subject<'_>,
        now: i64,
        rng: &dyn SecureRandom,
    ) -> Result<Certificate, OrgError> {
        let root = self.anchors.root();
        let validity = Validity { from: now, until: root.not_after().min(now + MOST_DAYS * DAY - 1) };
        let issuer = Issuer::new(root, &self.key)?;
        let certificate = issuer.certificate(self.anchors.arc(), subject, draw_serial(rng)?, validity)?;
        self.anchors.check(&certificate, subject.role, now)?;
        Ok(certificate)
    }

    /// The policy signer as it is, or a new one when it has run out or was revoked.
    pub(super) fn policy_signer(
        &self,
        crl: &Crl,
        now: i64,
        rng: &dyn SecureRandom,
    ) -> Result<(SigningKey, Certificate), OrgError> {
        let certificate = Certificate::parse(&read(&self.dir, POLICY_SIGNER)?)?;
        let revoked = crl.find(certificate.serial()).is_some();
        if revoked || self.anchors.check(&certificate, Role::PolicySigner, now).is_err() {
            return self.new_policy_signer(now, rng);
        }
        Ok((read_key(&self.dir, POLICY_KEY)?, certificate))
    }

    pub(super) fn new_policy_signer(
        &self,
        now: i64,
        rng: &dyn SecureRandom,
    ) -> Result<(SigningKey, Certificate), OrgError> {
        let key = SigningKey::generate(rng)?;
        let org = self.organisation.org.as_str();
        let key_info = key_info(&key)?;
        let subject = Subject { cn: org, ou: org, key_info: &key_info, role: Role::PolicySigner };
        let certificate = self.certify(&subject, now, rng)?;
        book::add(&self.dir, &[book::Line::own(&certificate, Role::PolicySigner, now)])?;
        write_key(&self.dir, POLICY_KEY, &key)?;
        file::write(&self.dir.join(POLICY_SIGNER), certificate.pem().as_bytes())?;
        Ok((key, certificate))
    }

    /// Working and recovery recipient.
    pub(super) fn recipients(&self) -> Result<[String; 2], OrgError> {
        let bytes = read(&self.dir, RECIPIENTS)?;
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        let lines: Vec<String> = text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
        lines.try_into().map_err(|_| OrgError::Missing { path: self.dir.join(RECIPIENTS), found: "another form" })
    }
}

/// A key as a request carries it.
fn key_info(key: &SigningKey) -> Result<Vec<u8>, OrgError> {
    let csr = crate::trust::x509::csr(key, "x", "x")?;
    Ok(crate::trust::x509::Request::parse(csr.as_bytes())?.key_info)
}

/// Random, positive, always 16 bytes long.
pub(super) fn draw_serial(rng: &dyn SecureRandom) -> Result<Serial, OrgError> {
    let mut serial: Serial = [0; 16];
    rng.fill(&mut serial).map_err(|_| crate::trust::KeyError::Primitive { what: "a serial number" })?;
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x7f | 0x40;
    }
    Ok(serial)
}

pub(super) fn read(dir: &Path, name: &str) -> Result<Zeroizing<Vec<u8>>, OrgError> {
    let path = dir.join(name);
    file::read(&path, MOST_BYTES)?.ok_or(OrgError::Missing { path, found: "no file" })
}

pub(super) fn write_key(dir: &Path, name: &str, key: &SigningKey) -> Result<(), OrgError> {
    let path = dir.join(name);
    let pem = SecretDocument::try_from(key.to_pkcs8().as_slice())
        .and_then(|der| der.to_pem("PRIVATE KEY", LineEnding::LF))
        .map_err(|_| OrgError::Missing { path: path.clone(), found: "another form" })?;
    Ok(file::write(&path, pem.as_bytes())?)
}

fn read_key(dir: &Path, name: &str) -> Result<SigningKey, OrgError> {
    let bytes = read(dir, name)?;
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| SecretDocument::from_pem(text).ok())
        .filter(|(label, _)| *label == "PRIVATE KEY")
        .and_then(|(_, der)| SigningKey::from_pkcs8(der.as_bytes()).ok())
        .ok_or(OrgError::Missing { path: dir.join(name), found: "another form" })
}
