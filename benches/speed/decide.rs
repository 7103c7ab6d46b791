//! One decision of the admission table, without reader, record or disk, at a small and at a full roster.
//!
//! An operation is a thousand decisions, so that its milliseconds are the microseconds of one.

use crate::desk::BusyDesk;
use crate::report::{Figure, Section};
use kaodian::domain::admission::{Tap, decide, deciding_book};
use kaodian::domain::ids::Code;
use kaodian::domain::photo::Photo;
use kaodian::domain::presented::{CardRead, Presented, ValidTo};
use kaodian::domain::record::SessionBooks;
use kaodian::domain::roster::Roster;
use kaodian::domain::time::Instant;
use std::hint::black_box;

const DECISIONS: usize = 1_000;

/// Somebody of the open session who has not come, as their card says it.
fn cards(roster: &Roster, books: &SessionBooks) -> Vec<Presented> {
    let open = books.values().find(|book| book.record.state.takes_taps()).expect("an open session");
    let rows = roster.rows_of(open.session.plan.no).filter_map(|row| row.identity.as_ref());
    let card = |who: &kaodian::domain::roster::Identity| CardRead {
        doc: who.doc_kind,
        number: who.doc_number.to_string(),
        name: who.name.as_str().to_owned(),
        name_latin: None,
        permit_number: None,
        valid_from: None,
        valid_to: ValidTo::LongTerm,
        warnings: Vec::new(),
        photo: Photo::Absent,
    };
    // From all over the roster, so that no few rows stay in the cache.
    let all: Vec<Presented> = rows.map(|who| Presented::Card(Box::new(card(who)))).collect();
    all.into_iter().rev().take(DECISIONS).collect()
}

/// Decides for each of them once.
fn thousand(roster: &Roster, books: &SessionBooks, cards: &[Presented], now: Instant) -> usize {
    let none: &[Code] = &[];
    let mut admitted = 0;
    for presented in cards.iter().cycle().take(DECISIONS) {
        let desk = kaodian::domain::ids::DeskId::FIRST;
        let (unreadable, simulated, ticket, chosen) = (0, false, None, None);
        let tap = Tap { presented, now, unreadable, simulated, ticket, desk, chosen, lifted: none };
        let book = deciding_book(roster, books, tap).expect("a planned session");
        admitted += usize::from(black_box(decide(roster, books, book, tap)).place.is_some());
    }
    admitted
}

/// The figures; the floor finds the same people's rows by their document.
pub fn decisions(small: &BusyDesk, full: &BusyDesk) {
    let of = |busy: &BusyDesk| cards(busy.desk.desk().roster(), busy.desk.desk().books());
    let (few, many) = (of(small), of(full));
    let (small, full) = (small.desk.desk(), full.desk.desk());
    let now = full.books().values().map(|book| book.session.starts()).min().expect("a planned session");
    assert_eq!(thousand(full.roster(), full.books(), &many, now), DECISIONS, "everybody decided on comes in");
    let look_up = |cards: &[Presented]| {
        let found = cards.iter().cycle().take(DECISIONS).filter_map(Presented::card);
        found.map(|card| full.roster().by_document(card.doc, &card.number).len()).sum::<usize>()
    };
    Section::new("a thousand decisions (ms: µs each)")
        .figures(&[Figure::Median, Figure::P99])
        .floor("find the rows in 30,000", 200, || look_up(&many))
        .ours("decide, 100 candidates", 200, || thousand(small.roster(), small.books(), &few, now))
        .ours("decide, 30,000 candidates", 200, || thousand(full.roster(), full.books(), &many, now))
        .run();
}
