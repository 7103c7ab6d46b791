//! What a root signs: itself, certificates below it, the list of revocations. Everything here can be done with openssl.
//!
//! ```text
//! root          CN, O, [OU=DEMO]; critical basicConstraints CA:TRUE pathlen 0, critical keyUsage keyCertSign cRLSign, SKI
//! certificate   OU, CN; critical basicConstraints CA:FALSE, critical keyUsage digitalSignature nonRepudiation, EKU of
//!               the role, SKI, AKI; nothing else, because a reader refuses critical extensions that it does not know
//! CRL           AKI, CRL number; reasons as RFC 5280 writes them, so `unspecified` is left out
//! ```

use super::certificate::Certificate;
use super::request::X509Signer;
use super::{Arc, ChainError, Reason, Revocation, Role};
use crate::trust::signing::SigningKey;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
    SubjectPublicKeyInfo,
};
use rustls_pki_types::CertificateDer;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer as _, ParsedExtension, X509Certificate};

/// A serial number: positive, 16 bytes.
pub type Serial = [u8; 16];

/// The two ends of a life, unix seconds, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First second.
    pub from: i64,
    /// Last second.
    pub until: i64,
}

/// What a certificate below the root says.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Common name.
    pub cn: &'a str,
    /// Organisational unit: the site.
    pub ou: &'a str,
    /// DER SubjectPublicKeyInfo.
    pub key_info: &'a [u8],
    /// What its key may do.
    pub role: Role,
}

/// Signs a root by itself: `CN=name, O=org`, and `OU=DEMO` for a throw-away one.
///
/// # Errors
/// [`ChainError::Primitive`].
pub fn root(
    key: &SigningKey,
    org: &str,
    name: &str,
    demo: bool,
    serial: Serial,
    validity: Validity,
) -> Result<Certificate, ChainError> {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::OrganizationName, org);
    if demo {
        subject.push(DnType::OrganizationalUnitName, "DEMO");
    }
    subject.push(DnType::CommonName, name);
    let mut wanted = params(subject, serial, validity)?;
    wanted.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    wanted.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let signed = wanted.self_signed(&X509Signer::new(key)).map_err(|_| failed("root certificate"))?;
    Certificate::parse(signed.der())
}

/// A root with its key.
pub struct Issuer<'a> {
    rcgen: rcgen::Issuer<'static, X509Signer<'a>>,
    key_id: KeyIdMethod,
}

impl<'a> Issuer<'a> {
    /// Puts a root and its key together.
    ///
    /// # Errors
    /// [`ChainError::Root`] when the key is another one's.
    pub fn new(root: &Certificate, key: &'a SigningKey) -> Result<Self, ChainError> {
        if root.public_key().bytes() != key.public() {
            return Err(ChainError::Root { expected: "has this private key" });
        }
        let unreadable = ChainError::Root { expected: "reads as one" };
        let der = CertificateDer::from(root.der());
        let rcgen = rcgen::Issuer::from_ca_cert_der(&der, X509Signer::new(key)).map_err(|_| unreadable.clone())?;
        let (_, read) = X509Certificate::from_der(root.der()).map_err(|_| unreadable)?;
        let key_id = read.iter_extensions().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => Some(KeyIdMethod::PreSpecified(id.0.to_vec())),
            _ => None,
        });
        Ok(Self { rcgen, key_id: key_id.unwrap_or(KeyIdMethod::Sha256) })
    }

    /// Signs a certificate.
    ///
    /// # Errors
    /// [`ChainError::Key`] for a key that does not read, [`ChainError::Primitive`].
    pub fn certificate(
        &self,
        arc: &Arc,
        subject: &Subject<'_>,
        serial: Serial,
        validity: Validity,
    ) -> Result<Certificate, ChainError> {
        let mut name = DistinguishedName::new();
        name.push(DnType::OrganizationalUnitName, subject.ou);
        name.push(DnType::CommonName, subject.cn);
        let mut wanted = params(name, serial, validity)?;
        wanted.is_ca = IsCa::ExplicitNoCa;
        wanted.use_authority_key_identifier_extension = true;
        wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(arc.role_components(subject.role))];
        self.sign(&wanted, subject.key_info)
    }

    pub(super) fn sign(&self, wanted: &CertificateParams, key_info: &[u8]) -> Result<Certificate, ChainError> {
        let key = SubjectPublicKeyInfo::from_der(key_info).map_err(|_| ChainError::Key)?;
        let signed = wanted.signed_by(&key, &self.rcgen).map_err(|_| failed("certificate"))?;
        Certificate::parse(signed.der())
    }

    /// Signs a list of revocations and returns its DER. `number` is greater than the last list's; `validity` is this
    /// and the next update.
    ///
    /// # Errors
    /// [`ChainError::Primitive`].
    pub fn crl<'s>(
        &self,
        number: &[u8],
        validity: Validity,
        revoked: impl IntoIterator<Item = (&'s [u8], Revocation)>,
    ) -> Result<Vec<u8>, ChainError> {
        let entry = |(serial, revocation): (&[u8], Revocation)| {
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from_slice(serial),
                revocation_time: moment(revocation.at)?,
                reason_code: Some(reason(revocation.reason)),
                invalidity_date: None,
            })
        };
        let wanted = CertificateRevocationListParams {
            this_update: moment(validity.from)?,
            next_update: moment(validity.until)?,
            crl_number: SerialNumber::from_slice(number),
            issuing_distribution_point: None,
            revoked_certs: revoked.into_iter().map(entry).collect::<Result<_, _>>()?,
            key_identifier_method: self.key_id.clone(),
        };
        let signed = wanted.signed_by(&self.rcgen).map_err(|_| failed("revocation list"))?;
        Ok(signed.der().to_vec())
    }
}

fn params(subject: DistinguishedName, serial: Serial, validity: Validity) -> Result<CertificateParams, ChainError> {
    let mut wanted = CertificateParams::default();
    wanted.distinguished_name = subject;
    wanted.serial_number = Some(SerialNumber::from_slice(&serial));
    wanted.not_before = moment(validity.from)?;
    wanted.not_after = moment(validity.until)?;
    Ok(wanted)
}

/// Certificates print whole seconds of the years 0 to 9999.
fn moment(at: i64) -> Result<OffsetDateTime, ChainError> {
    OffsetDateTime::from_unix_timestamp(at).map_err(|_| failed("date"))
}

fn failed(what: &'static str) -> ChainError {
    ChainError::Primitive { what }
}

fn reason(reason: Reason) -> RevocationReason {
    match reason {
        Reason::Unspecified => RevocationReason::Unspecified,
        Reason::KeyCompromise => RevocationReason::KeyCompromise,
        Reason::CaCompromise => RevocationReason::CaCompromise,
        Reason::AffiliationChanged => RevocationReason::AffiliationChanged,
        Reason::Superseded => RevocationReason::Superseded,
        Reason::CessationOfOperation => RevocationReason::CessationOfOperation,
        Reason::CertificateHold => RevocationReason::CertificateHold,
        Reason::PrivilegeWithdrawn => RevocationReason::PrivilegeWithdrawn,
        Reason::AaCompromise => RevocationReason::AaCompromise,
    }
}
