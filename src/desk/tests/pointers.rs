//! Tickets and campus cards: they point, they never admit, and a minute joins a document with its ticket.

use super::*;
use crate::desk::Awaited;
use crate::domain::admission::Verdict;
use crate::domain::document::DocKind;
use crate::domain::ids::{AdmissionNo, Code};
use crate::domain::pointer::Pointer;
use crate::domain::policy::Ticket;
use crate::domain::samples::cand_of;
use std::sync::Arc;

fn ticket(n: u8, at: Instant) -> Input {
    let cand = cand_of(1, u32::from(n));
    put(Presented::Pointer(Pointer::Ticket(cand)), Some(100 + n), at)
}

fn campus_card(number: &str, at: Instant) -> Input {
    put(Presented::Pointer(Pointer::Uid(Some(number.into()))), Some(200), at)
}

/// A desk whose policy asks for the ticket beside the document.
fn needing_tickets() -> Desk {
    let mut held = held(&[State::Open], []);
    let book = held.books.get_mut(&no(1)).unwrap();
    Arc::make_mut(&mut book.session.policy).documents.ticket = Ticket::Required;
    let mut desk = Desk::new(desk_id(1), held);
    let _ = desk.handle(Input::Unlocked(roster(&[1])));
    desk
}

fn code(desk: &mut Desk, input: Input) -> u8 {
    verdict(desk, input).decision.code.0
}

fn mono(at: Instant) -> Duration {
    moment(at).mono
}

#[test]
fn a_ticket_alone_is_refused_and_its_document_is_awaited_for_a_minute() {
    let mut desk = desk(State::Open);
    let drafts = stored(desk.handle(ticket(1, at(8, 45, 0))));
    let Event::AdmissionRefused(line) = &drafts[0].recorded.event else { panic!("{drafts:?}") };
    assert_eq!((line.code, line.doc, &line.cand), (Code(14), Some(DocKind::Ticket), &Some(cand_of(1, 1))));
    assert_eq!(line.tag, None, "the row says it");
    let shown = shown(desk.handle(Input::Appended));
    assert_eq!((shown.decision.verdict, shown.who, shown.place), (Verdict::Refused, None, None));
    let until = mono(at(8, 46, 0));
    assert_eq!(desk.awaited(mono(at(8, 45, 59))), Some(Awaited::Document(cand_of(1, 1), until)));
    assert_eq!(desk.awaited(until), None);
    assert_eq!(code(&mut desk, tap(1, at(8, 45, 30))), 90, "the document is judged as ever");
    assert_eq!(desk.awaited(mono(at(8, 45, 31))), None);
}

#[test]
fn a_campus_card_alone_is_refused_whoever_it_belongs_to() {
    let mut desk = desk(State::Open);
    let mut entries: Vec<_> = (1..=4).map(|n| entry(1, n)).collect();
    entries[0].identity.as_mut().unwrap().campus_uid = Some("04A1B2C3".into());
    let _ = desk.handle(Input::Unlocked(Roster::new(entries)));
    let known = verdict(&mut desk, campus_card("04A1B2C3", at(8, 45, 0)));
    assert_eq!((known.decision.code, known.decision.row.map(|row| row.cand)), (Code(13), Some(cand_of(1, 1))));
    assert!(matches!(desk.awaited(mono(at(8, 45, 1))), Some(Awaited::Document(..))));
    let repeat = super::shown(desk.handle(campus_card("04A1B2C3", at(8, 45, 5))));
    assert_eq!((repeat.repeat, repeat.seq), (true, known.seq), "shown again, stored once");
    let stranger = verdict(&mut desk, put(Presented::Pointer(Pointer::Uid(None)), None, at(8, 45, 30)));
    assert_eq!((stranger.decision.code, stranger.decision.row), (Code(13), None));
    assert_eq!(desk.awaited(mono(at(8, 45, 31))), None);
}

#[test]
fn where_the_ticket_is_needed_the_order_of_the_two_does_not_matter() {
    let mut desk = needing_tickets();
    assert_eq!(code(&mut desk, ticket(1, at(8, 45, 0))), 14);
    assert_eq!(code(&mut desk, tap(1, at(8, 45, 59))), 90);

    assert_eq!(code(&mut desk, tap(2, at(8, 46, 0))), 15);
    assert_eq!(desk.awaited(mono(at(8, 46, 1))), Some(Awaited::Ticket(mono(at(8, 47, 0)))));
    let drafts = stored(desk.handle(ticket(2, at(8, 46, 59))));
    let Event::CandidateAdmitted(line) = &drafts[0].recorded.event else { panic!("{drafts:?}") };
    assert_eq!((&line.cand, line.doc), (&cand_of(1, 2), DocKind::ResidentId), "the document admits");
    assert!(shown(desk.handle(Input::Appended)).who.is_some());
    assert_eq!(code(&mut desk, tap(3, at(8, 47, 0))), 15, "a ticket serves one document");
}

#[test]
fn a_minute_later_neither_counts_any_more() {
    let mut desk = needing_tickets();
    assert_eq!(code(&mut desk, ticket(1, at(8, 45, 0))), 14);
    assert_eq!(code(&mut desk, tap(1, at(8, 46, 0))), 15);
    assert_eq!(code(&mut desk, ticket(1, at(8, 47, 0))), 14, "the document is forgotten");
}

#[test]
fn another_ones_ticket_needs_a_proctor_and_the_own_one_can_still_be_scanned() {
    let mut desk = needing_tickets();
    assert_eq!(code(&mut desk, tap(1, at(8, 45, 0))), 15);
    let wrong = verdict(&mut desk, ticket(2, at(8, 45, 10)));
    assert_eq!((wrong.decision.code, wrong.decision.verdict), (Code(28), Verdict::NeedsProctor));
    assert_eq!(wrong.decision.row.map(|row| row.cand), Some(cand_of(1, 1)), "the document's row");
    assert_eq!(code(&mut desk, ticket(1, at(8, 45, 59))), 90);

    let mut desk = needing_tickets();
    assert_eq!(code(&mut desk, ticket(2, at(8, 45, 0))), 14);
    assert_eq!(code(&mut desk, tap(1, at(8, 45, 10))), 28);
    let nobody = AdmissionNo::parse("NOBODY").unwrap();
    let unknown = put(Presented::Pointer(Pointer::Ticket(nobody)), Some(7), at(8, 45, 19));
    assert_eq!(shown(desk.handle(unknown)).decision.code, Code(28), "the same document and code: stored once");
    assert_eq!(code(&mut desk, ticket(1, at(8, 46, 10))), 14, "a minute counts from the document");
}

#[test]
fn a_card_that_is_not_read_loses_nothing_that_was_kept() {
    let mut desk = needing_tickets();
    assert_eq!(code(&mut desk, ticket(1, at(8, 45, 0))), 14);
    assert_eq!(code(&mut desk, put(Presented::Unreadable { sw3: Some(0x41) }, None, at(8, 45, 5))), 10);
    assert_eq!(code(&mut desk, tap(1, at(8, 45, 10))), 90);
}
