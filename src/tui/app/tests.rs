//! The application without a terminal: a demo's store, its workers, keys and time by hand.

use super::super::i18n::{Lang, Texts};
use super::super::theme::{Depth, Theme};
use super::{App, Parts, Place, confirm};
use crate::config::{Config, Sound};
use crate::demo::crew::{CREW, SITE_PASSPHRASE};
use crate::demo::ground::{Ground, lay};
use crate::demo::roster::{DAY, DemoCandidate};
use crate::desk::Command;
use crate::domain::document::DocKind;
use crate::domain::event::SignInReason;
use crate::domain::ids::{OperatorId, SessionNo};
use crate::domain::photo::Photo;
use crate::domain::presented::{CardRead, Presented, ValidTo};
use crate::domain::session::Mode;
use crate::domain::time::Instant;
use crate::reader::lines::{PlainNumber, UidForm};
use crate::reader::port::ReaderEvent;
use crate::runtime::clock::{Pace, VirtualClock};
use crate::runtime::msg::Msg;
use crate::runtime::running::Sink;
use crate::trust::pin::Pin;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

mod cases;
mod import;
mod lock;
mod menu;
mod reader;
mod readiness;
mod seal;
mod seal_races;
mod seats;
mod taps;
mod wedge;

/// An application over a store of its own; session 1 is planned, nobody is signed in.
struct Rig {
    app: App,
    inbox: Receiver<Msg>,
    people: Vec<DemoCandidate>,
    clock: Arc<VirtualClock>,
    now: Duration,
    dir: tempfile::TempDir,
}

fn no(n: u8) -> SessionNo {
    SessionNo::try_from(n).unwrap()
}

fn op(id: &str) -> OperatorId {
    OperatorId::parse(id).unwrap()
}

fn pin(id: &str) -> &'static str {
    CREW.iter().find(|member| member.op == id).unwrap().pin
}

/// The moment so many minutes after half past eight, when session 1 may open.
fn at(minutes: i64) -> Instant {
    Instant::at(DAY, jiff::civil::time(8, 30, 0, 0)).plus_minutes(minutes)
}

impl Rig {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        (config.trust.argon_mib, config.trust.argon_t) = (8, 1);
        let clock = Arc::new(VirtualClock::new(at(0), Pace::Standing));
        let Ground { site, candidates } = lay(&dir.path().join("day"), &config, 6, 1, Arc::clone(&clock) as _).unwrap();
        let about = site.store().about().clone();
        let (sender, inbox) = channel();
        let sink: Sink = Arc::new(move |msg| drop(sender.send(msg)));
        let (desk, _lock) = site.into_running(sink).unwrap();
        let app = App::new(Parts {
            desk,
            about,
            faces_candidates: false,
            sound: Sound::All,
            texts: Texts::load(Lang::Chinese).unwrap(),
            theme: Theme::load(Depth::Cube).unwrap(),
            demo: None,
            organisation: None,
            keyboards: vec![(PlainNumber::Dec10, UidForm::Dec10)],
        });
        Self { app, inbox, people: candidates, clock, now: Duration::ZERO, dir }
    }

    /// Session 1 is open and somebody is signed in.
    fn open(who: &str) -> Self {
        let mut rig = Self::new();
        rig.sign_in("chen");
        // As the question does it: the passphrase opens the session's key.
        rig.app.confirmed(confirm::Act::Open, Some(pin("chen")), Some(SITE_PASSPHRASE));
        rig.settle();
        if who != "chen" {
            rig.sign_in(who);
        }
        rig.clock.advance_to(at(5));
        rig
    }

    /// Takes what the workers send until nothing is under way.
    fn settle(&mut self) {
        while self.app.desk.desk().busy() || !self.app.asked.is_empty() {
            let msg = self.inbox.recv_timeout(Duration::from_mins(1)).expect("a worker that answers");
            self.app.on_msg(msg);
        }
    }

    fn sign_in(&mut self, who: &str) {
        self.app.sign_in(op(who), Pin::parse(pin(who)).unwrap(), SignInReason::Start);
        self.settle();
        assert_eq!(self.app.acting.as_ref().map(|acting| acting.op.as_str()), Some(who));
    }

    /// Something done by somebody, as the demo's script does it.
    fn command(&mut self, command: Command, who: &str) {
        let witness = command.witness_act().map(|_| op("wang"));
        let notices = self.app.desk.command(command, op(who), witness);
        self.app.take(notices);
        self.settle();
    }

    fn msg(&mut self, msg: Msg) {
        self.app.on_msg(msg);
        self.settle();
    }

    fn reader(&mut self, event: ReaderEvent) {
        self.msg(Msg::Reader(event));
    }

    fn tap(&mut self, n: usize) {
        self.tap_as(n, |_| {});
    }

    /// A candidate's card, with something odd about it.
    fn tap_as(&mut self, n: usize, change: impl FnOnce(&mut CardRead)) {
        let mut read = self.read(n);
        change(&mut read);
        self.reader(ReaderEvent::Presented(Presented::Card(Box::new(read))));
    }

    /// Somebody's card, without its photo.
    fn read(&self, n: usize) -> CardRead {
        let card = self.people[n].card.clone();
        CardRead {
            doc: DocKind::ResidentId,
            number: card.number,
            name: card.name,
            name_latin: None,
            permit_number: None,
            valid_from: None,
            valid_to: ValidTo::LongTerm,
            warnings: Vec::new(),
            photo: Photo::Absent,
        }
    }

    fn key(&mut self, code: KeyCode) {
        self.app.on_key(KeyEvent::new(code, KeyModifiers::NONE));
        self.settle();
    }

    fn ctrl(&mut self, c: char) {
        self.app.on_key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL));
        self.settle();
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.key(KeyCode::Char(c));
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.app.tick(self.now);
    }

    fn draw(&self) -> (Vec<String>, Position) {
        let area = Rect::new(0, 0, 80, 24);
        let mut buffer = Buffer::empty(area);
        let cursor = self.app.draw(area, &mut buffer);
        let rows = (0..24).map(|y| (0..80).map(|x| buffer[(x, y)].symbol()).collect::<String>());
        (rows.collect(), cursor)
    }

    /// Whether some row shows this text, blanks behind wide characters left out.
    fn shows(&self, text: &str) -> bool {
        let tight = |text: &str| text.replace(' ', "");
        self.draw().0.iter().any(|row| tight(row).contains(&tight(text)))
    }
}

#[test]
fn a_pin_that_nobody_finishes_is_forgotten_and_the_focus_stays() {
    let mut rig = Rig::open("chen");
    let later = Duration::from_secs(21);

    rig.app.go(Place::Unlock(super::unlock::State::default()));
    rig.text("31415");
    assert!(rig.shows("* * * *"));
    rig.pass(later);
    assert!(!rig.shows("* *"), "unlock");

    rig.key(KeyCode::Esc);
    rig.key(KeyCode::Esc);
    assert!(matches!(rig.app.place, Place::Ready), "nobody is trapped in a change of operator");
    rig.app.about.mode = Mode::Rehearsal;
    rig.app.choose(super::menu::Item::Quit);
    rig.text("1357");
    assert!(rig.shows("* * * *"));
    rig.pass(later);
    assert!(!rig.shows("* *"), "confirmation");
}

#[test]
fn a_form_to_close_that_nobody_touches_keeps_its_focus() {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    rig.app.go(Place::Close(super::close::State::default()));
    let before = rig.draw().1;
    rig.pass(Duration::from_mins(1));
    assert_eq!(rig.draw().1, before);
    rig.text("21357");
    rig.pass(Duration::from_mins(1));
    assert!(!rig.shows("* *"));
}

/// Session 1 has run to its end: one came, the rest are absent, everything is collected.
fn finish(rig: &mut Rig) {
    rig.tap(0);
    rig.clock.advance_to(at(30));
    rig.command(Command::Start(no(1)), "chen");
    rig.clock.advance_to(at(60));
    rig.command(Command::MarkAbsent(no(1), None), "chen");
    rig.clock.advance_to(at(240));
    rig.command(Command::Collect(no(1), None), "chen");
}
