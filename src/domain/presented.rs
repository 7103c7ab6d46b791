//! What one tap on the reader amounts to, for the admission table (rules.md §6).
//!
//! A [`CardRead`] is what a chip said, nothing more: its number may be invalid, its dates unreadable. Judging it is
//! the table's work, reading it the reader's. Personal: `Debug` hides everything but the kind.

use super::by_hand::ByHand;
use super::document::{DocKind, DocNumber, Document, DocumentError, SexParity, birth_digits, parity_in};
use super::photo::Photo;
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

/// Something odd in what a chip says: shown, never a reason to refuse by itself (rules.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardWarning {
    /// The number is none of the card's kind; the birth date in it is not compared with today here.
    Number(DocumentError),
    /// The birth field differs from the birth date in the number.
    BirthDiffers,
    /// The sex code differs from the parity of the number's sequence digit.
    SexDiffers,
    /// The travel permit number has another form than the region in the number asks for.
    PermitNumber,
    /// The first or last valid day is no date.
    Validity,
    /// A field held half a character or an invalid one, shown as U+FFFD.
    BrokenText,
}

impl CardWarning {
    /// Its name on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Number(_) => "number_invalid",
            Self::BirthDiffers => "birth_differs",
            Self::SexDiffers => "sex_differs",
            Self::PermitNumber => "permit_number",
            Self::Validity => "validity_unreadable",
            Self::BrokenText => "broken_text",
        }
    }

    /// Checks a chip's number by the rules of its kind.
    #[must_use]
    pub fn of_number(doc: DocKind, number: &str) -> Option<Self> {
        Document::parse(doc, number, civil::Date::MAX).err().map(Self::Number)
    }

    /// Compares a chip's birth field (`YYYYMMDD`) and sex code (`1` male, `2` female, others tell nothing) with its number.
    /// A 15-character number tells the birth without its century.
    #[must_use]
    pub fn between(number: &str, birth: &str, sex: &str) -> Vec<Self> {
        let birth_differs = birth_digits(number).is_some_and(|told| !birth.ends_with(told));
        let sex_differs = match sex {
            "1" => parity_in(number) == Some(SexParity::Female),
            "2" => parity_in(number) == Some(SexParity::Male),
            _ => false,
        };
        let found = [(birth_differs, Self::BirthDiffers), (sex_differs, Self::SexDiffers)];
        found.into_iter().filter_map(|(differs, warning)| differs.then_some(warning)).collect()
    }

    /// Checks the travel permit number on a residence permit: Hong Kong (810000) H and 8 digits, Macao (820000) M and 8
    /// digits, Taiwan (830000) 8 digits (id-card-reader.md §6.2).
    #[must_use]
    pub fn of_permit(number: &str, permit: &str) -> Option<Self> {
        let digits = match number.get(..3) {
            Some("810") => permit.strip_prefix('H'),
            Some("820") => permit.strip_prefix('M'),
            Some("830") => Some(permit),
            _ => Some(permit.strip_prefix(['H', 'M']).unwrap_or(permit)),
        };
        let fits = digits.is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()));
        (!fits).then_some(Self::PermitNumber)
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
    /// What is odd about it.
    pub warnings: Vec<CardWarning>,
    /// The photo on it.
    pub photo: Photo,
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
    /// A card whose kind is not known (KD-A-11).
    UnknownKind,
    /// A ticket or a campus card: it points to a row and proves nothing (KD-A-13, KD-A-14).
    Pointer(Pointer),
    /// No card: people vouch for who this is.
    ByHand(Box<ByHand>),
}

impl Presented {
    /// The card, if one was read.
    #[must_use]
    pub fn card(&self) -> Option<&CardRead> {
        match self {
            Self::Card(card) => Some(card),
            Self::Unreadable { .. } | Self::UnknownKind | Self::Pointer(_) | Self::ByHand(_) => None,
        }
    }

    /// What people vouch for, if no card was read.
    #[must_use]
    pub fn by_hand(&self) -> Option<&ByHand> {
        match self {
            Self::ByHand(by_hand) => Some(by_hand),
            Self::Card(_) | Self::Unreadable { .. } | Self::UnknownKind | Self::Pointer(_) => None,
        }
    }

    /// The kind and number by which repeats of it are known.
    #[must_use]
    pub fn numbered(&self) -> Option<(DocKind, &str)> {
        match self {
            Self::Card(card) => Some((card.doc, &card.number)),
            Self::Pointer(pointer) => Some((pointer.kind(), pointer.number()?)),
            Self::ByHand(by_hand) => match &**by_hand {
                ByHand::Typed(typed) => Some((typed.doc(), typed.number())),
                ByHand::Declared(_) => None,
            },
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
    }

    #[test]
    fn a_foreigners_number_of_2017_tells_birth_without_century_and_sex() {
        let number = "UTO110190030716";
        assert_eq!(CardWarning::between(number, "19900307", "1"), []);
        assert_eq!(CardWarning::between(number, "18900307", "9"), []);
        assert_eq!(CardWarning::between(number, "19900308", "2"), [CardWarning::BirthDiffers, CardWarning::SexDiffers]);
    }

    #[test]
    fn a_number_that_tells_nothing_contradicts_nothing() {
        for number in
            ["", "测试测试测试测试测试测试测试测试测试", "11019919900230001X", "UTO1101900307", "UTO110190023016"]
        {
            assert_eq!(CardWarning::between(number, "19900307", "0"), [], "{number}");
        }
    }

    #[test]
    fn a_permit_number_belongs_to_its_region() {
        for (number, permit, fits) in [
            ("81000019010203991X", "H99999999", true),
            ("81000019010203991X", "M99999999", false),
            ("81000019010203991X", "99999999", false),
            ("820000190102039913", "M99999999", true),
            ("830000190103049929", "99999999", true),
            ("830000190103049929", "H99999999", false),
            ("830000190103049929", "", false),
            ("nonsense", "M99999999", true),
            ("nonsense", "M9999999", false),
        ] {
            assert_eq!(CardWarning::of_permit(number, permit).is_none(), fits, "{number} {permit}");
        }
    }

    #[test]
    fn a_number_is_judged_by_the_rule_of_its_card() {
        assert_eq!(CardWarning::of_number(DocKind::ForeignerPr, "KAZ110090123105"), None);
        let check = DocumentError::CheckCharacter { expected: '5', position: 15 };
        assert_eq!(CardWarning::of_number(DocKind::ForeignerPr, "KAZ110090123106"), Some(CardWarning::Number(check)));
        assert!(CardWarning::of_number(DocKind::HmtResidence, "110199199003070017").is_some());
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
            photo: Photo::Absent,
        };
        assert_eq!(card.tail(), "0017");
        let shown = format!("{:?}", Presented::Card(Box::new(card)));
        assert!(!shown.contains("0017") && !shown.contains("测试"), "{shown}");
    }
}
