//! From a key to what it does: first what means the same everywhere, then the overlay, then the screen.

use super::super::keymap::{Action, Press, ScreenId};
use super::super::screens::fault;
use super::super::screens::lock::Why;
use super::super::screens::{
    close, confirm, help, legend, menu, pending, ready, results, rooms, scoring, unlock, verdict,
};
use super::{App, Asked, Overlay, Place};
use crate::demo::conductor::{Cue, Played};
use crate::desk::Command;
use crate::domain::crew::Role;
use crate::domain::event::SignInReason;
use crate::domain::ids::{PartId, SessionNo};
use crate::domain::record::SessionBook;
use crate::domain::session::State;
use crate::trust::pin::Pin;
use crossterm::event::KeyEvent;

impl App {
    /// Takes one key press.
    pub fn on_key(&mut self, key: KeyEvent) {
        self.touched = self.now;
        let screen = self.screen();
        let (keys, ..) = self.look();
        match keys.resolve(screen, &mut self.prefix, key) {
            Press::Do(action) if self.everywhere(action, screen) => {}
            press => self.press(press),
        }
        self.refresh();
    }

    /// Keys that mean the same on every screen; says whether it was one.
    fn everywhere(&mut self, action: Action, screen: ScreenId) -> bool {
        match action {
            Action::Language => self.texts.switch(self.texts.lang().other()),
            Action::Redraw => self.redraw = true,
            Action::Lock => self.lock(Why::Asked),
            Action::Help if screen != ScreenId::Help => self.overlay = Some(Overlay::Help(help::State::default())),
            Action::Menu if screen != ScreenId::Menu => {
                self.overlay = Some(Overlay::Menu(menu::State::default(), self.menu_items()));
            }
            Action::Legend if screen != ScreenId::Legend && self.demo.is_some() => self.overlay = Some(Overlay::Legend),
            Action::Help | Action::Menu | Action::Legend => self.overlay = None,
            Action::Home => self.go_home(),
            Action::Roster => self.open_roster(None),
            Action::SeatMap => self.open_seat_map(),
            Action::Pending => self.go(Place::Pending(pending::State::default())),
            Action::Scoring => self.open_scoring(),
            _ => return false,
        }
        true
    }

    pub(super) fn go(&mut self, place: Place) {
        self.overlay = None;
        self.place = if self.stop.is_some() { Place::Fault } else { place };
    }

    fn press(&mut self, press: Press) {
        match self.overlay.take() {
            Some(overlay) => self.overlay_key(overlay, press),
            None => self.place_key(press),
        }
    }

    fn overlay_key(&mut self, overlay: Overlay, press: Press) {
        match overlay {
            Overlay::Help(mut state) => {
                if help::on_key(&mut state, press) == help::Outcome::Stay {
                    self.overlay = Some(Overlay::Help(state));
                }
            }
            Overlay::Menu(mut state, items) => match menu::on_key(&mut state, &items, press) {
                menu::Outcome::Stay => self.overlay = Some(Overlay::Menu(state, items)),
                menu::Outcome::Back => {}
                menu::Outcome::Choose(item) => self.choose(item),
            },
            Overlay::Confirm(data, mut state) => match confirm::on_key(&mut state, &data, press) {
                confirm::Outcome::Stay => self.overlay = Some(Overlay::Confirm(data, state)),
                confirm::Outcome::Back => {}
                confirm::Outcome::Yes { pin, passphrase, session } => {
                    let pin = pin.as_ref().map(super::super::widgets::field::Pin::secret);
                    let passphrase = passphrase.as_ref().map(super::super::widgets::field::Passphrase::secret);
                    self.target = session;
                    self.confirmed(data.act, pin, passphrase);
                    self.target = None;
                }
            },
            Overlay::Lock(state, why) => self.lock_key(state, why, press),
            Overlay::Lift(case, state) => self.lift_key(case, state, press),
            Overlay::Clock(case, state) => self.clock_key(case, state, press),
            Overlay::Legend => match legend::on_key(press) {
                legend::Outcome::Stay => self.overlay = Some(Overlay::Legend),
                legend::Outcome::Back => {}
                legend::Outcome::Play(cue) => self.play(cue),
            },
        }
    }

    fn play(&mut self, cue: Cue) {
        let Some(conductor) = &mut self.demo else { return };
        match conductor.play(cue, self.desk.desk()) {
            Played::Yes => {}
            Played::Over => return self.say(self.nothing_left()),
            Played::Yours => return self.say(self.yours()),
        }
        let notices = conductor.go_on(self.now, &mut self.desk);
        self.take(notices);
    }

    fn place_key(&mut self, press: Press) {
        if self.under() == ScreenId::Case {
            return self.case_key(press);
        }
        match &mut self.place {
            Place::Unlock(_) => self.unlock_key(press),
            Place::Ready => {
                if let ready::Outcome::Search(first) = ready::on_key(press) {
                    self.open_roster(first);
                }
            }
            Place::Manual(..) => self.manual_key(press),
            Place::Holds(_) => self.holds_key(press),
            Place::Verdict => match verdict::on_key(press) {
                verdict::Outcome::Stay => {}
                verdict::Outcome::Back => self.place = Place::Ready,
                verdict::Outcome::Search(first) => self.open_roster(Some(first)),
            },
            Place::Roster => self.roster_key(press),
            Place::Detail(no, cand, _) => {
                let (no, cand) = (*no, cand.clone());
                self.detail_key(no, &cand, press);
            }
            Place::SeatMap(_) => self.seat_map_key(press),
            Place::Pending(_) => self.pending_key(press),
            Place::Rooms(task, _) => {
                let task = *task;
                let data = self.rooms_data(task);
                self.rooms_key(&data, press);
            }
            Place::Close(_) => self.close_key(press),
            Place::Scoring(no, part) => {
                let (no, part) = (*no, part.clone());
                self.scoring_key(no, &part, press);
            }
            Place::Results(state) => {
                let Some(data) = &self.results else { return };
                match results::on_key(state, data, press) {
                    results::Outcome::Stay => {}
                    results::Outcome::Back => self.go_home(),
                    results::Outcome::NextSession => {
                        *state = results::State::default();
                        let past = |book: &SessionBook| matches!(book.record.state, State::Running | State::Closed);
                        self.turn_session(true, past);
                    }
                }
            }
            Place::Checklist => self.checklist_key(press),
            Place::Sign => self.sign_key(press),
            Place::Sealing => self.sealing_key(press),
            Place::Sealed => self.sealed_key(press),
            Place::Reader(_) => self.reader_key(press),
            Place::Readiness(_) => self.readiness_key(press),
            Place::Import(_) => self.import_key(press),
            Place::Fault => {
                if fault::on_key(press) == fault::Outcome::Retry
                    && let Some(stop) = &mut self.stop
                {
                    stop.retrying = true;
                    self.desk.reopen();
                }
            }
        }
    }

    fn unlock_key(&mut self, press: Press) {
        let data = self.unlock_data();
        let Place::Unlock(state) = &mut self.place else { return };
        if press == Press::Do(Action::Back) && state.is_untouched() && self.acting.is_some() {
            return self.go(Place::Ready);
        }
        let unlock::Outcome::SignIn { person, pin } = unlock::on_key(state, &data, press) else { return };
        let op = self.desk.gate().operators().get(person).map(|operator| operator.op.clone());
        match (op, Pin::parse(pin.secret())) {
            (Some(op), Ok(pin)) => {
                let why = if self.acting.is_some() { SignInReason::Switch } else { SignInReason::Start };
                self.sign_in(op, pin, why);
            }
            _ => state.refuse(),
        }
    }

    fn rooms_key(&mut self, data: &rooms::Data, press: Press) {
        let Place::Rooms(_, state) = &mut self.place else { return };
        match rooms::on_key(state, data, press) {
            rooms::Outcome::Stay => {}
            rooms::Outcome::Back => self.go_home(),
            rooms::Outcome::NextSession => self.turn_session(true, |book| book.record.state == State::Running),
            rooms::Outcome::Choose(room) => {
                let people = data.rooms.iter().find(|left| left.room == room).map_or(0, |left| left.people);
                let act = match data.task {
                    rooms::Task::Absent => confirm::Act::Absent { room, people },
                    rooms::Task::Collect => confirm::Act::Collect { room, people },
                };
                self.ask(act, false);
            }
        }
    }

    fn close_key(&mut self, press: Press) {
        let Some((no, data, proctors)) = self.close_data() else { return self.go(Place::Ready) };
        let Place::Close(state) = &mut self.place else { return };
        match close::on_key(state, &data, press) {
            close::Outcome::Stay => {}
            close::Outcome::Back => self.go_home(),
            close::Outcome::Turn { forward } => {
                state.expire();
                self.turn_session(forward, |book| book.record.state == State::Running);
            }
            close::Outcome::Close { proctor, chief_pin, proctor_pin } => {
                let chief = self.acting.as_ref().map(|acting| acting.op.clone());
                let pins = (Pin::parse(chief_pin.secret()), Pin::parse(proctor_pin.secret()));
                match (chief, proctors.get(proctor), pins) {
                    (Some(chief), Some(witness), (Ok(first), Ok(second))) => {
                        let ticket = self.desk.check(vec![(chief, first), (witness.clone(), second)]);
                        self.asked.insert(ticket, Asked::Close(no));
                    }
                    _ => state.expire(),
                }
            }
        }
    }

    fn scoring_key(&mut self, no: SessionNo, part: &PartId, press: Press) {
        let Some(data) = self.scoring_data(no, part) else { return self.go(Place::Ready) };
        let state = self.scoring.entry((no, part.clone())).or_insert_with(|| scoring::State::new(&data));
        match scoring::on_key(state, &data, press) {
            scoring::Outcome::Stay => {}
            scoring::Outcome::Back => self.place = Place::Ready,
            scoring::Outcome::Save { number, mark, zero_reason } => {
                self.do_command(Command::EnterMark(no, number, part.clone(), mark, zero_reason), None);
            }
        }
    }

    /// Opens mark entry at the first part with marks to give; from mark entry it goes to the next part.
    pub(super) fn open_scoring(&mut self) {
        if self.acting.as_ref().is_none_or(|acting| acting.role != Role::Assessor) {
            return;
        }
        let current = match &self.place {
            Place::Scoring(_, part) => Some(part.clone()),
            _ => None,
        };
        match self.part_to_mark(current.as_ref()) {
            Some((no, part)) => self.go(Place::Scoring(no, part)),
            None => self.say(self.nothing_to_mark()),
        }
    }

    pub(super) fn ask(&mut self, act: confirm::Act, pin: bool) {
        let (sessions, chosen) = self.sessions_for(&act);
        let data = confirm::Data { act, pin, passphrase: false, demo_passphrase: None, sessions };
        self.overlay = Some(Overlay::Confirm(data, confirm::State::at(chosen)));
    }
}
