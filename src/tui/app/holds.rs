//! Holds and conflicts from the screen: what can be done about the person chosen, and doing it once the PIN was right.

use super::super::keymap::Press;
use super::super::screens::{holds, lift};
use super::super::widgets::footer::Rank;
use super::notices::shown_name;
use super::{App, Asked, Place};
use crate::desk::Command;
use crate::domain::candidate::Hold;
use crate::domain::conflict::ConflictId;
use crate::domain::crew::{Act, allows};
use crate::domain::ids::{AdmissionNo, OperatorId};
use crate::store::Operator;
use crate::trust::pin::Pin;

impl App {
    fn seconds(&self) -> Vec<&Operator> {
        let may = |operator: &&Operator| allows(operator.role, Act::OverrideWitness);
        self.desk.gate().operators().iter().filter(may).collect()
    }

    pub(super) fn holds_data(&self, state: &holds::State) -> holds::Data {
        let person = |operator: &Operator| lift::Person {
            masked: shown_name(&operator.masked_name, &operator.op),
            role: operator.role,
        };
        let found = self.found(state.query());
        let ways = state.cand(&found).map(|cand| self.hold_ways(&cand)).unwrap_or_default();
        let mut conflicts: Vec<AdmissionNo> = self
            .served()
            .map(|book| book.record.attendance.conflicts().map(|(cand, _)| cand.clone()).collect())
            .unwrap_or_default();
        conflicts.sort();
        holds::Data { found, ways, conflicts, proctors: self.seconds().into_iter().map(person).collect() }
    }

    fn hold_ways(&self, cand: &AdmissionNo) -> Vec<holds::Way> {
        let Some(book) = self.served() else { return Vec::new() };
        let row = self.desk.desk().roster().by_cand(cand);
        let of_roster = row.and_then(|row| row.identity.as_ref()).and_then(|who| who.hold);
        let record = &book.record;
        let conflicts = record.attendance.conflicts().filter(|(named, kind)| *named == cand && kind.of_roster());
        let settle = conflicts.map(|(_, kind)| holds::Way::Settle(ConflictId { kind, cand: cand.clone() }));
        let hold = |hold: &Hold| {
            if record.holds(cand, *hold, of_roster) { holds::Way::Lift(*hold) } else { holds::Way::Place(*hold) }
        };
        settle.chain(Hold::ALL.iter().map(hold)).collect()
    }

    pub(super) fn holds_key(&mut self, press: Press) {
        let Place::Holds(state) = &self.place else { return };
        let data = self.holds_data(state);
        let seconds: Vec<OperatorId> = self.seconds().into_iter().map(|operator| operator.op.clone()).collect();
        let Some(no) = self.served().map(|book| book.session.plan.no) else { return self.go(Place::Ready) };
        let Place::Holds(state) = &mut self.place else { return };
        let (cand, way, paper, reason, second) = match holds::on_key(state, &data, press) {
            holds::Outcome::Stay => return,
            holds::Outcome::Back => return self.place = Place::Ready,
            holds::Outcome::Do { cand, way, paper, reason, second } => (cand, way, paper, reason, second),
        };
        let command = match (way, paper, reason) {
            (holds::Way::Place(hold), Some(paper), _) => Command::PlaceHold(no, cand, hold, paper),
            (holds::Way::Lift(hold), Some(paper), _) => Command::LiftHold(no, cand, hold, paper),
            (holds::Way::Settle(conflict), _, Some(reason)) => Command::Resolve(no, conflict, reason),
            _ => return,
        };
        let Some((at, pin)) = second else { return self.do_command(command, None) };
        match (seconds.get(at), Pin::parse(pin.secret())) {
            (Some(witness), Ok(pin)) => {
                let ticket = self.desk.check(vec![(witness.clone(), pin)]);
                self.asked.insert(ticket, Asked::Command(Box::new(command)));
            }
            _ => self.say(self.wrong_pin(Rank::Wrong)),
        }
    }
}
