//! The menu: what this person may do now, and doing it once it is confirmed.

use super::super::screens::{close, confirm, menu, reader, results, rooms, unlock};
use super::super::widgets::footer::Rank;
use super::{App, Asked, Overlay, Place};
use crate::desk::Command;
use crate::domain::crew::{Act, Role, allows};
use crate::domain::ids::SessionNo;
use crate::domain::session::{Mode, State};
use crate::runtime::results::derive;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use menu::Item;

impl App {
    pub(super) fn may(&self, act: Act) -> bool {
        self.acting.as_ref().is_some_and(|acting| allows(acting.role, act))
    }

    /// The diagnosis is for whoever stands at the desk or answers for it (screens.md, 3.28).
    fn may_diagnose(&self) -> bool {
        self.acting.as_ref().is_some_and(|acting| matches!(acting.role, Role::Chief | Role::Proctor))
    }

    /// Items for this role in the states that sessions are in; the others are not drawn.
    pub(super) fn menu_items(&self) -> Vec<Item> {
        if self.stop.is_some() {
            // Nothing can be written; only leaving means anything.
            let quit = self.about.mode == Mode::Demo || self.may(Act::CloseDo);
            return [Item::Language].into_iter().chain(quit.then_some(Item::Quit)).collect();
        }
        let running = self.in_view(State::Running).is_some();
        let past = running || self.in_view(State::Closed).is_some();
        let demo = self.about.mode == Mode::Demo;
        let offers = [
            (Item::Open, self.may_see_checks()),
            (Item::Import, self.may(Act::ImportDo)),
            (Item::Start, self.may(Act::Start) && self.in_view(State::Open).is_some()),
            (Item::Absent, self.may(Act::MarkAbsent) && running),
            (Item::Collect, self.may(Act::HandIn) && running),
            (Item::Manual, self.may(Act::ManualDo) && self.served().is_some_and(|book| book.record.state.takes_taps())),
            (Item::Holds, self.may(Act::PlaceHold) && self.served().is_some_and(|book| book.record.state.takes_taps())),
            (Item::Close, self.may(Act::CloseDo) && running),
            (Item::Marks, self.may(Act::EnterMark) && past),
            (Item::Derive, self.may(Act::DeriveResults) && !self.underived().is_empty()),
            (Item::Results, self.may(Act::ReadMarks) && past),
            (Item::Seal, self.may(Act::PrepareSeal) && !self.to_seal().is_empty()),
            (Item::Reader, self.may_diagnose()),
            (Item::Switch, self.acting.is_some()),
            (Item::Language, true),
            (Item::Quit, demo || self.may(Act::CloseDo)),
        ];
        offers.into_iter().filter(|(_, offered)| *offered).map(|(item, _)| item).collect()
    }

    pub(super) fn choose(&mut self, item: Item) {
        match item {
            Item::Open => self.open_readiness(),
            Item::Import => self.open_import(),
            Item::Start => self.ask(confirm::Act::Start, false),
            Item::Absent => self.go(Place::Rooms(rooms::Task::Absent, rooms::State::default())),
            Item::Collect => self.go(Place::Rooms(rooms::Task::Collect, rooms::State::default())),
            Item::Manual => self.open_manual(None),
            Item::Holds => self.go(Place::Holds(Box::default())),
            Item::Close => {
                self.viewed = self.in_view(State::Running).map(|book| book.session.plan.no);
                self.go(Place::Close(close::State::default()));
            }
            Item::Marks => self.open_scoring(),
            Item::Derive => self.ask(confirm::Act::Derive, false),
            Item::Results => {
                self.results = self.results_data();
                self.go(Place::Results(results::State::default()));
            }
            Item::Seal => self.open_seal(),
            Item::Reader => self.go(Place::Reader(reader::State::default())),
            Item::Switch => self.go(Place::Unlock(unlock::State::default())),
            Item::Language => self.texts.switch(self.texts.lang().other()),
            Item::Quit => self.ask(confirm::Act::Quit, self.about.mode != Mode::Demo),
        }
    }

    pub(super) fn confirmed(&mut self, act: confirm::Act, pin: Option<&str>, passphrase: Option<&str>) {
        match act {
            confirm::Act::Open => self.open(pin, passphrase),
            confirm::Act::Start => self.command_in(State::Open, Command::Start),
            confirm::Act::Absent { room, .. } => {
                self.command_in(State::Running, |no| Command::MarkAbsent(no, Some(room)));
            }
            confirm::Act::Collect { room, .. } => {
                self.command_in(State::Running, |no| Command::Collect(no, Some(room)));
            }
            confirm::Act::Derive => self.derive(),
            confirm::Act::Quit => self.leave(pin),
        }
    }

    /// Asks before a session is opened; with keys of the site its passphrase opens the session's key for the crew.
    pub(super) fn ask_open(&mut self) {
        let secret = self.desk.gate().has_site_key();
        let demo_passphrase = if secret { self.demo_passphrase() } else { None };
        let (sessions, chosen) = self.sessions_for(&confirm::Act::Open);
        let data =
            confirm::Data { act: confirm::Act::Open, pin: secret, passphrase: secret, demo_passphrase, sessions };
        self.overlay = Some(Overlay::Confirm(data, confirm::State::at(chosen)));
    }

    fn open(&mut self, pin: Option<&str>, passphrase: Option<&str>) {
        let (Some(pin), Some(passphrase)) = (pin, passphrase) else {
            return match self.to_open_asked() {
                Some(no) => self.do_command(Command::Open(no), None),
                None => self.say(self.nothing_left()),
            };
        };
        let (Some(no), Some(acting)) = (self.to_open_asked(), &self.acting) else {
            return self.say(self.nothing_left());
        };
        match (Pin::parse(pin), Passphrase::parse(passphrase)) {
            (Ok(pin), Ok(passphrase)) => {
                let ticket = self.desk.check_to_open((acting.op.clone(), pin), Some(passphrase));
                self.asked.insert(ticket, Asked::Open(no));
            }
            (Err(_), _) => {
                self.ask_open();
                self.say(self.wrong_pin(Rank::Wrong));
            }
            (_, Err(_)) => {
                self.ask_open();
                self.say(self.wrong_passphrase());
            }
        }
    }

    fn command_in(&mut self, state: State, command: impl FnOnce(SessionNo) -> Command) {
        match self.asked_about(state) {
            Some(no) => self.do_command(command(no), None),
            None => self.say(self.nothing_left()),
        }
    }

    fn derive(&mut self) {
        let books = self.underived();
        let asked = books.iter().find(|book| Some(book.session.plan.no) == self.target);
        let book = if self.target.is_some() { asked } else { books.first() };
        let root = book.and_then(|book| {
            let derived = derive(book, self.desk.desk().roster()).ok()?;
            Some((book.session.plan.no, derived.root))
        });
        match root {
            Some((no, root)) => self.do_command(Command::DeriveResults(no, root), None),
            None => self.say(self.nothing_left()),
        }
    }

    /// Ends the program; outside Demo only after the person's PIN was right.
    fn leave(&mut self, pin: Option<&str>) {
        let Some(pin) = pin else {
            self.quit = self.about.mode == Mode::Demo;
            return;
        };
        if let (Some(acting), Ok(pin)) = (&self.acting, Pin::parse(pin)) {
            let ticket = self.desk.check(vec![(acting.op.clone(), pin)]);
            self.asked.insert(ticket, Asked::Quit);
        }
    }
}
