//! A bundle as data: its payload written and read, and the policy signer's signature made. Verifies nothing.

use super::CredentialError;
use crate::domain::ids::{OperatorId, OrgId, SiteId};
use crate::proof::jws::{Alg, Entry, Jws, Typ, protected, signing_input};
use crate::proof::{base64, jcs};
use crate::trust::signing::SigningKey;
use crate::trust::x509::{Certificate, Role};
use serde::{Deserialize, Serialize};
use std::fmt;

const FORMAT: &str = "exam-seal-credentials/1";
const FORM: CredentialError = CredentialError::Form { what: "credential bundle of exam-seal-credentials/1" };

/// Who holds a key at a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// The site itself.
    Site,
    /// A proctor.
    Proctor(OperatorId),
}

impl Holder {
    /// The role that their certificate gives.
    #[must_use]
    pub fn role(&self) -> Role {
        match self {
            Self::Site => Role::Site,
            Self::Proctor(_) => Role::Proctor,
        }
    }

    /// The common name of their certificate at a site.
    #[must_use]
    pub fn cn(&self, site: &SiteId) -> String {
        match self {
            Self::Site => site.to_string(),
            Self::Proctor(op) => op.to_string(),
        }
    }

    /// The name of their files in the key directory, without suffix.
    #[must_use]
    pub fn stem(&self) -> &str {
        match self {
            Self::Site => "site",
            Self::Proctor(op) => op.as_str(),
        }
    }

    pub(in crate::trust) fn parts(&self) -> (String, Option<OperatorId>) {
        match self {
            Self::Site => (Role::Site.to_string(), None),
            Self::Proctor(op) => (Role::Proctor.to_string(), Some(op.clone())),
        }
    }

    pub(in crate::trust) fn of(role: &str, op: Option<OperatorId>) -> Option<Self> {
        match (Role::parse(role)?, op) {
            (Role::Site, None) => Some(Self::Site),
            (Role::Proctor, Some(op)) => Some(Self::Proctor(op)),
            _ => None,
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site => f.write_str("site"),
            Self::Proctor(op) => write!(f, "proctor {op}"),
        }
    }
}

/// One certificate of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// For whom.
    pub holder: Holder,
    /// DER.
    pub der: Vec<u8>,
}

/// A bundle's payload. The module above has its map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The organisation.
    pub org: OrgId,
    /// For this site.
    pub site: SiteId,
    /// From 1.
    pub bundle_sequence: u64,
    /// Unix seconds.
    pub issued_at: i64,
    /// Unix seconds.
    pub next_update: i64,
    /// The site's and the proctors'.
    pub certificates: Vec<Issued>,
    /// The list of revocations, DER.
    pub crl: Vec<u8>,
    /// Working and recovery key.
    pub recipients: [String; 2],
    /// The site's own.
    pub site_recipient: String,
    /// Roots, DER.
    pub trust_anchors: Vec<Vec<u8>>,
    /// The arc, dotted decimal.
    pub arc: String,
    /// The organisation's name.
    pub name: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    org: OrgId,
    site: SiteId,
    bundle_sequence: u64,
    issued_at: i64,
    next_update: i64,
    certificates: Vec<WireCertificate>,
    crl_der: String,
    recipients: [String; 2],
    site_recipient: String,
    trust_anchors: Vec<String>,
    policy: WirePolicy,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireCertificate {
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    op: Option<OperatorId>,
    der: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WirePolicy {
    arc: String,
    name: String,
}

impl Bundle {
    /// Reads a payload. A file has one spelling: anything that [`Self::to_payload`] does not write is refused.
    ///
    /// # Errors
    /// [`CredentialError::Form`].
    pub fn parse(payload: &[u8]) -> Result<Self, CredentialError> {
        let wire = jcs::parse(payload).ok().and_then(|value| serde_json::from_value::<Wire>(value).ok());
        let bundle = wire.filter(|wire| wire.format == FORMAT).and_then(Self::of).ok_or(FORM)?;
        // `"op":null` reads as an `op` left out.
        if bundle.to_payload()? == payload { Ok(bundle) } else { Err(FORM) }
    }

    fn of(wire: Wire) -> Option<Self> {
        let issued = |certificate: WireCertificate| {
            let holder = Holder::of(&certificate.role, certificate.op)?;
            Some(Issued { holder, der: base64::decode(&certificate.der)? })
        };
        Some(Self {
            org: wire.org,
            site: wire.site,
            bundle_sequence: Some(wire.bundle_sequence).filter(|number| *number > 0)?,
            issued_at: wire.issued_at,
            next_update: wire.next_update,
            certificates: wire.certificates.into_iter().map(issued).collect::<Option<_>>()?,
            crl: base64::decode(&wire.crl_der)?,
            recipients: wire.recipients,
            site_recipient: wire.site_recipient,
            trust_anchors: wire.trust_anchors.iter().map(|der| base64::decode(der)).collect::<Option<_>>()?,
            arc: wire.policy.arc,
            name: wire.policy.name,
        })
    }

    /// Writes the payload.
    ///
    /// # Errors
    /// [`CredentialError::Form`] when a number is beyond 2^53.
    pub fn to_payload(&self) -> Result<Vec<u8>, CredentialError> {
        let certificate = |issued: &Issued| {
            let (role, op) = issued.holder.parts();
            WireCertificate { role, op, der: base64::encode(&issued.der) }
        };
        let wire = Wire {
            format: FORMAT.to_owned(),
            org: self.org.clone(),
            site: self.site.clone(),
            bundle_sequence: self.bundle_sequence,
            issued_at: self.issued_at,
            next_update: self.next_update,
            certificates: self.certificates.iter().map(certificate).collect(),
            crl_der: base64::encode(&self.crl),
            recipients: self.recipients.clone(),
            site_recipient: self.site_recipient.clone(),
            trust_anchors: self.trust_anchors.iter().map(|der| base64::encode(der)).collect(),
            policy: WirePolicy { arc: self.arc.clone(), name: self.name.clone() },
        };
        jcs::to_bytes(&wire).map_err(|_| FORM)
    }

    /// Writes the file, signed.
    ///
    /// # Errors
    /// [`CredentialError::Form`] as [`Self::to_payload`].
    pub fn sign(&self, key: &SigningKey, certificate: &Certificate) -> Result<Vec<u8>, CredentialError> {
        let payload = self.to_payload()?;
        let (alg, typ) = (Alg::EdDsa, Typ::Credentials);
        let signature = key.sign(&signing_input(&protected(alg, typ, &certificate.thumbprint()), &payload));
        let entry = Entry::new(alg, typ, certificate.der().to_vec(), signature);
        Ok(Jws { payload, signatures: vec![entry] }.to_bytes())
    }
}
