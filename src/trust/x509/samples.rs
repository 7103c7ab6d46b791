//! A throw-away authority for tests, and certificates made to be wrong.

use super::issue::{self, Issuer, Subject, Validity};
use super::{Anchors, Arc, Certificate, Reason, Request, Revocation, Role, csr};
use crate::trust::signing::SigningKey;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose};
use ring::rand::SystemRandom;

/// 2026-11-24T00:00:00Z, the day of every sample.
pub(crate) const DAY: i64 = 1_795_478_400;
/// Two years around it.
pub(crate) const YEARS: Validity = Validity { from: DAY - 31_536_000, until: DAY + 31_536_000 };
pub(crate) const SITE: &str = "EX-SITE-01";

pub(crate) fn key() -> SigningKey {
    SigningKey::generate(&SystemRandom::new()).unwrap()
}

/// The key as a request carries it.
pub(crate) fn key_info(key: &SigningKey) -> Vec<u8> {
    Request::parse(csr(key, "x", "x").unwrap().as_bytes()).unwrap().key_info
}

pub(crate) struct Ca {
    pub key: SigningKey,
    pub root: Certificate,
}

impl Ca {
    /// A demo root of the organisation EX-ORG-A.
    pub(crate) fn demo() -> Self {
        let key = key();
        let root = issue::root(&key, "EX-ORG-A", "示例评价组织", true, [1; 16], YEARS).unwrap();
        Self { key, root }
    }

    pub(crate) fn anchors(&self) -> Anchors {
        Anchors::new(self.root.clone(), Arc::demo()).unwrap()
    }

    pub(crate) fn issuer(&self) -> Issuer<'_> {
        Issuer::new(&self.root, &self.key).unwrap()
    }

    /// A certificate as the profile wants it, valid for the years around [`DAY`].
    pub(crate) fn issue(&self, key: &SigningKey, cn: &str, ou: &str, role: Role) -> Certificate {
        let subject = Subject { cn, ou, key_info: &key_info(key), role };
        let mut serial = [2; 16];
        serial[8..].copy_from_slice(&key.public()[..8]);
        self.issuer().certificate(&Arc::demo(), &subject, serial, YEARS).unwrap()
    }

    /// A site's certificate with one thing changed.
    pub(crate) fn flawed(&self, change: impl FnOnce(&mut CertificateParams)) -> Certificate {
        let mut wanted = site_params();
        change(&mut wanted);
        self.issuer().sign(&wanted, &key_info(&key())).unwrap()
    }

    /// A list with number 1, issued on [`DAY`] for a month.
    pub(crate) fn crl(&self, revoked: &[(&[u8], i64, Reason)]) -> Vec<u8> {
        let entries = revoked.iter().map(|(serial, at, reason)| (*serial, Revocation { at: *at, reason: *reason }));
        self.issuer().crl(&[1], Validity { from: DAY, until: DAY + 2_592_000 }, entries).unwrap()
    }
}

/// What [`Ca::issue`] signs for a site.
pub(crate) fn site_params() -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationalUnitName, SITE);
    name.push(DnType::CommonName, SITE);
    let mut wanted = CertificateParams::default();
    wanted.distinguished_name = name;
    wanted.not_before = time::OffsetDateTime::from_unix_timestamp(YEARS.from).unwrap();
    wanted.not_after = time::OffsetDateTime::from_unix_timestamp(YEARS.until).unwrap();
    wanted.is_ca = IsCa::ExplicitNoCa;
    wanted.use_authority_key_identifier_extension = true;
    wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(Arc::demo().role_components(Role::Site))];
    wanted
}
