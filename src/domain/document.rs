//! Identity documents: their kinds and their numbers (rules.md §2).
//!
//! Owns which number a kind carries and the checks inside it: GB 11643 (ISO 7064 MOD 11-2) and ICAO 9303. A
//! [`Document`] that exists has passed them. Does not know where a number was read; trimming and folding with notices
//! belong to `intake`, silent trimming to `reader`; only a final `x` is folded to `X` here, because cards hold either.
//!
//! A number is personal: no error carries one, and `Debug` hides it.

mod kind;
mod number;

pub use super::presented::{CardRead, CardWarning, Presented, ValidTo};
pub use kind::DocKind;
pub use number::SexParity;

pub(crate) use number::{birth_digits, mod_11_2, parity_in};

use jiff::civil;
use number::{birth_in, check};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not a document number. Says what was expected, never what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The text has another shape than the kind's number.
    #[error("expected {expected}")]
    Shape {
        /// The shape, as a person reads it.
        expected: &'static str,
    },
    /// The last character does not follow from the others.
    #[error("expected check character {expected} at position {position}")]
    CheckCharacter {
        /// What the check computes.
        expected: char,
        /// Where it stands, from 1.
        position: u8,
    },
    /// The birth date inside the number does not exist, lies before 1900 or after today.
    #[error("expected a birth date between 1900 and today in characters 7 to 14")]
    BirthDate,
    /// A 15-digit number of the first generation, invalid since 2013.
    #[error("expected the 18-character number, found a 15-digit one of the first generation")]
    FirstGeneration,
}

impl DocumentError {
    /// The import code of rules.md §3.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape { .. } => "KD-R-20",
            Self::CheckCharacter { .. } => "KD-R-21",
            Self::BirthDate => "KD-R-22",
            Self::FirstGeneration => "KD-R-23",
        }
    }
}

/// A number that fits its kind. Hidden from `Debug`; there is deliberately no `Display`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocNumber(Box<str>);

impl DocNumber {
    /// The whole number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four characters, all of it that a screen may show.
    #[must_use]
    pub fn tail(&self) -> &str {
        Self::tail_of(&self.0)
    }

    /// The last four characters of a text that should be a number.
    pub(crate) fn tail_of(text: &str) -> &str {
        text.char_indices().rev().nth(3).and_then(|(at, _)| text.get(at..)).unwrap_or(text)
    }
}

impl fmt::Debug for DocNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocNumber(..)")
    }
}

/// A document with a valid number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Document {
    kind: DocKind,
    number: DocNumber,
}

impl Document {
    /// Parses a number as the kind writes it; `x` at the end of an 18-character number becomes `X`.
    ///
    /// # Errors
    /// [`DocumentError`], in the order shape, check character, birth date.
    pub fn parse(kind: DocKind, text: &str, today: civil::Date) -> Result<Self, DocumentError> {
        let number = match text.strip_suffix('x') {
            Some(body) if body.len() == 17 => format!("{body}X"),
            _ => text.to_owned(),
        };
        check(kind, &number, today)?;
        Ok(Self { kind, number: DocNumber(number.into()) })
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> DocKind {
        self.kind
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> &DocNumber {
        &self.number
    }

    /// The last four characters of the number.
    #[must_use]
    pub fn tail(&self) -> &str {
        self.number.tail()
    }

    /// The birth date inside the number; 15-character foreigner numbers do not hold the century and give `None`.
    #[must_use]
    pub fn birth(&self) -> Option<civil::Date> {
        self.coded().and_then(birth_in)
    }

    /// Sex by the third sequence digit; `None` for numbers without one.
    #[must_use]
    pub fn sex_parity(&self) -> Option<SexParity> {
        self.coded().and_then(parity_in)
    }

    /// The number, if it is one of the 18-character form.
    fn coded(&self) -> Option<&str> {
        let coded = match self.kind {
            DocKind::ResidentId
            | DocKind::TempId
            | DocKind::SocialCard
            | DocKind::HmtResidence
            | DocKind::ForeignerPr => self.number.as_str(),
            DocKind::HmtTravel | DocKind::Passport | DocKind::MilitaryId | DocKind::CampusUid | DocKind::Ticket => {
                return None;
            }
        };
        (coded.len() == 18).then_some(coded)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A document as it is stored: it was valid on the day it was parsed.
#[derive(Serialize, Deserialize)]
struct Stored {
    kind: DocKind,
    number: String,
}

impl From<Document> for Stored {
    fn from(document: Document) -> Self {
        Self { kind: document.kind, number: document.number.0.into() }
    }
}

impl TryFrom<Stored> for Document {
    type Error = DocumentError;
    fn try_from(stored: Stored) -> Result<Self, DocumentError> {
        Self::parse(stored.kind, &stored.number, civil::Date::MAX)
    }
}

#[cfg(test)]
mod tests;
