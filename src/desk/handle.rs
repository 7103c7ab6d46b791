//! Answers to open cases: one proctor confirms, chief and proctor set aside, two people identify by hand (rules.md §6).
//!
//! Every answer judges the matter again with what was said, so that the next reason still shows, and green follows only
//! on a durable line. What the first of two people says stays in memory and dies with the desk.

use super::cases::{CaseId, First, Matter};
use super::commands::Refusal;
use super::effect::{Answer, Effect};
use super::input::{Handling, Identify};
use super::taps::Occasion;
use super::{Desk, Moment, Then};
use crate::domain::admission::{By, Given, Lifter};
use crate::domain::by_hand::{ByHand, LiftReason};
use crate::domain::crew::{Act, allows};
use crate::domain::event::{ClockAttested, ClockMethod, Event, Lift, ManualIdentityTaken};
use crate::domain::ids::{AdmissionNo, Code, DocTag, OperatorId, PaperRef, Salt, SessionNo};
use crate::domain::presented::Presented;
use crate::domain::time::{ClockQuality, Instant};
use std::collections::BTreeMap;
use std::time::Duration;

/// People must have compared so many things before they vouch for somebody.
const CHECKS: usize = 2;

/// What one of two people says about a case: why, the paper that says more, the row chosen.
type Said = (LiftReason, Option<PaperRef>, Option<AdmissionNo>);

impl Desk {
    /// The moment as somebody compared it with the clock of the room, where they did.
    pub(super) fn corrected(&self, moment: Moment) -> Moment {
        let offset = self.held.books.values().find_map(|book| book.record.clock_offset(self.id));
        offset.map_or(moment, |seconds| Moment {
            at: Instant(moment.at.0 + seconds * 1000),
            quality: ClockQuality::Attested,
            ..moment
        })
    }

    pub(super) fn handle_case(
        &mut self,
        id: CaseId,
        handling: Handling,
        op: &OperatorId,
        salt: Salt,
        moment: Moment,
    ) -> Vec<Effect> {
        if self.stopped {
            return vec![Effect::Stopped];
        }
        let at = self.corrected(moment);
        let done = match handling {
            Handling::Confirm(chosen) => self.confirm(id, chosen, op, (salt, at)),
            Handling::First { reason, note, chosen } => self.first(id, (reason, note, chosen), op, at.mono),
            Handling::Second => self.second(id, op, (salt, at)),
            Handling::Clock(shown) => self.attest(id, shown, op, (salt, moment)),
            Handling::Recall => self.recall(id, at.mono),
            Handling::Defer => {
                self.cases.defer(id);
                Ok(vec![Effect::Answer(Answer::PutAside(id))])
            }
            Handling::Drop => {
                self.cases.drop(id);
                Ok(vec![Effect::Answer(Answer::PutAside(id))])
            }
        };
        done.unwrap_or_else(|refusal| not_handled(Some(id), refusal))
    }

    fn recall(&mut self, id: CaseId, mono: Duration) -> Result<Vec<Effect>, Refusal> {
        let mut shown = self.cases.recall(id, mono).ok_or(Refusal::CaseGone)?;
        shown.repeat = true;
        Ok(vec![Effect::Verdict(Box::new(shown))])
    }

    /// The matter of a case as people may answer it now: with the code it was shown with, and whom it takes. What it
    /// comes to may be another by now; then that is shown, and nobody has answered it yet.
    fn matter(&self, id: CaseId, moment: Moment) -> Result<Result<(Matter, Code, Lifter), Matter>, Refusal> {
        let case = self.cases.get(id).ok_or(Refusal::CaseGone)?;
        let (now, _) = self.decide(&case.matter, moment).ok_or(Refusal::NoSession)?;
        if now.code != case.code() {
            return Ok(Err(case.matter.clone()));
        }
        let lifter = now.lifter.ok_or(Refusal::NotSetAside)?;
        Ok(Ok((case.matter.clone(), now.code, lifter)))
    }

    fn confirm(
        &mut self,
        id: CaseId,
        chosen: Option<AdmissionNo>,
        op: &OperatorId,
        (salt, moment): (Salt, Moment),
    ) -> Result<Vec<Effect>, Refusal> {
        let (mut matter, code, lifter) = match self.matter(id, moment)? {
            Ok(matter) => matter,
            Err(changed) => return Ok(self.go_on(id, &changed, (op, None), (salt, moment))),
        };
        match (lifter.by, lifter.given) {
            (By::One, None) => {}
            (By::One, Some(Given::Row)) => self.choose(&mut matter, chosen)?,
            _ => return Err(Refusal::NotSetAside),
        }
        matter.confirmed.push(code);
        self.allowed(&matter, moment, &[(op, Act::Scan)], Refusal::Role)?;
        Ok(self.go_on(id, &matter, (op, None), (salt, moment)))
    }

    fn first(&mut self, id: CaseId, said: Said, op: &OperatorId, mono: Duration) -> Result<Vec<Effect>, Refusal> {
        let (reason, note, chosen) = said;
        let case = self.cases.get(id).ok_or(Refusal::CaseGone)?;
        let lifter = case.lifter().filter(|lifter| lifter.by == By::Two).ok_or(Refusal::NotSetAside)?;
        if reason.needs_note() && note.is_none() {
            return Err(Refusal::NoteMissing);
        }
        let mut matter = case.matter.clone();
        if lifter.given == Some(Given::Row) {
            self.choose(&mut matter, chosen)?;
        }
        let chosen = matter.chosen.clone();
        // Whoever is neither chief nor proctor is told at once; that they are one of each, when both have spoken.
        let book = self.held.books.get(&case.session()).ok_or(Refusal::NoSession)?;
        let role = book.record.member(op).map(|member| member.role).ok_or(Refusal::Role)?;
        if !allows(role, Act::OverrideDo) && !allows(role, Act::OverrideWitness) {
            return Err(Refusal::Role);
        }
        let seconds = book.session.policy.r#override.witness_window_s;
        self.cases.speak(id, Some(First { op: op.clone(), reason, note, chosen, mono }), mono);
        Ok(vec![Effect::Answer(Answer::FirstOfTwo { case: id, op: op.clone(), seconds })])
    }

    fn second(&mut self, id: CaseId, op: &OperatorId, (salt, moment): (Salt, Moment)) -> Result<Vec<Effect>, Refusal> {
        let case = self.cases.get(id).ok_or(Refusal::CaseGone)?;
        let first = case.first.clone().ok_or(Refusal::Witness)?;
        let book = self.held.books.get(&case.session()).ok_or(Refusal::NoSession)?;
        let window = Duration::from_secs(u64::from(book.session.policy.r#override.witness_window_s));
        if moment.mono.saturating_sub(first.mono) > window {
            self.cases.speak(id, None, moment.mono);
            return Err(Refusal::WindowOver);
        }
        let (mut matter, code, lifter) = match self.matter(id, moment)? {
            Ok(matter) => matter,
            Err(changed) => return Ok(self.go_on(id, &changed, (op, None), (salt, moment))),
        };
        if lifter.by != By::Two {
            return Err(Refusal::NotSetAside);
        }
        let chief =
            |who: &OperatorId| book.record.member(who).is_some_and(|member| allows(member.role, Act::OverrideDo));
        let (by, witness) = if chief(&first.op) { (first.op, op.clone()) } else { (op.clone(), first.op) };
        matter.chosen = first.chosen;
        let lift = Lift {
            code,
            by: by.clone(),
            witness: witness.clone(),
            reason: first.reason,
            note: first.note.map(String::from),
        };
        matter.lifts.push(lift);
        let two = [(&by, Act::OverrideDo), (&witness, Act::OverrideWitness)];
        self.allowed(&matter, moment, &two, Refusal::Witness)?;
        Ok(self.go_on(id, &matter, (&by, Some(&witness)), (salt, moment)))
    }

    /// Keeps the row that a person chose: one of those that the document has, or any where it has none.
    fn choose(&self, matter: &mut Matter, chosen: Option<AdmissionNo>) -> Result<(), Refusal> {
        let chosen = chosen.or_else(|| matter.chosen.take()).ok_or(Refusal::NoRow)?;
        self.held.roster.by_cand(&chosen).ok_or(Refusal::NoRow)?;
        matter.chosen = Some(chosen);
        Ok(())
    }

    /// Whether these people may, and are as many, in the session that the matter is decided in.
    fn allowed(
        &self,
        matter: &Matter,
        moment: Moment,
        people: &[(&OperatorId, Act)],
        otherwise: Refusal,
    ) -> Result<(), Refusal> {
        let (_, book) = self.decide(matter, moment).ok_or(Refusal::NoSession)?;
        let may =
            |(who, act): &(&OperatorId, Act)| book.record.member(who).is_some_and(|member| allows(member.role, *act));
        let different = people.iter().enumerate().all(|(i, (who, _))| people.iter().skip(i + 1).all(|(w, _)| w != who));
        if different && people.iter().all(may) { Ok(()) } else { Err(otherwise) }
    }

    fn go_on(
        &mut self,
        id: CaseId,
        matter: &Matter,
        (op, witness): (&OperatorId, Option<&OperatorId>),
        (salt, moment): (Salt, Moment),
    ) -> Vec<Effect> {
        let occasion = Occasion { moment, salt, op: Some(op.clone()), witness: witness.cloned(), case: Some(id) };
        self.judge(matter, &occasion, None)
    }

    /// The desk's clock is behind by what somebody read off the room's; once for all sessions.
    fn attest(
        &mut self,
        id: CaseId,
        shown: Instant,
        op: &OperatorId,
        (salt, moment): (Salt, Moment),
    ) -> Result<Vec<Effect>, Refusal> {
        let case = self.cases.get(id).ok_or(Refusal::CaseGone)?;
        if case.lifter().is_none_or(|lifter| lifter.given != Some(Given::Clock)) {
            return Err(Refusal::NotSetAside);
        }
        let matter = case.matter.clone();
        self.allowed(&matter, moment, &[(op, Act::Scan)], Refusal::Role)?;
        let event: Event =
            ClockAttested { offset_s: shown.second() - moment.at.second(), method: ClockMethod::RoomClock }.into();
        let books = self.held.books.iter().filter(|(_, book)| book.record.takes_lines());
        let events = books.map(|(no, _)| (*no, event.clone())).collect();
        let occasion = Occasion { moment, salt, op: Some(op.clone()), witness: None, case: Some(id) };
        Ok(self.append(events, Some(op), None, moment, Then::Judge(Box::new(matter), occasion)))
    }

    pub(super) fn identify(
        &mut self,
        identity: Identify,
        (op, witness): (OperatorId, OperatorId),
        (tags, salt): (BTreeMap<SessionNo, DocTag>, Salt),
        moment: Moment,
    ) -> Vec<Effect> {
        let Identify { typed, cand, reason, checks, case } = identity;
        if checks.len() < CHECKS {
            return not_handled(case, Refusal::TooFewChecks);
        }
        let (kind, valid_to) = (typed.doc(), typed.last_day);
        let taken = ManualIdentityTaken { cand: cand.clone(), kind, tag: None, valid_to, reason, checks };
        let presented = Presented::ByHand(Box::new(ByHand::Typed(typed)));
        let occasion = Occasion { moment, salt, op: Some(op.clone()), witness: Some(witness.clone()), case };
        let people = [(&op, Act::ManualDo, Refusal::Role), (&witness, Act::ManualWitness, Refusal::Witness)];
        self.vouch(presented, tags, (Some(cand), Some(taken)), &people, &occasion)
    }

    pub(super) fn declare(&mut self, cand: AdmissionNo, op: &OperatorId, salt: Salt, moment: Moment) -> Vec<Effect> {
        if self.held.roster.by_cand(&cand).is_none() {
            return not_handled(None, Refusal::NoRow);
        }
        let presented = Presented::ByHand(Box::new(ByHand::Declared(cand)));
        let occasion = Occasion { moment, salt, op: Some(op.clone()), witness: None, case: None };
        self.vouch(presented, BTreeMap::new(), (None, None), &[(op, Act::ManualDo, Refusal::Role)], &occasion)
    }

    /// Judges what people vouch for, if these may.
    fn vouch(
        &mut self,
        presented: Presented,
        tags: BTreeMap<SessionNo, DocTag>,
        (chosen, typed): (Option<AdmissionNo>, Option<ManualIdentityTaken>),
        people: &[(&OperatorId, Act, Refusal)],
        occasion: &Occasion,
    ) -> Vec<Effect> {
        if self.stopped {
            return vec![Effect::Stopped];
        }
        if !self.unlocked {
            return vec![Effect::AwaitingUnlock];
        }
        let together = self.kept.join(presented, tags, occasion.moment.mono);
        let matter = Matter { chosen, typed, ..Matter::of(&together) };
        let ids: Vec<&OperatorId> = people.iter().map(|(who, ..)| *who).collect();
        if let [one, two] = ids.as_slice()
            && one == two
        {
            return not_handled(occasion.case, Refusal::Witness);
        }
        for (who, act, refusal) in people {
            if let Err(refusal) = self.allowed(&matter, occasion.moment, &[(who, *act)], refusal.clone()) {
                return not_handled(occasion.case, refusal);
            }
        }
        self.judge(&matter, occasion, Some(&together))
    }
}

fn not_handled(case: Option<CaseId>, refusal: Refusal) -> Vec<Effect> {
    vec![Effect::Answer(Answer::NotHandled { case, refusal })]
}
