//! Which of several sessions a screen or a question is about.
//!
//! Whoever goes to another session with Tab views it until the check-in screen is in front again. A question keeps the
//! session that it named: if that one has moved on meanwhile, nothing else is acted on in its place.

use super::super::screens::confirm;
use super::data::certificate;
use super::{App, Place};
use crate::desk::Refusal;
use crate::domain::ids::SessionNo;
use crate::domain::record::SessionBook;
use crate::domain::session::State;
use crate::tui::facts;
use crate::tui::i18n::tr;

impl App {
    /// The session that lists, maps and forms are about: the one gone to, else the one the desk serves.
    pub(super) fn viewed(&self) -> Option<&SessionBook> {
        self.viewed.and_then(|no| self.desk.desk().books().get(&no)).or_else(|| self.served())
    }

    /// The sessions in a state, by start and number.
    pub(super) fn sessions_in(&self, state: State) -> Vec<&SessionBook> {
        let books = self.desk.desk().books().values().filter(|book| book.record.state == state);
        let mut books: Vec<_> = books.collect();
        books.sort_by_key(|book| (book.session.starts(), book.session.plan.no));
        books
    }

    /// The one of them that is viewed, else the first.
    pub(super) fn in_view(&self, state: State) -> Option<&SessionBook> {
        let books = self.sessions_in(state);
        let viewed = books.iter().find(|book| Some(book.session.plan.no) == self.viewed);
        viewed.or(books.first()).copied()
    }

    /// A session as a question names it: number, certificate and level, start, and how many are expected.
    pub(super) fn session_title(&self, book: &SessionBook) -> String {
        let expected = book.record.counts(self.desk.desk().roster().registered(book.session.plan.no)).expected;
        self.with_look(|look| {
            tr!(
                look,
                "session-title",
                no = book.session.plan.no.to_string(),
                certificate = certificate(book),
                start = book.session.starts().hour_minute(),
                people = expected.to_string()
            )
        })
    }

    /// The title of the session in view of those in a state, with its place among them where there are several.
    pub(super) fn session_line(&self, state: State) -> String {
        let books = self.sessions_in(state);
        let Some(book) = self.in_view(state) else { return String::new() };
        let title = self.session_title(book);
        let at = books.iter().position(|other| other.session.plan.no == book.session.plan.no).unwrap_or(0);
        if books.len() > 1 { format!("{title}  ({}/{})", at + 1, books.len()) } else { title }
    }

    /// Views the session after the one in view, or before it, round and round.
    pub(super) fn turn_session(&mut self, forward: bool, fits: impl Fn(&SessionBook) -> bool) {
        let current = self.shown().map(|book| book.session.plan.no);
        let mut books: Vec<_> = self.desk.desk().books().values().filter(|book| fits(book)).collect();
        books.sort_by_key(|book| (book.session.starts(), book.session.plan.no));
        let at = books.iter().position(|book| Some(book.session.plan.no) == current);
        let next = match (at, forward) {
            (Some(at), true) => at + 1,
            (Some(at), false) => at + books.len() - 1,
            (None, _) => 0,
        };
        let next = next.checked_rem(books.len()).and_then(|next| books.get(next));
        self.viewed = next.map(|book| book.session.plan.no);
    }

    /// The sessions that an act can be about, the one asked for or in view first chosen.
    pub(super) fn sessions_for(&self, act: &confirm::Act) -> (Vec<confirm::Session>, usize) {
        let books = match act {
            // The one whose checks are on the screen: another one's would have to be looked at first.
            confirm::Act::Open => {
                let books = self.desk.desk().books();
                self.to_open_asked().and_then(|no| books.get(&no)).into_iter().collect()
            }
            confirm::Act::Start => self.sessions_in(State::Open),
            confirm::Act::Absent { .. } | confirm::Act::Collect { .. } => {
                self.in_view(State::Running).into_iter().collect()
            }
            confirm::Act::Derive => self.underived(),
            confirm::Act::Quit => Vec::new(),
        };
        let wanted = self.target.or(self.viewed);
        let chosen = books.iter().position(|book| Some(book.session.plan.no) == wanted).unwrap_or(0);
        let named =
            |book: &&SessionBook| confirm::Session { no: book.session.plan.no, title: self.session_title(book) };
        (books.iter().map(named).collect(), chosen)
    }

    /// The session that was asked about, as long as it is in this state; without a question the one in view.
    pub(super) fn asked_about(&self, state: State) -> Option<SessionNo> {
        match self.target {
            Some(no) => self.desk.desk().books().get(&no).filter(|book| book.record.state == state).map(|_| no),
            None => self.in_view(state).map(|book| book.session.plan.no),
        }
    }

    /// The session that was asked about opening, as long as it is planned; without a question the one to be opened now.
    pub(super) fn to_open_asked(&self) -> Option<SessionNo> {
        if self.target.is_some() { self.asked_about(State::Planned) } else { self.to_open_now() }
    }

    /// Closed sessions whose results are owed: those that owe no mark first, so that one that does hides no other.
    pub(super) fn underived(&self) -> Vec<&SessionBook> {
        let mut books = self.sessions_in(State::Closed);
        books.retain(|book| book.record.results().is_none());
        let owes_marks =
            |no| self.desk.desk().unready(no).iter().any(|found| matches!(found, Refusal::MarksMissing(_)));
        books.sort_by_key(|book| owes_marks(book.session.plan.no));
        books
    }

    /// The session whose results are looked at: the one in view if it runs or ran, else the one closed last.
    pub(super) fn with_results(&self) -> Option<&SessionBook> {
        let books = self.desk.desk().books();
        let past = |book: &&SessionBook| matches!(book.record.state, State::Running | State::Closed);
        let viewed = self.viewed.and_then(|no| books.get(&no)).filter(past);
        let closed = books.values().filter(|book| book.record.state == State::Closed);
        viewed.or_else(|| closed.max_by_key(|book| book.session.starts())).or_else(|| facts::marked(books))
    }

    /// Back where cards are shown: no session is viewed in particular.
    pub(super) fn go_home(&mut self) {
        self.viewed = None;
        self.go(Place::Ready);
    }
}
