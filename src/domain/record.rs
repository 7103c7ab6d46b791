//! The record of one session: everything that its events fold to (rules.md §5, §7, §9).
//!
//! The one truth that screens, commands and read tables derive from. Applying an event twice changes nothing; order of
//! arrival does not matter for attendance and marks, and states only go forward.

use super::attendance::{Attendance, AttendanceBook};
use super::crew::CrewMember;
use super::event::{AttendanceCounts, Event, MarkEntered, Recorded, RefusalVerdict, ResultsDerived, Stamp};
use super::ids::{AdmissionNo, Code, OperatorId, PartId, SessionNo};
use super::roster::Roster;
use super::session::{Session, State};
use super::time::Instant;
use std::collections::BTreeMap;

/// A session with its record.
#[derive(Debug, Clone)]
pub struct SessionBook {
    /// Plan and policy.
    pub session: Session,
    /// What happened so far.
    pub record: SessionRecord,
}

/// Every session of the store, by number.
pub type SessionBooks = BTreeMap<SessionNo, SessionBook>;

/// What the store holds of every session, as folded at start or after a failure.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// Sessions with their records.
    pub books: SessionBooks,
    /// Lines stored in this desk's stream of each session.
    pub sizes: BTreeMap<SessionNo, u64>,
    /// The rows as placed, their people still sealed.
    pub roster: Roster,
}

/// A mark as it stands: the first one in stamp order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingMark {
    /// Centi-points.
    pub mark: u32,
    /// Who judged.
    pub scored_by: OperatorId,
    stamp: Stamp,
}

/// The fold of a session's events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionRecord {
    /// Where the session stands.
    pub state: State,
    /// Attendance of everybody who has any.
    pub attendance: AttendanceBook,
    crew: BTreeMap<OperatorId, CrewMember>,
    marks: BTreeMap<(AdmissionNo, PartId), StandingMark>,
    refused: BTreeMap<AdmissionNo, (Stamp, Code)>,
    results: Option<(Stamp, ResultsDerived)>,
    changed: Option<Stamp>,
    opened_at: Option<Instant>,
    lc: u64,
}

impl SessionRecord {
    /// Takes one recorded event.
    pub fn apply(&mut self, recorded: &Recorded) {
        let stamp = recorded.stamp();
        self.lc = self.lc.max(stamp.lc);
        self.attendance.apply(recorded);
        match &recorded.event {
            Event::SessionOpened(_) => {
                self.advance(State::Open);
                self.opened_at = Some(recorded.at);
            }
            Event::SessionStarted(_) => self.advance(State::Running),
            Event::SessionClosed(_) => self.advance(State::Closed),
            Event::CrewAssigned(e) => {
                let member = CrewMember { op: e.op.clone(), role: e.role, lead: e.lead.0, rooms: e.rooms.clone() };
                self.crew.insert(e.op.clone(), member);
            }
            Event::AdmissionRefused(e) if e.verdict != RefusalVerdict::AlreadyIn => {
                if let Some(cand) = &e.cand {
                    let last = self.refused.entry(cand.clone()).or_insert((stamp, e.code));
                    *last = (*last).max((stamp, e.code));
                }
            }
            Event::CandidateAdmitted(_) | Event::WorkHandedIn(_) | Event::AbsenceMarked(_) => self.touch(stamp),
            Event::MarkEntered(e) => {
                self.enter(e, stamp);
                self.touch(stamp);
            }
            Event::ResultsDerived(e) if self.results.as_ref().is_none_or(|(last, _)| *last < stamp) => {
                self.results = Some((stamp, e.clone()));
            }
            _ => {}
        }
    }

    fn advance(&mut self, to: State) {
        self.state = self.state.max(to);
    }

    fn touch(&mut self, stamp: Stamp) {
        self.changed = self.changed.max(Some(stamp));
    }

    fn enter(&mut self, event: &MarkEntered, stamp: Stamp) {
        let mark = StandingMark { mark: event.mark, scored_by: event.scored_by.clone(), stamp };
        self.marks
            .entry((event.cand.clone(), event.part.clone()))
            .and_modify(|standing| {
                if stamp < standing.stamp {
                    *standing = mark.clone();
                }
            })
            .or_insert(mark);
    }

    /// The greatest Lamport counter stored; the next event takes one more.
    #[must_use]
    pub fn lc(&self) -> u64 {
        self.lc
    }

    /// When check-in was opened.
    #[must_use]
    pub fn opened_at(&self) -> Option<Instant> {
        self.opened_at
    }

    /// What a person does in this session.
    #[must_use]
    pub fn member(&self, op: &OperatorId) -> Option<&CrewMember> {
        self.crew.get(op)
    }

    /// The crew list, by operator.
    pub fn crew(&self) -> impl Iterator<Item = &CrewMember> {
        self.crew.values()
    }

    /// The mark that stands for a candidate's part.
    #[must_use]
    pub fn mark(&self, cand: &AdmissionNo, part: &PartId) -> Option<&StandingMark> {
        self.marks.get(&(cand.clone(), part.clone()))
    }

    /// Every mark, by candidate and part.
    pub fn marks(&self) -> impl Iterator<Item = (&AdmissionNo, &PartId, &StandingMark)> {
        self.marks.iter().map(|((cand, part), mark)| (cand, part, mark))
    }

    /// The code with which a candidate was last turned away at the door.
    #[must_use]
    pub fn last_refusal(&self, cand: &AdmissionNo) -> Option<Code> {
        self.refused.get(cand).map(|(_, code)| *code)
    }

    /// The newest derived results, unless a later mark or attendance line made them stale.
    #[must_use]
    pub fn results(&self) -> Option<&ResultsDerived> {
        self.results.as_ref().filter(|(stamp, _)| self.changed.is_none_or(|changed| changed < *stamp)).map(|(_, r)| r)
    }

    /// Whether results were derived at any time, stale or not.
    #[must_use]
    pub fn derived_once(&self) -> bool {
        self.results.is_some()
    }

    /// The attendance figures, for a session of so many rows.
    #[must_use]
    pub fn counts(&self, registered: u32) -> AttendanceCounts {
        let mut counts = AttendanceCounts { registered, expected: registered, ..Default::default() };
        for (_, state) in self.attendance.touched() {
            match state {
                Attendance::Expected => {}
                Attendance::Absent(..) => counts.absent += 1,
                Attendance::Present(a) | Attendance::Submitted(a, ..) => {
                    counts.present += 1;
                    counts.late += u32::from(a.late_s > 0);
                    counts.handed_in += u32::from(matches!(state, Attendance::Submitted(..)));
                }
            }
        }
        counts
    }
}
