//! The seal as one act of a command: everybody gives their secret at the beginning, then it runs through.

use super::super::site::{Authenticated, Site, SiteError};
use super::{Moment, Papers, SealFault, Step, Whose, finish, freeze};
use crate::desk::{Command, Refusal};
use crate::domain::crew::Act;
use crate::domain::ids::{Digest, SessionNo};
use crate::domain::ledger::{AbandonReason, SealAbandoned};
use crate::domain::session::{Plan, Sealable, State};
use crate::seal::Fingerprint;
use crate::trust::passphrase::Passphrase;
use crate::trust::signing::SigningKey;
use crate::trust::site_key;
use std::path::PathBuf;

/// A sealed session.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The package.
    pub path: PathBuf,
    /// Its hash.
    pub package_sha256: Digest,
    /// What people copied to paper.
    pub fingerprint: Fingerprint,
}

impl Site {
    /// Seals a closed session, or takes up a seal that a crash or a fault left prepared.
    ///
    /// # Errors
    /// [`SiteError::Role`], [`SiteError::SamePerson`], [`SiteError::Refused`], [`SiteError::Seal`]. After
    /// `SealPrepared` the session stays prepared: the same command takes it up again.
    pub fn seal(
        &mut self,
        no: SessionNo,
        chief: &Authenticated,
        passphrase: &Passphrase,
        [first, second]: [&Authenticated; 2],
        step: &mut dyn FnMut(Step),
    ) -> Result<Sealed, SiteError> {
        chief.may(Act::PrepareSeal, "prepare a seal")?;
        for proctor in [first, second] {
            proctor.may(Act::SignSeal, "sign a seal")?;
        }
        if first.op == second.op {
            return Err(SiteError::SamePerson(first.op.clone()));
        }
        let mode = self.store.about().mode;
        let (plan, whose) = self.sealable(no)?;
        let site = self.site_key(Some(passphrase))?.ok_or(SealFault::NoSiteKey)?;
        let (at, quality) = self.clock.wall();
        let papers = Papers::read(&self.dir.trust(), whose, mode, at)?;
        // Before anything is frozen: who cannot sign would leave a session prepared for a seal that never comes.
        for proctor in [first, second] {
            papers.may_sign(&proctor.op, at)?;
        }
        let keys = [first, second].map(|proctor| signing_key(proctor));
        let [first_key, second_key] = keys;
        let (first_key, second_key) = (first_key?, second_key?);
        let sessions = site_key::read_sessions(&self.dir.keys(), &site)?;
        let data_key = sessions.get(&plan.id).ok_or(SealFault::DataKey)?;

        step(Step::Freeze);
        let notices = papers.notices(at);
        let frontier = self.store.frontier(&plan.id);
        self.run(Command::PrepareSeal(no, frontier, notices), chief.op.clone(), None)?;
        let moment = Moment { at, quality };
        let frozen = freeze(&self.store, (self.desk, no), data_key, &papers, moment, step)?;
        step(Step::Proctors);
        let signatures = [papers.sign(&frozen, &first.op, first_key)?, papers.sign(&frozen, &second.op, second_key)?];
        let [a, b] = &signatures;
        let written = finish(&frozen, [a, b], &papers, &site, &self.dir.out(), step)?;
        let told = self.store.append_ledger(written.events.clone(), &self.ledger_author(Some(&chief.op)));
        // Whether a failed commit is in the file only the next start can tell; it settles the part.
        told.map_err(SiteError::from)?;
        let tidied = self.tidy_wraps(chief.keys.clone());
        written.publish()?;
        if let Err(error) = tidied {
            // The seal stands; the next start takes the key out of `wraps`.
            tracing::error!(%error, "the key of a sealed session is still wrapped");
        }
        Ok(Sealed {
            path: written.path().to_owned(),
            package_sha256: written.package_sha256,
            fingerprint: frozen.fingerprint(),
        })
    }

    /// Whether sessions of this site can be sealed at all, before anybody is asked for a secret.
    ///
    /// # Errors
    /// [`SealFault::Rehearsal`], [`SealFault::NoSiteKey`].
    pub fn seals(&self) -> Result<(), SealFault> {
        Sealable::try_from(self.store.about().mode).map_err(|_| SealFault::Rehearsal)?;
        if self.has_site_key() { Ok(()) } else { Err(SealFault::NoSiteKey) }
    }

    /// The plan of a session that may be sealed, before anything is asked of anybody's key.
    fn sealable(&self, no: SessionNo) -> Result<(Plan, Whose), SiteError> {
        self.seals()?;
        let held = self.store.hold(self.desk)?;
        let book = held.books.get(&no).ok_or(SiteError::Refused(Refusal::NoSession))?;
        match book.record.state {
            State::Closed => Ok((book.session.plan.clone(), Whose::from(book))),
            other => Err(SiteError::Refused(Refusal::State(other))),
        }
    }

    /// Gives a prepared seal up: the session takes lines again.
    ///
    /// # Errors
    /// [`SiteError::Role`]; [`SiteError::Seal`] when nothing is prepared.
    pub fn abandon_seal(&mut self, no: SessionNo, chief: &Authenticated) -> Result<(), SiteError> {
        chief.may(Act::PrepareSeal, "give a seal up")?;
        let held = self.store.hold(self.desk)?;
        let book = held.books.get(&no).ok_or(SiteError::Refused(Refusal::NoSession))?;
        if book.record.prepared().is_none() || book.record.sealed().is_some() {
            return Err(SealFault::NotPrepared.into());
        }
        let event = SealAbandoned { session: book.session.plan.id, reason: AbandonReason::Stopped };
        self.store.append_ledger(vec![event.into()], &self.ledger_author(Some(&chief.op)))?;
        Ok(())
    }
}

fn signing_key(proctor: &Authenticated) -> Result<&SigningKey, SealFault> {
    proctor.signing.as_ref().ok_or_else(|| SealFault::Credentials {
        expected: "proctors with a signing key",
        found: format!("{} without one", proctor.op),
    })
}
