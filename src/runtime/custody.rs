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

use super::auth::Gate;
use super::site::{Authenticated, Site, SiteError};
use crate::desk::{Answer, Command, Refusal};
use crate::domain::crew::Act;
use crate::domain::ids::{DeskId, SessionNo};
use crate::domain::session::State;
use crate::store::{Store, StoreError};
use crate::trust::KeyError;
use crate::trust::passphrase::Passphrase;
use crate::trust::site_key::{self, SiteKey};
use crate::trust::wraps::{self, DataKeys};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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

    /// Opens a session: with keys of its own the site's passphrase unlocks the data keys for the crew first. The keys of a
    /// session that is on and whose crew has lost them are given anew; nothing is stored then.
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
        let command = Command::Open(no);
        if self.has_site_key() {
            let held = self.store.hold(self.desk)?;
            let book = held.books.get(&no);
            let lost =
                book.is_some_and(|book| is_on(book.record.state) && chief.keys.get(&book.session.plan.id).is_none());
            // Keys are not unwrapped for a command that a rule forbids.
            if let Some(found) = book.map(|book| book.record.state).filter(|state| *state != State::Planned && !lost) {
                return Err(SiteError::Refused(Refusal::State(found)));
            }
            let passphrase = passphrase.ok_or(SiteError::Passphrase)?;
            self.gate()?.wrap(passphrase, &self.store)?;
            if lost {
                return Ok(Answer::Done { command, lines: 0, seq: None });
            }
        }
        self.run(command, chief.op.clone(), None)
    }

    /// At a start: deletes what a command that sealed the last session, or opened the first, left when it was cut off.
    pub(super) fn drop_idle_wraps(&self) -> Result<(), SiteError> {
        let path = self.dir.wraps();
        if self.has_site_key() && path.exists() && !any_on(&self.store, self.desk)? {
            remove(&path)?;
        }
        Ok(())
    }

    /// The same for the key of a sealed session while another one is on, as soon as somebody's PIN opens `wraps`.
    pub(super) fn without_sealed(&self, keys: DataKeys) -> Result<DataKeys, SiteError> {
        if !self.has_site_key() || keys.is_empty() {
            return Ok(keys);
        }
        let seals = self.store.seals()?;
        if !seals.keys().any(|session| keys.get(session).is_some()) {
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
        self.gate()?.custodian(keys).release(&self.store, self.desk)
    }
}

/// Whether a session in this state needs its data key at hand.
fn is_on(state: State) -> bool {
    matches!(state, State::Open | State::Running | State::Closed)
}

fn any_on(store: &Store, desk: DeskId) -> Result<bool, StoreError> {
    Ok(store.hold(desk)?.books.values().any(|book| is_on(book.record.state)))
}

/// Whoever replaces or deletes `wraps` while a desk runs: with the keys in memory, as the store stands at that moment. One
/// at a time, and not while a passphrase opens them.
#[derive(Debug, Clone)]
pub(super) struct Custodian {
    has_site_key: bool,
    wraps: PathBuf,
    recipients: Vec<String>,
    keys: DataKeys,
    alone: Arc<Mutex<()>>,
}

impl Gate {
    /// One for these keys.
    pub(super) fn custodian(&self, keys: DataKeys) -> Custodian {
        Custodian {
            has_site_key: self.has_site_key(),
            wraps: self.places().wraps.clone(),
            recipients: self.recipients(),
            keys,
            alone: Arc::clone(&self.custody),
        }
    }
}

impl Custodian {
    /// Takes the keys of sealed sessions out of `wraps`, and the file away when no session is open, running or closed.
    ///
    /// # Errors
    /// [`SiteError::Store`], [`SiteError::Key`]; the next start does it again.
    pub(super) fn release(self, store: &Store, desk: DeskId) -> Result<(), SiteError> {
        if !self.has_site_key {
            return Ok(());
        }
        let _alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        if !any_on(store, desk)? {
            return Ok(remove(&self.wraps)?);
        }
        let mut keys = self.keys;
        let gone = store.seals()?.keys().filter(|session| keys.remove(session).is_some()).count();
        // Whoever holds no key knows nothing of what the others need.
        if gone > 0 && self.wraps.exists() {
            wraps::write(&self.wraps, &keys, &self.recipients)?;
        }
        Ok(())
    }

    /// Writes `wraps` anew where a seal has deleted it between the passphrase and the opening of the next session.
    ///
    /// # Errors
    /// [`KeyError`]; opening the session again gives the keys.
    pub(super) fn keep(&self) -> Result<(), KeyError> {
        let _alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.has_site_key || self.keys.is_empty() || self.wraps.exists() {
            return Ok(());
        }
        wraps::write(&self.wraps, &self.keys, &self.recipients)
    }
}

/// Deletes `wraps`. What it held is encrypted; what the disk keeps of it is the disk's encryption's business.
fn remove(path: &Path) -> Result<(), KeyError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(KeyError::File { verb: "delete", path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}
