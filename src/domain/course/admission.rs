//! What the line of an admission has to show of the people who let somebody pass (rules.md §6).
//!
//! A reader knows no roster, so a reason that the line itself does not show, such as a ticket left at home, is believed.
//! What the line shows and nobody set aside, and what was set aside by people who may not, is not.

use super::Breach;
use crate::domain::admission::{By, Given, Lifter, Rule};
use crate::domain::candidate::Hold;
use crate::domain::crew::{Act, allows};
use crate::domain::document::DocKind;
use crate::domain::event::{Author, CandidateAdmitted, Lift, NameMatch, PhotoCheck, Via};
use crate::domain::ids::{AdmissionNo, Code, DeskId, OperatorId, PaperRef};
use crate::domain::policy::{Expired, NameVariant, Photo, Policy, Ticket};
use crate::domain::record::SessionRecord;
use std::collections::BTreeSet;

/// Identities taken by hand so far: where, for whose row, on what kind of document.
pub(super) type Taken = BTreeSet<(DeskId, AdmissionNo, DocKind)>;

/// A line, and what stands before it.
pub(super) struct Line<'a> {
    pub(super) policy: &'a Policy,
    pub(super) record: &'a SessionRecord,
    pub(super) taken: &'a Taken,
    pub(super) author: &'a Author,
    pub(super) event: &'a CandidateAdmitted,
}

impl Line<'_> {
    pub(super) fn check(&self) -> Result<(), Breach> {
        let turns: [(&'static str, bool); 8] = [
            ("reasons that one person may confirm, each once", self.confirmed()),
            (
                "reasons that chief and proctor may set aside, each once, and a paper's number with `other`",
                self.lifted(),
            ),
            ("an identity taken by hand before, or by two people's word, or read", self.identity()),
            ("a name that is the same, or whose difference was set aside", self.name()),
            ("a document that is accepted and valid, or set aside", self.document()),
            ("in time, or set aside", self.in_time()),
            ("face compared and pledge taken where the policy asks for it, and not where it does not", self.asked()),
            ("nobody on whom the chief put a hold that stands", self.free()),
        ];
        if let Some((expected, _)) = turns.into_iter().find(|(_, right)| !right) {
            return Err(Breach::Turn { expected });
        }
        let confirmed = self.event.confirmed.is_empty() || self.author.op.is_some();
        if !confirmed {
            return Err(Breach::Person { expected: "the one who confirmed" });
        }
        if !self.event.lifts.iter().all(|lift| self.two(lift)) {
            return Err(Breach::Person { expected: "the chief, and a proctor as witness, for each reason set aside" });
        }
        Ok(())
    }

    fn lifter(&self, code: Code) -> Option<Lifter> {
        Rule::of(code).and_then(|rule| rule.lift.lifter(self.policy, Some(self.event.doc)))
    }

    fn confirms(&self, code: u8) -> bool {
        self.event.confirmed.contains(&Code(code))
    }

    fn lifts(&self, code: u8) -> bool {
        self.event.lifts.iter().any(|lift| lift.code == Code(code))
    }

    fn confirmed(&self) -> bool {
        let codes: BTreeSet<Code> = self.event.confirmed.iter().copied().collect();
        // A clock is compared in a line of its own.
        let one = |code: &Code| {
            self.lifter(*code).is_some_and(|lifter| lifter.by == By::One && lifter.given != Some(Given::Clock))
        };
        codes.len() == self.event.confirmed.len() && codes.iter().all(one)
    }

    fn lifted(&self) -> bool {
        let codes: BTreeSet<Code> = self.event.lifts.iter().map(|lift| lift.code).collect();
        let two = |code: &Code| self.lifter(*code).is_some_and(|lifter| lifter.by == By::Two);
        // A kept line of old may hold other words; no desk has ever written one.
        let paper = |note: &String| PaperRef::parse(note).is_ok();
        let noted = |lift: &Lift| lift.note.as_ref().map_or(!lift.reason.needs_note(), paper);
        codes.len() == self.event.lifts.len() && codes.iter().all(two) && self.event.lifts.iter().all(noted)
    }

    fn two(&self, lift: &Lift) -> bool {
        let may = |who: &OperatorId, act| self.record.member(who).is_some_and(|member| allows(member.role, act));
        lift.by != lift.witness && may(&lift.by, Act::OverrideDo) && may(&lift.witness, Act::OverrideWitness)
    }

    fn identity(&self) -> bool {
        let event = self.event;
        let of_row = |(desk, cand, doc): &(DeskId, AdmissionNo, DocKind)| {
            // A row that two people chose for a stranger is another than the one they looked up.
            *desk == self.author.desk && *doc == event.doc && (*cand == event.cand || self.lifts(20))
        };
        let by_hand = event.via != Via::Manual || self.taken.iter().any(of_row);
        let declared = (event.via == Via::Declared) == self.lifts(29);
        let permit = event.via != Via::Permit || event.doc == DocKind::HmtResidence;
        by_hand && declared && permit && event.doc.proves_identity()
    }

    fn name(&self) -> bool {
        let found = self.event.name_match;
        let asked = found == NameMatch::Variant && self.policy.documents.name_variant == NameVariant::Proctor;
        (found == NameMatch::Different) == self.lifts(27) && asked == self.confirms(26)
    }

    fn document(&self) -> bool {
        let documents = &self.policy.documents;
        let other_kind = self.event.via != Via::Declared && !documents.accepted.contains(&self.event.doc);
        let expired = self.event.expired.0 && documents.expired != Expired::Accept;
        let ticket = documents.ticket == Ticket::Required || !(self.confirms(15) || self.lifts(28));
        other_kind == self.lifts(12) && expired == self.lifts(17) && ticket
    }

    fn in_time(&self) -> bool {
        let limit = self.policy.admission.late_limit_min * 60;
        (self.event.late_s > limit) == self.lifts(52) && !(self.event.late_s > 0 && self.lifts(51))
    }

    fn asked(&self) -> bool {
        let photo = self.policy.checks.photo == Photo::Proctor;
        photo == self.confirms(70)
            && (self.event.photo == PhotoCheck::Confirmed) == self.confirms(70)
            && self.policy.checks.pledge == self.confirms(71)
    }

    fn free(&self) -> bool {
        let held = |hold| self.record.holds(&self.event.cand, hold, None);
        !held(Hold::Barred) && (!held(Hold::Withdrawn) || self.lifts(31)) && (!held(Hold::Pending) || self.lifts(32))
    }
}
