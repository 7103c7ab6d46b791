//! The desk in three beats: a state, an input, its effects. No store, no clock: the test says what became durable.

mod cases;
mod commands;
mod days;
mod pointers;
mod readiness;
mod sealing;
mod seats;
mod taps;

use super::{Answer, Case, Command, Desk, Effect, Handling, Identify, Input, Moment, Refusal, Shown};
use crate::domain::event::{Draft, Event};
use crate::domain::ids::{DocTag, Salt, Seed};
use crate::domain::presented::Presented;
use crate::domain::record::Held;
use crate::domain::roster::Roster;
use crate::domain::samples::{at, books, card, desk_id, entry, no, op, recorded};
use crate::domain::session::State;
use crate::domain::time::{ClockQuality, Instant};
use std::time::Duration;

/// Sessions 1, 2 … in these states, each with candidates 1 to 4; what is given has happened in session 1.
fn held(states: &[State], happened: impl IntoIterator<Item = Event>) -> Held {
    let mut books = books(states);
    if let Some(book) = books.get_mut(&no(1)) {
        for event in happened {
            let next = book.record.lc() + 1;
            book.record.apply(&recorded(next, 1, next, event));
        }
    }
    let sizes = books.iter().map(|(no, book)| (*no, book.record.lc())).collect();
    Held { roster: roster(&books.keys().map(|no| no.get()).collect::<Vec<_>>()), books, sizes }
}

fn roster(sessions: &[u8]) -> Roster {
    Roster::new(sessions.iter().flat_map(|session| (1..=4).map(|n| entry(*session, n))).collect())
}

/// A desk with session 1 in this state, unlocked.
fn desk(state: State) -> Desk {
    desk_after(state, [])
}

fn desk_after(state: State, happened: impl IntoIterator<Item = Event>) -> Desk {
    let mut desk = Desk::new(desk_id(1), held(&[state], happened));
    assert_eq!(desk.handle(Input::Unlocked(roster(&[1]))), []);
    desk
}

fn moment(at: Instant) -> Moment {
    let since_midnight = at.0 - crate::domain::samples::at(0, 0, 0).0;
    let mono = Duration::from_millis(u64::try_from(since_midnight).unwrap());
    Moment { at, quality: ClockQuality::Synced, mono }
}

fn put(presented: Presented, tag: Option<u8>, at: Instant) -> Input {
    let tags = (1..=3).filter_map(|n| Some((no(n), DocTag::new([tag?; 8])))).collect();
    Input::Tap { presented, tags, salt: Salt::new([7; 16]), simulated: false, moment: moment(at) }
}

/// Candidate `n` taps.
fn tap(n: u8, at: Instant) -> Input {
    put(Presented::Card(Box::new(card(u32::from(n)))), Some(n), at)
}

fn command(command: Command, who: &str, witness: Option<&str>, at: Instant) -> Input {
    Input::Command { command, op: op(who), witness: witness.map(op), seed: Seed::new([7; 32]), moment: moment(at) }
}

/// The lines of the one batch that is to be stored.
fn stored(effects: Vec<Effect>) -> Vec<Draft> {
    match <[Effect; 1]>::try_from(effects) {
        Ok([Effect::Append(drafts)]) => drafts,
        other => panic!("expected one batch, found {other:?}"),
    }
}

fn stored_events(effects: Vec<Effect>) -> Vec<Event> {
    stored(effects).into_iter().map(|draft| draft.recorded.event).collect()
}

/// The one verdict that is shown.
fn shown(effects: Vec<Effect>) -> Shown {
    match <[Effect; 1]>::try_from(effects) {
        Ok([Effect::Verdict(shown)]) => *shown,
        other => panic!("expected one verdict, found {other:?}"),
    }
}

/// The verdict of a tap whose line is stored at once.
fn verdict(desk: &mut Desk, input: Input) -> Shown {
    assert_eq!(stored(desk.handle(input)).len(), 1);
    shown(desk.handle(Input::Appended))
}

fn refusal(effects: Vec<Effect>) -> Refusal {
    match <[Effect; 1]>::try_from(effects) {
        Ok([Effect::Answer(Answer::Refused { refusal, .. })]) => refusal,
        other => panic!("expected a refusal, found {other:?}"),
    }
}
