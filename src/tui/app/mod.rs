//! The application: the desk, the screen in front, and what happened lately.
//!
//! Owns which screen stands, its state, and everything that fades by itself (plates, strips, messages, bells). Facts are
//! read from the desk at each draw. `on_key`, `on_msg` and `tick` change it; [`App::draw`] only reads. It never waits: a
//! PIN is checked aside, a line is stored aside, and both come back as messages.

mod answers;
mod cases;
mod commands;
mod data;
mod holds;
mod import;
mod keys;
mod lock;
mod notices;
mod people;
mod reader;
mod readiness;
mod roster;
mod seal_data;
mod seal_steps;
mod sealing;
mod seats;
mod sessions;
mod time;
mod view;
mod wedge;

use super::facts;
use super::i18n::Texts;
use super::keymap::{Keymap, ScreenId};
use super::look::Look;
use super::pinyin::{Hits, SearchIndex};
use super::screens::lock as screens_lock;
use super::screens::seal::done;
use super::screens::{
    clock, close, confirm, detail, help, import as import_screen, lift, manual, menu, pending, reader as reader_screen,
    readiness as readiness_screen, ready, results, rooms, roster as roster_screen, scoring, seatmap, unlock,
};
use super::theme::{Plate, Theme};
use super::widgets::footer::Message;
use super::widgets::strip::Strip;
use crate::config::Sound;
use crate::demo::conductor::Conductor;
use crate::desk::{CaseId, Command, Identify, Shown};
use crate::domain::crew::Role;
use crate::domain::event::{AttendanceCounts, SignInReason};
use crate::domain::ids::{AdmissionNo, OperatorId, PartId, SessionNo};
use crate::domain::record::SessionBook;
use crate::domain::roster::Entry;
use crate::reader::lines::{PlainNumber, UidForm};
use crate::reader::port::PortFault;
use crate::runtime::running::RunningDesk;
use crate::store::About;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;
use time::{BELL, MESSAGE, READING, RECENT};

/// Who acts at this desk.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Acting {
    op: OperatorId,
    role: Role,
    masked: String,
}

/// The screen in front.
#[derive(Debug)]
enum Place {
    Unlock(unlock::State),
    Ready,
    Verdict,
    Roster,
    Detail(SessionNo, AdmissionNo, detail::State),
    SeatMap(seatmap::State),
    Pending(pending::State),
    Rooms(rooms::Task, rooms::State),
    Close(close::State),
    Scoring(SessionNo, PartId),
    Results(results::State),
    Holds(Box<super::screens::holds::State>),
    /// With the case that it answers, where it was opened from one.
    Manual(Box<manual::State>, Option<CaseId>),
    Checklist,
    Sign,
    Sealing,
    Sealed,
    Reader(reader_screen::State),
    Readiness(readiness_screen::State),
    Import(import_screen::State),
    Fault,
}

/// What lies over it.
#[derive(Debug)]
enum Overlay {
    Help(help::State),
    /// With its items as they stood when it was opened: what is numbered stays numbered.
    Menu(menu::State, Vec<menu::Item>),
    Confirm(confirm::Data, confirm::State),
    Legend,
    /// Two people set the reason of a case aside.
    Lift(CaseId, lift::State),
    /// What the room's clock shows, for a case.
    Clock(CaseId, clock::State),
    /// Everything beneath is blank.
    Lock(screens_lock::State, screens_lock::Why),
}

/// What a PIN check was asked for.
#[derive(Debug)]
enum Asked {
    SignIn(SignInReason),
    Close(SessionNo),
    Open(SessionNo),
    Import(import::Approval),
    First(CaseId, cases::First),
    Second(CaseId),
    Identify(Box<Identify>),
    /// The second person of a command of whoever acts.
    Command(Box<Command>),
    Quit,
}

/// A verdict on the screen, until it blanks.
#[derive(Debug)]
struct Showing {
    shown: Shown,
    until: Duration,
    /// The row picked of several.
    picked: Option<usize>,
}

/// What the reader does; a fault is told for as long as it lasts.
#[derive(Debug)]
enum Reader {
    Unknown,
    Up,
    Lost(PortFault),
}

/// Why the journal stopped, and what was lost since.
#[derive(Debug, Default)]
struct Stop {
    cause: String,
    taps: u32,
    retrying: bool,
}

/// The session served, and what is dear to compute at each draw.
#[derive(Debug, Clone, Copy, Default)]
struct Pulse {
    counts: AttendanceCounts,
    desk: u32,
    refused: u32,
}

/// The whole application.
pub struct App {
    desk: RunningDesk,
    about: About,
    faces_candidates: bool,
    sound: Sound,
    texts: Texts,
    theme: Theme,
    acting: Option<Acting>,
    place: Place,
    overlay: Option<Overlay>,
    prefix: bool,
    now: Duration,
    touched: Duration,
    messages: Vec<(Message, Duration)>,
    taps: VecDeque<(ready::Tap, Duration)>,
    showing: Option<Showing>,
    strip: Option<(Strip, Duration)>,
    last: Option<Plate>,
    last_line: Option<(u64, crate::domain::time::Instant)>,
    reader: Reader,
    trial: Option<reader::Trial>,
    checks: Option<readiness::Checks>,
    looked: import::Looked,
    stop: Option<Stop>,
    asked: BTreeMap<u64, Asked>,
    /// The session gone to, as long as it is another one than the desk serves by itself.
    viewed: Option<SessionNo>,
    /// The session that an answered question named.
    target: Option<SessionNo>,
    roster: roster_screen::State,
    /// Roster rows by their place in the index.
    index: Option<(Vec<u32>, SearchIndex)>,
    hits: Hits,
    elsewhere: Option<(SessionNo, usize)>,
    history: Option<Vec<detail::Line>>,
    scoring: BTreeMap<(SessionNo, PartId), scoring::State>,
    results: Option<results::Data>,
    wizard: Option<sealing::Wizard>,
    sealed: Option<(SessionNo, done::Data, done::State)>,
    organisation: Option<PathBuf>,
    pulse: Pulse,
    busy_since: Option<Duration>,
    bells: VecDeque<Duration>,
    demo: Option<Conductor>,
    wedge: wedge::Wedge,
    keyboards: Vec<(PlainNumber, UidForm)>,
    redraw: bool,
    quit: bool,
}

/// What an application is made of.
pub struct Parts {
    /// The running desk.
    pub desk: RunningDesk,
    /// What its store is for.
    pub about: About,
    /// Names are masked everywhere.
    pub faces_candidates: bool,
    /// When bells sound.
    pub sound: Sound,
    /// Texts.
    pub texts: Texts,
    /// Colours.
    pub theme: Theme,
    /// The demo's conductor, in Demo only.
    pub demo: Option<Conductor>,
    /// The folder of the demo's own organisation, in Demo only.
    pub organisation: Option<PathBuf>,
    /// What campus-card readers type that act as a keyboard.
    pub keyboards: Vec<(PlainNumber, UidForm)>,
}

impl App {
    /// An application that waits for somebody to unlock.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { desk, about, faces_candidates, sound, texts, theme, demo, organisation, keyboards } = parts;
        let mut app = Self {
            desk,
            about,
            faces_candidates,
            sound,
            texts,
            theme,
            acting: None,
            place: Place::Unlock(unlock::State::default()),
            overlay: None,
            prefix: false,
            now: Duration::ZERO,
            touched: Duration::ZERO,
            messages: Vec::new(),
            taps: VecDeque::new(),
            showing: None,
            strip: None,
            last: None,
            last_line: None,
            reader: Reader::Unknown,
            trial: None,
            checks: None,
            looked: import::Looked::default(),
            stop: None,
            asked: BTreeMap::new(),
            viewed: None,
            target: None,
            roster: roster_screen::State::default(),
            index: None,
            elsewhere: None,
            history: None,
            hits: Hits { form: super::pinyin::Form::Everyone, total: 0, rows: Vec::new() },
            scoring: BTreeMap::new(),
            results: None,
            wizard: None,
            sealed: None,
            organisation,
            pulse: Pulse::default(),
            busy_since: None,
            bells: VecDeque::new(),
            demo,
            wedge: wedge::Wedge::default(),
            keyboards,
            redraw: false,
            quit: false,
        };
        app.refresh();
        app
    }

    /// The desk, for whoever starts it.
    pub fn desk(&mut self) -> &mut RunningDesk {
        &mut self.desk
    }

    /// Has a PIN checked and signs its owner in, as if it had been typed.
    pub fn sign_in(&mut self, op: OperatorId, pin: crate::trust::pin::Pin, why: SignInReason) {
        let ticket = self.desk.check(vec![(op, pin)]);
        self.asked.insert(ticket, Asked::SignIn(why));
    }

    /// Whether the program shall end.
    #[must_use]
    pub fn quits(&self) -> bool {
        self.quit
    }

    /// Whether everything is to be drawn again; asking resets it.
    pub fn wants_redraw(&mut self) -> bool {
        std::mem::take(&mut self.redraw)
    }

    /// The demo's clock offset at the end, for the store to keep.
    #[must_use]
    pub fn clock_offset_ms(&self) -> Option<i64> {
        self.demo.as_ref().map(Conductor::clock_offset_ms)
    }

    fn look(&self) -> (Keymap, &Texts, &Theme) {
        let keys = Keymap { legend: self.demo.is_some(), role: self.acting.as_ref().map(|acting| acting.role) };
        (keys, &self.texts, &self.theme)
    }

    fn with_look<T>(&self, use_it: impl FnOnce(&Look<'_>) -> T) -> T {
        let (keys, texts, theme) = self.look();
        use_it(&Look { texts, theme, keys: &keys })
    }

    /// The screen whose keys hold.
    fn screen(&self) -> ScreenId {
        match &self.overlay {
            Some(Overlay::Help(_)) => ScreenId::Help,
            Some(Overlay::Menu(..)) => ScreenId::Menu,
            Some(Overlay::Confirm(..)) => ScreenId::Confirm,
            Some(Overlay::Legend) => ScreenId::Legend,
            Some(Overlay::Lift(..)) => ScreenId::Lift,
            Some(Overlay::Clock(..)) => ScreenId::Clock,
            Some(Overlay::Lock(..)) => ScreenId::Lock,
            None => self.under(),
        }
    }

    /// The screen under any overlay.
    fn under(&self) -> ScreenId {
        match &self.place {
            Place::Unlock(_) => ScreenId::Unlock,
            Place::Ready => ScreenId::Ready,
            Place::Verdict if self.acting.is_some() && self.case_in_front().is_some() => ScreenId::Case,
            Place::Verdict => ScreenId::Verdict,
            Place::Manual(..) => ScreenId::Manual,
            Place::Holds(_) => ScreenId::Holds,
            Place::Roster => ScreenId::Roster,
            Place::Detail(..) => ScreenId::Detail,
            Place::SeatMap(_) => ScreenId::SeatMap,
            Place::Pending(_) => ScreenId::Pending,
            Place::Rooms(..) => ScreenId::Rooms,
            Place::Close(_) => ScreenId::Close,
            Place::Scoring(..) => ScreenId::Scoring,
            Place::Results(_) => ScreenId::Results,
            Place::Checklist => ScreenId::Checklist,
            Place::Sign => ScreenId::Sign,
            Place::Sealing => ScreenId::Sealing,
            Place::Sealed => ScreenId::Sealed,
            Place::Reader(_) => ScreenId::Reader,
            Place::Readiness(_) => ScreenId::Readiness,
            Place::Import(_) => ScreenId::Import,
            Place::Fault => ScreenId::Fault,
        }
    }

    fn served(&self) -> Option<&SessionBook> {
        facts::served(self.desk.desk().books())
    }

    /// Reads again what is dear to compute: after anything that may have changed the record.
    fn refresh(&mut self) {
        self.watch_trial();
        let desk = self.desk.desk();
        if let Some(book) = facts::served(desk.books()) {
            let no = book.session.plan.no;
            let here = |state: &crate::domain::attendance::Attendance| {
                state.admission().is_some_and(|admission| admission.desk == desk.id())
            };
            let admitted = book.record.attendance.touched().filter(|(_, state)| here(state)).count();
            self.pulse = Pulse {
                counts: book.record.counts(desk.roster().registered(no)),
                desk: u32::try_from(admitted).unwrap_or(u32::MAX),
                refused: u32::try_from(book.record.turned_away()).unwrap_or(u32::MAX),
            };
            // A key that was opened later tells who more people are.
            let known = |entry: &&Entry| entry.elsewhere.is_none() && entry.identity.is_some();
            let rows = desk.roster().entries().iter().filter(known).count();
            if self.index.as_ref().is_none_or(|(indexed, _)| indexed.len() != rows) {
                self.build_index();
            }
        }
        match &self.place {
            Place::Results(_) => self.results = self.results_data(),
            // Somebody else has closed the session meanwhile.
            Place::Close(_) if self.close_data().is_none() => self.place = Place::Ready,
            // It is open.
            Place::Readiness(_) if self.readiness_data().is_none() => self.place = Place::Ready,
            Place::Checklist => {
                let fresh = self.wizard.as_ref().map(|wizard| self.checklist_data(wizard.no, wizard.streams));
                if let (Some(wizard), Some(fresh)) = (&mut self.wizard, fresh) {
                    wizard.checks = fresh;
                }
            }
            _ => {}
        }
    }

    fn do_command(&mut self, command: Command, witness: Option<OperatorId>) {
        let Some(op) = self.acting.as_ref().map(|acting| acting.op.clone()) else { return };
        let notices = self.desk.command(command, op, witness);
        self.take(notices);
    }
}

#[cfg(test)]
mod tests;
