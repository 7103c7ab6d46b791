//! A TOML document read key by key: what `policy` and the configuration have in common.
//!
//! Owns the walk over tables, the line of every key and the collection of all problems. Knows no key's meaning: codes
//! and texts belong to the readers. Floats are a wrong type everywhere (integers only).
//!
//! Invariant: a reader that returns `None` for a key that is present has recorded a problem.

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The text is not TOML, or not UTF-8.
    Unreadable,
    /// Nobody knows this key.
    UnknownKey,
    /// A required key is absent.
    Missing,
    /// Another type than expected, or a float.
    WrongType,
    /// The right type with a value that is not allowed.
    OutOfRange,
}

/// One problem, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub fault: Fault,
    /// Line, from 1.
    pub line: u32,
    /// Path of the key, such as `parts[0].step`; empty for the whole file.
    pub key: String,
    /// What the key may hold.
    pub expected: String,
    /// What it holds.
    pub found: String,
}

/// One table of the document; absent tables read as empty ones.
pub struct Table<'d, 'p> {
    text: &'d str,
    path: String,
    line: u32,
    entries: Option<&'d DeTable<'d>>,
    known: Vec<&'static str>,
    problems: &'p mut Vec<Problem>,
}

/// Reads a document: `read` sees the root table; problems come back in the order of lines.
///
/// # Errors
/// Every [`Problem`] found, at least one.
pub fn read<T>(bytes: &[u8], reader: impl FnOnce(&mut Table<'_, '_>) -> Option<T>) -> Result<T, Vec<Problem>> {
    let unreadable = |line, found: String| {
        vec![Problem { fault: Fault::Unreadable, line, key: String::new(), expected: "TOML in UTF-8".into(), found }]
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(unreadable(1, "other bytes".into()));
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = DeTable::parse(text)
        .map_err(|e| unreadable(line_at(text, e.span().map_or(0, |s| s.start)), e.message().replace('\n', " ")))?;
    let mut problems = Vec::new();
    let mut root = Table {
        text,
        path: String::new(),
        line: 1,
        entries: Some(document.get_ref()),
        known: Vec::new(),
        problems: &mut problems,
    };
    let value = reader(&mut root);
    root.finish();
    problems.sort_by_key(|p| p.line);
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(problems),
    }
}

/// The line of a key path in a document, or of its nearest ancestor that is written; 1 where there is none.
#[must_use]
pub fn line_of(bytes: &[u8], path: &str) -> u32 {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Ok(document) = DeTable::parse(text) else { return 1 };
    let mut at = document.get_ref();
    let mut start = 0;
    for step in path.split('.') {
        let (name, index) = match step.split_once('[') {
            Some((name, rest)) => (name, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (step, None),
        };
        let Some((key, value)) = at.get_key_value(name) else { break };
        start = key.span().start;
        let value = match (index, value.get_ref()) {
            (Some(index), DeValue::Array(array)) => match array.get(index) {
                Some(item) => {
                    start = item.span().start;
                    item
                }
                None => break,
            },
            _ => value,
        };
        match value.get_ref() {
            DeValue::Table(table) => at = table,
            _ => break,
        }
    }
    line_at(text, start)
}

fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.get(..offset).unwrap_or(text);
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}

fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(s) => format!("{s:?}"),
        DeValue::Integer(n) => n.to_string(),
        DeValue::Float(n) => format!("the float {n}"),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(d) => format!("the date {d}"),
        DeValue::Array(a) => format!("an array of {}", a.len()),
        DeValue::Table(_) => "a table".into(),
    }
}

impl<'d> Table<'d, '_> {
    /// The path of a key of this table.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) }
    }

    /// Whether the key is written.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.entries.is_some_and(|t| t.contains_key(name))
    }

    /// Records a problem at a key of this table.
    pub fn refuse(&mut self, fault: Fault, name: &str, expected: impl Into<String>, found: impl Into<String>) {
        let line = self
            .entries
            .and_then(|t| t.get_key_value(name))
            .map_or(self.line, |(key, _)| line_at(self.text, key.span().start));
        let key = self.key(name);
        self.problems.push(Problem { fault, line, key, expected: expected.into(), found: found.into() });
    }

    /// Records [`Fault::Missing`] where the key is absent.
    pub fn require(&mut self, name: &'static str, expected: &str) {
        self.known.push(name);
        if !self.has(name) {
            self.refuse(Fault::Missing, name, expected, "nothing");
        }
    }

    fn value(&mut self, name: &'static str) -> Option<&'d DeValue<'d>> {
        self.known.push(name);
        self.entries.and_then(|t| t.get(name)).map(Spanned::get_ref)
    }

    fn wrong<T>(&mut self, fault: Fault, name: &str, expected: &str, value: &DeValue<'_>) -> Option<T> {
        self.refuse(fault, name, expected, describe(value));
        None
    }

    /// Reads an integer of a range.
    pub fn int(&mut self, name: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let expected = format!("an integer from {} to {}", range.start(), range.end());
        match self.value(name)? {
            value @ DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix())
                .ok()
                .and_then(|n| u32::try_from(n).ok())
                .filter(|n| range.contains(n))
                .or_else(|| self.wrong(Fault::OutOfRange, name, &expected, value)),
            value => self.wrong(Fault::WrongType, name, &expected, value),
        }
    }

    /// Reads `true` or `false`.
    pub fn boolean(&mut self, name: &'static str) -> Option<bool> {
        match self.value(name)? {
            DeValue::Boolean(b) => Some(*b),
            value => self.wrong(Fault::WrongType, name, "true or false", value),
        }
    }

    /// Reads a string that `parse` accepts.
    pub fn text<T>(&mut self, name: &'static str, expected: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        match self.value(name)? {
            value @ DeValue::String(s) => parse(s).or_else(|| self.wrong(Fault::OutOfRange, name, expected, value)),
            value => self.wrong(Fault::WrongType, name, expected, value),
        }
    }

    /// Reads a list of strings, each of which `parse` accepts.
    pub fn texts<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let value = self.value(name)?;
        let DeValue::Array(array) = value else {
            return self.wrong(Fault::WrongType, name, expected, value);
        };
        let mut items = Vec::with_capacity(array.len());
        for item in array {
            match item.get_ref() {
                DeValue::String(s) => match parse(s) {
                    Some(parsed) => items.push(parsed),
                    None => return self.wrong(Fault::OutOfRange, name, expected, item.get_ref()),
                },
                other => return self.wrong(Fault::WrongType, name, expected, other),
            }
        }
        Some(items)
    }

    /// Reads a table, present or not, and then looks for keys that nobody asked for.
    pub fn table<T>(&mut self, name: &'static str, reader: impl FnOnce(&mut Table<'d, '_>) -> T) -> T {
        let table = match self.value(name) {
            None => None,
            Some(DeValue::Table(table)) => Some(table),
            Some(value) => self.wrong(Fault::WrongType, name, "a table", value),
        };
        let start = self.entries.and_then(|t| t.get_key_value(name)).map(|(key, _)| key.span().start);
        let line = start.map_or(self.line, |start| line_at(self.text, start));
        self.inner(self.key(name), line, table, reader)
    }

    /// Reads an array of tables.
    pub fn tables<T>(&mut self, name: &'static str, mut reader: impl FnMut(&mut Table<'d, '_>) -> T) -> Option<Vec<T>> {
        let value = self.value(name)?;
        let DeValue::Array(array) = value else {
            return self.wrong(Fault::WrongType, name, "an array of tables", value);
        };
        let mut items = Vec::with_capacity(array.len());
        for (i, item) in array.iter().enumerate() {
            let DeValue::Table(table) = item.get_ref() else {
                return self.wrong(Fault::WrongType, name, "an array of tables", item.get_ref());
            };
            let line = line_at(self.text, item.span().start);
            items.push(self.inner(format!("{}[{i}]", self.key(name)), line, Some(table), &mut reader));
        }
        Some(items)
    }

    fn inner<T>(
        &mut self,
        path: String,
        line: u32,
        table: Option<&'d DeTable<'d>>,
        reader: impl FnOnce(&mut Table<'d, '_>) -> T,
    ) -> T {
        let mut inner =
            Table { text: self.text, path, line, entries: table, known: Vec::new(), problems: &mut *self.problems };
        let value = reader(&mut inner);
        inner.finish();
        value
    }

    fn finish(&mut self) {
        let Some(table) = self.entries else { return };
        for name in table.keys().map(Spanned::get_ref) {
            if !self.known.iter().any(|k| *k == name.as_ref()) {
                let mut expected = String::from("one of");
                for (i, known) in self.known.iter().enumerate() {
                    if self.known.iter().position(|k| k == known) == Some(i) {
                        let _ = write!(expected, "{}{known}", if i == 0 { " " } else { ", " });
                    }
                }
                self.refuse(Fault::UnknownKey, name, expected, name.as_ref());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<Problem> {
        read(text.as_bytes(), |root| {
            root.table("a", |a| {
                a.require("n", "a number");
                a.int("n", 1..=9);
                a.boolean("b");
            });
            root.tables("t", |t| t.text("s", "ab or cd", |s| ["ab", "cd"].contains(&s).then_some(())));
            root.texts("l", "words", |s| (!s.is_empty()).then_some(()));
            Some(())
        })
        .err()
        .unwrap_or_default()
    }

    #[test]
    fn a_clean_document_has_no_problem() {
        assert_eq!(problems("a = { n = 3, b = true }\nt = [{ s = \"ab\" }]\nl = [\"x\"]\n"), []);
        assert_eq!(problems("\u{feff}[a]\nn = 0x3\n[[t]]\n"), []);
    }

    #[test]
    fn every_problem_is_collected_with_its_line_and_key() {
        let found: Vec<_> = problems("zz = 1\n[a]\nn = 10\nb = 1\nc = 2\n[[t]]\ns = \"ab\"\n[[t]]\ns = \"ef\"\n")
            .into_iter()
            .map(|p| (p.fault, p.line, p.key))
            .collect();
        assert_eq!(
            found,
            [
                (Fault::UnknownKey, 1, "zz".to_owned()),
                (Fault::OutOfRange, 3, "a.n".to_owned()),
                (Fault::WrongType, 4, "a.b".to_owned()),
                (Fault::UnknownKey, 5, "a.c".to_owned()),
                (Fault::OutOfRange, 9, "t[1].s".to_owned()),
            ]
        );
    }

    #[test]
    fn floats_absent_keys_and_broken_text_are_problems() {
        assert_eq!(problems("[a]\nn = 1.0\n")[0].fault, Fault::WrongType);
        assert_eq!(problems("")[0].fault, Fault::Missing);
        assert_eq!((problems("[a]\nn = \n")[0].fault, problems("[a]\nn = \n")[0].line), (Fault::Unreadable, 2));
        assert_eq!(problems("a = 1\nl = 2\nt = 3")[0].fault, Fault::WrongType);
        assert!(read(&[0xff], |_| Some(())).is_err());
    }

    #[test]
    fn the_line_of_a_key_or_of_its_nearest_ancestor_is_found() {
        let text = b"a = 1\nt = [\n  { s = 1 },\n  { s = 2 },\n]\n[b]\nc = 3\n";
        assert_eq!(line_of(text, "t[1].s"), 4);
        assert_eq!(line_of(text, "t[1].q"), 4);
        assert_eq!(line_of(text, "b.c"), 7);
        assert_eq!(line_of(text, "b.q"), 6);
        assert_eq!(line_of(text, "q.r"), 1);
    }
}
