//! What already stands in the store, held against a new roster: a roster is checked alone by `intake`, two rosters only
//! here, where the sealed persons can be opened.

use super::reimport::{Aspects, Change, Rows, What, apply, collisions};
use super::site::SiteError;
use crate::domain::candidate::{Placement, RosterRow};
use crate::domain::ids::{AdmissionNo, DeskId, RoomId, SeatLabel, SessionNo};
use crate::domain::policy::Policy;
use crate::domain::record::{Held, SessionBook};
use crate::domain::roster::Entry;
use crate::domain::session::{Plan, State};
use crate::domain::time::Instant;
use crate::intake::{Finding, Found, Severity};
use crate::store::Store;
use crate::trust::wraps::DataKeys;
use std::collections::{BTreeMap, HashSet};

/// One reason of the whole file why it cannot be applied to this store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Objection {
    code: &'static str,
    expected: &'static str,
    found: usize,
    of: &'static str,
    hint: &'static str,
}

impl Objection {
    /// As a finding of the whole file.
    pub(super) fn finding(self, file: &str) -> Finding {
        Finding {
            severity: Severity::Error,
            code: self.code,
            file: file.to_owned(),
            sheet: None,
            line: None,
            column: None,
            expected: self.expected.to_owned(),
            found: Found::Words(format!("{} {}", self.found, self.of)),
            hint: self.hint.to_owned(),
        }
    }
}

/// The store's sessions with everybody's identity, and the whole rows of those that a newer roster names.
pub(super) struct Standing {
    held: Held,
    /// This site's rows of the sessions in question.
    pub(super) rows: Rows,
}

impl Standing {
    /// Reads them with the keys at hand; `named` are the sessions of the roster.
    pub(super) fn read(store: &Store, desk: DeskId, keys: &DataKeys, named: &[SessionNo]) -> Result<Self, SiteError> {
        let mut held = store.hold(desk)?;
        held.roster = store.roster(|session| keys.get(&session))?;
        let site = &store.about().site;
        let mut placed: BTreeMap<AdmissionNo, Placement> = BTreeMap::new();
        if named.iter().any(|no| held.books.contains_key(no)) {
            store.each_placement(|place| {
                if place.site == *site && named.contains(&place.session) {
                    placed.insert(place.cand.clone(), place);
                }
            })?;
        }
        let mut rows = Rows::new();
        if !placed.is_empty() {
            store.each_person(
                |session| keys.get(&session),
                |cand, person| {
                    if let Some(placement) = placed.remove(&cand) {
                        rows.insert(cand, RosterRow { placement, person });
                    }
                },
            )?;
        }
        if !placed.is_empty() {
            // Nobody could say whether those who cannot be read have changed.
            return Err(SiteError::SealedPeople);
        }
        Ok(Self { held, rows })
    }

    /// A session that is planned already.
    pub(super) fn book(&self, no: SessionNo) -> Option<&SessionBook> {
        self.held.books.get(&no)
    }

    /// Lines stored in this desk's stream of a session.
    pub(super) fn size(&self, no: SessionNo) -> u64 {
        self.held.sizes.get(&no).copied().unwrap_or(0)
    }

    /// Whether something happened to the person of a row.
    pub(super) fn has_record(&self, row: &RosterRow) -> bool {
        let place = &row.placement;
        self.book(place.session).is_some_and(|book| book.record.attendance.knows(&place.cand))
    }

    /// The standing rows of other sites that a row of the roster replaces.
    pub(super) fn elsewhere(&self, cand: &AdmissionNo) -> bool {
        self.held.roster.by_cand(cand).is_some_and(|entry| entry.elsewhere.is_some())
    }

    /// Everything that stands in the way of these plans and rows; `ours` are the rows of this site, of which `partial`
    /// take only some parts. `changes` are those against the sessions that are planned already.
    pub(super) fn objections(
        &self,
        plans: &[Plan],
        policies: &[Policy],
        rows: &[RosterRow],
        ours: &[&RosterRow],
        partial: usize,
        changes: &[Change],
    ) -> Vec<Objection> {
        let named = |no: SessionNo| plans.iter().any(|plan| plan.no == no);
        let other = |entry: &Entry| entry.elsewhere.is_none() && !named(entry.session);
        let known = rows.iter().filter(|row| self.held.roster.by_cand(&row.placement.cand).is_some_and(other)).count();
        let (twice_seated, twice_named) = collisions(&apply(&self.rows, ours, changes));
        let (mut people, mut seats) = (0, 0);
        for plan in plans {
            let beside = self.beside(plan, plans, policies);
            let taken: HashSet<(&RoomId, &SeatLabel)> = self
                .held
                .roster
                .entries()
                .iter()
                .filter(|e| e.elsewhere.is_none() && beside.contains(&e.session))
                .filter_map(|e| Some((&e.room, e.seat.as_ref()?)))
                .collect();
            for row in ours.iter().filter(|row| row.placement.session == plan.no) {
                let document = &row.person.document;
                let theirs = self.held.roster.by_document(document.kind(), document.number().as_str());
                people += usize::from(theirs.iter().any(|e| e.elsewhere.is_none() && beside.contains(&e.session)));
                let seat = row.placement.seat.as_ref();
                seats += usize::from(seat.is_some_and(|seat| taken.contains(&(&row.placement.room, seat))));
            }
        }
        let objections = [
            Objection {
                code: "KD-R-01",
                expected: "at least one row of this site",
                found: rows.len() * usize::from(ours.is_empty()),
                of: "of other sites alone",
                hint: "请核对考核站点一列，或导入本考点的名册",
            },
            Objection {
                code: "KD-R-45",
                expected: "certificate, level, date, start and policy of a session as they were planned",
                found: plans.iter().filter(|plan| self.is_replanned(plan)).count(),
                of: "with another",
                hint: "已计划的场次不能改证书、等级、日期、时间和规则",
            },
            Objection {
                code: "KD-R-47",
                expected: "sessions that are not closed, and from the start on additions and holds alone",
                found: plans.iter().filter(|plan| self.is_over(plan.no)).count()
                    + changes.iter().filter(|change| self.is_too_late(change)).count(),
                of: "sessions or rows that may not change any more",
                hint: "开考后只能增加考生或限制；结束后不能再改名册",
            },
            Objection {
                code: "KD-R-41",
                expected: "a document that nobody with a record holds",
                found: twice_named,
                of: "held by a row that stays as it is",
                hint: "已有签到记录的考生不变；请核对证件号码",
            },
            Objection {
                code: "KD-R-43",
                expected: "seats that nobody with a record holds",
                found: twice_seated,
                of: "held by a row that stays as it is",
                hint: "已有签到记录的考生不变；请改排座位",
            },
            Objection {
                code: "KD-R-40",
                expected: "admission numbers that are new to this site",
                found: known,
                of: "on an earlier roster",
                hint: "请在原系统中更正准考证号",
            },
            Objection {
                code: "KD-R-42",
                expected: "nobody in two sessions at a time",
                found: people,
                of: "in an earlier roster's session at the same time",
                hint: "请在原系统中调整场次",
            },
            Objection {
                code: "KD-R-43",
                expected: "seats that are free at that time",
                found: seats,
                of: "taken by an earlier roster's session",
                hint: "请在原系统中调整考场或座位",
            },
            Objection {
                code: "KD-R-49",
                expected: "candidates who take every part",
                found: partial,
                of: "who take some parts or bring a mark along",
                hint: "本版本只支持全科考核，请先从名册中去掉这些行",
            },
        ];
        objections.into_iter().filter(|objection| objection.found > 0).collect()
    }

    fn is_replanned(&self, plan: &Plan) -> bool {
        self.book(plan.no).is_some_and(|book| {
            let old = &book.session.plan;
            let of = |p: &Plan| (p.certificate.clone(), p.level, p.date, p.start, p.policy_sha256);
            of(old) != of(plan)
        })
    }

    fn is_over(&self, no: SessionNo) -> bool {
        self.book(no).is_some_and(|book| book.record.state >= State::Closed || !book.record.takes_lines())
    }

    /// From the start on a roster adds people and holds and does nothing else (rules.md §5).
    fn is_too_late(&self, change: &Change) -> bool {
        let running = self.book(change.session).is_some_and(|book| book.record.state == State::Running);
        let hold = |aspects: Aspects| aspects == Aspects { hold: true, ..Aspects::default() };
        running
            && match change.what {
                What::Removed => true,
                What::Changed(aspects) => !hold(aspects),
                What::Added | What::Dropped | What::Drifted | What::Ignored(_) => false,
            }
    }

    /// The sessions beside the roster's own that overlap one of them in time.
    fn beside(&self, plan: &Plan, plans: &[Plan], policies: &[Policy]) -> HashSet<SessionNo> {
        let policy =
            policies.iter().find(|p| *p.policy.certificate == *plan.certificate && p.policy.level == plan.level);
        let minutes: i64 = policy.map_or(0, |p| p.parts.iter().map(|part| i64::from(part.minutes)).sum());
        let from = Instant::at(plan.date, plan.start);
        let to = from.plus_minutes(minutes);
        let overlaps = |other: &crate::domain::session::Session| other.starts() < to && from < other.ends();
        let beside = |no: &SessionNo| !plans.iter().any(|plan| plan.no == *no);
        let books = self.held.books.iter().filter(|(no, book)| beside(no) && overlaps(&book.session));
        books.map(|(no, _)| *no).collect()
    }
}
