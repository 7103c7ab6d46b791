//! From the desk's facts to what widgets show: phases, limits, plates, the values sentences name.
//!
//! Pure: everything comes in, nothing is kept.

use super::sayings::Told;
use super::theme::Plate;
use super::widgets::header::{Limit, Phase};
use super::widgets::plate::Who;
use crate::desk::Shown;
use crate::domain::admission::Verdict;
use crate::domain::ids::Code;
use crate::domain::record::{SessionBook, SessionBooks};
use crate::domain::session::State;
use crate::domain::time::Instant;

/// The session a desk is about: the open one with the lowest number, else the next planned, else the last closed.
#[must_use]
pub fn served(books: &SessionBooks) -> Option<&SessionBook> {
    let state = |state| books.values().filter(move |book| book.record.state == state);
    books
        .values()
        .find(|book| book.record.state.takes_taps())
        .or_else(|| state(State::Planned).min_by_key(|book| book.session.starts()))
        .or_else(|| state(State::Closed).max_by_key(|book| book.session.starts()))
        .or_else(|| state(State::Sealed).max_by_key(|book| book.session.starts()))
}

/// The session whose marks are owed: of those running, or closed without results, the one with the lowest number; else
/// the one closed last.
#[must_use]
pub fn marked(books: &SessionBooks) -> Option<&SessionBook> {
    let owed = |book: &&SessionBook| match book.record.state {
        State::Running => true,
        State::Closed => book.record.results().is_none(),
        State::Planned | State::Open | State::Sealed => false,
    };
    let closed = books.values().filter(|book| book.record.state == State::Closed);
    books.values().find(owed).or_else(|| closed.max_by_key(|book| book.session.starts()))
}

/// What the header calls the state.
#[must_use]
pub fn phase(book: &SessionBook) -> Phase {
    match book.record.state {
        State::Planned => Phase::Planned,
        State::Open => Phase::Open,
        State::Running => Phase::Running,
        State::Sealed => Phase::Sealed,
        State::Closed if book.record.prepared().is_some() => Phase::Closing,
        State::Closed if book.record.results().is_some() => Phase::Closed,
        State::Closed => Phase::Scoring,
    }
}

/// The next limit and the seconds left to it; a limit whose act is still owed stays, with a negative figure.
#[must_use]
pub fn limit(book: &SessionBook, now: Instant) -> Option<(Limit, i64)> {
    let session = &book.session;
    let left = |to: Instant| to.second() - now.second();
    let (limit, to) = match book.record.state {
        State::Planned => (Limit::Opens, session.opens()),
        State::Open => (Limit::Start, session.starts()),
        State::Running if left(session.late_limit()) >= 0 => (Limit::EntryEnds, session.late_limit()),
        State::Running if left(session.earliest_handin()) > 0 => (Limit::HandIn, session.earliest_handin()),
        State::Running => (Limit::End, session.ends()),
        State::Closed | State::Sealed => return None,
    };
    Some((limit, left(to)))
}

/// The plate of a verdict.
#[must_use]
pub fn plate(shown: &Shown) -> Plate {
    match shown.decision.verdict {
        Verdict::Admitted => Plate::Ok,
        Verdict::AdmittedLate(_) => Plate::Late,
        Verdict::AlreadyIn { .. } => Plate::Already,
        Verdict::Refused if shown.decision.code == Code(10) => Plate::Unreadable,
        Verdict::Refused => Plate::Refused,
        Verdict::NeedsProctor => Plate::Proctor,
    }
}

/// The person of a verdict, as the public glass shows them.
#[must_use]
pub fn who(shown: &Shown) -> Who {
    Who {
        masked: shown.who.as_ref().map(|who| who.masked.clone()).unwrap_or_default(),
        id_tail: shown.who.as_ref().map(|who| who.tail.clone()).filter(|tail| !tail.is_empty()),
        number_tail: shown.decision.row.as_ref().map(|row| row.cand.tail().to_owned()),
    }
}

/// The values that the sentences of a verdict name.
#[must_use]
pub fn told(shown: &Shown, books: &SessionBooks) -> Told {
    let mut told = Told::default();
    if let Some(book) = books.get(&shown.session) {
        told.opens = book.session.opens().hour_minute();
        let accepted: Vec<_> = book.session.policy.documents.accepted.iter().map(|kind| kind.chinese()).collect();
        told.accepted = accepted.join("、");
    }
    if let Some(row) = &shown.decision.row {
        told.site = row.elsewhere.as_ref().map(ToString::to_string).unwrap_or_default();
        told.room = row.room.to_string();
        told.seat = row.seat.as_ref().map(ToString::to_string).unwrap_or_default();
        told.session = row.session.to_string();
        if let Some(theirs) = books.get(&row.session) {
            told.date = theirs.session.plan.date.to_string();
            told.time = theirs.session.starts().hour_minute();
        }
    }
    match shown.decision.verdict {
        Verdict::AdmittedLate(seconds) => told.minutes = seconds.div_ceil(60),
        Verdict::AlreadyIn { desk, at } => {
            told.desk = desk.to_string();
            told.at = at.clock();
        }
        Verdict::Admitted | Verdict::Refused | Verdict::NeedsProctor => {}
    }
    if let Some((room, seat)) = &shown.place {
        told.room = room.to_string();
        told.seat = seat.to_string();
    }
    told
}
