//! The checks before opening: when they are made, what is recorded of them, and opening.

use super::super::policy_words::{sentences, summary};
use super::super::screens::reader;
use super::super::screens::readiness;
use super::super::widgets::footer::{Message, Rank};
use super::{App, Place};
use crate::desk::Command;
use crate::domain::crew::{Act, allows};
use crate::domain::ids::SessionNo;
use crate::domain::readiness::{Fact, Item};
use crate::domain::session::State;
use crate::domain::time::Instant;
use crate::tui::i18n::tr;
use crate::tui::keymap::Press;

/// What was found when somebody looked.
#[derive(Debug)]
pub(super) struct Checks {
    no: SessionNo,
    facts: Vec<Fact>,
    at: Instant,
}

impl App {
    /// The sessions that are to be opened, by their start.
    fn to_open(&self) -> Vec<SessionNo> {
        let mut books: Vec<_> =
            self.desk.desk().books().values().filter(|book| book.record.state == State::Planned).collect();
        books.sort_by_key(|book| (book.session.starts(), book.session.plan.no));
        books.iter().map(|book| book.session.plan.no).collect()
    }

    /// The session that is to be opened: the one on the screen, else the next.
    pub(super) fn to_open_now(&self) -> Option<SessionNo> {
        let planned = self.to_open();
        let shown = self.checks.as_ref().map(|checks| checks.no).filter(|no| planned.contains(no));
        shown.filter(|_| matches!(self.place, Place::Readiness(_))).or_else(|| planned.first().copied())
    }

    /// Whether somebody who may only read or check finds the screen in the menu.
    pub(super) fn may_see_checks(&self) -> bool {
        let sees = |role| allows(role, Act::Open) || allows(role, Act::CheckReadiness) || allows(role, Act::Scan);
        self.acting.as_ref().is_some_and(|acting| sees(acting.role)) && !self.to_open().is_empty()
    }

    pub(super) fn open_readiness(&mut self) {
        match self.to_open().first() {
            Some(no) => {
                self.look_around(*no);
                self.go(Place::Readiness(readiness::State::default()));
            }
            None => self.say(self.nothing_left()),
        }
    }

    /// Looks at everything; the streams are read aside, and what they say follows.
    fn look_around(&mut self, no: SessionNo) {
        self.desk.check_streams(no);
        self.take_checks(no);
    }

    fn take_checks(&mut self, no: SessionNo) {
        let facts = self.desk.readiness(no).map(Vec::from).unwrap_or_default();
        self.checks = Some(Checks { no, facts, at: self.desk.clock().wall().0 });
    }

    /// Something that is checked has changed: what stands on the screen is looked at again.
    pub(super) fn checks_changed(&mut self) {
        if let (Place::Readiness(_), Some(no)) = (&self.place, self.checks.as_ref().map(|checks| checks.no)) {
            self.take_checks(no);
        }
    }

    pub(super) fn readiness_data(&self) -> Option<readiness::Data> {
        let checks = self.checks.as_ref()?;
        let book = self.desk.desk().books().get(&checks.no).filter(|book| book.record.state == State::Planned)?;
        let plan = &book.session.plan;
        let (policy, texts) = (&book.session.policy, &self.texts);
        let planned = self.to_open();
        let age = (self.desk.clock().wall().0.0 - checks.at.0) / 1000;
        Some(readiness::Data {
            session: format!("{} {} {}", plan.no, plan.certificate, plan.level.zh()),
            facts: checks.facts.clone(),
            waived: Item::ALL.into_iter().filter(|item| book.record.has_waived(*item)).collect(),
            checked: Some((checks.at, u64::try_from(age).unwrap_or(0))),
            place: planned.iter().position(|no| *no == checks.no).map_or(1, |at| at + 1),
            planned: planned.len(),
            brief: summary(policy, texts),
            rules: sentences(policy, texts),
            chief: self.acting.as_ref().is_some_and(|acting| allows(acting.role, Act::Open)),
        })
    }

    pub(super) fn readiness_key(&mut self, press: Press) {
        let (Some(data), Some(no)) = (self.readiness_data(), self.checks.as_ref().map(|checks| checks.no)) else {
            return self.go(Place::Ready);
        };
        let Place::Readiness(state) = &mut self.place else { return };
        match readiness::on_key(state, &data, press) {
            readiness::Outcome::Stay => {}
            readiness::Outcome::Back => self.place = Place::Ready,
            readiness::Outcome::Check => {
                self.look_around(no);
                if self.acting.as_ref().is_some_and(|acting| allows(acting.role, Act::CheckReadiness)) {
                    self.do_command(Command::CheckReadiness(no), None);
                }
            }
            readiness::Outcome::Diagnose => self.go(Place::Reader(reader::State::default())),
            readiness::Outcome::Waive(item, reason) => self.do_command(Command::Waive(no, item, reason), None),
            readiness::Outcome::Open => self.ask_open(),
            readiness::Outcome::OnlyChief => {
                self.say(self.hint(|look| tr!(look, "check-waive-only-chief")));
            }
            readiness::Outcome::NotRed => {
                self.say(self.hint(|look| tr!(look, "check-waive-not-red")));
            }
            readiness::Outcome::Beside(by) => {
                let planned = self.to_open();
                let at = planned.iter().position(|other| *other == no).unwrap_or(0);
                let len = isize::try_from(planned.len()).unwrap_or(1);
                let next = isize::try_from(at).unwrap_or(0).saturating_add(by).rem_euclid(len.max(1));
                if let Some(next) = usize::try_from(next).ok().and_then(|next| planned.get(next)) {
                    self.look_around(*next);
                }
            }
        }
    }

    fn hint(&self, words: impl FnOnce(&super::Look<'_>) -> String) -> Message {
        Message { rank: Rank::Wrong, code: None, text: self.with_look(words) }
    }
}
