//! The bytes of a roster to lines of cells: a workbook is known by its content, everything else is text.

use super::csv;
use super::encoding::{self, NotText};
use super::finding::{Found, Place, Report, harmless};
use super::header::{Form, Header};
use super::limits::Limits;
use super::record::{Raw, Record};
use super::workbook::{self, Fault, Sheet};

/// Every line of a roster, its header first.
pub(super) struct Table {
    pub records: Vec<Record>,
    /// What the lines are of.
    pub form: Form,
    /// Whether the cells may hold something else than text.
    pub workbook: bool,
    /// Whether a quote was opened that nobody closed.
    pub unclosed: bool,
}

/// Reads a file's form; nothing where it cannot be read at all.
pub(super) fn read(bytes: &[u8], form: Form, limits: &Limits, report: &mut Report) -> Option<Table> {
    if bytes.len() > limits.bytes {
        let expected = format!("at most {} bytes", limits.bytes);
        report.add("KD-R-03", Place::FILE, expected, Found::Words(bytes.len().to_string()));
        return None;
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return sheet(bytes, form, limits, report);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let hint = "请在表格软件中另存为 .xlsx，不要加密";
        report.advise(
            "KD-R-01",
            Place::FILE,
            "CSV or XLSX",
            Found::Words("an .xls or encrypted workbook".into()),
            hint,
        );
        return None;
    }
    text(bytes, report).map(|text| lines(&text, form, limits, report))
}

fn text(bytes: &[u8], report: &mut Report) -> Option<String> {
    match encoding::decode(bytes) {
        Ok(text) if text.trim().is_empty() => {
            report.add("KD-R-01", Place::FILE, "a header and rows", Found::Words("an empty file".into()));
            None
        }
        Ok(text) => Some(text),
        Err(why) => {
            let found = if why == NotText::Utf16 { "UTF-16" } else { "other bytes" };
            report.add("KD-R-02", Place::FILE, "UTF-8 or GB18030", Found::Words(found.into()));
            None
        }
    }
}

fn lines(text: &str, form: Form, limits: &Limits, report: &mut Report) -> Table {
    let csv::Records { records, unclosed } = csv::split(text, separator(text, form), limits.rows.saturating_add(2));
    if let Some(line) = unclosed {
        let place = Place { line: Some(line), column: None };
        report.add("KD-R-06", place, "a quote that ends", Found::Words("an unclosed quote".into()));
    }
    Table { records, form, workbook: false, unclosed: unclosed.is_some() }
}

/// The separator under which the header line names most columns.
fn separator(text: &str, form: Form) -> u8 {
    let known = |separator: u8| {
        let first = csv::split(text, separator, 1).records.into_iter().next();
        first.map_or(0, |record| Header::read(record.cells, form, false).known())
    };
    let mut best = (b',', 0);
    for separator in csv::SEPARATORS {
        let n = known(separator);
        if n > best.1 {
            best = (separator, n);
        }
    }
    best.0
}

fn sheet(bytes: &[u8], form: Form, limits: &Limits, report: &mut Report) -> Option<Table> {
    let Sheet { name, mut records, unseen } = match workbook::read(bytes, limits) {
        Ok(sheet) => sheet,
        Err(fault) => {
            refuse(fault, report);
            return None;
        }
    };
    report.stands_on(&name);
    for (expected, found) in unseen {
        report.add("KD-R-35", Place::FILE, expected, Found::Words(found));
    }
    let Some(width) = records.first().map(|header| header.cells.len()) else {
        report.add("KD-R-01", Place::FILE, "a header and rows", Found::Words("an empty sheet".into()));
        return None;
    };
    // A sheet has no end of line: cells that nobody wrote are empty ones.
    for record in records.iter_mut().filter(|record| record.cells.len() < width) {
        record.cells.resize(width, Raw::EMPTY);
    }
    Some(Table { records, form, workbook: true, unclosed: false })
}

fn refuse(fault: Fault, report: &mut Report) {
    match fault {
        Fault::Unreadable(found) => {
            let hint = "请在表格软件中打开后另存为 .xlsx 或 CSV UTF-8";
            report.advise("KD-R-01", Place::FILE, "a workbook that can be read", Found::Words(found.into()), hint);
        }
        Fault::Limit { expected, found } => report.add("KD-R-03", Place::FILE, expected, Found::Words(found)),
        Fault::Sheets(names) => {
            let names: Vec<String> = names.iter().map(|name| harmless(name)).collect();
            let expected = format!("a sheet {}, or one visible sheet", workbook::SHEET);
            let found = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            let hint = format!("请把名册工作表命名为“{}”", workbook::SHEET);
            report.advise("KD-R-04", Place::FILE, expected, Found::Words(found), hint);
        }
    }
}
