//! Where the data keys of sessions are while a site has keys of its own (sealing.md §5, rules.md §14).
//!
//! ```text
//! import     drawn, encrypted to the site            keys/sessions.age      the site passphrase
//! opening    encrypted to the crew                   wraps                  the site passphrase
//! sealing    the session's key leaves                wraps
//! no session open, running or closed                 wraps is deleted
//! ```
//!
//! A site without keys keeps them in `wraps` from import on.

use super::site::{Authenticated, Site, SiteError};
use crate::desk::{Answer, Command, Refusal};
use crate::domain::crew::Act;
use crate::domain::ids::SessionNo;
use crate::domain::session::State;
use crate::trust::KeyError;
use crate::trust::passphrase::Passphrase;
use crate::trust::site_key::{self, SiteKey};
use crate::trust::wraps::{self, DataKeys};
use std::path::Path;

impl Site {
    /// Whether the site has keys of its own.
    #[must_use]
    pub fn has_site_key(&self) -> bool {
        SiteKey::exists(&self.dir.keys())
    }

    /// Opens the site's keys, where it has any.
    ///
    /// # Errors
    /// [`SiteError::Passphrase`] when they need a passphrase and none was given; [`SiteError::Key`].
    pub(super) fn site_key(&self, passphrase: Option<&Passphrase>) -> Result<Option<SiteKey>, SiteError> {
        if !self.has_site_key() {
            return Ok(None);
        }
        let passphrase = passphrase.ok_or(SiteError::Passphrase)?;
        Ok(Some(SiteKey::open(&self.dir.keys(), passphrase)?))
    }

    /// Every data key there is: the site's, or those that the crew holds.
    pub(super) fn data_keys(&self, site: Option<&SiteKey>, held: &DataKeys) -> Result<DataKeys, SiteError> {
        Ok(match site {
            Some(site) => site_key::read_sessions(&self.dir.keys(), site)?,
            None => held.clone(),
        })
    }

    /// Keeps the data keys of newly planned sessions, before the rows they seal are stored.
    pub(super) fn keep_data_keys(
        &self,
        site: Option<&SiteKey>,
        keys: &DataKeys,
        added: &DataKeys,
    ) -> Result<(), SiteError> {
        if let Some(site) = site {
            site_key::write_sessions(&self.dir.keys(), site, keys)?;
        }
        // While a session is open the desks must know the people of the new ones too (A-20 to A-25).
        let path = self.dir.wraps();
        if site.is_none() || path.exists() {
            wraps::write(&path, added, &self.recipients()?)?;
        }
        Ok(())
    }

    fn recipients(&self) -> Result<Vec<String>, SiteError> {
        Ok(self.store.operators()?.into_iter().map(|operator| operator.recipient).collect())
    }

    /// Opens a session: with keys of its own the site's passphrase unlocks the data keys for the crew first.
    ///
    /// # Errors
    /// [`SiteError::Refused`] when a rule forbids it, [`SiteError::Passphrase`], [`SiteError::Key`].
    pub fn open_session(
        &mut self,
        no: SessionNo,
        chief: &Authenticated,
        passphrase: Option<&Passphrase>,
    ) -> Result<Answer, SiteError> {
        chief.may(Act::Open, "open a session")?;
        if self.has_site_key() {
            let held = self.store.hold(self.desk)?;
            let state = held.books.get(&no).map(|book| book.record.state);
            // Keys are not unwrapped for a command that a rule forbids.
            if let Some(found) = state.filter(|state| *state != State::Planned) {
                return Err(SiteError::Refused(Refusal::State(found)));
            }
            let passphrase = passphrase.ok_or(SiteError::Passphrase)?;
            self.gate()?.wrap(passphrase, &self.store)?;
        }
        self.run(Command::Open(no), chief.op.clone(), None)
    }

    /// Whether a session needs its data key at hand.
    fn is_on(&self) -> Result<bool, SiteError> {
        let on = |state| matches!(state, State::Open | State::Running | State::Closed);
        Ok(self.store.hold(self.desk)?.books.values().any(|book| on(book.record.state)))
    }

    /// At a start: deletes what a command that sealed the last session, or opened the first, left when it was cut off.
    pub(super) fn drop_idle_wraps(&self) -> Result<(), SiteError> {
        let path = self.dir.wraps();
        if self.has_site_key() && path.exists() && !self.is_on()? {
            remove(&path)?;
        }
        Ok(())
    }

    /// The same for the key of a sealed session while another one is on, as soon as somebody's PIN opens `wraps`.
    pub(super) fn without_sealed(&self, keys: DataKeys) -> Result<DataKeys, SiteError> {
        let seals = self.store.seals()?;
        if !self.has_site_key() || !seals.keys().any(|session| keys.get(session).is_some()) {
            return Ok(keys);
        }
        self.tidy_wraps(keys.clone())?;
        let mut left = keys;
        for session in seals.keys() {
            left.remove(session);
        }
        Ok(left)
    }

    /// Takes the keys of sealed sessions out of `wraps`, and the file away when no session needs it.
    ///
    /// # Errors
    /// [`KeyError`].
    pub(super) fn tidy_wraps(&self, keys: DataKeys) -> Result<(), SiteError> {
        if !self.has_site_key() {
            return Ok(());
        }
        if !self.is_on()? {
            return Ok(remove(&self.dir.wraps())?);
        }
        leave_out_sealed(&self.dir.wraps(), keys, self.store.seals()?.keys(), &self.recipients()?)?;
        Ok(())
    }
}

/// Writes `wraps` anew without the keys of sealed sessions; without such keys nothing happens.
pub(super) fn leave_out_sealed<'a>(
    path: &Path,
    mut keys: DataKeys,
    sealed: impl Iterator<Item = &'a crate::domain::ids::SessionId>,
    recipients: &[String],
) -> Result<(), KeyError> {
    let gone = sealed.filter(|session| keys.remove(session).is_some()).count();
    if gone > 0 { wraps::write(path, &keys, recipients) } else { Ok(()) }
}

/// Deletes `wraps`. What it held is encrypted; what the disk keeps of it is the disk's encryption's business.
pub(super) fn remove(path: &Path) -> Result<(), KeyError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(KeyError::File { verb: "delete", path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}
