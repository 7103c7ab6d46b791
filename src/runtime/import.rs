//! Import of a plain roster: checks, keys, and one transaction (rules.md §3, §11).
//!
//! Order of durability: the new sessions' data keys reach `sessions.age` or `wraps` before the rows they seal are committed. A
//! crash between leaves keys that open nothing, never rows that nobody can open.

use super::people::crew_assigned;
use super::program;
use super::reimport::{Change, What, apply, compare};
use super::site::{Authenticated, Site, SiteError};
use super::standing::Standing;
use crate::domain::candidate::RosterRow;
use crate::domain::crew::Act;
use crate::domain::event::{DeskJoined, Draft, Event, RosterImported, SessionPlanned};
use crate::domain::ids::{AdmissionNo, Digest, SessionId, SessionNo, SiteId};
use crate::domain::policy::{Policy, PolicyFinding};
use crate::domain::session::{Mode, Plan};
use crate::domain::table::line_of;
use crate::intake::{self, Context, Finding, Found, Limits, PlannedSession, Severity};
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
    /// The name that findings carry.
    pub name: String,
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
        Ok(Self { name: name.to_owned(), bytes, policy })
    }

    /// An example policy decides nothing about real candidates (rules.md §4).
    fn refused_in(&self, mode: Mode) -> Option<Finding> {
        (mode == Mode::Live && self.policy.policy.example).then(|| Finding {
            severity: Severity::Error,
            code: "KD-P-06",
            file: self.name.clone(),
            sheet: None,
            line: Some(line_of(&self.bytes, "policy.example")),
            column: Some("policy.example".to_owned()),
            expected: "false in a live site".to_owned(),
            found: Found::Words("true".to_owned()),
            hint: "请使用组织正式发布的规则".to_owned(),
        })
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

/// What an import is asked to do.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The roster.
    pub roster: RosterFile<'a>,
    /// The site's rooms.
    pub rooms: Option<RosterFile<'a>>,
    /// The policies given.
    pub policies: &'a [PolicyFile],
    /// How much is taken.
    pub limits: &'a Limits,
    /// How many rows the chief lets it remove. A newer roster of a planned session is only previewed without.
    pub removals: Option<u32>,
    /// Told now and then how many rows are stored.
    pub progress: &'a dyn Fn(usize),
}

/// What an import came to.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// Everything found.
    pub findings: Vec<Finding>,
    /// Lines that hold something.
    pub rows: usize,
    /// Rows of this site that are new; all of them at the first import.
    pub added: usize,
    /// What changes in sessions that are planned already.
    pub changes: Vec<Change>,
    /// Whether anything was stored.
    pub applied: bool,
    /// How many removals the chief must approve before anything is stored.
    pub unapproved: Option<u32>,
}

impl ImportReport {
    /// How many findings stop an import.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.findings.iter().filter(|f| f.severity == Severity::Error).count()
    }

    /// How many rows go.
    #[must_use]
    pub fn removed(&self) -> usize {
        self.changes.iter().filter(|change| change.what == What::Removed).count()
    }

    /// How many rows are replaced.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.changes.iter().filter(|change| matches!(change.what, What::Changed(_))).count()
    }
}

/// Checks a roster without a data directory.
#[must_use]
pub fn check(request: &Request<'_>, today: jiff::civil::Date) -> ImportReport {
    read(request, None, today, true).1
}

/// Reads rooms and roster. A roster whose rooms cannot be read is checked without them.
fn read(
    request: &Request<'_>,
    site: Option<SiteId>,
    today: jiff::civil::Date,
    dry_run: bool,
) -> (intake::Outcome, ImportReport) {
    let policies: Vec<Policy> = request.policies.iter().map(|p| p.policy.clone()).collect();
    let rooms = request.rooms.map(|file| intake::read_rooms(file.name, file.bytes, request.limits));
    let known = rooms.as_ref().map(|rooms| rooms.rooms.as_slice()).filter(|rooms| !rooms.is_empty());
    let context = Context { site, policies: &policies, rooms: known, today, dry_run };
    let mut outcome = intake::read(request.roster.name, request.roster.bytes, &context, request.limits);
    let mut findings = rooms.map(|rooms| rooms.findings).unwrap_or_default();
    findings.append(&mut outcome.findings);
    let rows = outcome.read;
    (outcome, ImportReport { findings, rows, ..ImportReport::default() })
}

/// Rows and plans ready to be stored.
struct Work<'a> {
    request: &'a Request<'a>,
    /// Every session of the roster; those planned already keep their plan.
    plans: Vec<Plan>,
    standing: Standing,
    rows: &'a [RosterRow],
    notices: usize,
}

impl Site {
    /// Imports a roster whole or not at all; admin and chief both act.
    ///
    /// # Errors
    /// [`SiteError::Role`], [`SiteError::SamePerson`]; [`SiteError::SealedPeople`] when the keys at hand do not open the
    /// sessions that the roster names again; whatever keys and disk say. Findings of the roster, and what stands in the
    /// way in the store, are no error: they stand in the report.
    pub fn import(
        &mut self,
        request: &Request<'_>,
        people: (&Authenticated, &Authenticated),
        passphrase: Option<&Passphrase>,
    ) -> Result<ImportReport, SiteError> {
        self.import_with_keys(request, people, passphrase).map(|(report, _)| report)
    }

    /// The same, and the data keys of every session there is then.
    pub(super) fn import_with_keys(
        &mut self,
        request: &Request<'_>,
        (admin, chief): (&Authenticated, &Authenticated),
        passphrase: Option<&Passphrase>,
    ) -> Result<(ImportReport, DataKeys), SiteError> {
        admin.may(Act::ImportDo, "import a roster")?;
        chief.may(Act::ImportApprove, "approve an import")?;
        if admin.op == chief.op {
            return Err(SiteError::SamePerson(admin.op.clone()));
        }
        // Sessions joined by different desks would leave no desk that has joined them all.
        self.has_joined()?;
        let site = Some(self.store.about().site.clone());
        let (outcome, mut report) = read(request, site, self.clock.wall().0.date(), false);
        let mode = self.store.about().mode;
        report.findings.extend(request.policies.iter().filter_map(|policy| policy.refused_in(mode)));
        if report.errors() > 0 {
            return Ok((report, DataKeys::default()));
        }
        let site_key = self.site_key(passphrase)?;
        let keys = self.data_keys(site_key.as_ref(), &admin.keys)?;
        let named: Vec<SessionNo> = outcome.sessions.iter().map(|session| session.no).collect();
        let standing = Standing::read(&self.store, self.desk, &keys, &named)?;
        let plans = self.plans(&outcome.sessions, request.policies, &standing)?;
        let parsed: Vec<Policy> = request.policies.iter().map(|p| p.policy.clone()).collect();
        let ours: Vec<&RosterRow> = outcome.rows.iter().filter(|row| self.is_ours(row)).collect();
        let partial = ours.iter().filter(|row| takes_part(row, &parsed)).count();
        let changes = compare(&standing.rows, &ours, |row| standing.has_record(row));
        let refused = standing.objections(&plans, &parsed, &outcome.rows, &ours, partial, &changes);
        report.findings.extend(refused.into_iter().map(|objection| objection.finding(request.roster.name)));
        let again = |change: &Change| standing.book(change.session).is_some();
        report.added = changes.iter().filter(|change| change.what == What::Added).count();
        report.changes = changes.iter().filter(|change| again(change)).cloned().collect();
        let removed = u32::try_from(report.removed()).unwrap_or(u32::MAX);
        let is_first = !named.iter().any(|no| standing.book(*no).is_some());
        if request.removals.unwrap_or(0) != removed || (request.removals.is_none() && !is_first) {
            report.unapproved = Some(removed);
        }
        if report.errors() > 0 || report.unapproved.is_some() {
            report.added = if is_first { 0 } else { report.added };
            return Ok((report, keys));
        }
        let notices = report.findings.len();
        let work = Work { request, plans, standing, rows: &outcome.rows, notices };
        let keys = self.store_import(&work, &changes, Custody { site_key, keys }, (admin, chief))?;
        report.applied = true;
        Ok((report, keys))
    }

    /// The plan of every session of a roster; one that is planned already keeps its identity.
    fn plans(
        &self,
        sessions: &[PlannedSession],
        policies: &[PolicyFile],
        standing: &Standing,
    ) -> Result<Vec<Plan>, SiteError> {
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
                    id: standing.book(planned.no).map_or(SessionId::new(id), |book| book.session.plan.id),
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
        work: &Work<'_>,
        changes: &[Change],
        Custody { site_key, mut keys }: Custody,
        people: (&Authenticated, &Authenticated),
    ) -> Result<DataKeys, SiteError> {
        let Work { request, plans, standing, rows, .. } = work;
        let operators = self.store.operators()?;
        let fresh: Vec<Plan> = plans.iter().filter(|plan| standing.book(plan.no).is_none()).cloned().collect();
        let mut at_hand: DataKeys = people.0.keys.clone();
        for plan in &fresh {
            let key = DataKey::generate(&self.rng)?;
            keys.insert(plan.id, key.clone());
            at_hand.insert(plan.id, key);
        }
        if !fresh.is_empty() {
            self.keep_data_keys(site_key.as_ref(), &keys, &at_hand)?;
        }

        let by_no: BTreeMap<SessionNo, SessionId> = plans.iter().map(|plan| (plan.no, plan.id)).collect();
        // A row of another site has no session here; the first one's key seals its person.
        let first = plans.first().map(|plan| plan.id);
        let held_by = |row: &RosterRow| by_no.get(&row.placement.session).copied().or(first);
        let what: BTreeMap<&AdmissionNo, What> = changes.iter().map(|change| (&change.cand, change.what)).collect();
        let is_put = |row: &&RosterRow| match what.get(&row.placement.cand) {
            Some(What::Added | What::Changed(_) | What::Removed) => true,
            Some(What::Dropped | What::Drifted | What::Ignored(_)) => false,
            None => !self.is_ours(row),
        };
        let put: Vec<&RosterRow> = rows.iter().filter(|row| is_put(row)).collect();
        let replaced = put.iter().map(|row| &row.placement.cand).filter(|cand| standing.elsewhere(cand));
        let gone = changes.iter().filter(|c| matches!(c.what, What::Removed | What::Changed(_))).map(|c| &c.cand);
        let used = |digest: &Digest| fresh.iter().any(|plan| plan.policy_sha256 == *digest);
        let drafts = self.drafts(work, changes, &operators, people);
        let import = Import {
            policies: request
                .policies
                .iter()
                .map(|p| (p.sha256(), p.bytes.as_slice()))
                .filter(|(digest, _)| used(digest))
                .collect(),
            plans: &fresh,
            rooms: request.rooms.map(|file| (file.bytes, plans.iter().map(|plan| plan.id).collect())),
            remove: gone.chain(replaced).collect(),
            rows: put.iter().filter_map(|row| Some((*row, held_by(row)?))).collect(),
            keys: &plans.iter().filter_map(|plan| Some((plan.id, keys.get(&plan.id)?))).collect(),
            drafts: &drafts,
            rng: &self.rng,
            progress: request.progress,
        };
        self.store.import(&import)?;
        Ok(keys)
    }

    /// The lines of every session of the roster: all its first ones, or the one of a newer roster.
    fn drafts(
        &self,
        work: &Work<'_>,
        changes: &[Change],
        operators: &[Operator],
        (admin, chief): (&Authenticated, &Authenticated),
    ) -> Vec<Draft> {
        let ours: Vec<&RosterRow> = work.rows.iter().filter(|row| self.is_ours(row)).collect();
        let after = apply(&work.standing.rows, &ours, changes);
        let registered = |no| after.iter().filter(|row| row.placement.session == no).count();
        let mut drafts = Vec::new();
        for plan in &work.plans {
            let of: Vec<&Change> = changes.iter().filter(|change| change.session == plan.no).collect();
            let imported = imported(work, registered(plan.no), &of);
            match work.standing.book(plan.no) {
                None => drafts.extend(self.first_lines(plan, imported, operators, admin, chief)),
                Some(book) => {
                    let rev = book.record.roster().map_or(1, |roster| roster.rev.saturating_add(1));
                    let at = (work.standing.size(plan.no) + 1, book.record.lc() + 1);
                    let imported = RosterImported { rev, ..imported };
                    drafts.push(self.draft(plan.id, at, imported.into(), &admin.op, Some(&chief.op)));
                }
            }
        }
        drafts
    }

    fn is_ours(&self, row: &RosterRow) -> bool {
        row.placement.site == self.store.about().site
    }

    /// The first lines of a session's lead stream.
    fn first_lines(
        &self,
        plan: &Plan,
        imported: RosterImported,
        operators: &[Operator],
        admin: &Authenticated,
        chief: &Authenticated,
    ) -> Vec<Draft> {
        let planned = SessionPlanned {
            session: plan.id,
            no: plan.no,
            mode: self.store.about().mode,
            pack_sha256: None,
            policy_sha256: plan.policy_sha256,
            roster_sha256: imported.sha256,
            ledger_head: self.store.ledger_head(),
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

/// The first revision of a session's roster, of so many rows afterwards.
fn imported(work: &Work<'_>, rows: usize, changes: &[&Change]) -> RosterImported {
    let u32_of = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let count = |is: fn(What) -> bool| u32_of(changes.iter().filter(|change| is(change.what)).count());
    let named = |which: What| changes.iter().filter(|c| c.what == which).map(|c| c.cand.clone()).collect();
    let Request { roster, rooms, .. } = work.request;
    RosterImported {
        rev: 1,
        sha256: roster.sha256(),
        bytes: u64::try_from(roster.bytes.len()).unwrap_or(u64::MAX),
        rows: u32_of(rows),
        added: count(|what| what == What::Added),
        removed: count(|what| what == What::Removed),
        changed: count(|what| matches!(what, What::Changed(_))),
        notices: u32_of(work.notices),
        rooms_sha256: rooms.map(|file| file.sha256()),
        dropped: named(What::Dropped),
        drifted: named(What::Drifted),
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
