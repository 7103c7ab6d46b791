//! What one tap on the reader amounts to, for the admission table (rules.md §6).
//!
//! A [`CardRead`] is what a chip said, nothing more: its number may be invalid, its dates unreadable. Judging it is
//! the table's work, reading it the reader's. Personal: `Debug` hides everything but the kind.

use super::document::{DocKind, DocNumber, Document, DocumentError, SexParity, birth_in, parity_in};
use super::pointer::Pointer;
use jiff::civil;
use std::fmt;

/// Until when a card is valid, as its chip says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValidTo {
    /// The last valid day.
    Until(civil::Date),
    /// 长期.
    LongTerm,
    /// Neither a date nor 长期.
    Unreadable,
}

/// Two fields of a chip that contradict each other: shown, never a reason to refuse (rules.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardWarning {
    /// The birth field differs from the birth date in the number.
    BirthDiffers,
    /// The sex code differs from the parity of the number's sequence digit.
    SexDiffers,
}

impl CardWarning {
    /// Compares a chip's birth field (`YYYYMMDD`) and sex code (`1` male, `2` female, others tell nothing) with its number.
    #[must_use]
    pub fn between(number: &str, birth: &str, sex: &str) -> Vec<Self> {
        if number.len() != 18 || !number.is_ascii() {
            return Vec::new();
        }
        let birth_differs = birth_in(number).is_some() && number.get(6..14) != Some(birth);
        let sex_differs = match sex {
            "1" => parity_in(number) == Some(SexParity::Female),
            "2" => parity_in(number) == Some(SexParity::Male),
            _ => false,
        };
        let found = [(birth_differs, Self::BirthDiffers), (sex_differs, Self::SexDiffers)];
        found.into_iter().filter_map(|(differs, warning)| differs.then_some(warning)).collect()
    }
}

/// What a chip said about its holder. Untrusted until the admission table has judged it.
#[derive(Clone, PartialEq, Eq)]
pub struct CardRead {
    /// The kind of card, by its type flag.
    pub doc: DocKind,
    /// The number as read, a final `x` folded to `X`; may be invalid.
    pub number: String,
    /// The name as printed, Chinese if the card has one.
    pub name: String,
    /// The name in Latin letters, on cards of foreigners.
    pub name_latin: Option<String>,
    /// The travel permit number, on residence permits of Hong Kong, Macao and Taiwan.
    pub permit_number: Option<String>,
    /// First valid day; `None` when it is not a date.
    pub valid_from: Option<civil::Date>,
    /// Last valid day.
    pub valid_to: ValidTo,
    /// Contradictions between its fields.
    pub warnings: Vec<CardWarning>,
}

impl CardRead {
    /// Checks the number.
    ///
    /// # Errors
    /// [`DocumentError`] when it is not a number of the card's kind.
    pub fn document(&self, today: civil::Date) -> Result<Document, DocumentError> {
        Document::parse(self.doc, &self.number, today)
    }

    /// The last four characters of the number, whether it is valid or not.
    #[must_use]
    pub fn tail(&self) -> &str {
        DocNumber::tail_of(&self.number)
    }
}

impl fmt::Debug for CardRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardRead").field("doc", &self.doc).finish_non_exhaustive()
    }
}

/// What was laid on the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// A card that was read.
    Card(Box<CardRead>),
    /// A card that was selected, but the read ended without a record (KD-A-10).
    Unreadable {
        /// The reader's status code, such as `0x41`; `None` when no valid reply came.
        sw3: Option<u8>,
    },
    /// A card whose kind is not known, or not read by this release (KD-A-11).
    UnknownKind,
    /// A ticket or a campus card: it points to a row and proves nothing (KD-A-13, KD-A-14).
    Pointer(Pointer),
}

impl Presented {
    /// The card, if one was read.
    #[must_use]
    pub fn card(&self) -> Option<&CardRead> {
        match self {
            Self::Card(card) => Some(card),
            Self::Unreadable { .. } | Self::UnknownKind | Self::Pointer(_) => None,
        }
    }

    /// The kind and number by which repeats of it are known.
    #[must_use]
    pub fn numbered(&self) -> Option<(DocKind, &str)> {
        match self {
            Self::Card(card) => Some((card.doc, &card.number)),
            Self::Pointer(pointer) => Some((pointer.kind(), pointer.number()?)),
            Self::Unreadable { .. } | Self::UnknownKind => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_are_found_and_unknown_sex_is_none() {
        let number = "110199199003070017";
        assert_eq!(CardWarning::between(number, "19900307", "1"), []);
        assert_eq!(CardWarning::between(number, "19900308", "1"), [CardWarning::BirthDiffers]);
        assert_eq!(CardWarning::between(number, "19900307", "2"), [CardWarning::SexDiffers]);
        assert_eq!(CardWarning::between(number, "", "2"), [CardWarning::BirthDiffers, CardWarning::SexDiffers]);
        for untold in ["0", "9", ""] {
            assert_eq!(CardWarning::between(number, "19900307", untold), []);
        }
        assert_eq!(CardWarning::between("UTO110190030716", "19900307", "1"), []);
    }

    #[test]
    fn debug_hides_the_person() {
        let card = CardRead {
            doc: DocKind::ResidentId,
            number: "110199199003070017".to_owned(),
            name: "测试一".to_owned(),
            name_latin: None,
            permit_number: None,
            valid_from: None,
            valid_to: ValidTo::Unreadable,
            warnings: Vec::new(),
        };
        assert_eq!(card.tail(), "0017");
        let shown = format!("{:?}", Presented::Card(Box::new(card)));
        assert!(!shown.contains("0017") && !shown.contains("测试"), "{shown}");
    }
}
