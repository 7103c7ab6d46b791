//! PIN checks, away from the loop: key derivation takes up to half a second and 128 MiB.
//!
//! Every try is counted before it is made, in a file and by whoever writes the ledger; what a right PIN opened is owned
//! by the one who asked and wiped when that is dropped.

use super::msg::{Denied, Msg, Opened};
use crate::domain::ids::OperatorId;
use crate::domain::ledger::{LedgerEvent, LockReason, OperatorLocked, OperatorUnlocked};
use crate::domain::time::Clock;
use crate::store::{Operator, Store, StoreError};
use crate::trust::KeyError;
use crate::trust::identity::SealedIdentity;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use crate::trust::signing::SigningKey;
use crate::trust::site_key::{self, SiteKey};
use crate::trust::tries::{Failed, Tries};
use crate::trust::unlock::{PersonSecret, unlock};
use crate::trust::wraps::{self, DataKeys};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Everything a PIN is checked against.
#[derive(Clone)]
pub struct Gate {
    operators: Arc<[Operator]>,
    places: Places,
    clock: Arc<dyn Clock>,
    tries: Tries,
    /// Wrong PINs as the ledger counts them.
    ledger: Arc<Mutex<BTreeMap<OperatorId, Failed>>>,
    /// Held by whoever replaces or deletes `wraps`.
    pub(super) custody: Arc<Mutex<()>>,
}

/// Where secrets lie.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub machine: PathBuf,
    pub trust: PathBuf,
    pub out: PathBuf,
    pub log: PathBuf,
    pub keys: PathBuf,
    pub wraps: PathBuf,
    pub database: PathBuf,
}

impl Places {
    /// The file of a person's signing key.
    pub(super) fn key_of(&self, op: &OperatorId) -> PathBuf {
        key_file(&self.keys, op)
    }
}

/// The file of a person's signing key.
pub(super) fn key_file(keys: &Path, op: &OperatorId) -> PathBuf {
    // Nobody is called "site": the name of the site's own key.
    keys.join(format!("{op}.pem"))
}

/// What one right PIN opened.
#[derive(Debug, Default)]
pub struct Known {
    /// The data keys; none while no session is open.
    pub keys: DataKeys,
    /// The person's signing key, where they hold one.
    pub signing: Option<SigningKey>,
    /// Wrong tries since the last right one.
    pub failed: u32,
}

/// What a check is asked for.
#[derive(Debug, Default)]
pub struct Ask {
    /// Who, with what they typed.
    pub people: Vec<(OperatorId, Pin)>,
    /// Whether everybody's identity is wanted too.
    pub with_roster: bool,
    /// The site passphrase, where data keys are to be opened with it and wrapped for the crew.
    pub passphrase: Option<Passphrase>,
}

impl Gate {
    pub(super) fn new(store: &Store, places: Places, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let mut ledger = BTreeMap::new();
        store.each_ledger_line(|line, _| match line.event {
            LedgerEvent::OperatorLocked(e) if e.why == LockReason::WrongPin => {
                ledger.insert(e.op, Failed { tries: e.tries, last: line.at });
            }
            LedgerEvent::OperatorUnlocked(e) => {
                ledger.remove(&e.op);
            }
            _ => {}
        })?;
        let (operators, tries) = (store.operators()?.into(), Tries::beneath(&places.keys));
        Ok(Self { operators, places, clock, tries, ledger: Arc::new(Mutex::new(ledger)), custody: Arc::default() })
    }

    /// The crew.
    #[must_use]
    pub fn operators(&self) -> &[Operator] {
        &self.operators
    }

    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    /// The clock of the desk.
    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Whether the site has keys of its own: then opening a session takes the site passphrase.
    #[must_use]
    pub fn has_site_key(&self) -> bool {
        SiteKey::exists(&self.places.keys)
    }

    /// Wrong PINs of a person, as a screen shows them.
    #[must_use]
    pub fn standing(&self, op: &OperatorId) -> Option<Failed> {
        let ledger = self.counted().get(op).copied();
        self.tries.standing(op, self.clock.wall().0, ledger).ok().flatten()
    }

    fn counted(&self) -> std::sync::MutexGuard<'_, BTreeMap<OperatorId, Failed>> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks one PIN and opens what it opens.
    ///
    /// # Errors
    /// [`Denied`]: nobody of that name, too many tries, wrong PIN, or keys that do not open.
    pub fn check(&self, op: &OperatorId, pin: &Pin) -> Result<Known, Denied> {
        let denied = |source| Denied::Key { op: op.clone(), source };
        let known = self.operators.iter().find(|operator| operator.op == *op);
        let operator = known.ok_or_else(|| Denied::Unknown(op.clone()))?;
        let identity: SealedIdentity =
            serde_json::from_str(&operator.identity).map_err(|_| denied(KeyError::Sealed { what: "identity" }))?;
        let key = self.places.key_of(op);
        let (now, ledger) = (self.clock.wall().0, self.counted().get(op).copied());
        // Two durable writes for a right PIN, and not fewer: a count that a power cut forgets is a free try, and a
        // replacement that was not synced may be found empty, which would let nobody in.
        let counted = self.tries.before(op, now, ledger).map_err(denied)?;
        let tries = counted.tries;
        let secret = PersonSecret { op, identity: &identity, key: Some(&key), pin };
        let person = match unlock(&secret, &self.places.machine) {
            Ok(person) => person,
            Err(KeyError::WrongPin) => {
                self.counted().insert(op.clone(), Failed { tries, last: now });
                return Err(Denied::Wrong { op: op.clone(), tries });
            }
            // Nothing was tried: a missing file is nobody's wrong PIN, and forgives none.
            Err(other) => {
                self.tries.take_back(op, counted).map_err(denied)?;
                return Err(denied(other));
            }
        };
        self.tries.clear(op).map_err(denied)?;
        self.counted().remove(op);
        let keys = if self.places.wraps.exists() {
            wraps::read(&self.places.wraps, &person.identity).map_err(denied)?
        } else {
            DataKeys::default()
        };
        Ok(Known { keys, signing: person.signing, failed: tries.saturating_sub(1) })
    }

    /// Opens the data keys with the site passphrase and wraps those of sessions not sealed for the whole crew.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn wrap(&self, passphrase: &Passphrase, store: &Store) -> Result<DataKeys, Denied> {
        let site = SiteKey::open(&self.places.keys, passphrase).map_err(Denied::Site)?;
        let _alone = self.custody.lock().unwrap_or_else(PoisonError::into_inner);
        let mut keys = site_key::read_sessions(&self.places.keys, &site).map_err(Denied::Site)?;
        for sealed in store.seals()?.keys() {
            keys.remove(sealed);
        }
        wraps::write(&self.places.wraps, &keys, &self.recipients()).map_err(Denied::Site)?;
        Ok(keys)
    }

    /// The crew's age recipients.
    pub(super) fn recipients(&self) -> Vec<String> {
        self.operators.iter().map(|operator| operator.recipient.clone()).collect()
    }

    /// Checks them one after the other; whose PIN was right after wrong ones is told, whatever becomes of the next.
    fn check_all(&self, ask: &Ask, failed: &mut Vec<(OperatorId, u32)>) -> Result<Box<Opened>, Denied> {
        let (mut keys, mut signing) = (DataKeys::default(), None);
        for (op, pin) in &ask.people {
            let known = self.check(op, pin)?;
            (keys, signing) = (known.keys, known.signing);
            failed.extend((known.failed > 0).then(|| (op.clone(), known.failed)));
        }
        let store = || Store::open_to_read(&self.places.database);
        if let Some(passphrase) = &ask.passphrase {
            keys = self.wrap(passphrase, &store()?)?;
        }
        let roster = if ask.with_roster || ask.passphrase.is_some() {
            Some(store()?.roster(|session| keys.get(&session))?)
        } else {
            None
        };
        let people = ask.people.iter().map(|(op, _)| op.clone()).collect();
        Ok(Box::new(Opened { people, keys, roster, signing }))
    }

    /// Checks in a thread of its own; the answer comes as [`Msg::Checked`] with the same ticket.
    pub fn check_aside(&self, ticket: u64, ask: Ask, sink: impl FnOnce(Msg) + Send + 'static) {
        let gate = self.clone();
        std::thread::spawn(move || {
            let mut failed = Vec::new();
            let result = gate.check_all(&ask, &mut failed);
            sink(Msg::Checked { ticket, failed, result });
        });
    }
}

/// What the ledger says of tries: one line for each wrong PIN, and one for the right one after it.
pub(super) fn ledger_events(failed: &[(OperatorId, u32)], denied: Option<&Denied>) -> Vec<LedgerEvent> {
    let right = |(op, tries): &(OperatorId, u32)| {
        OperatorUnlocked { op: op.clone(), why: LockReason::RightPin, tries: *tries }.into()
    };
    let wrong = denied.and_then(|denied| match denied {
        Denied::Wrong { op, tries } => {
            Some(OperatorLocked { op: op.clone(), why: LockReason::WrongPin, tries: *tries }.into())
        }
        _ => None,
    });
    failed.iter().map(right).chain(wrong).collect()
}
