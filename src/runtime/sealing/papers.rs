//! What a seal is made with: the organisation's credentials, and the proctors who may use theirs.

use super::SealFault;
use crate::domain::crew::{Act, allows};
use crate::domain::ids::{Digest, OperatorId, OrgId};
use crate::domain::record::SessionBook;
use crate::domain::session::{Mode, Sealable};
use crate::domain::time::Instant;
use crate::proof::jws::Entry;
use crate::seal::Frozen;
use crate::seal::package::{Signer, sign};
use crate::trust::credentials::{Credentials, folder, load};
use crate::trust::signing::SigningKey;
use crate::trust::x509::{Certificate, Role};
use std::collections::BTreeSet;
use std::path::Path;

/// A rehearsal is never sealed; Live not under an example policy, nor by a development build: one with debug
/// assertions (0005-sealing.md).
pub(super) fn sealable(mode: Mode, example: bool, development: bool) -> Result<Sealable, SealFault> {
    match Sealable::try_from(mode) {
        Err(_) => Err(SealFault::Rehearsal),
        Ok(Sealable::Live) if example => Err(SealFault::ExamplePolicy),
        Ok(Sealable::Live) if development => Err(SealFault::DevelopmentBuild),
        Ok(mode) => Ok(mode),
    }
}

/// What the organisation gave this site for sealing, checked for one moment, and who of a session's crew may use it.
#[derive(Debug, Clone)]
pub struct Papers {
    pub(super) mode: Sealable,
    pub(super) credentials: Credentials,
    proctors: BTreeSet<OperatorId>,
}

/// Whose seal it would be, as the session itself says.
#[derive(Debug, Clone)]
pub struct Whose {
    org: OrgId,
    /// A role is of a session (rules.md §13), so its own crew list decides who may sign.
    proctors: BTreeSet<OperatorId>,
    example: bool,
}

impl From<&SessionBook> for Whose {
    fn from(book: &SessionBook) -> Self {
        let proctors = book.record.crew().filter(|member| allows(member.role, Act::SignSeal));
        Self {
            org: book.session.plan.org.clone(),
            proctors: proctors.map(|member| member.op.clone()).collect(),
            example: book.session.policy.policy.example,
        }
    }
}

impl Papers {
    /// Reads them for a session's organisation and checks that two of its proctors could seal with them now.
    ///
    /// # Errors
    /// [`SealFault`] with the first thing that is missing.
    pub fn read(trust: &Path, whose: Whose, mode: Mode, at: Instant) -> Result<Self, SealFault> {
        let Whose { org, proctors, example } = whose;
        let mode = sealable(mode, example, cfg!(debug_assertions))?;
        let credentials = load(&folder(trust, &org))?;
        let papers = Self { mode, credentials, proctors };
        papers.current(&papers.credentials.site, Role::Site, "a site certificate that holds today", at)?;
        let usable = papers.signers(at).count();
        if usable < 2 {
            let expected = "two proctors with certificates that hold today";
            return Err(SealFault::Credentials { expected, found: format!("{usable}") });
        }
        Ok(papers)
    }

    /// The proctors who could sign now.
    pub fn signers(&self, at: Instant) -> impl Iterator<Item = &OperatorId> {
        self.credentials.proctors.keys().filter(move |op| self.may_sign(op, at).is_ok())
    }

    /// What the manifest has to say of the papers: a list of revocations whose next one is due.
    #[must_use]
    pub fn notices(&self, at: Instant) -> Vec<String> {
        let due = self.credentials.crl.next_update() < at.second();
        due.then(|| "KD-S-N1".to_owned()).into_iter().collect()
    }

    /// What was enrolled.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    fn current(
        &self,
        certificate: &Certificate,
        role: Role,
        expected: &'static str,
        at: Instant,
    ) -> Result<(), SealFault> {
        let refused = |found: String| SealFault::Credentials { expected, found };
        self.credentials.anchors.check(certificate, role, at.second()).map_err(|e| refused(e.to_string()))?;
        let revoked = self.credentials.crl.find(certificate.serial());
        if revoked.is_some_and(|revocation| revocation.rejects(at.second())) {
            return Err(refused("one that was revoked".to_owned()));
        }
        Ok(())
    }

    /// Passes if this person could sign now.
    ///
    /// # Errors
    /// [`SealFault::Credentials`], [`SealFault::NotOfCrew`].
    pub fn may_sign(&self, op: &OperatorId, at: Instant) -> Result<(), SealFault> {
        let certificate = self.certificate(op)?;
        if !self.proctors.contains(op) {
            return Err(SealFault::NotOfCrew(op.clone()));
        }
        self.current(certificate, Role::Proctor, "a proctor with a certificate that holds today", at)
    }

    fn certificate(&self, op: &OperatorId) -> Result<&Certificate, SealFault> {
        let without =
            || SealFault::Credentials { expected: "a proctor with a certificate", found: format!("{op} without one") };
        self.credentials.proctors.get(op).ok_or_else(without)
    }

    /// A proctor's signature over the frozen manifest.
    ///
    /// # Errors
    /// [`SealFault::Credentials`] when this person has no certificate; [`SealFault::Form`] when it is of another key.
    pub fn sign(&self, frozen: &Frozen, op: &OperatorId, key: &SigningKey) -> Result<Signature, SealFault> {
        let certificate = self.certificate(op)?;
        let entry = sign(frozen, &Signer { key, certificate })?;
        Ok(Signature { op: op.clone(), entry, key: certificate.thumbprint() })
    }
}

/// One proctor's signature.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Who signed.
    pub op: OperatorId,
    pub(super) entry: Entry,
    pub(super) key: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_development_build_seals_demos_alone_and_a_rehearsal_is_sealed_by_nobody() {
        for (mode, example, development, found) in [
            (Mode::Demo, true, true, Ok(Sealable::Demo)),
            (Mode::Demo, false, false, Ok(Sealable::Demo)),
            (Mode::Live, false, false, Ok(Sealable::Live)),
            (Mode::Live, false, true, Err("KD-S-14")),
            (Mode::Live, true, false, Err("KD-S-14")),
            (Mode::Rehearsal, false, true, Err("KD-S-14")),
            (Mode::Rehearsal, false, false, Err("KD-S-14")),
        ] {
            let ours = sealable(mode, example, development).map_err(|fault| fault.code());
            assert_eq!(ours, found, "{mode:?} {example} {development}");
        }
    }
}
