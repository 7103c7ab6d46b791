//! Import of a plain roster: checks, keys, and one transaction (rules.md §3, §11).
//!
//! Order of durability: the new sessions' data keys reach `sessions.age` or `wraps` before the rows they seal are committed. A
//! crash between leaves keys that open nothing, never rows that nobody can open.

use super::people::crew_assigned;
use super::program;
use super::site::{Authenticated, Site, SiteError};
use super::standing::Standing;
use crate::domain::candidate::RosterRow;
use crate::domain::crew::Act;
use crate::domain::event::{DeskJoined, Draft, Event, RosterImported, SessionPlanned};
use crate::domain::ids::{Digest, SessionId, SessionNo};
use crate::domain::policy::{Policy, PolicyFinding};
use crate::domain::session::Plan;
use crate::intake::{self, Context, Finding, Limits, PlannedSession, Severity};
use crate::proof::sha256;
use crate::store::{Import, Operator};
use crate::trust::KeyError;
use crate::trust::data_key::DataKey;
use crate::trust::passphrase::Passphrase;
use crate::trust::site_key::SiteKey;
use crate::trust::wraps::DataKeys;
use ring::rand::SecureRandom as _;
use std::collections::BTreeMap;

/// A policy file with its bytes and the rules they state.
#[derive(Debug, Clone)]
pub struct PolicyFile {
    /// Its bytes; their hash names it.
    pub bytes: Vec<u8>,
    /// The rules.
    pub policy: Policy,
}

impl PolicyFile {
    /// Reads a policy that this release can carry out.
    ///
    /// # Errors
    /// Every finding.
    pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Self, Vec<PolicyFinding>> {
        let policy = Policy::parse_supported(&bytes, name)?;
        Ok(Self { bytes, policy })
    }

    fn sha256(&self) -> Digest {
        sha256(&[&self.bytes])
    }
}

/// The data keys of every session, and what keeps them.
struct Custody {
    site_key: Option<SiteKey>,
    keys: DataKeys,
}

/// A roster file.
#[derive(Debug, Clone, Copy)]
pub struct RosterFile<'a> {
    /// The name that findings carry.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl RosterFile<'_> {
    /// The hash of the bytes.
    #[must_use]
    pub fn sha256(&self) -> Digest {
        sha256(&[self.bytes])
    }
}

/// What an import came to.
#[derive(Debug)]
pub struct ImportReport {
    /// Everything found.
    pub findings: Vec<Finding>,
    /// Lines that hold something.
    pub rows: usize,
    /// Rows of this site now in the store, as `RosterImported` counts them.
    pub added: usize,
    /// Whether anything was stored.
    pub applied: bool,
}

impl ImportReport {
    /// How many findings stop an import.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|f| f.severity == Severity::Error).count()
    }
}

/// Checks a roster without a data directory.
#[must_use]
pub fn check(file: RosterFile<'_>, policies: &[PolicyFile], today: jiff::civil::Date) -> ImportReport {
    let policies: Vec<Policy> = policies.iter().map(|p| p.policy.clone()).collect();
    let context = Context { site: None, policies: &policies, today, dry_run: true };
    let outcome = intake::read(file.name, file.bytes, &context, &Limits::default());
    ImportReport { rows: outcome.read, findings: outcome.findings, added: 0, applied: false }
}

impl Site {
    /// Imports a roster whole or not at all; admin and chief both act.
    ///
    /// # Errors
    /// [`SiteError::Role`], [`SiteError::SamePerson`]; whatever keys and disk say. Findings of the roster, and what
    /// stands in the way in the store, are no error: they stand in the report.
    pub fn import(
        &mut self,
        file: RosterFile<'_>,
        policies: &[PolicyFile],
        limits: &Limits,
        (admin, chief): (&Authenticated, &Authenticated),
        passphrase: Option<&Passphrase>,
    ) -> Result<ImportReport, SiteError> {
        admin.may(Act::ImportDo, "import a roster")?;
        chief.may(Act::ImportApprove, "approve an import")?;
        if admin.op == chief.op {
            return Err(SiteError::SamePerson(admin.op.clone()));
        }
        // Sessions joined by different desks would leave no desk that has joined them all.
        self.has_joined()?;
        let parsed: Vec<Policy> = policies.iter().map(|p| p.policy.clone()).collect();
        let site = Some(self.store.about().site.clone());
        let context = Context { site, policies: &parsed, today: self.clock.wall().0.date(), dry_run: false };
        let outcome = intake::read(file.name, file.bytes, &context, limits);
        let mut report = ImportReport { rows: outcome.read, findings: outcome.findings, added: 0, applied: false };
        if report.errors() > 0 {
            return Ok(report);
        }
        let site_key = self.site_key(passphrase)?;
        let keys = self.data_keys(site_key.as_ref(), &admin.keys)?;
        let plans = self.plans(&outcome.sessions, policies)?;
        let ours: Vec<&RosterRow> = outcome.rows.iter().filter(|row| self.is_ours(row)).collect();
        let partial = ours.iter().filter(|row| takes_part(row, &parsed)).count();
        let standing = Standing::read(&self.store, self.desk, &keys)?;
        let refused = standing.objections(&plans, &parsed, &outcome.rows, &ours, partial);
        report.findings.extend(refused.into_iter().map(|objection| objection.finding(file.name)));
        if report.errors() > 0 {
            return Ok(report);
        }
        let custody = Custody { site_key, keys };
        self.store_import(file, policies, &plans, (&outcome.rows, report.findings.len()), custody, (admin, chief))?;
        report.added = ours.len();
        report.applied = true;
        Ok(report)
    }

    fn plans(&self, sessions: &[PlannedSession], policies: &[PolicyFile]) -> Result<Vec<Plan>, SiteError> {
        let rules = |planned: &PlannedSession| {
            policies
                .iter()
                .find(|p| p.policy.policy.certificate == planned.certificate && p.policy.policy.level == planned.level)
        };
        sessions
            .iter()
            .map(|planned| {
                // The roster's check has matched every row with a policy; a session without one cannot come this far.
                let file = rules(planned).ok_or(SiteError::NoPolicy(planned.no))?;
                let mut id = [0; 16];
                self.rng.fill(&mut id).map_err(|_| KeyError::Primitive { what: "randomness" })?;
                Ok(Plan {
                    id: SessionId::new(id),
                    no: planned.no,
                    org: file.policy.policy.org.clone(),
                    site: self.store.about().site.clone(),
                    batch: planned.batch.clone(),
                    certificate: planned.certificate.to_string(),
                    level: planned.level,
                    date: planned.date,
                    start: planned.start,
                    policy_sha256: file.sha256(),
                })
            })
            .collect()
    }

    fn store_import(
        &mut self,
        file: RosterFile<'_>,
        policies: &[PolicyFile],
        plans: &[Plan],
        (rows, notices): (&[RosterRow], usize),
        Custody { site_key, mut keys }: Custody,
        (admin, chief): (&Authenticated, &Authenticated),
    ) -> Result<(), SiteError> {
        let operators = self.store.operators()?;
        let mut at_hand: DataKeys = admin.keys.clone();
        for plan in plans {
            let key = DataKey::generate(&self.rng)?;
            keys.insert(plan.id, key.clone());
            at_hand.insert(plan.id, key);
        }
        self.keep_data_keys(site_key.as_ref(), &keys, &at_hand)?;

        let by_no: BTreeMap<SessionNo, SessionId> = plans.iter().map(|plan| (plan.no, plan.id)).collect();
        // A row of another site has no session here; the first one's key seals its person.
        let first = plans.first().map(|plan| plan.id);
        let held_by = |row: &RosterRow| by_no.get(&row.placement.session).copied().or(first);
        let drafts: Vec<Draft> = plans
            .iter()
            .flat_map(|plan| {
                let count = rows.iter().filter(|row| self.is_ours(row) && row.placement.session == plan.no).count();
                self.first_lines(plan, file, (count, notices), &operators, admin, chief)
            })
            .collect();
        let used = |digest: &Digest| plans.iter().any(|plan| plan.policy_sha256 == *digest);
        let import = Import {
            policies: policies
                .iter()
                .map(|p| (p.sha256(), p.bytes.as_slice()))
                .filter(|(digest, _)| used(digest))
                .collect(),
            plans,
            rows: rows.iter().filter_map(|row| Some((row, held_by(row)?))).collect(),
            keys: &plans.iter().filter_map(|plan| Some((plan.id, keys.get(&plan.id)?))).collect(),
            drafts: &drafts,
            rng: &self.rng,
        };
        self.store.import(&import)?;
        Ok(())
    }

    fn is_ours(&self, row: &RosterRow) -> bool {
        row.placement.site == self.store.about().site
    }

    /// The first lines of a session's lead stream.
    fn first_lines(
        &self,
        plan: &Plan,
        file: RosterFile<'_>,
        (rows, notices): (usize, usize),
        operators: &[Operator],
        admin: &Authenticated,
        chief: &Authenticated,
    ) -> Vec<Draft> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let sha256 = file.sha256();
        let planned = SessionPlanned {
            session: plan.id,
            no: plan.no,
            mode: self.store.about().mode,
            pack_sha256: None,
            policy_sha256: plan.policy_sha256,
            roster_sha256: sha256,
            ledger_head: self.store.ledger_head(),
        };
        let imported = RosterImported {
            rev: 1,
            sha256,
            bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
            rows: count(rows),
            added: count(rows),
            removed: 0,
            changed: 0,
            notices: count(notices),
        };
        let joined =
            DeskJoined { session: plan.id, desk: self.desk, key: None, app_sha256: program::sha256(), rooms: vec![] };
        let events: Vec<Event> = [planned.into(), imported.into()]
            .into_iter()
            .chain(operators.iter().map(crew_assigned))
            .chain([joined.into()])
            .collect();
        (1u64..).zip(events).map(|(n, event)| self.draft(plan.id, (n, n), event, &admin.op, Some(&chief.op))).collect()
    }
}

/// Whether a candidate takes only some parts or brings a mark along. Marks and results of this release are of whole
/// exams; counting such a row as one would fail somebody for a part they need not take.
fn takes_part(row: &RosterRow, policies: &[Policy]) -> bool {
    let (placement, person) = (&row.placement, &row.person);
    let policy =
        policies.iter().find(|p| p.policy.certificate == placement.certificate && p.policy.level == placement.level);
    !person.carried.is_empty() || policy.is_some_and(|policy| placement.parts.len() != policy.parts.len())
}
