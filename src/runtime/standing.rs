//! What already stands in the store, held against a new roster: a roster is checked alone by `intake`, two rosters only
//! here, where the sealed persons can be opened.

use super::site::SiteError;
use crate::domain::candidate::RosterRow;
use crate::domain::ids::{DeskId, RoomId, SeatLabel, SessionNo};
use crate::domain::policy::Policy;
use crate::domain::record::Held;
use crate::domain::session::Plan;
use crate::domain::time::Instant;
use crate::intake::{Finding, Found, Severity};
use crate::store::Store;
use crate::trust::wraps::DataKeys;
use std::collections::HashSet;

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

/// The store's sessions with everybody's identity.
pub(super) struct Standing {
    held: Held,
}

impl Standing {
    /// Reads them with the keys at hand.
    pub(super) fn read(store: &Store, desk: DeskId, keys: &DataKeys) -> Result<Self, SiteError> {
        let mut held = store.hold(desk)?;
        held.roster = store.roster(|session| keys.get(&session))?;
        Ok(Self { held })
    }

    /// Everything that stands in the way of these plans and rows; `ours` are the rows of this site, of which `partial`
    /// take only some parts.
    pub(super) fn objections(
        &self,
        plans: &[Plan],
        policies: &[Policy],
        rows: &[RosterRow],
        ours: &[&RosterRow],
        partial: usize,
    ) -> Vec<Objection> {
        let planned = plans.iter().filter(|plan| self.held.books.contains_key(&plan.no)).count();
        let known = rows.iter().filter(|row| self.held.roster.by_cand(&row.placement.cand).is_some()).count();
        let (mut people, mut seats) = (0, 0);
        for plan in plans {
            let beside = self.beside(plan, policies);
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
                code: "KD-R-47",
                expected: "sessions that are not planned yet",
                found: planned,
                of: "planned already",
                hint: "只导入新的场次；已计划的场次暂不能更改",
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

    /// The sessions that overlap a new one in time.
    fn beside(&self, plan: &Plan, policies: &[Policy]) -> HashSet<SessionNo> {
        let policy =
            policies.iter().find(|p| *p.policy.certificate == *plan.certificate && p.policy.level == plan.level);
        let minutes: i64 = policy.map_or(0, |p| p.parts.iter().map(|part| i64::from(part.minutes)).sum());
        let from = Instant::at(plan.date, plan.start);
        let to = from.plus_minutes(minutes);
        let overlaps = |other: &crate::domain::session::Session| other.starts() < to && from < other.ends();
        self.held.books.iter().filter(|(_, book)| overlaps(&book.session)).map(|(no, _)| *no).collect()
    }
}
