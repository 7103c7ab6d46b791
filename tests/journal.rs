//! Formats that must never change: kept lines still read, write the same bytes and chain to the same heads.

use kaodian::domain::event::{Event, KINDS};
use kaodian::domain::ids::Digest;
use kaodian::journal::chain::Chain;
use kaodian::journal::line;
use kaodian::journal::verify::{Row, StreamId, verify};
use std::collections::BTreeSet;

const LINES: &str = include_str!("vectors/journal/every-kind.jsonl");
const HEADS: &str = include_str!("vectors/journal/every-kind.heads");

/// The head after each line; the root over all lines.
fn heads() -> (Vec<Digest>, Digest) {
    let mut values: Vec<Digest> =
        HEADS.lines().filter_map(|line| Digest::parse(line.split_once(' ')?.1).ok()).collect();
    let root = values.pop().unwrap_or(Digest::ZERO);
    assert_eq!(values.len(), LINES.lines().count());
    (values, root)
}

#[test]
fn kept_lines_read_and_write_the_same_bytes() {
    for text in LINES.lines() {
        let recorded = line::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{e}: {text}"));
        assert_eq!(line::encode(&recorded).unwrap(), text.as_bytes());
    }
}

#[test]
fn kept_lines_hold_every_kind_of_the_catalogue() {
    let kept: BTreeSet<&str> = LINES.lines().map(|text| line::parse(text.as_bytes()).unwrap().event.kind()).collect();
    assert_eq!(kept, KINDS.iter().copied().collect());
}

#[test]
fn kept_lines_give_the_kept_heads_and_root() {
    let (heads, root) = heads();
    let first = line::parse(LINES.lines().next().unwrap().as_bytes()).unwrap();
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
