//! One certificate: its fields as people and rules need them, and signatures by its key.

use super::pem::CERTIFICATE;
use super::{Arc, ChainError, Role};
use crate::domain::ids::Digest;
use crate::proof;
use crate::proof::jws::Alg;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey};
use rustls_pki_types::CertificateDer;
use std::fmt;
use x509_parser::prelude::{AttributeTypeAndValue, FromDer as _, X509Certificate, X509Version};
use x509_parser::x509::SubjectPublicKeyInfo;

/// A public key of one of the two kinds that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// Ed25519: 32 bytes.
    Ed25519([u8; 32]),
    /// P-256: 04, x, y.
    P256([u8; 65]),
}

impl PublicKey {
    /// Ed25519 (1.3.101.112) or id-ecPublicKey with prime256v1.
    pub(super) fn read(info: &SubjectPublicKeyInfo<'_>) -> Result<Self, ChainError> {
        let bytes = info.subject_public_key.data.as_ref();
        let curve = info.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok()).map(|oid| oid.to_id_string());
        let key = match (info.algorithm.algorithm.to_id_string().as_str(), curve.as_deref()) {
            ("1.3.101.112", None) if info.algorithm.parameters.is_none() => bytes.try_into().map(Self::Ed25519).ok(),
            ("1.2.840.10045.2.1", Some("1.2.840.10045.3.1.7")) if bytes.first() == Some(&4) => {
                bytes.try_into().map(Self::P256).ok()
            }
            _ => None,
        };
        key.filter(|_| info.subject_public_key.unused_bits == 0).ok_or(ChainError::Key)
    }

    /// Its bytes, without the algorithm.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Ed25519(bytes) => bytes,
            Self::P256(bytes) => bytes,
        }
    }
}

/// A certificate as it was read; whether it is to be trusted, [`super::Anchors::check`] says.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    subject_der: Vec<u8>,
    cn: Vec<String>,
    ou: Vec<String>,
    o: Vec<String>,
    serial: Vec<u8>,
    not_before: i64,
    not_after: i64,
    key: PublicKey,
    pub(super) ca: Option<bool>,
    pub(super) usage: Usage,
    usages: Vec<Vec<u8>>,
}

/// The bits of keyUsage that matter here.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Usage {
    pub digital_signature: bool,
    pub cert_and_crl_sign: bool,
}

impl Certificate {
    /// Reads one certificate, PEM or DER.
    ///
    /// # Errors
    /// [`ChainError::Malformed`] when it is not exactly one v3 certificate, [`ChainError::Key`] for other kinds of keys.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChainError> {
        let der = CERTIFICATE.der::<CertificateDer<'_>>(bytes)?;
        let damaged = || CERTIFICATE.malformed("a damaged one");
        let (rest, read) = X509Certificate::from_der(&der).map_err(|_| damaged())?;
        if !rest.is_empty() || read.version() != X509Version::V3 {
            return Err(damaged());
        }
        let usage = read.key_usage().map_err(|_| damaged())?.map(|found| Usage {
            digital_signature: found.value.digital_signature(),
            cert_and_crl_sign: found.value.key_cert_sign() && found.value.crl_sign(),
        });
        let extended = read.extended_key_usage().map_err(|_| damaged())?;
        let subject = read.subject();
        Ok(Self {
            subject: subject.to_string(),
            subject_der: subject.as_raw().to_vec(),
            cn: texts(subject.iter_common_name()).ok_or_else(damaged)?,
            ou: texts(subject.iter_organizational_unit()).ok_or_else(damaged)?,
            o: texts(subject.iter_organization()).ok_or_else(damaged)?,
            serial: shortest(read.raw_serial()),
            not_before: read.validity().not_before.timestamp(),
            not_after: read.validity().not_after.timestamp(),
            key: PublicKey::read(read.public_key())?,
            ca: read.basic_constraints().map_err(|_| damaged())?.map(|found| found.value.ca),
            usage: usage.unwrap_or_default(),
            usages: extended.map(|found| oids(found.value)).unwrap_or_default(),
            der,
        })
    }

    /// The bytes that were signed and are hashed.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// As a PEM block.
    #[must_use]
    pub fn pem(&self) -> String {
        CERTIFICATE.encode(&self.der)
    }

    /// The whole subject, for people.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    pub(super) fn subject_der(&self) -> &[u8] {
        &self.subject_der
    }

    /// The common name; `None` unless there is exactly one.
    #[must_use]
    pub fn cn(&self) -> Option<&str> {
        only(&self.cn)
    }

    /// The organisational unit, a site id below a root; `None` unless there is exactly one.
    #[must_use]
    pub fn ou(&self) -> Option<&str> {
        only(&self.ou)
    }

    /// The organisation; `None` unless there is exactly one.
    #[must_use]
    pub fn o(&self) -> Option<&str> {
        only(&self.o)
    }

    pub(super) fn has_ou(&self, text: &str) -> bool {
        self.ou.iter().any(|ou| ou == text)
    }

    /// The serial number, big-endian without leading zeros.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Its first second, unix time.
    #[must_use]
    pub fn not_before(&self) -> i64 {
        self.not_before
    }

    /// Its last second, unix time.
    #[must_use]
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// The key that it speaks of.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// SHA-256 of the DER: `x5t#S256`, and what people compare.
    #[must_use]
    pub fn thumbprint(&self) -> Digest {
        proof::sha256(&[&self.der])
    }

    /// The one role that it has below the arc; `None` for none, several, and numbers without a meaning.
    #[must_use]
    pub fn role(&self, arc: &Arc) -> Option<Role> {
        let mut below = self.usages.iter().filter(|oid| arc.holds(oid));
        let one = below.next().filter(|_| below.next().is_none())?;
        Role::ALL.into_iter().find(|role| arc.role_der(*role) == *one)
    }

    /// Verifies a raw signature (64 bytes for every algorithm) by this certificate's key.
    ///
    /// # Errors
    /// [`ChainError::Signature`] when the algorithm is not the key's, or the signature is not of this message.
    pub fn verify(&self, alg: Alg, message: &[u8], signature: &[u8]) -> Result<(), ChainError> {
        let checked = match (alg, &self.key) {
            (Alg::EdDsa | Alg::Ed25519, PublicKey::Ed25519(key)) => {
                UnparsedPublicKey::new(&ED25519, key.as_slice()).verify(message, signature)
            }
            (Alg::Es256, PublicKey::P256(key)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.as_slice()).verify(message, signature)
            }
            _ => return Err(ChainError::Signature { expected: "with the algorithm of the certificate's key" }),
        };
        checked.map_err(|_| ChainError::Signature { expected: "by the certificate's key over these bytes" })
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.thumbprint())
    }
}

/// Every attribute as text; `None` when one is not.
fn texts<'a>(attributes: impl Iterator<Item = &'a AttributeTypeAndValue<'a>>) -> Option<Vec<String>> {
    attributes.map(|attribute| attribute.as_str().ok().map(str::to_owned)).collect()
}

fn only(texts: &[String]) -> Option<&str> {
    match texts {
        [one] => Some(one),
        _ => None,
    }
}

/// A big-endian number without leading zeros, as serial numbers are compared.
pub(super) fn shortest(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|byte| *byte == 0).collect()
}

fn oids(found: &x509_parser::extensions::ExtendedKeyUsage<'_>) -> Vec<Vec<u8>> {
    // Roles are never among the purposes that the library knows by name.
    found.other.iter().map(|oid| oid.as_bytes().to_vec()).collect()
}
