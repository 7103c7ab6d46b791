//! The seal on a running desk: each step is done aside, and its outcome comes back as a message.
//!
//! ```text
//! seal_look      ─► papers, frontier ─► Command::PrepareSeal ─► seal_freeze ─► Frozen     what people copy to paper
//! seal_sign      ─► one proctor's PIN and signature, twice
//! seal_finish    ─► site passphrase, package, re-check ─► the ledger's commit ─► Sealed
//! seal_abandon   ─► SealAbandoned
//! ```
//!
//! Keys live as long as their step: a proctor's from the PIN to the signature, the site's from the passphrase to the
//! verified file. What is kept between steps is public: the frozen manifest and signatures.
//!
//! Each flow has its number, and each step is taken where its flow awaits it: what comes back to a flow that was given
//! up, or begun anew meanwhile, changes nothing.

use super::super::auth::Gate;
use super::super::custody::Custodian;
use super::super::msg::{Denied, Msg};
use super::{Moment, Papers, SealFault, Signature, Step, Whose, Written, finish, freeze};
use crate::domain::event::Frontier;
use crate::domain::ids::{DeskId, OperatorId, SessionId, SessionNo};
use crate::domain::session::Mode;
use crate::seal::Frozen;
use crate::store::{Store, StoreError};
use crate::trust::data_key::DataKey;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use crate::trust::site_key::SiteKey;
use std::sync::Arc;

/// A seal on its way.
#[derive(Debug)]
pub struct Flow {
    /// The session.
    pub no: SessionNo,
    pub(in crate::runtime) id: u64,
    pub(in crate::runtime) awaits: Awaits,
    pub(in crate::runtime) chief: OperatorId,
    pub(in crate::runtime) papers: Option<Arc<Papers>>,
    pub(in crate::runtime) frozen: Option<Arc<Frozen>>,
    pub(in crate::runtime) signatures: Vec<Signature>,
    pub(in crate::runtime) notices: Vec<String>,
}

/// What a flow waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum Awaits {
    /// The look at papers and streams.
    Look,
    /// The answer to [`PrepareSeal`](crate::desk::Command::PrepareSeal).
    Prepared,
    /// Files and manifest.
    Frozen,
    /// People: two proctors and the site's passphrase.
    People,
    /// The package on the disk.
    Written,
    /// The ledger's commit. Nothing stops it.
    Commit,
}

impl Flow {
    pub(in crate::runtime) fn new(id: u64, no: SessionNo, chief: OperatorId, notices: Vec<String>) -> Self {
        let (awaits, signatures) = (Awaits::Look, Vec::new());
        Self { no, id, awaits, chief, papers: None, frozen: None, signatures, notices }
    }

    /// What is being signed, once it is frozen.
    #[must_use]
    pub fn frozen(&self) -> Option<&Frozen> {
        self.frozen.as_deref()
    }

    /// Who seals it.
    #[must_use]
    pub fn chief(&self) -> &OperatorId {
        &self.chief
    }

    /// What it is sealed with, once that was looked at.
    #[must_use]
    pub fn papers(&self) -> Option<&Papers> {
        self.papers.as_deref()
    }

    /// Who has signed, in order.
    pub fn signed(&self) -> impl Iterator<Item = &OperatorId> {
        self.signatures.iter().map(|signature| &signature.op)
    }
}

/// What a step came to.
#[derive(Debug)]
pub enum Told {
    /// Papers and streams were looked at.
    Looked(Result<Box<(Papers, Frontier)>, SealFault>),
    /// Files and manifest are built.
    Frozen(Result<Box<Frozen>, SealFault>),
    /// A proctor signed, or did not.
    Signed {
        /// Who.
        op: OperatorId,
        /// Wrong PINs before the right one, whatever followed it.
        failed: u32,
        /// The signature.
        result: Result<Box<Signature>, SignFault>,
    },
    /// A step begins.
    Step(Step),
    /// The package is on the disk and verified; the ledger has not been told.
    Written(Result<Box<Written>, SignFault>),
}

/// Why somebody's secret did not make a signature.
#[derive(Debug, thiserror::Error)]
pub enum SignFault {
    /// The PIN or the passphrase.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The seal.
    #[error(transparent)]
    Seal(#[from] SealFault),
}

/// What every step aside needs.
#[derive(Clone)]
pub(in crate::runtime) struct Aside {
    pub gate: Gate,
    pub sink: Arc<dyn Fn(Msg) + Send + Sync>,
    pub desk: DeskId,
    pub flow: u64,
    pub moment: Moment,
}

impl Aside {
    fn spawn(&self, work: impl FnOnce(&Self) -> Told + Send + 'static) {
        let aside = self.clone();
        std::thread::spawn(move || {
            let told = work(&aside);
            aside.tell(told);
        });
    }

    fn tell(&self, told: Told) {
        (self.sink)(Msg::Seal(self.flow, told));
    }

    fn store(&self) -> Result<Store, StoreError> {
        Store::open_to_read(&self.gate.places().database)
    }

    /// Papers and frontier of a session.
    pub(in crate::runtime) fn look(&self, session: SessionId, whose: Whose, mode: Mode) {
        self.spawn(move |aside| {
            aside.tell(Told::Step(Step::Freeze));
            Told::Looked((|| {
                if !aside.gate.has_site_key() {
                    return Err(SealFault::NoSiteKey);
                }
                let papers = Papers::read(&aside.gate.places().trust, whose, mode, aside.moment.at)?;
                Ok(Box::new((papers, aside.store()?.frontier(&session))))
            })())
        });
    }

    /// Files and manifest of a prepared session.
    pub(in crate::runtime) fn freeze(&self, no: SessionNo, key: DataKey, papers: Arc<Papers>) {
        self.spawn(move |aside| {
            Told::Frozen((|| {
                let (store, step) = (aside.store()?, &mut |step| aside.tell(Told::Step(step)));
                freeze(&store, (aside.desk, no), &key, &papers, aside.moment, step).map(Box::new)
            })())
        });
    }

    /// One proctor's signature; the key is dropped with it. Who may not sign is not asked for a PIN.
    pub(in crate::runtime) fn sign(&self, (op, pin): (OperatorId, Pin), frozen: Arc<Frozen>, papers: Arc<Papers>) {
        self.spawn(move |aside| {
            aside.tell(Told::Step(Step::Proctors));
            let known = papers.may_sign(&op, aside.moment.at).map_err(SignFault::from);
            let known = known.and_then(|()| Ok(aside.gate.check(&op, &pin)?));
            let failed = known.as_ref().map_or(0, |known| known.failed);
            let signed = known.and_then(|known| {
                let key = known.signing.ok_or_else(|| SealFault::Credentials {
                    expected: "a proctor with a signing key",
                    found: format!("{op} without one"),
                })?;
                Ok(Box::new(papers.sign(&frozen, &op, &key)?))
            });
            Told::Signed { op, failed, result: signed }
        });
    }

    /// The site's signature, the package, and the look at what the disk holds of it.
    pub(in crate::runtime) fn finish(
        &self,
        passphrase: Passphrase,
        frozen: Arc<Frozen>,
        papers: Arc<Papers>,
        [first, second]: [Signature; 2],
    ) {
        self.spawn(move |aside| {
            Told::Written((|| {
                let places = aside.gate.places();
                let site = SiteKey::open(&places.keys, &passphrase).map_err(Denied::Site)?;
                let step = &mut |step| aside.tell(Told::Step(step));
                Ok(Box::new(finish(&frozen, [&first, &second], &papers, &site, &places.out, step)?))
            })())
        });
    }
}

/// What the store's thread does once the ledger's commit is durable: the name, and the keys that are not needed any more.
#[derive(Debug)]
pub(in crate::runtime) struct AfterSeal {
    pub written: Box<Written>,
    pub custodian: Custodian,
}

impl AfterSeal {
    /// The seal stands whatever fails here: the next start does it again. Tells whether the package has its name.
    pub(in crate::runtime) fn run(self, store: &Store, desk: DeskId) -> Result<Box<Written>, SealFault> {
        let published = self.written.publish();
        if let Err(error) = &published {
            tracing::error!(code = error.code(), %error, "a sealed package has not got its name yet");
        }
        if let Err(error) = self.custodian.release(store, desk) {
            tracing::error!(%error, "the key of a sealed session is still wrapped");
        }
        published.map(|()| self.written)
    }
}
