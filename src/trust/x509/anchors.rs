//! What an organisation is known by, its root and its arc, and the check of a certificate under them.

use super::certificate::Certificate;
use super::{Arc, ChainError, Role};
use crate::domain::ids::OrgId;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use std::time::Duration;
use webpki::{
    EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, anchor_from_trusted_cert,
};
use x509_parser::prelude::{FromDer as _, X509Certificate};

const SIGNATURES: [&dyn SignatureVerificationAlgorithm; 2] = [webpki::ring::ED25519, webpki::ring::ECDSA_P256_SHA256];

/// The trusted root and the arc of its organisation's roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchors {
    root: Certificate,
    arc: Arc,
    org: Option<OrgId>,
}

impl Anchors {
    /// Trusts a root.
    ///
    /// # Errors
    /// [`ChainError::Root`] when it is not self-signed, is no CA, or may not sign certificates and revocation lists.
    pub fn new(root: Certificate, arc: Arc) -> Result<Self, ChainError> {
        let unfit = |expected| ChainError::Root { expected };
        let (_, read) = X509Certificate::from_der(root.der()).map_err(|_| unfit("reads as one"))?;
        if root.ca != Some(true) {
            return Err(unfit("is a certificate authority"));
        }
        if !root.usage.cert_and_crl_sign {
            return Err(unfit("may sign certificates and revocation lists"));
        }
        if read.issuer().as_raw() != root.subject_der() || read.verify_signature(None).is_err() {
            return Err(unfit("is signed by itself"));
        }
        Ok(Self { root, arc, org: None })
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        &self.root
    }

    /// The arc.
    #[must_use]
    pub fn arc(&self) -> &Arc {
        &self.arc
    }

    /// The same root, known to be this organisation's.
    #[must_use]
    pub fn of(self, org: OrgId) -> Self {
        Self { org: Some(org), ..self }
    }

    /// The organisation's id: the one it is known by, else its root's O, where `org init` writes it.
    #[must_use]
    pub fn org(&self) -> Option<&str> {
        self.org.as_ref().map(OrgId::as_str).or(self.root.o())
    }

    /// Whether everything under this root is a demo.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.root.has_ou("DEMO")
    }

    /// Checks a certificate: directly below the root, for this role, at this moment (unix seconds). Revocation is
    /// [`super::Crl`]'s answer.
    ///
    /// # Errors
    /// [`ChainError`] with the first rule that it breaks.
    pub fn check(&self, certificate: &Certificate, role: Role, at: i64) -> Result<(), ChainError> {
        self.issued(certificate, role, at)?;
        let found = certificate.role(&self.arc);
        if found != Some(role) {
            return Err(ChainError::Role { expected: role, found });
        }
        for (kept, expected) in [
            (certificate.ca == Some(false), "CA:FALSE"),
            (certificate.usage.digital_signature, "digitalSignature among its key usages"),
            (certificate.cn().is_some(), "one common name"),
            (certificate.ou().is_some(), "one organisational unit"),
            (!certificate.serial().is_empty(), "a serial number above zero"),
        ] {
            if !kept {
                return Err(ChainError::Profile { expected });
            }
        }
        within("root certificate", &self.root, at)
    }

    /// The chain as webpki sees it.
    fn issued(&self, certificate: &Certificate, role: Role, at: i64) -> Result<(), ChainError> {
        const WHAT: &str = "certificate";
        within(WHAT, certificate, at)?;
        let root = CertificateDer::from(self.root.der());
        let anchors = [anchor_from_trusted_cert(&root).map_err(|_| ChainError::Root { expected: "reads as one" })?];
        let der = CertificateDer::from(certificate.der());
        let moment = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at).unwrap_or(0)));
        let usage = RoleUsage(self.arc.role_der(role));
        EndEntityCert::try_from(&der)
            .and_then(|entity| {
                entity.verify_for_usage(&SIGNATURES, &anchors, &[], moment, &usage, None, None).map(drop)
            })
            .map_err(|e| match e {
                Error::UnknownIssuer => ChainError::Issuer { what: WHAT },
                Error::InvalidSignatureForPublicKey
                | Error::UnsupportedSignatureAlgorithmContext(_)
                | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)
                | Error::SignatureAlgorithmMismatch => ChainError::IssuerSignature { what: WHAT },
                Error::EmptyEkuExtension => ChainError::Role { expected: role, found: certificate.role(&self.arc) },
                Error::CaUsedAsEndEntity => ChainError::Profile { expected: "CA:FALSE" },
                Error::UnsupportedCriticalExtension => {
                    ChainError::Profile { expected: "basicConstraints and keyUsage as its only critical extensions" }
                }
                _ => ChainError::Profile { expected: "the form of RFC 5280" },
            })
    }
}

/// Both ends of a certificate's life belong to it.
fn within(what: &'static str, certificate: &Certificate, at: i64) -> Result<(), ChainError> {
    let (from, until) = (certificate.not_before(), certificate.not_after());
    match at {
        _ if at < from => Err(ChainError::NotYet { what, at, from }),
        _ if at > until => Err(ChainError::Expired { what, at, until }),
        _ => Ok(()),
    }
}

/// `KeyUsage::required` of webpki, for an object identifier that is known only at run time.
struct RoleUsage(Vec<u8>);

impl ExtendedKeyUsageValidator for RoleUsage {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        for purpose in purposes {
            if purpose? == KeyPurposeId::new(&self.0) {
                return Ok(());
            }
        }
        // The other error for this wants an identifier that is known at compile time.
        Err(Error::EmptyEkuExtension)
    }
}
