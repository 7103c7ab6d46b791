//! XLSX (ECMA-376) to records: the one sheet that a person sees, cell by cell, with what a spreadsheet did to it.
//!
//! Owns parts, sheets, shared strings, number formats and everything that is out of sight: hidden rows and columns,
//! filters, merged cells. Never computes, rounds or guesses: a number stays a number and a formula gives nothing.
//! Knows nothing of columns.
//!
//! ```text
//! _rels/.rels                     where the workbook is
//! xl/workbook.xml                 sheets with name and state; whether dates count from 1904
//! xl/_rels/workbook.xml.rels      where sheets, strings and styles are
//! xl/sharedStrings.xml            si: t, or r with t (rPh is a reading, no text)
//! xl/styles.xml                   numFmts, cellXfs: which cells are shown as dates
//! xl/worksheets/sheet1.xml        cols, sheetData/row/c (t: s, inlineStr, str, b, e, n; f: formula; v), autoFilter,
//!                                 mergeCells
//! ```
//!
//! Invariant: nothing is inflated beyond [`Limits::inflated`], nothing is kept beyond rows, columns and cells of the limits.

mod package;
mod sheet;
mod strings;
mod styles;
mod xml;

use super::limits::Limits;
use super::record::Record;
use package::Package;
use std::collections::BTreeMap;
use xml::{Node, Xml};

/// Why nothing can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no workbook, or a broken one.
    Unreadable(&'static str),
    /// It is more than the limits allow.
    Limit {
        /// What is allowed.
        expected: String,
        /// What was found.
        found: String,
    },
    /// No sheet is called 考生 and several can be seen, or none.
    Sheets(Vec<String>),
}

/// The sheet that was read.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows that hold something, without empty cells at their end.
    pub records: Vec<Record>,
    /// What a reader of the sheet does not see, or sees in another place: what is expected, what was found.
    pub unseen: Vec<(&'static str, String)>,
}

/// The sheet that a roster is on, where several can be seen.
pub(super) const SHEET: &str = "考生";

/// Reads the roster's sheet.
///
/// # Errors
/// [`Fault`].
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, Fault> {
    let mut package = Package::open(bytes, limits.inflated)?;
    let root = Relations::read(&package.part("_rels/.rels")?, "")?;
    let workbook = root.of_kind("officeDocument").ok_or(Fault::Unreadable("a ZIP without a workbook"))?.to_owned();
    let book = Workbook::read(&package.part(&workbook)?)?;
    let relations = Relations::read(&package.part(&beside(&workbook))?, folder(&workbook))?;
    let (name, id) = book.roster()?;
    let strings = match relations.of_kind("sharedStrings") {
        Some(part) => strings::read(&package.part(part)?, limits.cell)?,
        None => Vec::new(),
    };
    let dates = match relations.of_kind("styles") {
        Some(part) => styles::read(&package.part(part)?)?,
        None => Vec::new(),
    };
    let part = relations.by_id.get(id).ok_or(Fault::Unreadable("a workbook without its sheet"))?;
    let known = sheet::Known { strings: &strings, dates: &dates, since_1904: book.since_1904 };
    let (records, unseen) = sheet::read(&package.part(part)?, &known, limits)?;
    Ok(Sheet { name: name.to_owned(), records, unseen })
}

#[derive(Default)]
struct Workbook {
    /// Name, relation, whether it can be seen.
    sheets: Vec<(String, String, bool)>,
    since_1904: bool,
}

impl Workbook {
    fn read(text: &str) -> Result<Self, Fault> {
        let mut book = Self::default();
        let mut xml = Xml::new(text);
        while let Some(node) = xml.next()? {
            match node {
                Node::Open(tag) if tag.is("sheet") => {
                    let seen = tag.attribute("state")?.is_none_or(|state| state == "visible");
                    let of = |name| tag.attribute(name).map(Option::unwrap_or_default);
                    book.sheets.push((of("name")?, of("r:id")?, seen));
                }
                Node::Open(tag) if tag.is("workbookPr") => book.since_1904 = tag.flag("date1904")?,
                _ => {}
            }
        }
        Ok(book)
    }

    /// Name and relation of the sheet called 考生, else of the only one that can be seen.
    fn roster(&self) -> Result<(&str, &str), Fault> {
        let seen: Vec<_> = self.sheets.iter().filter(|(_, _, seen)| *seen).collect();
        let named = seen.iter().find(|(name, _, _)| name.trim() == SHEET);
        match (named, seen.as_slice()) {
            (Some((name, id, _)), _) | (None, [(name, id, _)]) => Ok((name, id)),
            _ => Err(Fault::Sheets(seen.iter().map(|(name, _, _)| name.clone()).collect())),
        }
    }
}

/// The relations of a part: which other part is what to it.
struct Relations {
    by_id: BTreeMap<String, String>,
    by_kind: BTreeMap<String, String>,
}

impl Relations {
    /// `base` is the folder of the part that has them.
    fn read(text: &str, base: &str) -> Result<Self, Fault> {
        let mut relations = Self { by_id: BTreeMap::new(), by_kind: BTreeMap::new() };
        let mut xml = Xml::new(text);
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            if !tag.is("Relationship") {
                continue;
            }
            let of = |name| tag.attribute(name).map(Option::unwrap_or_default);
            let target = resolve(base, &of("Target")?);
            let kind = of("Type")?.rsplit('/').next().unwrap_or_default().to_owned();
            relations.by_kind.entry(kind).or_insert_with(|| target.clone());
            relations.by_id.insert(of("Id")?, target);
        }
        Ok(relations)
    }

    fn of_kind(&self, kind: &str) -> Option<&str> {
        self.by_kind.get(kind).map(String::as_str)
    }
}

/// `xl/workbook.xml` to `xl`.
fn folder(part: &str) -> &str {
    part.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Where a part's relations stand.
fn beside(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    resolve(folder, &format!("_rels/{name}.rels"))
}

/// The name of a part that another one names.
fn resolve(base: &str, target: &str) -> String {
    let from = if target.starts_with('/') { "" } else { base };
    let mut parts: Vec<&str> = Vec::new();
    for step in from.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            step => parts.push(step),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_named_from_where_its_relation_stands() {
        for (base, target, name) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("xl/worksheets", "../sharedStrings.xml", "xl/sharedStrings.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolve(base, target), name);
        }
        assert_eq!(beside("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
    }
}
