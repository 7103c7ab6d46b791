//! One person and their history (screens.md, 3.11), and everybody who waits for somebody (3.32).

use super::super::screens::detail::{self, Line, What};
use super::super::screens::{pending, seatmap};
use super::data::certificate;
use super::roster::{open_people, standing};
use super::{App, Place};
use crate::desk::Handling;
use crate::domain::attendance::Attendance;
use crate::domain::candidate::Sitting;
use crate::domain::crew::Act;
use crate::domain::event::{Event, Recorded};
use crate::domain::ids::{AdmissionNo, SessionNo};
use crate::domain::session::State;
use crate::tui::keymap::Press;
use std::collections::BTreeSet;

/// A line of the journal as the glass shows it; marks of a named person are shown nowhere.
fn line(recorded: &Recorded) -> Option<Line> {
    let desk = recorded.author.desk;
    let what = match &recorded.event {
        Event::CandidateAdmitted(e) => What::Admitted(desk, e.via),
        Event::AdmissionRefused(e) => What::TurnedAway(desk, e.code),
        Event::SeatMoved(e) => What::Moved(e.to.clone(), e.reason),
        Event::WorkHandedIn(_) => What::HandedIn,
        Event::AbsenceMarked(e) => What::Absent(e.reason),
        Event::MarkEntered(_) => return None,
        other => What::Other(crate::domain::catalogue::Fact::kind(other).to_owned()),
    };
    Some(Line { at: recorded.at, what, seq: recorded.seq })
}

impl App {
    /// Everything about somebody; the journal is looked through meanwhile.
    pub(super) fn open_detail(&mut self, no: SessionNo, cand: AdmissionNo) {
        self.desk.history(no, &cand);
        self.history = None;
        self.go(Place::Detail(no, cand, detail::State::default()));
    }

    /// What the journal said, if it is still what is looked at.
    pub(super) fn take_history(&mut self, cand: &AdmissionNo, lines: &[Recorded]) {
        if matches!(&self.place, Place::Detail(_, shown, _) if shown == cand) {
            self.history = Some(lines.iter().filter_map(line).collect());
        }
    }

    /// Something was stored: whoever is looked at may have a line more.
    pub(super) fn refresh_history(&self) {
        if let Place::Detail(no, cand, _) = &self.place {
            self.desk.history(*no, cand);
        }
    }

    pub(super) fn detail_data(&self, no: SessionNo, cand: &AdmissionNo) -> Option<detail::Data> {
        let desk = self.desk.desk();
        let book = desk.books().get(&no)?;
        let entry = desk.roster().by_cand(cand).filter(|entry| entry.counts_in(no))?;
        let who = entry.identity.as_ref()?;
        let state = book.record.attendance.of(cand);
        let seated = book.record.state < State::Closed && !matches!(state, Attendance::Submitted(..));
        Some(detail::Data {
            name: self.glass_name(who),
            initials: self.initials_of(cand),
            number: cand.clone(),
            document: who.doc_kind.chinese().to_owned(),
            id_tail: who.doc_tail().to_owned(),
            place: desk.place_of(book, entry),
            session: format!("{} {}", self.session_word(no), certificate(book)),
            standing: standing(state),
            open: open_people(book).contains(cand),
            resit: who.sitting == Sitting::Resit,
            hold: who.hold,
            history: self.history.clone(),
            moves: seated && self.may(Act::MoveSeat),
        })
    }

    pub(super) fn detail_key(&mut self, no: SessionNo, cand: &AdmissionNo, press: Press) {
        let Some(data) = self.detail_data(no, cand) else { return self.go_home() };
        let Place::Detail(_, _, state) = &mut self.place else { return };
        match detail::on_key(state, &data, press) {
            detail::Outcome::Stay => {}
            detail::Outcome::Back => self.go(Place::Roster),
            detail::Outcome::Other(by) => self.open_neighbour(cand, by),
            detail::Outcome::Seat => {
                self.viewed = Some(no);
                self.go(Place::SeatMap(seatmap::State::default()));
                self.show_seat(cand);
            }
            detail::Outcome::Move => {
                self.viewed = Some(no);
                self.move_somebody(cand);
            }
        }
    }

    /// The person before or after somebody among those whom the search found.
    fn open_neighbour(&mut self, cand: &AdmissionNo, by: isize) {
        let found = self.roster_data().rows;
        let at = found.iter().position(|row| row.number == *cand);
        let next = at.and_then(|at| at.checked_add_signed(by)).and_then(|at| found.get(at));
        let no = self.viewed().map(|book| book.session.plan.no);
        if let (Some(row), Some(no)) = (next, no) {
            let next = row.number.clone();
            self.open_detail(no, next);
        }
    }

    /// Everything open in the sessions that are not sealed: conflicts first, then the longest waiting.
    pub(super) fn pending_cases(&self) -> Vec<pending::Case> {
        let desk = self.desk.desk();
        let (now, mono) = (self.desk.clock().wall().0, self.desk.clock().mono());
        let mut cases: Vec<pending::Case> = desk
            .pending(mono)
            .map(|case| pending::Case {
                kind: pending::Kind::TurnedAway(case.code()),
                age_s: i64::try_from(case.age(mono).as_secs()).ok(),
                session: case.session(),
                masked: case.who().map(|who| who.masked.clone()).unwrap_or_default(),
                number: case.cand().cloned(),
                desk: Some(desk.id()),
                case: Some(case.id()),
            })
            .collect();
        let kept: BTreeSet<AdmissionNo> = cases.iter().filter_map(|case| case.number.clone()).collect();
        for (no, book) in desk.books().iter().filter(|(_, book)| book.record.state < State::Sealed) {
            let masked = |cand: &AdmissionNo| {
                let who = desk.roster().by_cand(cand).and_then(|entry| entry.identity.as_ref());
                who.map(|who| who.name.masked()).unwrap_or_default()
            };
            let case = |kind, cand: &AdmissionNo, age_s, desk| pending::Case {
                kind,
                age_s,
                session: *no,
                masked: masked(cand),
                number: Some(cand.clone()),
                desk,
                case: None,
            };
            for (cand, kind) in book.record.conflicts() {
                cases.push(case(pending::Kind::Conflict(kind), cand, None, None));
            }
            // Refusals, and cases that a restart has forgotten.
            for (cand, turned) in book.record.waiting().filter(|(cand, _)| !kept.contains(cand)) {
                let age = now.second() - turned.at.second();
                cases.push(case(pending::Kind::TurnedAway(turned.code), cand, Some(age), Some(turned.desk)));
            }
        }
        cases.sort_by_key(|case| (case.age_s.is_some(), std::cmp::Reverse(case.age_s)));
        cases
    }

    pub(super) fn pending_key(&mut self, press: Press) {
        let cases = self.pending_cases();
        let Place::Pending(state) = &mut self.place else { return };
        match pending::on_key(state, &cases, press) {
            pending::Outcome::Stay => {}
            pending::Outcome::Back => self.go_home(),
            pending::Outcome::Recall(id) => {
                self.go_home();
                self.handle(id, Handling::Recall);
            }
            pending::Outcome::Open(no, cand) => {
                self.viewed = Some(no);
                self.search();
                self.open_detail(no, cand);
            }
        }
    }
}
