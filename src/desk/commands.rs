//! What people do at a desk, and the rules that forbid it (rules.md §5, §7, §9, §10, §13).
//!
//! A refusal is a value for staff, never an error; nothing is stored with it.

use super::effect::{Answer, Effect};
use super::{Desk, Moment, SeatRefusal, Then};
use crate::domain::attendance::Attendance;
use crate::domain::balance::{Equation, equations};
use crate::domain::by_hand::LiftReason;
use crate::domain::candidate::Hold;
use crate::domain::conflict::ConflictId;
use crate::domain::crew::{Act, allows};
use crate::domain::event::{
    AbsenceMarked, AbsenceReason, ConflictResolved, Event, Flag, Frontier, HoldLifted, HoldPlaced, MarkEntered,
    ResultsDerived, SessionClosed, SessionStarted, WorkHandedIn, ZeroReason,
};
use crate::domain::ids::{AdmissionNo, Digest, OperatorId, PaperRef, PartId, RoomId, Seed, SessionNo};
use crate::domain::readiness::{Item, WaiveReason};
use crate::domain::record::SessionBook;
use crate::domain::roster::Entry;
use crate::domain::scoring::{MarkRefusal, check_mark, results};
use crate::domain::seats::{Place, SeatReason};
use crate::domain::session::State;
use crate::domain::time::Instant;

/// One act of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Opens check-in.
    Open(SessionNo),
    /// Declares the exam begun.
    Start(SessionNo),
    /// Declares everybody who has not come absent, in one room or all.
    MarkAbsent(SessionNo, Option<RoomId>),
    /// Hands in the work of everybody inside, in one room or all.
    Collect(SessionNo, Option<RoomId>),
    /// Enters a mark of so many centi-points.
    EnterMark(SessionNo, AdmissionNo, PartId, u32, Option<ZeroReason>),
    /// Ends the exam; books must balance.
    Close(SessionNo),
    /// Fixes composites and outcomes; the root is computed over the result lines.
    DeriveResults(SessionNo, Digest),
    /// Keeps a candidate from coming in, as this paper says.
    PlaceHold(SessionNo, AdmissionNo, Hold, PaperRef),
    /// Lets a hold go, as this paper says.
    LiftHold(SessionNo, AdmissionNo, Hold, PaperRef),
    /// Settles a conflict: the record stands as it is.
    Resolve(SessionNo, ConflictId, LiftReason),
    /// Freezes the session: nothing follows in its streams until the seal is given up.
    PrepareSeal(SessionNo, Frontier, Vec<String>),
    /// Gives somebody another seat, before they came or after.
    MoveSeat(SessionNo, AdmissionNo, Place, SeatReason),
    /// Takes a seat out of service.
    WithdrawSeat(SessionNo, Place, SeatReason),
    /// Records what the checks before opening came to.
    CheckReadiness(SessionNo),
    /// Lets a red item of those checks stand.
    Waive(SessionNo, Item, WaiveReason),
}

impl Command {
    /// Its session.
    #[must_use]
    pub fn session(&self) -> SessionNo {
        match self {
            Self::Open(no)
            | Self::Start(no)
            | Self::MarkAbsent(no, _)
            | Self::Collect(no, _)
            | Self::EnterMark(no, ..)
            | Self::Close(no)
            | Self::DeriveResults(no, _)
            | Self::PlaceHold(no, ..)
            | Self::LiftHold(no, ..)
            | Self::Resolve(no, ..)
            | Self::PrepareSeal(no, ..)
            | Self::MoveSeat(no, ..)
            | Self::WithdrawSeat(no, ..)
            | Self::CheckReadiness(no)
            | Self::Waive(no, ..) => *no,
        }
    }

    fn act(&self) -> Act {
        match self {
            Self::Open(_) | Self::Waive(..) => Act::Open,
            Self::CheckReadiness(_) => Act::CheckReadiness,
            Self::Start(_) => Act::Start,
            Self::MarkAbsent(..) => Act::MarkAbsent,
            Self::Collect(..) => Act::HandIn,
            Self::EnterMark(..) => Act::EnterMark,
            Self::Close(_) => Act::CloseDo,
            Self::DeriveResults(..) => Act::DeriveResults,
            Self::PlaceHold(..) => Act::PlaceHold,
            Self::LiftHold(..) | Self::Resolve(..) => Act::OverrideDo,
            Self::PrepareSeal(..) => Act::PrepareSeal,
            Self::MoveSeat(..) | Self::WithdrawSeat(..) => Act::MoveSeat,
        }
    }

    /// What the second person must be allowed to do, where two are needed.
    #[must_use]
    pub fn witness_act(&self) -> Option<Act> {
        match self {
            Self::Close(_) => Some(Act::CloseWitness),
            Self::LiftHold(..) | Self::Resolve(..) => Some(Act::OverrideWitness),
            _ => None,
        }
    }
}

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// KD-T-01: hand-in before its time.
    HandInTooEarly(Instant),
    /// KD-T-03: absence before the late limit.
    AbsenceTooEarly(Instant),
    /// KD-T-05: second person missing, the same person, or of a wrong role.
    Witness,
    /// KD-T-06: not this person's role.
    Role,
    /// KD-T-07: the session's state forbids it.
    State(State),
    /// KD-T-07: the exam cannot begin before its scheduled start.
    StartsAt(Instant),
    /// KD-T-08: no such session.
    NoSession,
    /// KD-S-02: an equation of the balance is off.
    Unbalanced([Equation; 3]),
    /// KD-S-06: so many people are still inside.
    StillInside(u32),
    /// KD-S-08: so many parts have no mark.
    MarksMissing(u32),
    /// KD-T-07: a seal is prepared; the session takes nothing until it is done or given up.
    Sealing,
    /// KD-T-10: something was stored between the look at the streams and this command.
    Moved,
    /// KD-S-03: so many conflicts are open.
    Conflicts(u32),
    /// KD-S-04: so many other desks have lines of their own and none has signed off.
    OtherDesks(u32),
    /// KD-S-07: nobody is registered.
    Nobody,
    /// KD-S-08: results were not derived, or are older than the last mark or attendance.
    ResultsStale,
    /// KD-T-12: the case was answered, or the desk was started anew.
    CaseGone,
    /// KD-T-13: nobody may set this reason aside, or not in this way.
    NotSetAside,
    /// KD-T-14: no such row on the roster, or none was chosen.
    NoRow,
    /// KD-T-15: the reason `other` needs the number of a paper.
    NoteMissing,
    /// KD-T-16: the first of two PINs is older than the witness window.
    WindowOver,
    /// KD-T-17: two things at least are compared before somebody is identified by hand.
    TooFewChecks,
    /// KD-T-18: no such conflict is open, or a person's word does not settle it.
    NoConflict,
    /// KD-M-nn: the mark itself.
    Mark(MarkRefusal),
    /// KD-T-02, KD-T-13: the seat, or the person who should have it.
    Seat(SeatRefusal),
    /// KD-T-20: checks before opening are red, and nobody has let them stand.
    NotReady(Vec<Item>),
}

impl Refusal {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::HandInTooEarly(_) => "KD-T-01",
            Self::AbsenceTooEarly(_) => "KD-T-03",
            Self::Witness => "KD-T-05",
            Self::Role => "KD-T-06",
            Self::State(_) | Self::StartsAt(_) | Self::Sealing => "KD-T-07",
            Self::NoSession => "KD-T-08",
            Self::Moved => "KD-T-10",
            Self::Unbalanced(_) => "KD-S-02",
            Self::Conflicts(_) => "KD-S-03",
            Self::OtherDesks(_) => "KD-S-04",
            Self::StillInside(_) => "KD-S-06",
            Self::Nobody => "KD-S-07",
            Self::MarksMissing(_) | Self::ResultsStale => "KD-S-08",
            Self::CaseGone => "KD-T-12",
            Self::NotSetAside => "KD-T-13",
            Self::NoRow => "KD-T-14",
            Self::NoteMissing => "KD-T-15",
            Self::WindowOver => "KD-T-16",
            Self::TooFewChecks => "KD-T-17",
            Self::NoConflict => "KD-T-18",
            Self::Mark(refusal) => refusal.code(),
            Self::Seat(refusal) => refusal.code(),
            Self::NotReady(_) => "KD-T-20",
        }
    }
}

impl Desk {
    pub(super) fn command(
        &mut self,
        command: Command,
        (op, witness): (&OperatorId, Option<&OperatorId>),
        seed: Seed,
        moment: Moment,
    ) -> Vec<Effect> {
        if self.stopped {
            return vec![Effect::Stopped];
        }
        let no = command.session();
        // Somebody whom the act does not need is no part of it.
        let witness = witness.filter(|_| command.witness_act().is_some());
        match self.permitted(&command, op, witness).and_then(|()| self.events(&command, op, seed, moment.at)) {
            Err(refusal) => vec![Effect::Answer(Answer::Refused { command, refusal })],
            Ok(events) if events.is_empty() => {
                vec![Effect::Answer(Answer::Done { command, lines: 0, seq: None })]
            }
            Ok(events) => {
                let events = events.into_iter().map(|event| (no, event)).collect();
                let then = Then::Answer(Answer::Done { command, lines: 0, seq: None });
                self.append(events, Some(op), witness, moment, then)
            }
        }
    }

    fn book(&self, no: SessionNo) -> Result<&SessionBook, Refusal> {
        self.held.books.get(&no).ok_or(Refusal::NoSession)
    }

    fn permitted(&self, command: &Command, op: &OperatorId, witness: Option<&OperatorId>) -> Result<(), Refusal> {
        let record = &self.book(command.session())?.record;
        let may = |who: &OperatorId, act| record.member(who).is_some_and(|m| allows(m.role, act));
        if !may(op, command.act()) {
            return Err(Refusal::Role);
        }
        let seconded = command.witness_act().is_none_or(|act| witness.is_some_and(|w| w != op && may(w, act)));
        if seconded { Ok(()) } else { Err(Refusal::Witness) }
    }

    fn events(&self, command: &Command, op: &OperatorId, seed: Seed, now: Instant) -> Result<Vec<Event>, Refusal> {
        let no = command.session();
        let book = self.book(no)?;
        match command {
            Command::Open(_) => Ok([self.open(book)?, self.draw(book, seed)].concat()),
            Command::Start(_) => self.start(book, now),
            Command::MarkAbsent(_, room) => self.mark_absent(book, room.as_ref(), now),
            Command::Collect(_, room) => self.collect(book, room.as_ref(), now),
            Command::EnterMark(_, cand, part, mark, zero) => self.enter_mark(book, cand, part, (*mark, *zero), op),
            Command::Close(_) => self.close(book),
            Command::DeriveResults(_, root) => self.derive(book, *root),
            Command::PlaceHold(_, cand, hold, paper) => self.place_hold(book, cand, (*hold, paper.clone())),
            Command::LiftHold(_, cand, hold, paper) => self.lift_hold(book, cand, (*hold, paper.clone())),
            Command::Resolve(_, conflict, reason) => resolve(book, conflict, *reason),
            Command::PrepareSeal(_, frontier, notices) => self.prepare_seal(book, frontier, notices),
            Command::MoveSeat(_, cand, to, reason) => self.move_seat(book, cand, to, *reason),
            Command::WithdrawSeat(_, place, reason) => self.withdraw_seat(book, place, *reason, op),
            Command::CheckReadiness(_) => self.check_readiness(book),
            Command::Waive(_, item, reason) => self.waive(book, *item, *reason),
        }
    }

    fn start(&self, book: &SessionBook, now: Instant) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Open])?;
        let starts = book.session.starts();
        if now.second() < starts.second() {
            return Err(Refusal::StartsAt(starts));
        }
        let counts = book.record.counts(self.held.roster.registered(book.session.plan.no));
        Ok(vec![SessionStarted { counts }.into()])
    }

    /// The session's rows in a room (or all), in order of admission number, with their attendance.
    pub(super) fn rows<'a>(
        &'a self,
        book: &'a SessionBook,
        room: Option<&'a RoomId>,
    ) -> impl Iterator<Item = (&'a Entry, &'a Attendance)> {
        let mut rows: Vec<_> = self
            .held
            .roster
            .rows_of(book.session.plan.no)
            .filter(|row| room.is_none_or(|room| *room == row.room))
            .collect();
        rows.sort_by(|a, b| a.cand.cmp(&b.cand));
        rows.into_iter().map(|row| (row, book.record.attendance.of(&row.cand)))
    }

    /// Absence is declared, not computed: whoever was turned away at the door keeps the code.
    fn mark_absent(&self, book: &SessionBook, room: Option<&RoomId>, now: Instant) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Running, State::Closed])?;
        let limit = book.session.late_limit();
        if now.second() <= limit.second() {
            return Err(Refusal::AbsenceTooEarly(limit));
        }
        let missing = self.rows(book, room).filter(|(_, state)| **state == Attendance::Expected);
        Ok(missing
            .map(|(row, _)| {
                let code = book.record.last_refusal(&row.cand);
                let reason = if code.is_some() { AbsenceReason::RefusedEntry } else { AbsenceReason::NoShow };
                AbsenceMarked { cand: row.cand.clone(), reason, code }.into()
            })
            .collect())
    }

    fn collect(&self, book: &SessionBook, room: Option<&RoomId>, now: Instant) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Running])?;
        let earliest = book.session.earliest_handin();
        if now.second() < earliest.second() {
            return Err(Refusal::HandInTooEarly(earliest));
        }
        let parts: Vec<PartId> = book.session.policy.parts.iter().map(|p| p.id.clone()).collect();
        let inside = self.rows(book, room).filter(|(_, state)| matches!(state, Attendance::Present(_)));
        Ok(inside
            .map(|(row, _)| {
                let (cand, parts) = (row.cand.clone(), parts.clone());
                WorkHandedIn { cand, parts, sheets: 0, bulk: Flag(true), lifts: vec![] }.into()
            })
            .collect())
    }

    fn enter_mark(
        &self,
        book: &SessionBook,
        cand: &AdmissionNo,
        part: &PartId,
        (mark, zero_reason): (u32, Option<ZeroReason>),
        op: &OperatorId,
    ) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Running, State::Closed])?;
        let no = book.session.plan.no;
        let ours = self.held.roster.by_cand(cand).is_some_and(|row| row.counts_in(no));
        if !ours {
            return Err(Refusal::Mark(MarkRefusal::NeverAdmitted));
        }
        check_mark(&book.session.policy, &book.record, cand, part, mark, zero_reason).map_err(Refusal::Mark)?;
        let (cand, part, scored_by) = (cand.clone(), part.clone(), op.clone());
        let zero_reason = zero_reason.filter(|_| mark == 0);
        Ok(vec![MarkEntered { cand, part, mark, scored_by, zero_reason, sheet_sha256: None }.into()])
    }

    fn close(&self, book: &SessionBook) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Running])?;
        let counts = book.record.counts(self.held.roster.registered(book.session.plan.no));
        let inside = counts.present - counts.handed_in - counts.removed;
        let equations = equations(&counts);
        let [b1, b2, _] = &equations;
        if !b1.holds() || !b2.holds() {
            Err(Refusal::Unbalanced(equations))
        } else if inside > 0 {
            Err(Refusal::StillInside(inside))
        } else {
            Ok(vec![SessionClosed { counts }.into()])
        }
    }

    fn derive(&self, book: &SessionBook, root: Digest) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Closed])?;
        let results = results(&book.session.policy, &book.record, &self.cands(book));
        let missing = results.missing_marks();
        if missing > 0 {
            return Err(Refusal::MarksMissing(missing));
        }
        if book.record.results().is_some_and(|standing| standing.root == root) {
            return Ok(vec![]);
        }
        Ok(vec![
            ResultsDerived { counts: results.counts(), root, policy_sha256: book.session.plan.policy_sha256 }.into(),
        ])
    }

    fn place_hold(
        &self,
        book: &SessionBook,
        cand: &AdmissionNo,
        (hold, paper_ref): (Hold, PaperRef),
    ) -> Result<Vec<Event>, Refusal> {
        if self.is_held(book, cand, hold)? {
            return Ok(vec![]);
        }
        Ok(vec![HoldPlaced { cand: cand.clone(), hold, paper_ref }.into()])
    }

    fn lift_hold(
        &self,
        book: &SessionBook,
        cand: &AdmissionNo,
        (hold, paper_ref): (Hold, PaperRef),
    ) -> Result<Vec<Event>, Refusal> {
        if !self.is_held(book, cand, hold)? {
            return Ok(vec![]);
        }
        Ok(vec![HoldLifted { cand: cand.clone(), hold, paper_ref }.into()])
    }

    /// Whether a hold is on somebody of the session, while holds may change.
    fn is_held(&self, book: &SessionBook, cand: &AdmissionNo, hold: Hold) -> Result<bool, Refusal> {
        in_state(book, &[State::Open, State::Running])?;
        let row = self.held.roster.by_cand(cand).filter(|row| row.counts_in(book.session.plan.no));
        let of_roster = row.ok_or(Refusal::NoRow)?.identity.as_ref().and_then(|who| who.hold);
        Ok(book.record.holds(cand, hold, of_roster))
    }

    /// The session's admission numbers, ascending.
    pub(super) fn cands(&self, book: &SessionBook) -> Vec<AdmissionNo> {
        self.rows(book, None).map(|(row, _)| row.cand.clone()).collect()
    }
}

/// What the roster says now is not what it said of somebody who has a record; people have looked, and the record stands.
fn resolve(book: &SessionBook, conflict: &ConflictId, reason: LiftReason) -> Result<Vec<Event>, Refusal> {
    in_state(book, &[State::Open, State::Running, State::Closed])?;
    let order = book.record.attendance.members(conflict);
    if order.is_empty() {
        return Err(Refusal::NoConflict);
    }
    if reason.needs_note() {
        return Err(Refusal::NoteMissing);
    }
    let (annul, supersedes) = (vec![], vec![]);
    Ok(vec![ConflictResolved { conflict: conflict.clone(), order, annul, supersedes, reason }.into()])
}

pub(super) fn in_state(book: &SessionBook, states: &[State]) -> Result<(), Refusal> {
    let state = book.record.state;
    if state != State::Sealed && book.record.prepared().is_some() {
        return Err(Refusal::Sealing);
    }
    if states.contains(&state) { Ok(()) } else { Err(Refusal::State(state)) }
}
