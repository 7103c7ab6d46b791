//! Certificate requests (PKCS#10) and the bridge by which rcgen signs with our keys, without a second copy of one.

use super::ChainError;
use super::certificate::PublicKey;
use super::pem::REQUEST;
use crate::trust::signing::SigningKey;
use rcgen::{CertificateParams, DistinguishedName, DnType, PKCS_ED25519, SignatureAlgorithm};
use rustls_pki_types::CertificateSigningRequestDer;
use x509_parser::prelude::{FromDer as _, X509CertificationRequest};

/// One of our keys as rcgen asks for it.
pub(super) struct X509Signer<'a> {
    key: &'a SigningKey,
    public: [u8; 32],
}

impl<'a> X509Signer<'a> {
    /// Lends a key.
    pub(super) fn new(key: &'a SigningKey) -> Self {
        Self { key, public: key.public() }
    }
}

impl rcgen::PublicKeyData for X509Signer<'_> {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ED25519
    }
}

impl rcgen::SigningKey for X509Signer<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.key.sign(message).to_vec())
    }
}

/// Writes a request as PEM: this key asks for `OU=…, CN=…`.
///
/// # Errors
/// [`ChainError::Primitive`] when the library refuses.
pub fn csr(key: &SigningKey, cn: &str, ou: &str) -> Result<String, ChainError> {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationalUnitName, ou);
    name.push(DnType::CommonName, cn);
    let mut asked = CertificateParams::default();
    asked.distinguished_name = name;
    let request = asked.serialize_request(&X509Signer::new(key));
    request.and_then(|csr| csr.pem()).map_err(|_| ChainError::Primitive { what: REQUEST.what })
}

/// A request whose own signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The common name that it asks for.
    pub cn: String,
    /// The organisational unit.
    pub ou: String,
    /// The key, which the requester holds.
    pub key: PublicKey,
    /// The key as a DER SubjectPublicKeyInfo.
    pub key_info: Vec<u8>,
}

impl Request {
    /// Reads one request, PEM or DER. Extensions that it asks for are the issuer's to decide and are passed over.
    ///
    /// # Errors
    /// [`ChainError`] when it is not exactly one, its subject is not CN and OU once each, or its key did not sign it.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChainError> {
        let der = REQUEST.der::<CertificateSigningRequestDer<'_>>(bytes)?;
        let damaged = || REQUEST.malformed("a damaged one");
        let (rest, read) = X509CertificationRequest::from_der(&der).map_err(|_| damaged())?;
        if !rest.is_empty() {
            return Err(damaged());
        }
        let info = &read.certification_request_info;
        let key = PublicKey::read(&info.subject_pki)?;
        read.verify_signature().map_err(|_| ChainError::Request { expected: "signed by its own key" })?;
        let subject = &info.subject;
        let mut cns = subject.iter_common_name().map(|cn| cn.as_str().ok());
        let mut ous = subject.iter_organizational_unit().map(|ou| ou.as_str().ok());
        match (cns.next().flatten(), ous.next().flatten(), subject.iter_attributes().count()) {
            (Some(cn), Some(ou), 2) => {
                Ok(Self { cn: cn.to_owned(), ou: ou.to_owned(), key, key_info: info.subject_pki.raw.to_vec() })
            }
            _ => Err(ChainError::Request { expected: "whose subject is one CN and one OU" }),
        }
    }
}
