//! A newer roster at a running desk: looked at, or applied once admin and chief have agreed.
//!
//! The store has one owner, its thread; the import runs there, as the desk's only batch in flight. Taps wait meanwhile
//! and are judged against what the roster says then. Sessions keep the policies that they were planned under, so that a
//! file of rows is all it takes.

use super::import::{ImportReport, PolicyFile, Request, RosterFile};
use super::msg::Msg;
use super::people::Authenticated;
use super::running::{Notice, RunningDesk};
use super::site::{Site, SiteError};
use crate::desk::Input;
use crate::domain::ids::{DeskId, Digest, OperatorId};
use crate::domain::policy::Policy;
use crate::domain::record::{Held, SessionBook};
use crate::domain::roster::Roster;
use crate::intake::Limits;
use crate::store::{Store, StoreError};
use crate::trust::passphrase::Passphrase;
use crate::trust::wraps::DataKeys;
use std::collections::BTreeMap;

/// So many rows no roster removes: nothing is stored for it.
const NEVER: u32 = u32::MAX;

/// A newer roster, and who stands for it; their PINs are checked.
pub struct Newer {
    /// Name of the file, for findings.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Who applies it.
    pub admin: OperatorId,
    /// Who approves it.
    pub chief: OperatorId,
    /// The site passphrase, where the site has keys of its own.
    pub passphrase: Option<Passphrase>,
    /// How many rows the chief lets it remove; with none it is looked at and nothing is stored.
    pub removals: Option<u32>,
}

/// What came of one.
#[derive(Debug)]
pub struct Imported {
    report: ImportReport,
    keys: DataKeys,
    /// What the store holds since, and who is who; nothing where nothing was stored.
    held: Option<(Held, Roster)>,
}

impl RunningDesk {
    /// Looks at a newer roster or applies it; [`Notice::Imported`] follows.
    #[must_use]
    pub fn import(&mut self, newer: Newer) -> Vec<Notice> {
        self.tickets += 1;
        self.newer = Some((self.tickets, newer));
        self.tell(Input::Import(self.tickets))
    }

    /// It is the roster's turn: the store's thread takes it.
    pub(super) fn begin_import(&mut self, ticket: u64) {
        let Some((_, newer)) = self.newer.take_if(|(waiting, _)| *waiting == ticket) else { return };
        let (gate, keys) = (self.gate.clone(), self.keys.clone());
        let desk = self.desk.id();
        self.store.run(Box::new(move |store| {
            let site = Site::around(store, gate, desk);
            let (site, result) = run(site, &newer, &keys);
            (site.into_store(), Msg::Imported(result.map(Box::new)))
        }));
    }

    pub(super) fn imported(&mut self, result: Result<Box<Imported>, SiteError>) -> Vec<Notice> {
        let (report, held) = match result {
            Err(error) => (Err(error), None),
            Ok(imported) => {
                let Imported { report, keys, held } = *imported;
                let held = held.map(|(held, roster)| {
                    // Whoever was not known before stays unknown until somebody unlocks.
                    let known = self.desk.unlocked();
                    if known {
                        self.keys = keys;
                    }
                    Box::new((held, known.then_some(roster)))
                });
                (Ok(report), held)
            }
        };
        let mut notices = self.tell(Input::Imported(held));
        notices.push(Notice::Imported(Box::new(report)));
        notices
    }
}

fn run(mut site: Site, newer: &Newer, keys: &DataKeys) -> (Site, Result<Imported, SiteError>) {
    let result = import(&mut site, newer, keys);
    (site, result)
}

fn import(site: &mut Site, newer: &Newer, keys: &DataKeys) -> Result<Imported, SiteError> {
    let Newer { name, bytes, admin, chief, passphrase, removals } = newer;
    let person = |op: &OperatorId, site: &Site| -> Result<Authenticated, SiteError> {
        let role = site.gate()?.operators().iter().find(|known| known.op == *op).map(|known| known.role);
        let role = role.ok_or_else(|| super::msg::Denied::Unknown(op.clone()))?;
        Ok(Authenticated { op: op.clone(), role, keys: keys.clone(), signing: None })
    };
    let (admin, chief) = (person(admin, site)?, person(chief, site)?);
    let policies = policies(site.store(), site.desk())?;
    let request = Request {
        roster: RosterFile { name, bytes },
        rooms: None,
        policies: &policies,
        limits: &Limits::default(),
        removals: Some(removals.unwrap_or(NEVER)),
        progress: &|_| {},
    };
    let (report, keys) = site.import_with_keys(&request, (&admin, &chief), passphrase.as_ref())?;
    let held = if report.applied {
        let store = site.store();
        Some((super::rooms::hold(store, site.desk())?, store.roster(|session| keys.get(&session))?))
    } else {
        None
    };
    Ok(Imported { report, keys, held })
}

/// The policies of the sessions that are planned, each once.
fn policies(store: &Store, desk: DeskId) -> Result<Vec<PolicyFile>, StoreError> {
    let held = super::rooms::hold(store, desk)?;
    let unique: BTreeMap<_, _> = held.books.values().map(|book| (book.session.plan.policy_sha256, book)).collect();
    let file = |(sha256, book): (Digest, &SessionBook)| {
        let (name, policy) = (book.session.policy.policy.id.to_string(), Policy::clone(&book.session.policy));
        Ok(PolicyFile { name, bytes: store.policy_bytes(&sha256)?, policy })
    };
    unique.into_iter().map(file).collect()
}
