//! The list of revocations, and the two-step rule by which it speaks about the past (sealing.md §3).
//!
//! A package sealed on Monday is checked with Friday's list. So the chain is checked at the sealing moment without a
//! list, and the newest list is asked for the serial number: a key that was compromised, or was revoked without saying
//! why, never signed anything; any other revocation counts from its date on. A list's own dates are shown, never a
//! reason to refuse.

use super::certificate::shortest;
use super::pem::CRL;
use super::{Anchors, ChainError};
use rustls_pki_types::CertificateRevocationListDer;
use std::collections::BTreeMap;
use std::fmt;
use webpki::{BorrowedCertRevocationList, CertRevocationList, RevocationReason};
use x509_parser::prelude::{CertificateRevocationList, FromDer as _, X509Certificate};

/// Why a certificate was revoked, in the words of `openssl ca -crl_reason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Also a reason left out.
    Unspecified,
    /// The private key is or may be known to others.
    KeyCompromise,
    /// The authority's key is.
    CaCompromise,
    /// Somebody left or changed the site.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// No longer needed.
    CessationOfOperation,
    /// For the time being.
    CertificateHold,
    /// A right was taken away.
    PrivilegeWithdrawn,
    /// An attribute authority's key is compromised.
    AaCompromise,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "CACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "AACompromise",
        }
    }

    /// The reason of that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    fn of(reason: Option<RevocationReason>) -> Option<Self> {
        Some(match reason {
            None | Some(RevocationReason::Unspecified) => Self::Unspecified,
            Some(RevocationReason::KeyCompromise) => Self::KeyCompromise,
            Some(RevocationReason::CaCompromise) => Self::CaCompromise,
            Some(RevocationReason::AffiliationChanged) => Self::AffiliationChanged,
            Some(RevocationReason::Superseded) => Self::Superseded,
            Some(RevocationReason::CessationOfOperation) => Self::CessationOfOperation,
            Some(RevocationReason::CertificateHold) => Self::CertificateHold,
            Some(RevocationReason::PrivilegeWithdrawn) => Self::PrivilegeWithdrawn,
            Some(RevocationReason::AaCompromise) => Self::AaCompromise,
            // Takes an entry off a delta list, which is refused as a whole.
            Some(RevocationReason::RemoveFromCrl) => return None,
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// From when on, unix seconds.
    pub at: i64,
    /// Why.
    pub reason: Reason,
}

impl Revocation {
    /// Whether a signature claimed for that moment is void.
    #[must_use]
    pub fn rejects(&self, sealed_at: i64) -> bool {
        matches!(self.reason, Reason::KeyCompromise | Reason::Unspecified) || self.at <= sealed_at
    }
}

/// A list whose signature was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Crl {
    der: Vec<u8>,
    number: Vec<u8>,
    this_update: i64,
    next_update: i64,
    revoked: BTreeMap<Vec<u8>, Revocation>,
}

impl Crl {
    /// Reads one complete list, PEM or DER, and checks the root's signature.
    ///
    /// # Errors
    /// [`ChainError`] when it is not exactly one, of another issuer, forged, partial, without number or next update, or
    /// names a serial number twice.
    pub fn parse(bytes: &[u8], anchors: &Anchors) -> Result<Self, ChainError> {
        let der = CRL.der::<CertificateRevocationListDer<'_>>(bytes)?;
        let damaged = || CRL.malformed("a damaged one");
        let (rest, read) = CertificateRevocationList::from_der(&der).map_err(|_| damaged())?;
        if !rest.is_empty() {
            return Err(damaged());
        }
        if read.issuer().as_raw() != anchors.root().subject_der() {
            return Err(ChainError::Issuer { what: CRL.what });
        }
        let (_, root) = X509Certificate::from_der(anchors.root().der()).map_err(|_| damaged())?;
        read.verify_signature(root.public_key()).map_err(|_| ChainError::IssuerSignature { what: CRL.what })?;
        let wrong = |expected| ChainError::Crl { expected };
        let strict = BorrowedCertRevocationList::from_der(&der)
            .map_err(|_| wrong("of version 2, complete, with extensions and a next update"))?;
        let number = read.crl_number().ok_or(wrong("with a number"))?.to_bytes_be();
        let mut revoked = BTreeMap::new();
        for entry in &strict {
            let entry = entry.map_err(|_| wrong("whose entries are of RFC 5280"))?;
            let at = i64::try_from(entry.revocation_date.as_secs()).map_err(|_| damaged())?;
            let reason = Reason::of(entry.reason_code).ok_or(wrong("whose entries are of RFC 5280"))?;
            if revoked.insert(shortest(entry.serial_number), Revocation { at, reason }).is_some() {
                return Err(wrong("that names a serial number once"));
            }
        }
        if CertRevocationList::from(strict).issuing_distribution_point().is_some() {
            return Err(wrong("for every certificate of the root"));
        }
        let this_update = read.last_update().timestamp();
        let next_update = read.next_update().ok_or_else(damaged)?.timestamp();
        Ok(Self { number: shortest(&number), this_update, next_update, revoked, der })
    }

    /// The bytes that were signed.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// As a PEM block.
    #[must_use]
    pub fn pem(&self) -> String {
        CRL.encode(&self.der)
    }

    /// Its number, big-endian without leading zeros: a later list has a greater one.
    #[must_use]
    pub fn number(&self) -> &[u8] {
        &self.number
    }

    /// Whether another list has a greater number.
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        (self.number.len(), &self.number) < (other.number.len(), &other.number)
    }

    /// When it was issued, unix seconds.
    #[must_use]
    pub fn this_update(&self) -> i64 {
        self.this_update
    }

    /// When the next is promised, unix seconds.
    #[must_use]
    pub fn next_update(&self) -> i64 {
        self.next_update
    }

    /// What it says of a serial number ([`super::Certificate::serial`]).
    #[must_use]
    pub fn find(&self, serial: &[u8]) -> Option<Revocation> {
        self.revoked.get(shortest(serial).as_slice()).copied()
    }

    /// Every entry, ascending by the bytes of its serial number.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], Revocation)> {
        self.revoked.iter().map(|(serial, revocation)| (serial.as_slice(), *revocation))
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl({} revoked)", self.revoked.len())
    }
}
