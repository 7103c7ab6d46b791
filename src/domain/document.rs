//! Identity documents: their kinds and their numbers (rules.md §2).
//!
//! Owns which number a kind carries and the checks inside it: GB 11643 (ISO 7064 MOD 11-2) and ICAO 9303. A
//! [`Document`] that exists has passed them. Does not know where a number was read; trimming and folding with notices
//! belong to `intake`, silent trimming to `reader`; only a final `x` is folded to `X` here, because cards hold either.
//!
//! A number is personal: no error carries one, and `Debug` hides it.

pub use super::presented::{CardRead, CardWarning, Presented, ValidTo};

use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A kind of document, as rosters, policies and the journal name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocKind {
    /// 居民身份证.
    ResidentId,
    /// 临时居民身份证.
    TempId,
    /// 外国人永久居留身份证.
    ForeignerPr,
    /// 港澳台居民居住证.
    HmtResidence,
    /// 来往内地通行证.
    HmtTravel,
    /// 护照.
    Passport,
    /// 社保卡.
    SocialCard,
    /// 军官证.
    MilitaryId,
    /// 校园卡: a pointer to a row, never proof of identity.
    CampusUid,
    /// 准考证: a pointer or a second factor, never proof of identity alone.
    Ticket,
}

impl DocKind {
    /// Every kind, in the order of rules.md §2.
    pub const ALL: [Self; 10] = [
        Self::ResidentId,
        Self::TempId,
        Self::ForeignerPr,
        Self::HmtResidence,
        Self::HmtTravel,
        Self::Passport,
        Self::SocialCard,
        Self::MilitaryId,
        Self::CampusUid,
        Self::Ticket,
    ];

    /// The identifier that policies, rosters and the journal use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::TempId => "temp_id",
            Self::ForeignerPr => "foreigner_pr",
            Self::HmtResidence => "hmt_residence",
            Self::HmtTravel => "hmt_travel",
            Self::Passport => "passport",
            Self::SocialCard => "social_card",
            Self::MilitaryId => "military_id",
            Self::CampusUid => "campus_uid",
            Self::Ticket => "ticket",
        }
    }

    /// The Chinese name, the same in every language of the screens.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::ResidentId => "居民身份证",
            Self::TempId => "临时居民身份证",
            Self::ForeignerPr => "外国人永久居留身份证",
            Self::HmtResidence => "港澳台居民居住证",
            Self::HmtTravel => "来往内地通行证",
            Self::Passport => "护照",
            Self::SocialCard => "社保卡",
            Self::MilitaryId => "军官证",
            Self::CampusUid => "校园卡",
            Self::Ticket => "准考证",
        }
    }

    /// Whether both kinds carry the same number of the same person: a resident number stands on the card, on the
    /// temporary card and on the social security card.
    #[must_use]
    pub fn shares_number(self, other: Self) -> bool {
        let resident = |kind| matches!(kind, Self::ResidentId | Self::TempId | Self::SocialCard);
        self == other || (resident(self) && resident(other))
    }

    /// Finds the kind by identifier or Chinese name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| text == kind.id() || text == kind.chinese())
    }

    /// Whether a person can be admitted on it at all, should the policy accept it.
    #[must_use]
    pub const fn proves_identity(self) -> bool {
        !matches!(self, Self::CampusUid | Self::Ticket)
    }

    const fn shape(self) -> &'static str {
        match self {
            Self::ResidentId | Self::TempId | Self::SocialCard => "18 characters: 1-8, 16 digits, a last digit or X",
            Self::HmtResidence => "18 characters beginning 810000, 820000 or 830000",
            Self::ForeignerPr => "3 letters and 12 digits, or 18 characters beginning with 9",
            Self::HmtTravel => "H or M and 8 digits, or 8 digits",
            Self::Passport => "5 to 15 of A-Z 0-9, with a digit",
            Self::MilitaryId => "4 to 24 of A-Z 0-9 - or Chinese characters",
            Self::CampusUid => "4 to 10 bytes in hexadecimal, 0-9 A-F",
            Self::Ticket => "6 to 20 of 0-9 A-Z",
        }
    }
}

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

/// Sex as a number's sequence digit tells it: odd is male, even female.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SexParity {
    /// Odd: 男.
    Male,
    /// Even: 女.
    Female,
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

fn check(kind: DocKind, text: &str, today: civil::Date) -> Result<(), DocumentError> {
    let shape = DocumentError::Shape { expected: kind.shape() };
    let right = match kind {
        DocKind::ResidentId | DocKind::TempId | DocKind::SocialCard => return check_resident(text, shape, today),
        DocKind::HmtResidence => {
            if text.len() == 18 && !["810000", "820000", "830000"].iter().any(|region| text.starts_with(region)) {
                return Err(shape);
            }
            return check_resident(text, shape, today);
        }
        DocKind::ForeignerPr => return check_foreigner(text, shape, today),
        DocKind::HmtTravel => {
            let body = text.strip_prefix(['H', 'M']).unwrap_or(text);
            body.len() == 8 && digits(body)
        }
        DocKind::Passport => {
            (5..=15).contains(&text.len())
                && text.bytes().all(upper_or_digit)
                && text.bytes().any(|b| b.is_ascii_digit())
        }
        DocKind::MilitaryId => {
            (4..=24).contains(&text.chars().count())
                && text.chars().all(|c| matches!(c, 'A'..='Z' | '0'..='9' | '-' | '一'..='龥'))
        }
        DocKind::CampusUid => {
            (8..=20).contains(&text.len())
                && text.len().is_multiple_of(2)
                && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'))
        }
        DocKind::Ticket => (6..=20).contains(&text.len()) && text.bytes().all(upper_or_digit),
    };
    if right { Ok(()) } else { Err(shape) }
}

fn check_resident(text: &str, shape: DocumentError, today: civil::Date) -> Result<(), DocumentError> {
    if text.len() == 15 && digits(text) {
        return Err(DocumentError::FirstGeneration);
    }
    if !text.starts_with(|c| matches!(c, '1'..='8')) {
        return Err(shape);
    }
    check_coded(text, shape, today)
}

fn check_foreigner(text: &str, shape: DocumentError, today: civil::Date) -> Result<(), DocumentError> {
    if text.len() == 18 {
        return if text.starts_with('9') { check_coded(text, shape, today) } else { Err(shape) };
    }
    let fits = |letters: &str, rest: &str| letters.bytes().all(|b| b.is_ascii_uppercase()) && digits(rest);
    if text.len() != 15 || !text.split_at_checked(3).is_some_and(|(letters, rest)| fits(letters, rest)) {
        return Err(shape);
    }
    check_last(text, icao_9303, 15)
}

/// The checks that all 18-character numbers share; the first character is the caller's.
fn check_coded(text: &str, shape: DocumentError, today: civil::Date) -> Result<(), DocumentError> {
    let (body, last) = text.split_at_checked(17).ok_or(shape)?;
    if !digits(body) || !matches!(last.as_bytes(), [b'0'..=b'9' | b'X']) {
        return Err(shape);
    }
    check_last(text, mod_11_2, 18)?;
    let earliest = civil::Date::constant(1900, 1, 1);
    match birth_in(text) {
        Some(birth) if (earliest..=today).contains(&birth) => Ok(()),
        _ => Err(DocumentError::BirthDate),
    }
}

fn check_last(text: &str, rule: fn(&str) -> char, position: u8) -> Result<(), DocumentError> {
    let expected = rule(text.get(..text.len().saturating_sub(1)).unwrap_or_default());
    if text.ends_with(expected) { Ok(()) } else { Err(DocumentError::CheckCharacter { expected, position }) }
}

/// The check character over the first 17 digits (GB 11643, ISO 7064 MOD 11-2).
pub(crate) fn mod_11_2(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    match (12 - sum % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// The check digit over the first 14 characters (ICAO 9303: weights 7 3 1, A = 10).
fn icao_9303(body: &str) -> char {
    let sum: u32 =
        body.chars().zip([7, 3, 1].into_iter().cycle()).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

/// The birth date in characters 7 to 14 of an 18-character number.
pub(crate) fn birth_in(number: &str) -> Option<civil::Date> {
    number.get(6..14).filter(|birth| digits(birth)).and_then(super::time::parse_date)
}

/// Sex by character 17 of an 18-character number.
pub(crate) fn parity_in(number: &str) -> Option<SexParity> {
    let digit = number.get(16..17)?.parse::<u8>().ok()?;
    Some(if digit % 2 == 1 { SexParity::Male } else { SexParity::Female })
}

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn upper_or_digit(b: u8) -> bool {
    b.is_ascii_digit() || b.is_ascii_uppercase()
}

#[cfg(test)]
mod tests;
