//! Text to records with the physical line on which each begins. RFC 4180 quotes; lines end with LF, CRLF or CR.
//!
//! Empty lines and lines of empty cells are skipped and counted. Knows nothing of columns.

use super::record::{Raw, Record};
use ::csv::{ByteRecord, ReaderBuilder};

/// Separators that a roster may use, in the order in which they are preferred.
pub(super) const SEPARATORS: [u8; 3] = [b',', b'\t', b';'];

/// All records of a text, and where a quote was opened that nobody closed.
#[derive(Debug, PartialEq)]
pub(super) struct Records {
    /// Complete records.
    pub records: Vec<Record>,
    /// Line of the record with an open quote.
    pub unclosed: Option<u32>,
}

/// The reader takes the end of the file for a closing quote. So a last record is added that an open quote would
/// swallow: if it does not come back alone, the record before it was open.
const END: &str = "\n\u{1}end";

/// Splits a text. `most` is where reading stops: one record more than the caller takes is enough to refuse.
pub(super) fn split(text: &str, separator: u8, most: usize) -> Records {
    let closed = format!("{text}{END}");
    let bytes = closed.as_bytes();
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(bytes);
    let mut records = Records { records: Vec::new(), unclosed: None };
    let mut record = ByteRecord::new();
    let (mut line, mut counted) = (1, 0);
    while reader.read_byte_record(&mut record).is_ok_and(|more| more) {
        let mut start = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX));
        while matches!(bytes.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        line += line_ends(bytes, counted, start);
        counted = start;
        if start > text.len() {
            break;
        }
        let cells: Vec<String> = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        if cells.last().is_some_and(|cell| cell.ends_with(END)) {
            records.unclosed = Some(line);
            break;
        }
        if !cells.iter().all(|cell| cell.trim().is_empty()) {
            records.records.push(Record { line, cells: cells.into_iter().map(Raw::Text).collect() });
        }
        if records.records.len() >= most {
            break;
        }
    }
    records
}

fn line_ends(bytes: &[u8], from: usize, to: usize) -> u32 {
    let passed = bytes.get(from..to).unwrap_or_default();
    let ends = passed
        .iter()
        .enumerate()
        .filter(|&(i, b)| *b == b'\n' || (*b == b'\r' && bytes.get(from + i + 1) != Some(&b'\n')));
    u32::try_from(ends.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(record: &Record) -> Vec<String> {
        let text = |raw: &Raw| match raw {
            Raw::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        record.cells.iter().map(text).collect()
    }

    fn lines(text: &str) -> Vec<(u32, Vec<String>)> {
        split(text, b',', usize::MAX).records.iter().map(|r| (r.line, texts(r))).collect()
    }

    #[test]
    fn records_know_the_physical_line_of_their_start() {
        let text = "a,b\r\n\r\n\"x\ny\",\"q\"\"q\"\n , \nlast,=\"01\"";
        let expected: Vec<(u32, Vec<String>)> = vec![
            (1, vec!["a".into(), "b".into()]),
            (3, vec!["x\ny".into(), "q\"q".into()]),
            (6, vec!["last".into(), "=\"01\"".into()]),
        ];
        assert_eq!(lines(text), expected);
        assert_eq!(lines(&text.replace("\r\n", "\r").replace('\n', "\r")).last().unwrap().0, 6);
        assert_eq!(lines("\n\na,b\n")[0].0, 3);
    }

    #[test]
    fn a_quote_that_nobody_closes_is_found_with_its_line() {
        for (text, line) in [("a,b\nc,\"d\ne,f\n", 2), ("\"a", 1), ("a\n\"", 2), ("a\nb\n\"c\"\"", 3)] {
            let records = split(text, b',', usize::MAX);
            assert_eq!(records.unclosed, Some(line), "{text:?}");
            assert_eq!(records.records.len(), line as usize - 1);
        }
        assert_eq!(split("a,\"b\"", b',', usize::MAX).unclosed, None);
        assert_eq!(split("", b',', usize::MAX), Records { records: vec![], unclosed: None });
    }

    proptest! {
        #[test]
        fn quoted_cells_come_back_as_they_were(rows in proptest::collection::vec(
            proptest::collection::vec("[a-z,\"\n\r;']{0,5}x", 1..4), 1..6)
        ) {
            let text: String = rows.iter().map(|row| {
                let cells: Vec<String> = row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
                cells.join(",") + "\r\n"
            }).collect();
            let back = split(&text, b',', usize::MAX);
            prop_assert_eq!(back.unclosed, None);
            prop_assert_eq!(back.records.iter().map(texts).collect::<Vec<_>>(), rows);
        }
    }
}
