//! From a card's fields to what admission is told: trimmed, dated, with everything odd as a warning.

use super::{CardKind, Field, Fields};
use crate::domain::document::{CardRead, CardWarning, DocKind, ValidTo};
use crate::domain::photo::Photo;
use crate::domain::time::parse_date;
use jiff::civil;

impl Fields {
    /// What the card says, for admission: blanks outside removed, a final `x` folded, control characters made visible.
    /// A card of a foreigner without a Chinese name is named by its Latin one.
    #[must_use]
    pub fn read(&self, photo: Photo) -> CardRead {
        let doc = match self.kind() {
            CardKind::Resident => DocKind::ResidentId,
            CardKind::ForeignerI | CardKind::ForeignerY => DocKind::ForeignerPr,
            CardKind::HmtJ => DocKind::HmtResidence,
        };
        let told = |field| Some(clean(self.get(field))).filter(|text| !text.is_empty());
        let name_latin = told(Field::LatinName);
        let valid_from = date(self.get(Field::ValidFrom));
        let valid_to = match date(self.get(Field::ValidTo)) {
            Some(day) => ValidTo::Until(day),
            None if self.is_long_term() => ValidTo::LongTerm,
            None => ValidTo::Unreadable,
        };
        let mut read = CardRead {
            doc,
            number: fold(clean(self.get(Field::Number))),
            name: told(Field::Name).or_else(|| name_latin.clone()).unwrap_or_default(),
            name_latin,
            permit_number: told(Field::PermitNumber),
            valid_from,
            valid_to,
            warnings: Vec::new(),
            photo,
        };
        read.warnings = self.warnings(&read);
        read
    }

    fn warnings(&self, read: &CardRead) -> Vec<CardWarning> {
        let mut found: Vec<_> = CardWarning::of_number(read.doc, &read.number).into_iter().collect();
        found.extend(CardWarning::between(&read.number, self.get(Field::Birth), self.get(Field::Sex)));
        if self.kind() == CardKind::HmtJ {
            found.extend(CardWarning::of_permit(&read.number, read.permit_number.as_deref().unwrap_or_default()));
        }
        if read.valid_from.is_none() || read.valid_to == ValidTo::Unreadable {
            found.push(CardWarning::Validity);
        }
        if self.iter().any(|(_, text)| text.contains(|c: char| c == '\u{fffd}' || c.is_control())) {
            found.push(CardWarning::BrokenText);
        }
        found
    }
}

/// Trims by rule T of rules.md §2; a control character can only be an attack or damage and must not reach a terminal.
fn clean(text: &str) -> String {
    text.trim_matches([' ', '\u{3000}', '\u{a0}', '\t', '\u{feff}']).replace(|c: char| c.is_control(), "\u{fffd}")
}

/// Cards hold the last character of a number in either case.
fn fold(mut number: String) -> String {
    if number.ends_with('x') {
        number.pop();
        number.push('X');
    }
    number
}

/// A date of exactly eight digits.
fn date(text: &str) -> Option<civil::Date> {
    (text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())).then(|| parse_date(text)).flatten()
}
