//! Answers to open cases from the screen: one key, a row, two PINs one after the other, an identity typed.

use super::super::keymap::Press;
use super::super::screens::roster::{self, Query};
use super::super::screens::{clock, lift, manual, verdict};
use super::super::widgets::footer::Rank;
use super::super::widgets::pick;
use super::notices::shown_name;
use super::roster::open_people;
use super::{App, Asked, Overlay, Place};
use crate::desk::{Answer, Case, CaseId, Handling, Identify, Refusal};
use crate::domain::admission::{By, Given};
use crate::domain::by_hand::LiftReason;
use crate::domain::crew::{Act, allows};
use crate::domain::ids::{AdmissionNo, Code, OperatorId, PaperRef};
use crate::domain::policy::Forgotten;
use crate::domain::time::Instant;
use crate::store::Operator;
use crate::trust::pin::Pin;

/// What the first person of two says, while the PIN is checked.
#[derive(Debug)]
pub(super) struct First {
    reason: LiftReason,
    note: Option<PaperRef>,
    chosen: Option<AdmissionNo>,
}

/// Reasons for which people may type the document instead: it was not read, or not taken.
const BY_HAND: [Code; 6] = [Code(10), Code(11), Code(12), Code(16), Code(17), Code(20)];

impl App {
    /// What a person can do about the verdict in front, as long as it is open.
    pub(super) fn ways(&self, case: &Case) -> verdict::Open {
        let desk = self.desk.desk();
        let mut ways = Vec::new();
        let mut rows = Vec::new();
        match case.lifter().map(|lifter| (lifter.by, lifter.given)) {
            Some((By::One, None)) => ways.push(verdict::Way::Confirm),
            Some((By::One, Some(Given::Row))) => rows = self.choices(case),
            Some((By::One, Some(Given::Clock))) => ways.push(verdict::Way::Clock),
            Some((By::Two, _)) => ways.push(verdict::Way::Lift),
            Some((By::One, Some(Given::Seat)) | (By::Hand, _)) | None => {}
        }
        if BY_HAND.contains(&case.code()) {
            ways.push(verdict::Way::ByHand);
        }
        let differ = [Code(26), Code(27)].contains(&case.code()) && !self.faces_candidates;
        let row = case.cand().and_then(|cand| desk.roster().by_cand(cand)).and_then(|row| row.identity.as_ref());
        let names = row.filter(|_| differ).zip(case.names().first().copied());
        let names = names.map(|(who, on_card)| (who.name.as_str().to_owned(), on_card.to_owned()));
        let picked = self.showing.as_ref().and_then(|showing| showing.picked);
        verdict::Open { ways, rows, names, picked }
    }

    fn choices(&self, case: &Case) -> Vec<verdict::Choice> {
        let desk = self.desk.desk();
        let rows = desk.choices(case).into_iter();
        let choice = |row: crate::domain::roster::Entry| verdict::Choice {
            place: row.seat.as_ref().map_or_else(|| row.room.to_string(), |seat| format!("{}-{seat}", row.room)),
            session: self.session_word(row.session),
            certificate: desk
                .books()
                .get(&row.session)
                .map(|book| book.session.plan.certificate.clone())
                .unwrap_or_default(),
            number: row.cand,
        };
        rows.map(choice).collect()
    }

    /// The open case of the verdict in front.
    pub(super) fn case_in_front(&self) -> Option<&Case> {
        let case = self.showing.as_ref()?.shown.case?;
        self.desk.desk().case(case)
    }

    pub(super) fn case_key(&mut self, press: Press) {
        let Some(case) = self.case_in_front() else { return self.place = Place::Ready };
        let (id, open) = (case.id(), self.ways(case));
        match verdict::on_case_key(&open, press) {
            verdict::CaseOutcome::Stay => {}
            verdict::CaseOutcome::Defer => self.handle(id, Handling::Defer),
            verdict::CaseOutcome::Confirm => self.handle(id, Handling::Confirm(None)),
            verdict::CaseOutcome::Choose(n) => {
                let chosen = open.rows.get(n).map(|row| row.number.clone());
                self.handle(id, Handling::Confirm(chosen));
            }
            verdict::CaseOutcome::Pick(n) => {
                if let Some(showing) = &mut self.showing {
                    showing.picked = Some(n);
                }
            }
            verdict::CaseOutcome::Lift => self.overlay = Some(Overlay::Lift(id, lift::State::default())),
            verdict::CaseOutcome::ByHand => self.open_manual(Some(id)),
            verdict::CaseOutcome::Clock => self.attest(id),
        }
    }

    pub(super) fn handle(&mut self, case: CaseId, handling: Handling) {
        let Some(op) = self.acting.as_ref().map(|acting| acting.op.clone()) else { return };
        let notices = self.desk.handle(case, handling, op);
        self.take(notices);
    }

    fn attest(&mut self, case: CaseId) {
        self.overlay = Some(Overlay::Clock(case, clock::State::default()));
    }

    pub(super) fn clock_key(&mut self, case: CaseId, mut state: clock::State, press: Press) {
        match clock::on_key(&mut state, press) {
            clock::Outcome::Stay => self.overlay = Some(Overlay::Clock(case, state)),
            clock::Outcome::Back => {}
            clock::Outcome::Shows(time) => {
                let today = self.desk.clock().wall().0.date();
                self.handle(case, Handling::Clock(Instant::at(today, time)));
            }
        }
    }

    /// Whoever may speak for a lift, in the order drawn.
    fn speakers(&self) -> Vec<&Operator> {
        let may = |operator: &&Operator| {
            allows(operator.role, Act::OverrideDo) || allows(operator.role, Act::OverrideWitness)
        };
        self.desk.gate().operators().iter().filter(may).collect()
    }

    pub(super) fn lift_data(&self, id: CaseId, state: &lift::State) -> Option<lift::Data> {
        let case = self.desk.desk().case(id)?;
        let speakers = self.speakers();
        let position = |op: &OperatorId| speakers.iter().position(|operator| operator.op == *op);
        let person = |operator: &&Operator| lift::Person {
            masked: shown_name(&operator.masked_name, &operator.op),
            role: operator.role,
        };
        let rows = case.lifter().is_some_and(|lifter| lifter.given == Some(Given::Row));
        let told = self.told(case.shown());
        Some(lift::Data {
            code: case.code(),
            headline: self.with_look(|look| super::super::sayings::admission(case.code(), &told, look).next),
            found: rows.then(|| self.found(state.query())),
            people: speakers.iter().map(person).collect(),
            acting: self.acting.as_ref().and_then(|acting| position(&acting.op)),
            first: case.first().and_then(position),
        })
    }

    pub(super) fn lift_key(&mut self, id: CaseId, mut state: lift::State, press: Press) {
        let Some(data) = self.lift_data(id, &state) else { return };
        let speakers: Vec<OperatorId> = self.speakers().into_iter().map(|operator| operator.op.clone()).collect();
        let (person, pin, asked) = match lift::on_key(&mut state, &data, press) {
            lift::Outcome::Stay => return self.overlay = Some(Overlay::Lift(id, state)),
            lift::Outcome::Back => return,
            lift::Outcome::First { reason, note, chosen, person, pin } => {
                (person, pin, Asked::First(id, First { reason, note, chosen }))
            }
            lift::Outcome::Second { person, pin } => (person, pin, Asked::Second(id)),
        };
        self.overlay = Some(Overlay::Lift(id, state));
        match (speakers.get(person), Pin::parse(pin.secret())) {
            (Some(op), Ok(pin)) => {
                let ticket = self.desk.check(vec![(op.clone(), pin)]);
                self.asked.insert(ticket, asked);
            }
            _ => self.say(self.wrong_pin(Rank::Wrong)),
        }
    }

    /// The first person's PIN was right.
    pub(super) fn first_spoke(&mut self, case: CaseId, first: First, op: OperatorId) {
        let First { reason, note, chosen } = first;
        let notices = self.desk.handle(case, Handling::First { reason, note, chosen }, op);
        self.take(notices);
    }

    /// The second person's PIN was right.
    pub(super) fn second_spoke(&mut self, case: CaseId, op: OperatorId) {
        let notices = self.desk.handle(case, Handling::Second, op);
        self.take(notices);
    }

    /// What the desk says about a case.
    pub(super) fn case_answer(&mut self, answer: Answer) {
        match answer {
            Answer::FirstOfTwo { seconds, .. } => {
                if let Some(Overlay::Lift(_, state)) = &mut self.overlay {
                    state.ask_again();
                }
                self.say(self.second_awaited(seconds));
            }
            Answer::PutAside(_) => {
                self.showing = None;
                if matches!(self.place, Place::Verdict) {
                    self.place = Place::Ready;
                }
                self.say(self.put_aside());
            }
            Answer::NotHandled { refusal, .. } => {
                if let Some(Overlay::Lift(_, state)) = &mut self.overlay {
                    state.ask_again();
                    if refusal == Refusal::CaseGone {
                        self.overlay = None;
                    }
                }
                self.say(self.refused_command(&refusal));
            }
            Answer::Done { .. } | Answer::SignedIn { .. } | Answer::Refused { .. } => {}
        }
    }

    pub(super) fn found(&self, query: &str) -> Vec<roster::Row> {
        let (Some((_, index)), Some(book)) = (&self.index, self.viewed()) else { return Vec::new() };
        if query.is_empty() {
            return Vec::new();
        }
        let hits = self.search_in(index, &Query::parse(query), book).rows;
        let open = open_people(book);
        hits.iter().take(pick::SIGHT).filter_map(|hit| self.roster_row(book, *hit, &open)).collect()
    }

    /// 3.12, with the row that stands in front.
    pub(super) fn open_manual(&mut self, case: Option<CaseId>) {
        let cand = case.and_then(|id| self.desk.desk().case(id)).and_then(|case| case.cand());
        let state = cand.map_or_else(manual::State::default, |cand| manual::State::of(cand.as_str()));
        self.go(Place::Manual(Box::new(state), case));
    }

    /// Whoever may be the second person: anybody of the crew but the inspector, and not the one who acts.
    fn witnesses(&self) -> Vec<&Operator> {
        let acting = self.acting.as_ref().map(|acting| &acting.op);
        let may = |operator: &&Operator| allows(operator.role, Act::ManualWitness) && Some(&operator.op) != acting;
        self.desk.gate().operators().iter().filter(may).collect()
    }

    pub(super) fn manual_data(&self, state: &manual::State) -> manual::Data {
        let policy = self.served().map(|book| &book.session.policy.documents);
        let person = |operator: &Operator| lift::Person {
            masked: shown_name(&operator.masked_name, &operator.op),
            role: operator.role,
        };
        manual::Data {
            found: self.found(state.query()),
            accepted: policy.map(|documents| documents.accepted.clone()).unwrap_or_default(),
            forgotten: policy.is_some_and(|documents| documents.forgotten == Forgotten::Override),
            acting: self.acting.as_ref().map(|acting| acting.masked.clone()).unwrap_or_default(),
            people: self.witnesses().into_iter().map(person).collect(),
        }
    }

    pub(super) fn manual_key(&mut self, press: Press) {
        let Place::Manual(state, case) = &self.place else { return };
        let (data, case) = (self.manual_data(state), *case);
        let witnesses: Vec<OperatorId> = self.witnesses().into_iter().map(|operator| operator.op.clone()).collect();
        let Some(op) = self.acting.as_ref().map(|acting| acting.op.clone()) else { return };
        let Place::Manual(state, _) = &mut self.place else { return };
        match manual::on_key(state, &data, press) {
            manual::Outcome::Stay => {}
            manual::Outcome::Back => self.place = Place::Ready,
            manual::Outcome::Declare(cand) => {
                self.place = Place::Ready;
                let notices = self.desk.declare(cand, op);
                self.take(notices);
            }
            manual::Outcome::Identify { typed, cand, reason, checks, person, pin } => {
                let identity = Identify { typed, cand, reason, checks, case };
                match (witnesses.get(person), Pin::parse(pin.secret())) {
                    (Some(witness), Ok(pin)) => {
                        let ticket = self.desk.check(vec![(witness.clone(), pin)]);
                        self.asked.insert(ticket, Asked::Identify(Box::new(identity)));
                    }
                    _ => self.say(self.wrong_pin(Rank::Wrong)),
                }
            }
        }
    }

    /// The second person's PIN was right: the form has done its work.
    pub(super) fn identified(&mut self, identity: Identify, witness: OperatorId) {
        let Some(op) = self.acting.as_ref().map(|acting| acting.op.clone()) else { return };
        if matches!(self.place, Place::Manual(..)) {
            self.place = Place::Ready;
        }
        let notices = self.desk.identify(identity, op, witness);
        self.take(notices);
    }
}
