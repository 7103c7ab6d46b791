use super::*;
use crate::journal::samples;
use proptest::prelude::*;
use proptest::sample::Index;

/// One stored row, owned, so that a test can edit it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stored {
    stream: StreamId,
    seq: u64,
    line: Vec<u8>,
    head: Digest,
}

impl Stored {
    fn row(&self) -> Row<'_> {
        Row { stream: self.stream, seq: self.seq, line: &self.line, head: self.head }
    }
}

fn store(stream: StreamId, lines: &[Recorded]) -> (Vec<Stored>, Chain) {
    store_bytes(stream, lines.iter().map(|line| line::encode(line).unwrap()))
}

fn store_bytes(stream: StreamId, lines: impl Iterator<Item = Vec<u8>>) -> (Vec<Stored>, Chain) {
    let mut chain = Chain::EMPTY;
    let rows = lines
        .map(|line| {
            chain = chain.with(&line);
            Stored { stream, seq: chain.size(), line, head: chain.head() }
        })
        .collect();
    (rows, chain)
}

fn fault(rows: &[Stored], recorded: (StreamId, Chain)) -> Option<Fault> {
    verify(rows.iter().map(Stored::row), [recorded]).err().map(|finding| finding.fault)
}

/// The edits a hand in the database can do to one stream, each at a place.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Byte(u8),
    Head,
    Drop,
    DropAndRenumber,
    Repeat,
    Insert,
    SwapLines,
    SwapRows,
    Cut,
}

fn edits() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (1u8..=255).prop_map(Edit::Byte),
        Just(Edit::Head),
        Just(Edit::Drop),
        Just(Edit::DropAndRenumber),
        Just(Edit::Repeat),
        Just(Edit::Insert),
        Just(Edit::SwapLines),
        Just(Edit::SwapRows),
        Just(Edit::Cut),
    ]
}

fn apply(rows: &mut Vec<Stored>, edit: Edit, at: Index, within: Index) {
    let i = at.index(rows.len());
    let j = (i + 1) % rows.len();
    match edit {
        Edit::Byte(flip) => {
            let k = within.index(rows[i].line.len());
            rows[i].line[k] ^= flip;
        }
        Edit::Head => rows[i].head = Digest::new([7; 32]),
        Edit::Drop => drop(rows.remove(i)),
        Edit::DropAndRenumber => {
            rows.remove(i);
            (1..).zip(rows).for_each(|(seq, row)| row.seq = seq);
        }
        Edit::Repeat => rows.insert(i, rows[i].clone()),
        Edit::Insert => {
            rows.insert(i, rows[i].clone());
            (1..).zip(rows).for_each(|(seq, row)| row.seq = seq);
        }
        Edit::SwapLines => {
            let line = std::mem::take(&mut rows[i].line);
            rows[i].line = std::mem::replace(&mut rows[j].line, line);
        }
        Edit::SwapRows => rows.swap(i, j),
        Edit::Cut => rows.truncate(i),
    }
}

proptest! {
    #[test]
    fn whole_streams_are_reported_with_size_head_and_root(
        (a, lines_a) in samples::stream(1..8),
        (b, lines_b) in samples::stream(1..8),
    ) {
        let ((rows_a, chain_a), (rows_b, chain_b)) = (store(a, &lines_a), store(b, &lines_b));
        // Rows of two desks reach a store in any order.
let mixed = (0..8).flat_map(|i| rows_a.get(i).into_iter().chain(rows_b.get(i))).map(Stored::row);
        let reports = verify(mixed, [(a, chain_a), (b, chain_b)]).unwrap();
        for (stream, chain, rows) in [(a, chain_a, &rows_a), (b, chain_b, &rows_b)] {
            let root = rows.iter().map(|row| &row.line).collect::<merkle::Tree>().root();
            let expected = Report { stream, size: chain.size(), head: chain.head(), root };
            prop_assert!(reports.contains(&expected));
        }
        prop_assert!(reports.is_sorted_by_key(|report| report.stream));
    }

    #[test]
    fn any_single_edit_of_a_stream_is_found(
        (stream, lines) in samples::stream(1..8), edit in edits(), at: Index, within: Index,
    ) {
        let (rows, chain) = store(stream, &lines);
        let mut edited = rows.clone();
        apply(&mut edited, edit, at, within);
        prop_assume!(edited != rows);
        prop_assert!(fault(&edited, (stream, chain)).is_some());
    }

    #[test]
    fn a_line_rewritten_with_its_whole_chain_is_found_by_the_recorded_head(
        (stream, lines) in samples::stream(2..8), at: Index,
    ) {
        let (_, chain) = store(stream, &lines);
        let mut forged = lines.clone();
        let i = at.index(forged.len());
        forged[i].at.0 ^= 1;
        let (rows, _) = store(stream, &forged);
        prop_assert_eq!(fault(&rows, (stream, chain)), Some(Fault::Head));
    }
}

/// A stream of four lines whose place and counter are what a test wants.
fn four() -> (StreamId, Vec<Recorded>) {
    let text = include_str!("../../../tests/vectors/journal/every-kind.jsonl");
    let lines: Vec<Recorded> = text.lines().take(4).map(|line| line::parse(line.as_bytes()).unwrap()).collect();
    let Event::SessionPlanned(planned) = &lines[0].event else { panic!("a lead stream") };
    (StreamId { session: planned.session, desk: lines[0].author.desk }, lines)
}

#[test]
fn each_edit_has_its_name() {
    let (stream, lines) = four();
    let (rows, chain) = store(stream, &lines);
    let named = |edit: fn(&mut Vec<Stored>)| {
        let mut edited = rows.clone();
        edit(&mut edited);
        verify(edited.iter().map(Stored::row), [(stream, chain)]).err().map(|f| (f.seq, f.fault))
    };
    assert_eq!(named(|_| ()), None);
    assert_eq!(named(|rows| rows[1].line[0] = b' '), Some((2, Fault::Changed)));
    assert_eq!(named(|rows| rows[1].head = Digest::ZERO), Some((2, Fault::Changed)));
    assert_eq!(named(|rows| drop(rows.remove(1))), Some((2, Fault::Removed { next: 3 })));
    assert_eq!(named(|rows| drop(rows.remove(0))), Some((1, Fault::Removed { next: 2 })));
    assert_eq!(named(|rows| drop(rows.pop())), Some((4, Fault::TailCut { expected: 4 })));
    assert_eq!(named(Vec::clear), Some((1, Fault::TailCut { expected: 4 })));
    assert_eq!(named(|rows| rows.insert(1, rows[0].clone())), Some((1, Fault::Inserted)));
    let swap = |rows: &mut Vec<Stored>| {
        let line = std::mem::take(&mut rows[1].line);
        rows[1].line = std::mem::replace(&mut rows[2].line, line);
    };
    assert_eq!(named(swap), Some((2, Fault::Reordered { written: 3 })));
    let append = |rows: &mut Vec<Stored>| {
        let last = rows[3].clone();
        let chain = Chain::at(4, last.head).with(&last.line);
        rows.push(Stored { seq: 5, head: chain.head(), ..last });
    };
    assert_eq!(named(append), Some((5, Fault::Added { expected: 4 })));
}

#[test]
fn a_stream_that_is_not_recorded_is_found() {
    let (stream, lines) = four();
    let (rows, chain) = store(stream, &lines);
    let other = StreamId { desk: DeskId::try_from(9).unwrap(), ..stream };
    assert_eq!(fault(&rows, (other, chain)), Some(Fault::Added { expected: 0 }));
}

#[test]
fn a_chained_line_that_does_not_fit_its_place_is_found() {
    let (stream, lines) = four();
    let chained = |edit: fn(&mut Vec<Recorded>)| {
        let mut lines = lines.clone();
        edit(&mut lines);
        let (rows, chain) = store(stream, &lines);
        fault(&rows, (stream, chain))
    };
    assert_eq!(chained(|lines| lines[2].seq = 7), Some(Fault::Reordered { written: 7 }));
    assert_eq!(chained(|lines| lines[2].author.lc = lines[1].author.lc), Some(Fault::Counter));
    assert_eq!(chained(|lines| lines[0].author.lc = 0), Some(Fault::Counter));
    assert_eq!(chained(|lines| lines[2].author.desk = DeskId::try_from(9).unwrap()), Some(Fault::Foreign));
    assert_eq!(chained(|lines| lines[0].event = lines[2].event.clone()), Some(Fault::Unnamed));
    let foreign = |lines: &mut Vec<Recorded>| {
        if let Event::SessionPlanned(planned) = &mut lines[0].event {
            planned.session = SessionId::new([9; 16]);
        }
    };
    assert_eq!(chained(foreign), Some(Fault::Unnamed));
    let joined_elsewhere = |lines: &mut Vec<Recorded>| {
        if let Event::DeskJoined(joined) = &mut lines[3].event {
            joined.session = SessionId::new([9; 16]);
        }
    };
    assert_eq!(chained(joined_elsewhere), Some(Fault::Foreign));
}

#[test]
fn a_chained_line_that_does_not_read_is_found() {
    let (stream, lines) = four();
    let bytes = lines.iter().map(|line| line::encode(line).unwrap());
    let unknown = |line: Vec<u8>| String::from_utf8(line).unwrap().replace("crew_assigned/1", "crew_assigned/9").into();
    let (rows, chain) = store_bytes(stream, bytes.map(unknown));
    assert_eq!(fault(&rows, (stream, chain)), Some(Fault::Unreadable(LineError::UnknownKind)));
}

#[test]
fn a_finding_names_its_place() {
    let (stream, lines) = four();
    let (mut rows, chain) = store(stream, &lines);
    rows.remove(1);
    let finding = verify(rows.iter().map(Stored::row), [(stream, chain)]).unwrap_err();
    assert_eq!(
        finding.to_string(),
        format!("session {} desk 1 line 2: lines were removed: the next one is 3", stream.session)
    );
}
