//! The course of a session as its lines tell it: which fact may follow which (rules.md §5, §7, §9, §10, §13).
//!
//! The record ([`SessionRecord`]) takes whatever arrives, in any order, and never refuses. This is its counterpart for a
//! reader who did not see the day: lines in the order of a fold, each of which must be one that a desk could have written
//! after those before it. Wall-clock times move nothing and are not looked at.
//!
//! ```text
//! planned            session_planned first and once, roster_imported, crew_assigned, desk_joined
//! planned → open     session_opened       then seat_draw_seeded, candidate_admitted; each of its red items waived before
//! open → running     session_started      then work_handed_in, absence_marked, mark_entered
//! running → closed   session_closed       absence_marked, mark_entered, results_derived, seal_prepared
//! planned or open    readiness_checked, readiness_waived
//! before closing     seat_moved, seat_withdrawn
//! any                operator_signed_in, admission_refused
//! ```
//!
//! Whether a seal was given up before lines went on is the ledger's to say: not here.

mod admission;

use super::balance::{Equation, equations};
use super::crew::{Act, allows};
use super::event::{AttendanceCounts, Author, Event, Recorded};
use super::ids::{Code, DeskId, OperatorId, SessionId};
use super::policy::{Policy, SeatMode};
use super::readiness::Item;
use super::record::SessionRecord;
use super::scoring::{MarkRefusal, check_mark};
use super::seats::{Draws, Place, Sha256};
use super::session::State;
use std::collections::BTreeSet;

/// Why a line cannot stand where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// Not at this point of the session's course.
    Turn {
        /// What would be right.
        expected: &'static str,
    },
    /// Not by these people.
    Person {
        /// Who would be right.
        expected: &'static str,
    },
    /// The figures that it carries are not those of the lines before it, or do not balance.
    Counts,
    /// The mark, KD-M-nn.
    Mark(MarkRefusal),
    /// The seat.
    Seat {
        /// Which would be right.
        expected: &'static str,
    },
}

/// The rows of the admission table after which a person chose the seat.
const SEAT_BY_HAND: [Code; 3] = [Code(60), Code(61), Code(62)];

/// A session replayed line by line.
#[derive(Debug)]
pub struct Course {
    hash: Sha256,
    draws: Draws,
    record: SessionRecord,
    session: Option<SessionId>,
    roster: (u32, u32),
    joined: BTreeSet<DeskId>,
    taken: admission::Taken,
}

impl Course {
    /// A session of which nothing is known yet. Draws are repeated with this hash.
    #[must_use]
    pub fn new(hash: Sha256) -> Self {
        let (draws, record) = (Draws::default(), SessionRecord::default());
        Self {
            hash,
            draws,
            record,
            session: None,
            roster: (0, 0),
            joined: BTreeSet::new(),
            taken: admission::Taken::new(),
        }
    }

    /// Takes the next line in the order of a fold.
    ///
    /// # Errors
    /// The first [`Breach`]; the line is not taken then.
    pub fn take(&mut self, policy: &Policy, line: &Recorded) -> Result<(), Breach> {
        self.turn(line)?;
        self.person(&line.author, &line.event)?;
        self.figures(&line.event)?;
        self.seat(policy, line)?;
        if let Event::MarkEntered(e) = &line.event {
            check_mark(policy, &self.record, &e.cand, &e.part, e.mark, e.zero_reason).map_err(Breach::Mark)?;
        }
        if let Event::CandidateAdmitted(event) = &line.event {
            let (record, taken, author) = (&self.record, &self.taken, &line.author);
            admission::Line { policy, record, taken, author, event }.check()?;
        }
        match &line.event {
            Event::ManualIdentityTaken(e) => {
                self.taken.insert((line.author.desk, e.cand.clone(), e.kind));
            }
            Event::SessionPlanned(e) => self.session = Some(e.session),
            Event::RosterImported(e) => self.roster = (e.rev, e.rows),
            Event::DeskJoined(e) => drop(self.joined.insert(e.desk)),
            _ => {}
        }
        let cand = match &line.event {
            Event::CandidateAdmitted(e) => Some(&e.cand),
            Event::SeatMoved(e) => Some(&e.cand),
            _ => None,
        };
        let place = |record: &SessionRecord| cand.and_then(|cand| record.attendance.place_of(cand)).cloned();
        let before = place(&self.record);
        self.record.apply(line);
        let after = place(&self.record);
        let left = before.filter(|place| self.record.seats.holders(&place.room, &place.seat).next().is_none());
        self.draws.change(left.as_ref(), after.as_ref());
        Ok(())
    }

    /// A seat that somebody gets is nobody else's and in service, and where it was drawn it is the one of the draw.
    fn seat(&mut self, policy: &Policy, line: &Recorded) -> Result<(), Breach> {
        let refuse = |expected| Err(Breach::Seat { expected });
        match &line.event {
            Event::CandidateAdmitted(e) => {
                let place = Place { room: e.room.clone(), seat: e.seat.clone() };
                if !self.is_free_for(&place, Some(&e.cand)) {
                    return refuse("a seat that is in service and nobody else's");
                }
                let kept = self.record.attendance.place_of(&e.cand);
                let by_hand = kept.is_some() || e.confirmed.iter().any(|code| SEAT_BY_HAND.contains(code));
                if policy.seats.mode == SeatMode::Random && !by_hand {
                    let Some(seed) = self.record.seats.seed_of(&e.room) else {
                        return refuse("a room whose draw was seeded");
                    };
                    let given = self.draws.give(self.hash, &seed, line.author.desk, &place);
                    return given.or_else(|_| refuse("the free seat of lowest rank in the draw"));
                }
                if kept.is_some_and(|kept| *kept != place) { refuse("the seat that was kept") } else { Ok(()) }
            }
            Event::SeatMoved(e) => {
                let from = self.record.attendance.place_of(&e.cand);
                if from.is_some() && from != e.from.as_ref() {
                    refuse("a move from where the person sits")
                } else if e.from.as_ref() == Some(&e.to) || !self.is_free_for(&e.to, None) {
                    refuse("a move to a free seat in service")
                } else {
                    Ok(())
                }
            }
            Event::SeatWithdrawn(e) => {
                self.draws.withdraw(&Place { room: e.room.clone(), seat: e.seat.clone() });
                Ok(())
            }
            Event::SeatDrawSeeded(e) if self.record.seats.seed_of(&e.room).is_some() => {
                refuse("a room whose draw was not seeded before")
            }
            _ => Ok(()),
        }
    }

    fn is_free_for(&self, Place { room, seat }: &Place, cand: Option<&super::ids::AdmissionNo>) -> bool {
        let seats = &self.record.seats;
        !seats.is_withdrawn(room, seat) && seats.holders(room, seat).all(|holder| Some(holder) == cand)
    }

    /// What the lines fold to.
    #[must_use]
    pub fn record(&self) -> &SessionRecord {
        &self.record
    }

    /// Rows of the session by the newest roster.
    #[must_use]
    pub fn registered(&self) -> u32 {
        self.roster.1
    }

    /// The attendance figures so far.
    #[must_use]
    pub fn counts(&self) -> AttendanceCounts {
        self.record.counts(self.registered())
    }

    /// The record, when all is taken.
    #[must_use]
    pub fn into_record(self) -> SessionRecord {
        self.record
    }

    fn turn(&self, line: &Recorded) -> Result<(), Breach> {
        let (states, expected) = turns(&line.event);
        let right = match &line.event {
            Event::SessionPlanned(_) => self.session.is_none(),
            Event::RosterImported(e) => self.roster.0.checked_add(1) == Some(e.rev),
            Event::DeskJoined(e) => {
                Some(e.session) == self.session && e.desk == line.author.desk && !self.joined.contains(&e.desk)
            }
            Event::CrewAssigned(e) => self.record.member(&e.op).is_none_or(|member| member.role == e.role),
            Event::ConflictResolved(e) => {
                let members = self.record.attendance.members(&e.conflict);
                let kept = e.annul.is_empty() && e.supersedes.is_empty() && !e.reason.needs_note();
                kept && !members.is_empty() && e.order == members
            }
            Event::SessionOpened(e) => {
                let waived = |word: &String| Item::parse(word).is_some_and(|item| self.record.has_waived(item));
                e.red_items.iter().all(waived)
            }
            _ => true,
        };
        let begun = self.session.is_some() || matches!(line.event, Event::SessionPlanned(_));
        if begun && right && states.contains(&self.record.state) { Ok(()) } else { Err(Breach::Turn { expected }) }
    }

    /// Who imports is on no list yet; cards are judged whoever sits there, if anybody.
    fn person(&self, author: &Author, event: &Event) -> Result<(), Breach> {
        use Act::{
            CheckReadiness, CloseDo, CloseWitness, DeriveResults, EnterMark, HandIn, ManualDo, ManualWitness,
            MarkAbsent, MoveSeat, Open, OverrideDo, OverrideWitness, PlaceHold, PrepareSeal, Scan, Start,
            WithdrawUsedSeat,
        };
        let may = |who: Option<&OperatorId>, act| {
            who.and_then(|who| self.record.member(who)).is_some_and(|member| allows(member.role, act))
        };
        let op = author.op.as_ref();
        let (right, expected) = match event {
            Event::SessionPlanned(_) | Event::RosterImported(_) | Event::CrewAssigned(_) | Event::DeskJoined(_) => {
                (true, "")
            }
            Event::OperatorSignedIn(e) => {
                (op == Some(&e.op) && self.record.member(&e.op).is_some(), "somebody of the crew, by themselves")
            }
            Event::CandidateAdmitted(_) | Event::AdmissionRefused(_) => {
                (op.is_none() || may(op, Scan), "the chief, a proctor or nobody")
            }
            Event::SessionOpened(_) | Event::SeatDrawSeeded(_) | Event::ReadinessWaived(_) => {
                (may(op, Open), "the chief")
            }
            Event::SeatMoved(_) => (may(op, MoveSeat), "the chief or a proctor"),
            Event::SeatWithdrawn(e) => {
                let used = self.record.seats.holders(&e.room, &e.seat).next().is_some();
                let act = if used { WithdrawUsedSeat } else { MoveSeat };
                (may(op, act), "the chief, or a proctor where nobody sits")
            }
            Event::ReadinessChecked(_) => (may(op, CheckReadiness), "the chief or an admin"),
            Event::SessionStarted(_) => (may(op, Start), "the chief"),
            Event::AbsenceMarked(_) => (may(op, MarkAbsent), "the chief or a proctor"),
            Event::WorkHandedIn(_) => (may(op, HandIn), "the chief or a proctor"),
            Event::MarkEntered(e) => {
                (may(op, EnterMark) && may(Some(&e.scored_by), EnterMark), "an assessor, as given by an assessor")
            }
            Event::SessionClosed(_) => {
                (may(op, CloseDo) && may(author.w.as_ref(), CloseWitness), "the chief, and a proctor as witness")
            }
            Event::ResultsDerived(_) => (may(op, DeriveResults), "the chief"),
            Event::SealPrepared(_) => (may(op, PrepareSeal), "the chief"),
            Event::ManualIdentityTaken(_) => {
                let two = op != author.w.as_ref() && may(op, ManualDo) && may(author.w.as_ref(), ManualWitness);
                (two, "the chief or a proctor, and another one of the crew but an inspector as witness")
            }
            Event::HoldPlaced(_) => (may(op, PlaceHold), "the chief"),
            Event::HoldLifted(_) | Event::ConflictResolved(_) => {
                (may(op, OverrideDo) && may(author.w.as_ref(), OverrideWitness), "the chief, and a proctor as witness")
            }
            Event::ClockAttested(_) => (may(op, Scan), "the chief or a proctor"),
        };
        if right { Ok(()) } else { Err(Breach::Person { expected }) }
    }

    fn figures(&self, event: &Event) -> Result<(), Breach> {
        let right = match event {
            Event::SessionStarted(e) => e.counts == self.counts(),
            // Closing asks for B1 to B3 (rules.md §10), so nobody is inside from then on.
            Event::SessionClosed(e) => e.counts == self.counts() && equations(&e.counts).iter().all(Equation::holds),
            _ => true,
        };
        if right { Ok(()) } else { Err(Breach::Counts) }
    }
}

/// When a fact may be recorded: the states, and the same in words.
fn turns(event: &Event) -> (&'static [State], &'static str) {
    use State::{Closed, Open, Planned, Running};
    match event {
        Event::SessionPlanned(_) => (&[Planned], "SessionPlanned before everything else, once"),
        Event::RosterImported(_) => (&[Planned, Open, Running], "the next revision of the roster, before closing"),
        Event::CrewAssigned(_) => (&[Planned, Open, Running], "one role for each person, before closing"),
        Event::DeskJoined(_) => (&[Planned, Open, Running], "this session joined by this desk, once, before closing"),
        Event::OperatorSignedIn(_)
        | Event::AdmissionRefused(_)
        | Event::ManualIdentityTaken(_)
        | Event::ClockAttested(_) => (&[Planned, Open, Running, Closed], "a session that is planned"),
        Event::SeatDrawSeeded(_) => (&[Open], "a draw when check-in was opened"),
        Event::SeatMoved(_) | Event::SeatWithdrawn(_) => {
            (&[Planned, Open, Running], "another seat, or one out of service, before closing")
        }
        Event::SessionOpened(_) => (&[Planned], "opening once, a planned session, with every red item waived"),
        Event::ReadinessChecked(_) | Event::ReadinessWaived(_) => {
            (&[Planned, Open], "a check of readiness before the start")
        }
        Event::CandidateAdmitted(_) => (&[Open, Running], "an admission between opening and closing"),
        Event::SessionStarted(_) => (&[Open], "the start once, of an open session"),
        Event::WorkHandedIn(_) => (&[Running], "a hand-in between start and closing"),
        Event::AbsenceMarked(_) => (&[Running, Closed], "an absence after the start"),
        Event::MarkEntered(_) => (&[Running, Closed], "a mark after the start"),
        Event::SessionClosed(_) => (&[Running], "closing once, a running session"),
        Event::ResultsDerived(_) => (&[Closed], "results after closing"),
        Event::SealPrepared(_) => (&[Closed], "a seal prepared after closing"),
        Event::HoldPlaced(_) | Event::HoldLifted(_) => (&[Open, Running], "a hold between opening and closing"),
        Event::ConflictResolved(_) => {
            (&[Open, Running, Closed], "an open conflict of the roster settled after opening, with every line of it")
        }
    }
}

#[cfg(test)]
mod tests;
