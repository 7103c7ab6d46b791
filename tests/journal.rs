//! Formats that must never change: kept lines still read, write the same bytes and chain to the same heads.

use kaodian::domain::catalogue::Fact;
use kaodian::domain::event::Event;
use kaodian::domain::ids::Digest;
use kaodian::domain::ledger::LedgerEvent;
use kaodian::journal::chain::Chain;
use kaodian::journal::line;
use kaodian::journal::verify::{Row, StreamId, verify};
use std::collections::BTreeSet;

const LINES: &str = include_str!("vectors/journal/every-kind.jsonl");
const SEATS: &str = include_str!("vectors/journal/seats.jsonl");
const READINESS: &str = include_str!("vectors/journal/readiness.jsonl");
const LEDGER: &str = include_str!("vectors/journal/ledger.jsonl");
/// Kinds that came after: what people set aside, by hand or by word.
const LIFTS: &str = include_str!("vectors/journal/lifts.jsonl");
const HEADS: &str = include_str!("vectors/journal/every-kind.heads");

/// The head after each line; the root over all lines.
fn heads() -> (Vec<Digest>, Digest) {
    let mut values: Vec<Digest> =
        HEADS.lines().filter_map(|line| Digest::parse(line.split_once(' ')?.1).ok()).collect();
    let root = values.pop().unwrap_or(Digest::ZERO);
    assert_eq!(values.len(), LINES.lines().count());
    (values, root)
}

/// Every line reads, writes its own bytes, and together they hold every kind there is.
fn read_and_write<E: Fact>(files: &[&str]) {
    let mut kept = BTreeSet::new();
    for text in files.iter().flat_map(|file| file.lines()) {
        let recorded = line::parse::<E>(text.as_bytes());
        assert!(recorded.is_ok(), "{text}");
        let Ok(recorded) = recorded else { continue };
        assert_eq!(line::encode(&recorded).as_deref(), Ok(text.as_bytes()));
        kept.insert(recorded.event.kind());
    }
    assert_eq!(kept, E::KINDS.iter().copied().collect());
}

#[test]
fn kept_lines_of_every_kind_read_and_write_the_same_bytes() {
    read_and_write::<Event>(&[LINES, LIFTS, READINESS, SEATS]);
    read_and_write::<LedgerEvent>(&[LEDGER]);
}

#[test]
fn a_line_of_one_catalogue_is_none_of_the_other() {
    assert!(LEDGER.lines().all(|text| line::parse::<Event>(text.as_bytes()).is_err()));
    assert!(LINES.lines().all(|text| line::parse::<LedgerEvent>(text.as_bytes()).is_err()));
}

#[test]
fn kept_lines_give_the_kept_heads() {
    let files = [
        (LEDGER, include_str!("vectors/journal/ledger.heads"), 7),
        (LIFTS, include_str!("vectors/journal/lifts.heads"), 7),
        (SEATS, include_str!("vectors/journal/seats.heads"), 4),
    ];
    for (lines, heads, size) in files {
        let mut end = Chain::EMPTY;
        for (text, kept) in lines.lines().zip(heads.lines()) {
            end = end.with(text.as_bytes());
            assert_eq!(format!("{} {}", end.size(), end.head()), kept);
        }
        assert_eq!(end.size(), size);
    }
}

#[test]
fn kept_lines_give_the_kept_heads_and_root() {
    let (heads, root) = heads();
    let first = line::parse::<Event>(LINES.lines().next().unwrap().as_bytes()).unwrap();
    let Event::SessionPlanned(planned) = first.event else { panic!("a lead stream begins with SessionPlanned") };
    let stream = StreamId { session: planned.session, desk: first.author.desk };
    let rows = (1..).zip(LINES.lines()).zip(&heads).map(|((seq, line), head)| Row {
        stream,
        seq,
        line: line.as_bytes(),
        head: *head,
    });
    let recorded = Chain::at(heads.len() as u64, *heads.last().unwrap());
    let reports = verify(rows, [(stream, recorded)]).unwrap();
    assert_eq!(reports.iter().map(|report| report.root).collect::<Vec<_>>(), [root]);
}
