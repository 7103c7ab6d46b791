//! Who signed, and whether they may: the rules of sealing.md §7 beyond mathematics.
//!
//! Each entry is checked for itself, as libraries that take the first good signature would not: its certificate reads and
//! stands alone, the signature is by that certificate's key over these bytes, the certificate is below the root for the
//! role it signs in, was valid at the sealing moment, is of this site and not revoked. Then the set: one site, two or
//! more proctors, no key and no person twice, whatever the manifest asks for.

use super::report::{Reason, SignerSeen};
use super::rule::Rule;
use crate::domain::ids::SiteId;
use crate::domain::time::Instant;
use crate::proof::jws::{Entry, Jws, signing_input};
use crate::trust::x509::{Anchors, Certificate, ChainError, Crl, Role};

/// What signatures are held against.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    /// The root and its roles.
    pub anchors: &'a Anchors,
    /// The newest list of revocations, where one is at hand.
    pub crl: Option<&'a Crl>,
    /// The site that the payload names.
    pub site: &'a SiteId,
    /// The sealing moment that the payload names, unix seconds.
    pub sealed_at: i64,
}

/// A signer who passed.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The role.
    pub role: Role,
    /// The certificate.
    pub certificate: Certificate,
}

impl Accepted {
    /// What people are told of them.
    #[must_use]
    pub fn seen(&self) -> SignerSeen {
        SignerSeen {
            role: self.role,
            name: self.certificate.cn().unwrap_or_default().to_owned(),
            serial: self.certificate.serial().iter().map(|byte| format!("{byte:02x}")).collect(),
            thumbprint: self.certificate.thumbprint(),
        }
    }
}

impl Judge<'_> {
    /// Checks the envelope's signature.
    ///
    /// # Errors
    /// Every [`Reason`] against it.
    pub fn envelope(&self, jws: &Jws) -> Result<Accepted, Vec<Reason>> {
        const PATH: &str = "envelope.jws.json";
        let [entry] = jws.signatures.as_slice() else {
            let found = format!("{} signatures", jws.signatures.len());
            return Err(vec![Reason::new(Rule::EnvelopeSigner, PATH, "one signature", found)]);
        };
        let signer = self.entry(&format!("{PATH} signature 1"), entry, &jws.payload).map_err(|reason| vec![reason])?;
        if signer.role == Role::Site {
            Ok(signer)
        } else {
            Err(vec![Reason::new(Rule::EnvelopeSigner, PATH, "a site's signature", format!("a {}'s", signer.role))])
        }
    }

    /// Checks the manifest's signatures.
    ///
    /// # Errors
    /// Every [`Reason`] against them.
    pub fn seal(&self, jws: &Jws) -> Result<Vec<Accepted>, Vec<Reason>> {
        const PATH: &str = "seal.jws.json";
        let (mut accepted, mut reasons) = (Vec::new(), Vec::new());
        for (n, entry) in (1..).zip(&jws.signatures) {
            match self.entry(&format!("{PATH} signature {n}"), entry, &jws.payload) {
                Ok(signer) => accepted.push(signer),
                Err(reason) => reasons.push(reason),
            }
        }
        let count = |role| accepted.iter().filter(|signer| signer.role == role).count();
        let (sites, proctors) = (count(Role::Site), count(Role::Proctor));
        if sites != 1 {
            reasons.push(Reason::new(Rule::OneSite, PATH, "one site signature that holds", sites));
        }
        if proctors < 2 {
            reasons.push(Reason::new(Rule::TwoProctors, PATH, "two proctor signatures that hold", proctors));
        }
        let twice = |same: fn(&Certificate, &Certificate) -> bool| {
            accepted
                .iter()
                .enumerate()
                .any(|(n, one)| accepted.iter().skip(n + 1).any(|other| same(&one.certificate, &other.certificate)))
        };
        if twice(|a, b| a.public_key().bytes() == b.public_key().bytes()) {
            reasons.push(Reason::new(Rule::DifferentKeys, PATH, "a different key for each signature", "one key twice"));
        }
        if twice(|a, b| a.subject() == b.subject()) {
            reasons.push(Reason::new(
                Rule::DifferentSubjects,
                PATH,
                "a different person for each signature",
                "one twice",
            ));
        }
        if reasons.is_empty() { Ok(accepted) } else { Err(reasons) }
    }

    fn entry(&self, path: &str, entry: &Entry, payload: &[u8]) -> Result<Accepted, Reason> {
        let refuse = |rule, expected: &str, found: String| Err(Reason::new(rule, path, expected, found));
        if !entry.above().is_empty() {
            return refuse(Rule::Certificate, "one certificate in x5c", format!("{}", entry.above().len() + 1));
        }
        let certificate = Certificate::parse(entry.certificate())
            .map_err(|e| Reason::new(Rule::Certificate, path, "a certificate that reads", e))?;
        let input = signing_input(entry.protected(), payload);
        certificate
            .verify(entry.alg(), &input, entry.signature())
            .map_err(|_| Reason::new(Rule::Signature, path, "a signature by the certificate's key", "another"))?;
        let role = match certificate.role(self.anchors.arc()) {
            Some(role @ (Role::Site | Role::Proctor)) => role,
            other => {
                let found = other.map_or("none or several", Role::as_str);
                return refuse(Rule::Role, "a certificate for the role site or proctor", found.to_owned());
            }
        };
        self.anchors.check(&certificate, role, self.sealed_at).map_err(|e| chain_reason(path, &e))?;
        let site = self.site.as_str();
        let of_site = certificate.ou() == Some(site) && (role == Role::Proctor || certificate.cn() == Some(site));
        if !of_site {
            let found = certificate.ou().unwrap_or("none").to_owned();
            return refuse(Rule::Site, &format!("a certificate of {site}"), found);
        }
        if let Some(revocation) = self.crl.and_then(|crl| crl.find(certificate.serial()))
            && revocation.rejects(self.sealed_at)
        {
            return refuse(
                Rule::Revoked,
                "a certificate that is not revoked",
                format!("revoked: {}", revocation.reason),
            );
        }
        Ok(Accepted { role, certificate })
    }
}

fn chain_reason(path: &str, error: &ChainError) -> Reason {
    let at = |moment: i64| Instant(moment.saturating_mul(1000)).to_string();
    let (rule, expected, found) = match error {
        ChainError::Issuer { .. } => {
            (Rule::Chain, "a certificate of this root".to_owned(), "another root's".to_owned())
        }
        ChainError::IssuerSignature { .. } => {
            (Rule::Chain, "a certificate signed by this root".to_owned(), "another signature".to_owned())
        }
        ChainError::NotYet { at: moment, from, .. } => {
            (Rule::Validity, format!("a certificate valid at {}", at(*moment)), format!("valid from {}", at(*from)))
        }
        ChainError::Expired { at: moment, until, .. } => {
            (Rule::Validity, format!("a certificate valid at {}", at(*moment)), format!("valid until {}", at(*until)))
        }
        ChainError::Role { expected, found } => {
            let found = found.map_or("none or several", Role::as_str);
            (Rule::Role, format!("a certificate for the role {expected}"), found.to_owned())
        }
        ChainError::Profile { expected } => {
            (Rule::Profile, format!("a certificate with {expected}"), "another".to_owned())
        }
        other => (Rule::Profile, "a certificate in the profile".to_owned(), format!("another: {}", other.code())),
    };
    Reason::new(rule, path, expected, found)
}
