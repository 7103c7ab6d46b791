//! One sheet: its rows, and what of them is out of sight.

use super::Fault;
use super::strings::{Rich, unescaped};
use super::xml::{Node, Tag, Xml};
use crate::intake::limits::Limits;
use crate::intake::record::{Raw, Record};
use std::fmt::Write as _;

const BROKEN: Fault = Fault::Unreadable("a sheet that is broken");
/// So many rows or columns are named, more are counted.
const MOST_NAMED: usize = 20;

/// What the sheet's cells refer to.
pub(super) struct Known<'a> {
    pub strings: &'a [String],
    /// By cell style.
    pub dates: &'a [bool],
    pub since_1904: bool,
}

/// What a person does not see, or sees in another place: what is expected, what was found.
type Unseen = Vec<(&'static str, String)>;

/// Reads a sheet's XML.
pub(super) fn read(text: &str, known: &Known<'_>, limits: &Limits) -> Result<(Vec<Record>, Unseen), Fault> {
    let mut sheet =
        Sheet { known, limits, records: Vec::new(), row: Row::default(), sight: Sight::default(), full: false };
    let mut xml = Xml::new(text);
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(tag) if tag.is("row") => sheet.open_row(&tag)?,
            Node::Open(tag) if tag.is("c") => {
                let at = tag.attribute("r")?.map(|r| place(&r).ok_or(BROKEN)).transpose()?;
                let cell = sheet.cell(&tag, &mut xml)?;
                sheet.put(at.map(|(column, _)| column), cell)?;
            }
            Node::Close(name) if name == "row" => sheet.close_row(),
            Node::Open(tag) => sheet.sight.take(&tag)?,
            _ => {}
        }
    }
    let unseen = sheet.sight.unseen(&sheet.records);
    Ok((sheet.records, unseen))
}

#[derive(Default)]
struct Row {
    line: u32,
    hidden: bool,
    cells: Vec<Raw>,
    /// Column of the next cell that names none.
    next: usize,
}

struct Sheet<'a> {
    known: &'a Known<'a>,
    limits: &'a Limits,
    records: Vec<Record>,
    row: Row,
    sight: Sight,
    /// Whether there is one row more than the limits allow: enough to be refused.
    full: bool,
}

impl Sheet<'_> {
    fn open_row(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        let line = tag.number("r")?.unwrap_or(self.row.line.saturating_add(1));
        let flat = tag.number::<f64>("ht")?.is_some_and(|height| height == 0.0);
        self.row = Row { line, hidden: tag.flag("hidden")? || flat, ..Row::default() };
        Ok(())
    }

    fn close_row(&mut self) {
        let mut cells = std::mem::take(&mut self.row.cells);
        while cells.last().is_some_and(Raw::is_empty) {
            cells.pop();
        }
        if cells.is_empty() || self.full {
            return;
        }
        if self.row.hidden {
            self.sight.rows.push(self.row.line);
        }
        self.records.push(Record { line: self.row.line, cells });
        self.full = self.records.len() >= self.limits.rows.saturating_add(2);
    }

    fn put(&mut self, column: Option<usize>, cell: Raw) -> Result<(), Fault> {
        let column = column.unwrap_or(self.row.next);
        self.row.next = column + 1;
        if cell.is_empty() {
            return Ok(());
        }
        if column >= self.limits.columns {
            let expected = format!("at most {} columns", self.limits.columns);
            return Err(Fault::Limit { expected, found: (column + 1).to_string() });
        }
        let cells = &mut self.row.cells;
        if cells.len() <= column {
            cells.resize(column + 1, Raw::EMPTY);
        }
        if let Some(slot) = cells.get_mut(column) {
            *slot = cell;
        }
        Ok(())
    }

    /// Reads up to the cell's end.
    fn cell(&self, tag: &Tag<'_>, xml: &mut Xml<'_>) -> Result<Raw, Fault> {
        let kind = tag.attribute("t")?.unwrap_or_default();
        let style: usize = tag.number("s")?.unwrap_or_default();
        let (mut value, mut inside, mut formula) = (String::new(), false, false);
        let mut rich = Rich::new(self.limits.cell);
        loop {
            match xml.next()?.ok_or(BROKEN)? {
                Node::Close(name) if name == "c" => break,
                Node::Open(tag) if tag.is("f") => formula = true,
                Node::Open(tag) if tag.is("v") => inside = true,
                Node::Close(name) if name == "v" => inside = false,
                Node::Text(text) if inside => value.push_str(&text),
                node => rich.take(&node),
            }
        }
        if formula {
            return Ok(Raw::Computed);
        }
        Ok(match kind.as_str() {
            "s" => {
                let index: usize = value.trim().parse().map_err(|_| BROKEN)?;
                Raw::Text(self.known.strings.get(index).ok_or(BROKEN)?.clone())
            }
            "inlineStr" => Raw::Text(rich.text()),
            "str" | "d" => Raw::Text(unescaped(&value.chars().take(self.limits.cell + 1).collect::<String>())),
            "b" => Raw::Text(if value.trim() == "1" { "TRUE" } else { "FALSE" }.into()),
            "e" => Raw::Computed,
            "" | "n" if value.trim().is_empty() => Raw::EMPTY,
            "" | "n" => {
                let number: f64 = value.trim().parse().map_err(|_| BROKEN)?;
                if self.known.dates.get(style).copied().unwrap_or(false) {
                    Raw::Date { serial: number, since_1904: self.known.since_1904 }
                } else {
                    Raw::Number(number)
                }
            }
            _ => return Err(BROKEN),
        })
    }
}

/// What is out of sight, by row and column.
#[derive(Default)]
struct Sight {
    rows: Vec<u32>,
    /// First and last column, from 1.
    columns: Vec<(usize, usize)>,
    filtered: bool,
    /// First and last row of merged cells.
    merged: Vec<(u32, u32)>,
}

impl Sight {
    fn take(&mut self, tag: &Tag<'_>) -> Result<(), Fault> {
        if tag.is("col") {
            let flat = tag.number::<f64>("width")?.is_some_and(|width| width == 0.0);
            if tag.flag("hidden")? || flat {
                let span = (tag.number("min")?.ok_or(BROKEN)?, tag.number("max")?.ok_or(BROKEN)?);
                self.columns.push(span);
            }
        } else if tag.is("filterColumn") {
            self.filtered = true;
        } else if tag.is("mergeCell") {
            let span = tag.attribute("ref")?.unwrap_or_default();
            let (first, last) = span.split_once(':').unwrap_or((&span, &span));
            let (first, last) = (place(first).ok_or(BROKEN)?, place(last).ok_or(BROKEN)?);
            if first != last {
                self.merged.push((first.1, last.1));
            }
        }
        Ok(())
    }

    fn unseen(mut self, records: &[Record]) -> Unseen {
        let mut unseen = Vec::new();
        let header = records.first().map_or(0, |record| record.line);
        let widest = records.iter().map(|record| record.cells.len()).max().unwrap_or(0);
        let holds = |column: usize| records.iter().any(|r| r.cells.get(column).is_some_and(|cell| !cell.is_empty()));
        let columns: Vec<String> = (0..widest)
            .filter(|c| self.columns.iter().any(|(from, to)| (*from..=*to).contains(&(c + 1))) && holds(*c))
            .map(letters)
            .collect();
        self.merged.retain(|(_, last)| *last > header);
        let touched = |record: &&Record| {
            record.line > header && self.merged.iter().any(|(first, last)| (*first..=*last).contains(&record.line))
        };
        let merged: Vec<String> = records.iter().filter(touched).map(|record| record.line.to_string()).collect();
        let rows: Vec<String> = self.rows.iter().map(u32::to_string).collect();
        for (expected, what, which) in [
            ("no hidden rows", "rows", rows),
            ("no hidden columns", "columns", columns),
            ("no merged cells below the header", "rows", merged),
        ] {
            if !which.is_empty() {
                unseen.push((expected, named(what, &which)));
            }
        }
        if self.filtered {
            unseen.push(("no active filter", "one".into()));
        }
        unseen
    }
}

fn named(what: &str, which: &[String]) -> String {
    let shown = which.get(..MOST_NAMED).unwrap_or(which);
    let mut text = format!("{what} {}", shown.join(", "));
    if which.len() > shown.len() {
        let _ = write!(text, " and {} more", which.len() - shown.len());
    }
    text
}

/// `B12` to column 1 (from 0) and row 12.
fn place(reference: &str) -> Option<(usize, u32)> {
    let reference = reference.trim();
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let column = letters.bytes().fold(0, |n, b| n * 26 + usize::from(b - b'A') + 1);
    Some((column - 1, row.parse().ok()?))
}

/// The letters of a column, from 0.
fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut text = Vec::new();
    while rest > 0 {
        rest -= 1;
        text.insert(0, char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    text.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_letters_and_digits() {
        for (reference, column, row) in [("A1", 0, 1), ("Z9", 25, 9), ("AA10", 26, 10), ("BL1048576", 63, 1_048_576)] {
            assert_eq!(place(reference), Some((column, row)));
            assert!(reference.starts_with(&letters(column)));
        }
        for bad in ["", "A", "1", "a1", "ABCD1", "A-1", "A1B", "A99999999999"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
