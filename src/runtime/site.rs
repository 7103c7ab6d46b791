//! The site as commands see it: an opened data directory and the acts of people on it.
//!
//! Everything here is synchronous and for one act at a time; a desk that runs is [`super::running::RunningDesk`], made
//! by [`Site::into_running`].

use super::auth::{self, Gate, Known, Places, key_file};
use super::clock::SystemClock;
use super::data_dir::{DataDir, DirError, Lock};
use super::msg::Denied;
use super::packages;
use super::running::{RunningDesk, Sink};
use super::sealing::SealFault;
use crate::config::Config;
use crate::desk::{Answer, Command, Desk, Effect, Input, Moment, Refusal};
use crate::domain::candidate::PersonName;
use crate::domain::crew::{Act, Role, allows};
use crate::domain::event::{Author, CrewAssigned, Draft, Event, Flag, Recorded};
use crate::domain::ids::{DeskId, OperatorId, SessionId};
use crate::domain::record::Held;
use crate::domain::session::{Mode, State};
use crate::domain::time::Clock;
use crate::store::{About, LedgerAuthor, Operator, Store, StoreError};
use crate::trust::KeyError;
use crate::trust::credentials::{self, CredentialError, Enrolled, Holder};
use crate::trust::identity::SealedIdentity;
use crate::trust::machine::MachineSecret;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::{KdfCost, Pin};
use crate::trust::request;
use crate::trust::signing::{self, ScryptCost, SigningKey};
use crate::trust::site_key::SiteKey;
use crate::trust::wraps::{self, DataKeys};
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
    /// A rule forbids the command.
    #[error("a rule forbids it ({})", .0.code())]
    Refused(Refusal),
    /// A bug: the desk answered nothing.
    #[error("the desk gave no answer")]
    NoAnswer,
}

/// Somebody whose PIN was right.
#[derive(Debug)]
pub struct Authenticated {
    /// Who.
    pub op: OperatorId,
    /// As what.
    pub role: Role,
    /// The data keys that their PIN opened; none while no session is open.
    pub keys: DataKeys,
    /// Their signing key, where they hold one.
    pub signing: Option<SigningKey>,
}

impl Authenticated {
    /// Passes if their role allows the act.
    ///
    /// # Errors
    /// [`SiteError::Role`].
    pub fn may(&self, act: Act, words: &'static str) -> Result<(), SiteError> {
        if allows(self.role, act) { Ok(()) } else { Err(SiteError::Role { act: words, role: self.role.as_str() }) }
    }
}

/// A person to be put on the crew.
#[derive(Debug)]
pub struct NewPerson {
    /// Operator id.
    pub op: OperatorId,
    /// Role.
    pub role: Role,
    /// Lead assessor or lead proctor.
    pub lead: bool,
    /// Whether a signing key is to be made.
    pub signer: bool,
    /// Full name, shown masked, never journaled.
    pub name: Option<PersonName>,
    /// PIN.
    pub pin: Pin,
}

/// An opened data directory.
pub struct Site {
    pub(super) dir: DataDir,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) desk: DeskId,
    pub(super) rng: SystemRandom,
    machine: PathBuf,
    cost: KdfCost,
    scrypt: ScryptCost,
    lock: Option<Lock>,
    /// Made once: it reads the whole ledger.
    gate: OnceCell<Gate>,
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
            wraps: self.dir.wraps(),
            database: self.dir.database(),
        };
        let gate = Gate::new(&self.store, places, Arc::clone(&self.clock))?;
        Ok(self.gate.get_or_init(|| gate).clone())
    }

    /// Checks a person's PIN. Where this process may write, the ledger learns of wrong ones and of the right one after.
    ///
    /// # Errors
    /// [`SiteError::Denied`].
    pub fn authenticate(&mut self, op: &OperatorId, pin: &Pin) -> Result<Authenticated, SiteError> {
        let gate = self.gate()?;
        let checked = gate.check(op, pin);
        let failed: Vec<_> = checked.iter().filter(|known| known.failed > 0).map(|k| (op.clone(), k.failed)).collect();
        let told = auth::ledger_events(&failed, checked.as_ref().err());
        if self.lock.is_some() && !told.is_empty() {
            self.store.append_ledger(told, &self.ledger_author(None))?;
        }
        let Known { keys, signing, .. } = checked?;
        let keys = if self.lock.is_some() { self.without_sealed(keys)? } else { keys };
        let role = gate.operators().iter().find(|known| known.op == *op).map(|known| known.role);
        let role = role.ok_or_else(|| Denied::Unknown(op.clone()))?;
        Ok(Authenticated { op: op.clone(), role, keys, signing })
    }

    pub(super) fn ledger_author(&self, op: Option<&OperatorId>) -> LedgerAuthor {
        let (at, quality) = self.clock.wall();
        LedgerAuthor { desk: self.desk, op: op.cloned(), at, quality }
    }

    /// A key holder's PIN opens the file of their key and nothing else; the others' opens their identity.
    fn new_operator(&self, person: &NewPerson) -> Result<Operator, SiteError> {
        if person.signer && !allows(person.role, Act::SignSeal) {
            return Err(SiteError::Role { act: "sign seals", role: person.role.as_str() });
        }
        if person.op.as_str() == "site" {
            return Err(SiteError::Reserved(person.op.clone()));
        }
        person.pin.allowed_in(self.store.about().mode)?;
        let (sealed, identity) = if person.signer {
            let (key, keys) = (SigningKey::generate(&self.rng)?, self.dir.keys());
            signing::write(&key_file(&keys, &person.op), &key, person.pin.as_bytes(), self.scrypt, &self.rng)?;
            request::keep(&keys, &self.store.about().site, &Holder::Proctor(person.op.clone()), &key)?;
            SealedIdentity::for_key(&person.op, &key, &self.rng)?
        } else {
            let machine = MachineSecret::read(&self.machine)?;
            SealedIdentity::new(&person.op, &person.pin, &machine, self.cost, &self.rng)?
        };
        let sealed_name = match &person.name {
            Some(name) => Some(crate::proof::base64url::encode(&identity.seal_name(name.as_str(), &self.rng)?)),
            None => None,
        };
        let identity_json =
            serde_json::to_string(&sealed).map_err(|e| StoreError::Row { table: "operator", why: e.to_string() })?;
        Ok(Operator {
            op: person.op.clone(),
            role: person.role,
            lead: person.lead,
            signer: person.signer,
            masked_name: person.name.as_ref().map(PersonName::masked).unwrap_or_default(),
            recipient: identity.recipient(),
            identity: identity_json,
            sealed_name,
        })
    }

    /// Puts a person on the crew: the data keys are encrypted to them too, and every session not closed learns of them.
    ///
    /// # Errors
    /// [`SiteError::Known`], [`SiteError::Role`]; whatever keys and disk say.
    pub fn add_person(&mut self, person: &NewPerson, by: &Authenticated) -> Result<(), SiteError> {
        by.may(Act::Crew, "add people")?;
        let operators = self.store.operators()?;
        if operators.iter().any(|known| known.op == person.op) {
            return Err(SiteError::Known(person.op.clone()));
        }
        let held = self.store.hold(self.desk)?;
        self.has_joined()?;
        let operator = self.new_operator(person)?;
        let drafts = self.assign(&held, &operator, by);
        if !by.keys.is_empty() {
            let recipients: Vec<_> = operators.iter().chain([&operator]).map(|known| known.recipient.clone()).collect();
            // First the file: a recipient too many is harmless, one too few locks a person out.
            wraps::write(&self.dir.wraps(), &by.keys, &recipients)?;
        }
        self.store.add_operator(&operator, &drafts)?;
        self.gate.take();
        Ok(())
    }

    /// Keeps a demo's clock for whoever opens the store next.
    ///
    /// # Errors
    /// [`SiteError::Store`] outside Demo.
    pub fn keep_clock_offset(&mut self, offset_ms: i64) -> Result<(), SiteError> {
        Ok(self.store.keep_clock_offset(offset_ms)?)
    }

    /// What the site asks its organisations for: the requests of every key that was made.
    ///
    /// # Errors
    /// [`SiteError::Seal`] for a site without keys, [`SiteError::Credentials`].
    pub fn request(&self) -> Result<Vec<u8>, SiteError> {
        if !self.has_site_key() {
            return Err(SealFault::NoSiteKey.into());
        }
        Ok(request::collect(&self.dir.keys(), &self.store.about().site)?)
    }

    /// Takes in a bundle of credentials; the first one of an organisation needs its root.
    ///
    /// # Errors
    /// [`SiteError::Credentials`] when it is refused; nothing is kept then.
    pub fn enrol(&self, bundle: &[u8], root: Option<&[u8]>) -> Result<Enrolled, SiteError> {
        let (dir, site, now) = (&self.dir, &self.store.about().site, self.clock.wall().0.second());
        Ok(credentials::enrol(&dir.trust(), &dir.keys(), site, bundle, root, now)?)
    }

    fn assign(&self, held: &Held, operator: &Operator, by: &Authenticated) -> Vec<Draft> {
        let open = held.books.values().filter(|book| book.record.state < State::Closed);
        open.map(|book| {
            let seq = held.sizes.get(&book.session.plan.no).copied().unwrap_or(0) + 1;
            let event = crew_assigned(operator);
            self.draft(book.session.plan.id, (seq, book.record.lc() + 1), event, &by.op, None)
        })
        .collect()
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
        let held = self.store.hold(self.desk)?;
        self.has_joined()?;
        let mut desk = Desk::new(self.desk, held);
        let (at, quality) = self.clock.wall();
        let moment = Moment { at, quality, mono: self.clock.mono() };
        let mut effects = desk.handle(Input::Command { command, op, witness, moment });
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

pub(super) fn crew_assigned(operator: &Operator) -> Event {
    CrewAssigned { op: operator.op.clone(), role: operator.role, lead: Flag(operator.lead), rooms: vec![] }.into()
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
