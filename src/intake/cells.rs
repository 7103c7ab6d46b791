//! One cell before its meaning: trimmed, unwrapped, folded, and what a spreadsheet may have done to it.
//!
//! Owns notices KD-R-N1 and KD-R-N3 and the errors that win over every other one of a cell: KD-R-03 (length), 34
//! (formula), 30 (an identifier that is a number), 31 (scientific notation), 33 (leading zeros lost) and 36 (dates).

use super::finding::{Found, Mask, Place, Report, masked};
use super::header::{Field, Header, Slot};
use super::limits::Limits;
use super::record::{Raw, Record, decimal};
use jiff::{ToSpan as _, civil};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A cell of a known column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Ready to be parsed; empty where nothing is written.
    Text(String),
    /// Already refused: gets no second error.
    Refused,
}

/// One row of cells, in the order of the file's columns.
#[derive(Debug)]
pub(super) struct Line {
    /// Physical line.
    pub line: u32,
    /// Cells; those of unknown columns are empty.
    pub cells: Vec<Cell>,
}

/// A leading apostrophe or `="…"` by which people keep a spreadsheet from reading digits as a number.
fn unwrapped(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).or_else(|| text.strip_prefix('\''))?;
    let digits = inner.strip_suffix(['X', 'x']).unwrap_or(inner);
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(inner)
}

/// Digits and Latin letters of full width in half width.
fn half_width(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        c => c,
    }
}

fn is_formula(text: &str) -> bool {
    const ERRORS: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"];
    text.starts_with('=') || ERRORS.iter().any(|e| text.eq_ignore_ascii_case(e))
}

/// `4.40106E+17`: a mantissa, an exponent with its sign, or without sign where the mantissa has a point.
fn is_scientific(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let mantissa = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, point) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, digits(fraction)),
        None => (mantissa, false),
    };
    let pointed = mantissa.contains('.');
    let signed = exponent.strip_prefix(['+', '-']);
    digits(whole) && pointed == point && (pointed || signed.is_some()) && digits(signed.unwrap_or(exponent))
}

/// Cleans the cells of one record that has as many as the header.
pub(super) fn clean(record: &Record, header: &Header, limits: &Limits, report: &mut Report) -> Line {
    let mut cells = Vec::with_capacity(record.cells.len());
    for (i, (raw, slot)) in record.cells.iter().zip(&header.slots).enumerate() {
        let column = header.texts.get(i).map(|text| (i, text.as_str()));
        let place = Place { line: Some(record.line), column };
        cells.push(match slot {
            None => Cell::Text(String::new()),
            Some(slot) => clean_cell(raw, slot, place, limits, report),
        });
    }
    Line { line: record.line, cells }
}

/// The text that a workbook's cell means under its column, or the finding that it means none.
fn meant(raw: &Raw, field: Option<Field>) -> Result<Cow<'_, str>, (&'static str, &'static str, Found)> {
    let identifier = field.is_some_and(Field::is_identifier);
    match raw {
        Raw::Text(text) => Ok(text.into()),
        Raw::Computed => Err(("KD-R-34", "a value", Found::Words("a formula or an error value".into()))),
        Raw::Number(number) | Raw::Date { serial: number, .. } if identifier => Err((
            "KD-R-30",
            "the identifier as text",
            masked(&decimal(*number), field.map_or(Mask::LastFour, Field::mask)),
        )),
        Raw::Number(number) => Ok(decimal(*number).into()),
        Raw::Date { since_1904: true, .. } => {
            Err(("KD-R-36", "the 1900 date system", Found::Words("the 1904 date system".into())))
        }
        Raw::Date { serial, .. } => match field {
            Some(Field::Date) => date_text(*serial).map(Cow::from).ok_or((
                "KD-R-36",
                "a date from 2000 to 2100, without a time",
                Found::Words("another serial".into()),
            )),
            Some(Field::Start) => time_text(*serial).map(Cow::from).ok_or((
                "KD-R-36",
                "a time in whole minutes, without a date",
                Found::Words("another serial".into()),
            )),
            _ => Err(("KD-R-36", "text", Found::Words("a date or time".into()))),
        },
    }
}

/// The date of a serial of the 1900 system, where it is a whole day of the years 2000 to 2100.
fn date_text(serial: f64) -> Option<String> {
    let days = whole(serial)?;
    let date = civil::date(1899, 12, 30).checked_add(days.days()).ok()?;
    (2000..=2100).contains(&date.year()).then(|| date.to_string())
}

/// The time of a serial below one day, where it is a whole minute to within half a second.
fn time_text(serial: f64) -> Option<String> {
    let seconds = whole((serial * 86_400.0).round())?;
    ((0..86_400).contains(&seconds) && serial >= 0.0 && seconds % 60 == 0)
        .then(|| format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60))
}

/// A number without fraction, as far as dates and times need it.
fn whole(number: f64) -> Option<i32> {
    decimal(number).parse().ok()
}

fn clean_cell(raw: &Raw, slot: &Slot, place: Place<'_>, limits: &Limits, report: &mut Report) -> Cell {
    let field = match slot {
        Slot::Field(field) => Some(*field),
        Slot::Carried(_) => None,
    };
    let mask = field.map_or(Mask::Short, Field::mask);
    let raw = match meant(raw, field) {
        Ok(text) => text,
        Err((code, expected, found)) => {
            report.add(code, place, expected, found);
            return Cell::Refused;
        }
    };
    let length = raw.chars().count();
    if length > limits.cell {
        report.add(
            "KD-R-03",
            place,
            format!("at most {} characters in a cell", limits.cell),
            Found::Words(length.to_string()),
        );
        return Cell::Refused;
    }
    let trimmed = raw.trim_matches([' ', '\u{3000}', '\u{a0}', '\t', '\u{feff}']);
    let bare = unwrapped(trimmed).unwrap_or(trimmed);
    let mut text: String = bare.chars().map(half_width).collect();
    if is_formula(&text) {
        report.add("KD-R-34", place, "a value", Found::Words("a formula or an error value".into()));
        return Cell::Refused;
    }
    if field.is_some_and(Field::is_identifier) && is_scientific(&text) {
        let exponent = text.find(['e', 'E']).unwrap_or_default();
        let found = Found::Cell("*".repeat(exponent) + text.get(exponent..).unwrap_or_default());
        report.add("KD-R-31", place, "the identifier as text", found);
        return Cell::Refused;
    }
    let mut folded = trimmed.len() != raw.len() || text != bare;
    if field.is_some_and(Field::is_upper) && text.bytes().any(|b| b.is_ascii_lowercase()) {
        // The check character of an 18-character number is written either way: no notice for that alone.
        let lower = text.bytes().filter(u8::is_ascii_lowercase).count();
        let only_check = field == Some(Field::DocNo) && text.len() == 18 && lower == 1 && text.ends_with('x');
        folded |= !only_check;
        text.make_ascii_uppercase();
    }
    if folded && !text.is_empty() {
        report.add("KD-R-N1", place, "no outer blanks, half-width characters, capitals", masked(&text, mask));
    }
    if bare.len() != trimmed.len() {
        report.add("KD-R-N3", place, "digits as text", masked(&text, mask));
    }
    Cell::Text(text)
}

/// Finds values that a spreadsheet robbed of their leading zeros (KD-R-33): digits alone, shorter than nine of ten
/// values of a column in which some value begins with 0.
pub(super) fn find_lost_zeros(lines: &mut [Line], header: &Header, report: &mut Report) {
    for (i, slot) in header.slots.iter().enumerate() {
        let Some(Slot::Field(field)) = slot else { continue };
        let values = || {
            lines.iter().filter_map(|line| match line.cells.get(i) {
                Some(Cell::Text(text)) if !text.is_empty() => Some(text.as_str()),
                _ => None,
            })
        };
        if !field.keeps_zeros() || !values().any(|v| v.starts_with('0')) {
            continue;
        }
        let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
        values().for_each(|v| *lengths.entry(v.len()).or_default() += 1);
        let total: usize = lengths.values().sum();
        let Some((&common, _)) = lengths.iter().find(|(_, n)| **n * 10 >= total * 9) else { continue };
        for line in &mut *lines {
            let Some(Cell::Text(text)) = line.cells.get(i) else { continue };
            if !text.is_empty() && text.len() < common && text.bytes().all(|b| b.is_ascii_digit()) {
                let place = header.place(line.line, *field);
                report.add(
                    "KD-R-33",
                    place,
                    format!("{common} characters, as in this column"),
                    masked(text, field.mask()),
                );
                if let Some(cell) = line.cells.get_mut(i) {
                    *cell = Cell::Refused;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_is_a_whole_day_or_a_whole_minute_or_nothing() {
        for (serial, date) in [(46_350.0, "2026-11-24"), (36_526.0, "2000-01-01"), (73_415.0, "2100-12-31")] {
            assert_eq!(date_text(serial).as_deref(), Some(date));
        }
        for serial in [46_350.375, 36_525.0, 73_416.0, 0.0, -1.0, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(date_text(serial), None, "{serial}");
        }
        for (serial, time) in [(0.375, "09:00"), (0.0, "00:00"), (0.604_166_666_666_666_6, "14:30")] {
            assert_eq!(time_text(serial).as_deref(), Some(time));
        }
        for serial in [1.0, 0.999_999, 46_350.375, 0.3755, -0.1, f64::NAN] {
            assert_eq!(time_text(serial), None, "{serial}");
        }
    }

    #[test]
    fn only_digits_are_unwrapped() {
        assert_eq!(unwrapped("=\"0123\""), Some("0123"));
        assert_eq!(unwrapped("=\"11019920050101001X\""), Some("11019920050101001X"));
        assert_eq!(unwrapped("'0123"), Some("0123"));
        for other in ["0123", "='0123'", "=\"\"", "=\"A1\"", "'张三", "=A1", "=\"01\"&\"2\""] {
            assert_eq!(unwrapped(other), None, "{other}");
        }
    }

    #[test]
    fn scientific_notation_is_not_a_campus_card_or_a_student_number() {
        for lost in ["4.40E+17", "4.40106E+17", "4E+17", "1.5e9", "1e-5", "-4.4E+17"] {
            assert!(is_scientific(lost), "{lost}");
        }
        for fine in ["04E1B2C3", "2024E01", "1E5", "E", "4.E+17", ".4E+17", "4.4E+", "440106"] {
            assert!(!is_scientific(fine), "{fine}");
        }
    }
}
