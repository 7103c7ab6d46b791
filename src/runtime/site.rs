//! The site as commands see it: an opened data directory and the acts of people on it.
//!
//! Everything here is synchronous and for one act at a time; a desk that runs is [`super::running::RunningDesk`], made
//! by [`Site::into_running`].

use super::auth::{Gate, Places};
use super::clock::SystemClock;
use super::data_dir::{DataDir, DirError, Lock};
use super::msg::Denied;
pub use super::people::{Authenticated, NewPerson};
use super::running::{RunningDesk, Sink};
use super::sealing::SealFault;
use super::{packages, readiness};
use crate::config::Config;
use crate::desk::{Answer, Command, Desk, Effect, Input, Moment, Refusal, Spare};
use crate::domain::event::{Author, Draft, Event, Recorded};
use crate::domain::ids::{DeskId, OperatorId, SessionId, SessionNo};
use crate::domain::readiness::Found;
use crate::domain::session::Mode;
use crate::domain::time::Clock;
use crate::store::{About, LedgerAuthor, Store, StoreError};
use crate::trust::KeyError;
use crate::trust::credentials::{CredentialError, Holder};
use crate::trust::machine::MachineSecret;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::KdfCost;
use crate::trust::request;
use crate::trust::signing::ScryptCost;
use crate::trust::site_key::SiteKey;
use ring::rand::SystemRandom;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why an act on the site fails.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The data directory.
    #[error(transparent)]
    Dir(#[from] DirError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A PIN check.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The person's role does not allow it.
    #[error("expected somebody who may {act}, found the role {role}")]
    Role {
        /// What was wanted.
        act: &'static str,
        /// What they are.
        role: &'static str,
    },
    /// Two people are needed and one was given twice.
    #[error("expected two different people, found {0} twice")]
    SamePerson(OperatorId),
    /// Somebody of that name is on the crew already.
    #[error("expected a new operator, found that {0} is on the crew already")]
    Known(OperatorId),
    /// Live needs site keys.
    #[error("expected a site passphrase, found none: a live site needs keys of its own")]
    LiveNeedsKeys,
    /// The site has keys of its own, and this act needs them.
    #[error("expected the site passphrase, found none: this site has keys of its own")]
    Passphrase,
    /// A name that a key file of the site has.
    #[error("expected another operator id, found {0}, which the site's own key is called")]
    Reserved(OperatorId),
    /// Certificates and requests for them.
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    /// The seal.
    #[error(transparent)]
    Seal(#[from] SealFault),
    /// This desk has not joined a session.
    #[error("expected desk {desk} to have joined every session, found that it did not join session {session}")]
    NotJoined {
        /// The desk of the configuration.
        desk: DeskId,
        /// The first session it did not join.
        session: crate::domain::ids::SessionNo,
    },
    /// No policy was given for a session.
    #[error("expected a policy for session {0}, found none")]
    NoPolicy(crate::domain::ids::SessionNo),
    /// People of a session that is planned already cannot be read: the keys at hand do not open them.
    #[error("expected keys that open every person of the sessions on the roster, found some that stay sealed")]
    SealedPeople,
    /// A rule forbids the command.
    #[error("a rule forbids it ({})", .0.code())]
    Refused(Refusal),
    /// A bug: the desk answered nothing.
    #[error("the desk gave no answer")]
    NoAnswer,
}

/// An opened data directory.
pub struct Site {
    pub(super) dir: DataDir,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) desk: DeskId,
    pub(super) rng: SystemRandom,
    pub(super) machine: PathBuf,
    pub(super) cost: KdfCost,
    pub(super) scrypt: ScryptCost,
    pub(super) lock: Option<Lock>,
    /// Made once: it reads the whole ledger.
    pub(super) gate: OnceCell<Gate>,
}

impl Site {
    /// Makes the data directory, the machine secret, the store and the first chief.
    ///
    /// # Errors
    /// [`SiteError::LiveNeedsKeys`] for a live site; whatever directory, keys and disk say.
    pub fn init(
        root: &Path,
        config: &Config,
        about: &About,
        chief: &NewPerson,
        passphrase: Option<&Passphrase>,
    ) -> Result<Self, SiteError> {
        if about.mode == Mode::Live && passphrase.is_none() {
            return Err(SiteError::LiveNeedsKeys);
        }
        let (cost, scrypt) = (cost(config), scrypt(config));
        cost.allowed_in(about.mode)?;
        scrypt.allowed_in(about.mode)?;
        if let Some(passphrase) = passphrase {
            passphrase.allowed_in(about.mode)?;
        }
        chief.pin.allowed_in(about.mode)?;
        let dir = DataDir::create(root)?;
        let lock = dir.lock("site init")?;
        let (machine, rng) = (machine_path(config, &dir), SystemRandom::new());
        if !machine.exists() {
            MachineSecret::create(&machine, &rng)?;
        }
        if let Some(passphrase) = passphrase {
            let site = SiteKey::create(&dir.keys(), passphrase, scrypt, &rng)?;
            request::keep(&dir.keys(), &about.site, &Holder::Site, site.signing())?;
            request::keep_recipient(&dir.keys(), &site.recipient())?;
        }
        let store = Store::create(&dir.database(), about)?;
        let clock = Arc::new(SystemClock::new(0));
        let (desk, lock, gate) = (config.desk.number, Some(lock), OnceCell::new());
        let mut site = Self { dir, store, clock, desk, rng, machine, cost, scrypt, lock, gate };
        let operator = site.new_operator(chief)?;
        site.store.add_operator(&operator, &[])?;
        Ok(site)
    }

    /// Opens the data directory to write; nobody else can meanwhile.
    ///
    /// # Errors
    /// [`DirError::Held`] when somebody does; whatever directory and store say.
    pub fn open(root: &Path, config: &Config, purpose: &str) -> Result<Self, SiteError> {
        let dir = DataDir::open(root)?;
        let lock = dir.lock(purpose)?;
        let store = Store::open(&dir.database())?;
        settle(&dir.out(), &store)?;
        let site = Self::over(dir, store, config, Some(lock));
        site.drop_idle_wraps()?;
        Ok(site)
    }

    /// Opens the data directory to read, whoever else writes.
    ///
    /// # Errors
    /// Whatever directory and store say.
    pub fn open_to_read(root: &Path, config: &Config) -> Result<Self, SiteError> {
        let dir = DataDir::open(root)?;
        let store = Store::open_to_read(&dir.database())?;
        Ok(Self::over(dir, store, config, None))
    }

    fn over(dir: DataDir, store: Store, config: &Config, lock: Option<Lock>) -> Self {
        let clock = Arc::new(SystemClock::new(store.about().clock_offset_ms));
        let machine = machine_path(config, &dir);
        let rng = SystemRandom::new();
        Self {
            dir,
            store,
            clock,
            desk: config.desk.number,
            rng,
            machine,
            cost: cost(config),
            scrypt: scrypt(config),
            lock,
            gate: OnceCell::new(),
        }
    }

    /// A site over a store that a running desk lends for one act; its lock is held by whoever runs the desk.
    pub(super) fn around(store: Store, gate: Gate, desk: DeskId) -> Self {
        let (dir, machine, clock) = (DataDir::of(&gate.places().database), gate.places().machine.clone(), gate.clock());
        let (cost, scrypt) = (KdfCost::default(), scrypt(&Config::default()));
        let (rng, gate) = (SystemRandom::new(), OnceCell::from(gate));
        Self { dir, store, clock, desk, rng, machine, cost, scrypt, lock: None, gate }
    }

    /// Gives the store back.
    pub(super) fn into_store(self) -> Store {
        self.store
    }

    /// Lets a demo's clock show the time instead of the machine's.
    pub fn set_clock(&mut self, clock: Arc<dyn Clock>) {
        self.clock = clock;
        self.gate.take();
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The directory.
    #[must_use]
    pub fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The desk number of the configuration.
    #[must_use]
    pub fn desk(&self) -> DeskId {
        self.desk
    }

    /// What PINs are checked against.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn gate(&self) -> Result<Gate, SiteError> {
        if let Some(gate) = self.gate.get() {
            return Ok(gate.clone());
        }
        let places = Places {
            machine: self.machine.clone(),
            keys: self.dir.keys(),
            trust: self.dir.trust(),
            out: self.dir.out(),
            log: self.dir.log(),
            wraps: self.dir.wraps(),
            database: self.dir.database(),
        };
        let gate = Gate::new(&self.store, places, Arc::clone(&self.clock))?;
        Ok(self.gate.get_or_init(|| gate).clone())
    }

    pub(super) fn ledger_author(&self, op: Option<&OperatorId>) -> LedgerAuthor {
        let (at, quality) = self.clock.wall();
        LedgerAuthor { desk: self.desk, op: op.cloned(), at, quality }
    }

    /// Keeps a demo's clock for whoever opens the store next.
    ///
    /// # Errors
    /// [`SiteError::Store`] outside Demo.
    pub fn keep_clock_offset(&mut self, offset_ms: i64) -> Result<(), SiteError> {
        Ok(self.store.keep_clock_offset(offset_ms)?)
    }

    pub(super) fn draft(
        &self,
        session: SessionId,
        (seq, lc): (u64, u64),
        event: Event,
        op: &OperatorId,
        witness: Option<&OperatorId>,
    ) -> Draft {
        let (at, q) = self.clock.wall();
        let author = Author { desk: self.desk, lc, op: Some(op.clone()), w: witness.cloned(), q };
        Draft { session, recorded: Recorded { seq, at, author, event } }
    }

    /// Does one command as a desk would.
    ///
    /// # Errors
    /// [`SiteError::Refused`] when a rule forbids it; whatever the store says.
    pub fn run(&mut self, command: Command, op: OperatorId, witness: Option<OperatorId>) -> Result<Answer, SiteError> {
        let held = super::rooms::hold(&self.store, self.desk)?;
        self.has_joined()?;
        let mut desk = Desk::new(self.desk, held);
        if let Some(no) = readiness::asks(&command)
            && let Some(facts) = self.readiness(no)?
        {
            // The desk only takes note.
            let _ = desk.handle(Input::Readiness(no, Found::from_iter(&facts)));
        }
        let (at, quality) = self.clock.wall();
        let moment = Moment { at, quality, mono: self.clock.mono() };
        let seed = super::running::seed(&self.rng).ok_or(KeyError::Primitive { what: "randomness" })?;
        let mut effects = desk.handle(Input::Command { command, op, witness, seed, moment });
        loop {
            match effects.pop() {
                Some(Effect::Append(drafts)) => {
                    self.store.append(&drafts)?;
                    effects = desk.handle(Input::Appended);
                }
                Some(Effect::Answer(Answer::Refused { refusal, .. })) => return Err(SiteError::Refused(refusal)),
                Some(Effect::Answer(answer)) => return Ok(answer),
                _ => return Err(SiteError::NoAnswer),
            }
        }
    }

    /// The rooms of a session with fewer free seats than its policy asks for.
    ///
    /// # Errors
    /// Whatever the store says.
    pub fn short_of_spare(&self, no: SessionNo) -> Result<Vec<Spare>, SiteError> {
        Ok(Desk::new(self.desk, super::rooms::hold(&self.store, self.desk)?).short_of_spare(no))
    }

    /// A desk that another number in the configuration made up has no stream to write in.
    pub(super) fn has_joined(&self) -> Result<(), SiteError> {
        match self.store.not_joined(self.desk)? {
            Some(session) => Err(SiteError::NotJoined { desk: self.desk, session }),
            None => Ok(()),
        }
    }

    /// Turns into a desk that runs. The lock is returned: it must live as long as the desk.
    ///
    /// # Errors
    /// [`StoreError`] when the journal is not as it was written.
    pub fn into_running(self, sink: Sink) -> Result<(RunningDesk, Option<Lock>), SiteError> {
        let gate = self.gate()?;
        self.has_joined()?;
        tracing::info!(version = env!("CARGO_PKG_VERSION"), desk = self.desk.get(), "the desk runs");
        let running = RunningDesk::start(self.store, self.desk, self.clock, gate, sink)?;
        Ok((running, self.lock))
    }
}

/// Packages that a crash left under their temporary name.
pub(super) fn settle(out: &Path, store: &Store) -> Result<(), SiteError> {
    if !packages::unsettled(out) {
        return Ok(());
    }
    let seals = store.seals()?;
    let named = packages::settle(out, |hash| seals.values().any(|sealed| sealed == hash))
        .map_err(|source| DirError::Io { path: out.to_owned(), source })?;
    if named > 0 {
        tracing::warn!(named, "a package that was sealed before a crash has got its name");
    }
    Ok(())
}

fn cost(config: &Config) -> KdfCost {
    KdfCost { argon_mib: config.trust.argon_mib, argon_t: config.trust.argon_t, ..KdfCost::default() }
}

fn scrypt(config: &Config) -> ScryptCost {
    ScryptCost { log_n: config.trust.scrypt_log_n }
}

fn machine_path(config: &Config, dir: &DataDir) -> PathBuf {
    config.trust.machine_secret.clone().unwrap_or_else(|| dir.default_secret())
}
